"""zenpy on our wire: its HTTP goes through the one httpx client, one zenpy client a thread, and gives plain JSON.

zenpy's own habits that stop here: repeating a timed-out write, sleeping on 429, sending its own credentials, caching.
"""

import io
import logging
import threading
from collections.abc import Iterable, Mapping
from typing import Any
from urllib.parse import urlsplit

import httpx
import requests
from requests.adapters import BaseAdapter
from requests.structures import CaseInsensitiveDict
from zenpy import Zenpy
from zenpy.lib.api_objects import Ticket
from zenpy.lib.exception import ZenpyException

from integration.gateway import UnreadableAnswer, WrongAccount
from integration.parse import reading
from integration.wire import Wire, json_of

# zenpy insists on https and a subdomain; the wire knows the real address.
_SUBDOMAIN, _DOMAIN = "account", "zendesk.invalid"


class WireAdapter(BaseAdapter):
    """The transport of zenpy's session. Only path, query and body pass: no header of zenpy's, none of Zendesk's.

    Errors are raised here, as the gateway's, so that zenpy sees good answers only: its reaction to a 429 is to sleep.
    """

    def __init__(self, wire: Wire) -> None:
        super().__init__()
        self._wire = wire
        self.answers: list[httpx.Response] = []  # of one call of zenpy's, which may make several: one a page

    def send(
        self,
        request: requests.PreparedRequest,
        stream: bool = False,  # noqa: ARG002 # the signature is requests'
        timeout: object = None,  # noqa: ARG002
        verify: bool | str = True,  # noqa: ARG002
        cert: object = None,  # noqa: ARG002
        proxies: Mapping[str, str] | None = None,  # noqa: ARG002
    ) -> requests.Response:
        target = self._target(str(request.url))
        if request.method == "GET":
            answer = self._wire.read(target)
        else:
            body = request.body or b""
            answer = self._wire.write(str(request.method), target, body.encode() if isinstance(body, str) else body)
        self.answers.append(answer)
        return _as_requests(request, answer)

    def close(self) -> None:
        """Nothing of its own to close."""

    def _target(self, url: str) -> str:
        parts = urlsplit(url)
        if parts.hostname not in (f"{_SUBDOMAIN}.{_DOMAIN}", self._wire.origin.host):
            raise WrongAccount(f"a call to {parts.hostname} was stopped: only {self._wire.origin} is called")
        return f"{parts.path}?{parts.query}" if parts.query else parts.path


def _as_requests(request: requests.PreparedRequest, answer: httpx.Response) -> requests.Response:
    response = requests.Response()
    response.status_code = answer.status_code
    response.headers = CaseInsensitiveDict({"Content-Type": answer.headers.get("content-type", "application/json")})
    response.encoding = "utf-8"
    response.raw = io.BytesIO(answer.content)
    response.url = str(request.url)
    response.request = request
    return response


class ZenpyBridge:
    """zenpy for the rest of this package: plain values in and out, its objects stay here."""

    def __init__(self, wire: Wire) -> None:
        self._wire = wire
        self._mine = threading.local()
        logging.getLogger("zenpy").setLevel(logging.WARNING)  # its debug lines hold whole bodies

    def update_ticket(self, ticket_id: int, values: Mapping[str, Any]) -> httpx.Response:
        """PUT a sparse ticket: just these values, None as null. Gives the answer: the ticket and the update's audit.

        https://developer.zendesk.com/api-reference/ticketing/tickets/tickets/#update-ticket
        """
        ticket = Ticket(id=ticket_id)
        for name, value in values.items():
            setattr(ticket, name, value)  # after construction: None given to it is not sent
        zenpy, adapter = self._own()
        try:
            zenpy.tickets.update(ticket)
        except Exception:
            if not adapter.answers:
                raise
            # The update is stored; zenpy stumbled over what the answer holds.
        if not adapter.answers:
            raise UnreadableAnswer("PUT /api/v2/tickets/{id}", "there is none")
        return adapter.answers[-1]

    def listed(self, what: str, attributes: Iterable[str], **query: str) -> list[dict[str, Any]]:
        """All of one kind of reference data (``groups``, ``users``...), each as a dict of these attributes.

        zenpy follows the pages; what they hold is read here, because zenpy makes things without properties of an
        answer that is no list. Raises UnreadableAnswer.
        """
        (zenpy, adapter), names = self._own(), tuple(attributes)
        try:
            for _ in getattr(zenpy, what)(**query):
                pass
        except (ZenpyException, LookupError, TypeError, AttributeError, ValueError) as error:
            raise UnreadableAnswer(what, type(error).__name__) from error
        return [{name: each.get(name) for name in names} for page in adapter.answers for each in _things(what, page)]

    def client(self) -> Zenpy:
        """This thread's zenpy, for the modules of this package."""
        return self._own()[0]

    def _own(self) -> tuple[Zenpy, WireAdapter]:
        if not hasattr(self._mine, "client"):
            adapter = WireAdapter(self._wire)
            session = requests.Session()
            session.trust_env = False
            session.mount("https://", adapter)
            session.mount("http://", adapter)
            zenpy = Zenpy(subdomain=_SUBDOMAIN, domain=_DOMAIN, session=session, anonymous=True, disable_cache=True)
            self._mine.client = zenpy, adapter
        client: tuple[Zenpy, WireAdapter] = self._mine.client
        client[1].answers.clear()
        return client


def _things(what: str, page: httpx.Response) -> list[dict[str, Any]]:
    """What a page lists; each has an id."""
    with reading(what):
        things = json_of(page)[what]
        if not isinstance(things, list):
            raise UnreadableAnswer(what, "it is no list")
        for each in things:
            int(each["id"])
        return things
