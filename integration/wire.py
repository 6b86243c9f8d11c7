"""All HTTP to Zendesk: one client for one host, with its retries, its pace, its log and its errors.

What leaves here is a good answer or an error of the gateway. Reads are tried again; a write is sent once, because one
whose answer was lost may have been stored.
"""

import logging
import re
import threading
import time
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from email.utils import parsedate_to_datetime
from http.cookiejar import CookieJar, DefaultCookiePolicy
from types import MappingProxyType
from typing import Any, Final

import httpx
import structlog
import tenacity
from tenacity.stop import stop_base

from integration.auth import ApiToken, OAuthClient, auth_for
from integration.gateway import (
    AccessDenied,
    GatewayError,
    RateLimited,
    TryLater,
    Unreachable,
    UnreadableAnswer,
    WrongAccount,
)
from integration.rate_limit import LONGEST_WAIT, Bucket, InProcessRateLimit, RateLimit, buckets_of, readings
from integration.refusal import SOON, refusal_of

TIMEOUT = 30.0  # seconds for an answer
CONNECT_TIMEOUT = 5.0
PATIENCE = 30.0  # seconds that a call waits for the rate limit, or all waits between a read's attempts may take
ATTEMPTS = 4
RETRY_AFTER = 60.0  # seconds, where a 429 does not say

STORE = ".zdusercontent.com"  # where Zendesk keeps attachments

Params = Mapping[str, str | int]
Headers = Mapping[str, str]
NO_HEADERS: Headers = MappingProxyType({})

_log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Traffic:
    """``calls``: how many, by kind and by the answer's status (``no answer``). ``left``: of each limit, by kind."""

    calls: Mapping[tuple[Bucket, str], int]
    left: Mapping[Bucket, int]


class AnswerLost(GatewayError):
    """A write was sent and its answer did not come, cannot be decoded, or was a 5xx: it may have been stored."""


class Wire:
    """The one ``httpx.Client``. Shared by threads. ``base_url`` such as ``https://acme.zendesk.com``.

    Every call raises AccessDenied, RateLimited, Unreachable, WrongAccount or Refusal; a write AnswerLost too.
    """

    def __init__(
        self,
        base_url: str,
        credentials: OAuthClient | ApiToken,
        *,
        now: Callable[[], datetime],
        sleep: Callable[[float], None] = time.sleep,
        rate_limit: RateLimit | None = None,
        timeout: float = TIMEOUT,
    ) -> None:
        for chatty in ("httpx", "httpcore"):  # their lines hold whole addresses
            logging.getLogger(chatty).setLevel(logging.WARNING)
        self.origin: Final = _origin(base_url)
        self._now = now
        self._sleep = sleep
        self._rate_limit: RateLimit = InProcessRateLimit(now) if rate_limit is None else rate_limit
        self._calls: Counter[tuple[Bucket, str]] = Counter()
        self._left: dict[Bucket, int] = {}
        self._counting = threading.Lock()
        self._client = httpx.Client(
            base_url=str(self.origin),
            auth=auth_for(credentials, str(self.origin.join("/oauth/tokens")), now),
            timeout=httpx.Timeout(timeout, connect=CONNECT_TIMEOUT),
            limits=httpx.Limits(max_connections=32, keepalive_expiry=30),
            headers={"Accept": "application/json", "User-Agent": "ronda"},
            cookies=CookieJar(DefaultCookiePolicy(allowed_domains=[])),
            follow_redirects=False,
            trust_env=False,  # no proxy, no netrc: only what the settings say
            event_hooks={"request": [self._only_to_the_account]},
        )

    def close(self) -> None:
        self._client.close()

    def traffic(self) -> Traffic:
        """The calls made so far, and what the last answers said is left of each limit."""
        with self._counting:
            return Traffic(dict(self._calls), dict(self._left))

    def pace(self, bucket: Bucket) -> float:
        """How many calls of a bucket a minute are ours."""
        return self._rate_limit.pace(bucket)

    def read(self, target: str, params: Params | None = None) -> httpx.Response:
        """GET a path of the account, or a link within it, trying again what may pass."""
        return self._repeated(lambda: self._send(self._client.build_request("GET", target, params=params)))

    def write(
        self, method: str, target: str, content: bytes, headers: Headers = NO_HEADERS, params: Params | None = None
    ) -> httpx.Response:
        """Send a write once. Raises AnswerLost if it may have been stored unseen."""
        return self._send(self._written(method, target, content, headers, params))

    def write_again(self, method: str, target: str, content: bytes, headers: Headers) -> httpx.Response:
        """Send a write that may safely be repeated: Zendesk knows it again by its ``Idempotency-Key``."""
        return self._repeated(lambda: self._send(self._written(method, target, content, headers, None)))

    def download(self, url: str) -> bytes:
        """A file of the account; its attachment store, which we are sent on to, gets no credentials."""
        answer = self._repeated(lambda: self._send(self._client.build_request("GET", url), elsewhere=True))
        if answer.is_redirect:
            link = answer.headers.get("location", "")
            answer = self._repeated(lambda: self._send(self._client.build_request("GET", link), credentials=False))
        return answer.content

    def _written(
        self, method: str, target: str, content: bytes, headers: Headers, params: Params | None
    ) -> httpx.Request:
        sent = {"Content-Type": "application/json", **headers}
        return self._client.build_request(method, target, content=content, headers=sent, params=params)

    def _repeated(self, call: Callable[[], httpx.Response]) -> httpx.Response:
        attempts = tenacity.Retrying(
            sleep=self._sleep,
            retry=tenacity.retry_if_exception_type((TryLater, AnswerLost)),
            wait=_wait,
            stop=tenacity.stop_after_attempt(ATTEMPTS) | _OutOfPatience(),
            before_sleep=_note_retry,
            reraise=True,
        )
        return attempts(call)

    def _send(self, request: httpx.Request, *, credentials: bool = True, elsewhere: bool = False) -> httpx.Response:
        """Make one call when the rate limit allows. ``elsewhere``: being sent to another host is a good answer."""
        buckets = buckets_of(request.method, request.url.path)
        wait = self._rate_limit.acquire(buckets, PATIENCE)
        if wait:
            self._sleep(wait)
        started = time.perf_counter()
        status: int | str = "no answer"
        try:
            answer = self._client.send(request, auth=httpx.USE_CLIENT_DEFAULT if credentials else None)
            status = answer.status_code
        except httpx.RequestError as error:
            raise _lost(request, error) from error
        finally:
            milliseconds = round((time.perf_counter() - started) * 1000)
            with self._counting:
                self._calls[buckets[-1], str(status)] += 1
            _log.info("zendesk", method=request.method, **logged(request.url.path), status=status, ms=milliseconds)
        told = tuple(readings(answer.headers))
        with self._counting:
            self._left.update((each.bucket, each.remaining) for each in told if each.remaining is not None)
        self._rate_limit.learn(told)
        if answer.status_code == httpx.codes.TOO_MANY_REQUESTS:
            seconds = retry_after(answer.headers, self._now(), RETRY_AFTER)
            if not any(reading.bucket is buckets[-1] and reading.remaining for reading in told):
                self._rate_limit.pause(buckets[-1], seconds)  # else it is a limit on this one ticket
            raise RateLimited(f"Zendesk's limit on {buckets[-1]} is reached", seconds)
        return answer if elsewhere and answer.is_redirect else self._good(answer)

    def _good(self, answer: httpx.Response) -> httpx.Response:
        if answer.is_success:
            return answer
        host = self.origin.host
        if answer.is_redirect:
            elsewhere = httpx.URL(answer.headers.get("location", "")).host or "elsewhere"
            raise WrongAccount(f"{host} sends us to {elsewhere}: is the subdomain right?")
        if answer.status_code == httpx.codes.UNAUTHORIZED:
            raise AccessDenied(f"{host} refuses our credentials (401)")
        if answer.status_code == httpx.codes.FORBIDDEN:
            raise AccessDenied(
                f"{answer.request.method} {logged(answer.request.url.path)['path']} is forbidden (403):"
                " the token's scopes or the user's role do not allow it"
            )
        if answer.is_server_error:
            if answer.request.method != "GET":
                raise AnswerLost(f"{host} answered {answer.status_code} to a write")
            raise Unreachable(f"{host} answered {answer.status_code}", retry_after(answer.headers, self._now(), SOON))
        raise refusal_of(answer)

    def _only_to_the_account(self, request: httpx.Request) -> None:
        url, ours = request.url, self.origin
        stored = url.scheme == "https" and url.host.endswith(STORE) and "authorization" not in request.headers
        if not stored and (url.scheme, url.host, url.port) != (ours.scheme, ours.host, ours.port):
            raise WrongAccount(f"a call to {url.scheme}://{url.host} was stopped: only {ours} is called")


def json_of(answer: httpx.Response) -> dict[str, Any]:
    """The JSON object that an answer holds. Raises UnreadableAnswer."""
    where = f"{answer.request.method} {logged(answer.request.url.path)['path']}"
    try:
        body = answer.json()
    except ValueError as error:
        raise UnreadableAnswer(where, "it is not JSON") from error
    if not isinstance(body, dict):
        raise UnreadableAnswer(where, "it is not a JSON object")
    return body


def served_at(answer: httpx.Response) -> datetime | None:
    """The server's time of an answer (its ``Date``, in whole seconds, UTC)."""
    return _http_date(answer.headers.get("date", ""))


def retry_after(headers: Mapping[str, str], now: datetime, default: float) -> float:
    """Seconds to wait by a ``Retry-After``, which holds seconds or an HTTP date; it is sometimes missing."""
    text = headers.get("retry-after", "").strip()
    moment = _http_date(text)
    if text.isdigit():
        seconds = float(text)
    elif moment is not None:
        seconds = (moment - (_http_date(headers.get("date", "")) or now)).total_seconds()
    else:
        seconds = default
    return min(max(seconds, 0.0), LONGEST_WAIT)


def logged(path: str) -> dict[str, Any]:
    """What a log may hold of a path: its template, and the id in it. A query never."""
    found = re.findall(r"/(\d+)(?=[/.]|$)", path)
    template = re.sub(r"/token/[^/]+.*", "/token/{token}", re.sub(r"/\d+(?=[/.]|$)", "/{id}", path))
    return {"path": template, "id": int(found[0])} if found else {"path": template}


def _http_date(text: str) -> datetime | None:
    try:
        return parsedate_to_datetime(text)
    except ValueError:
        return None


def _origin(base_url: str) -> httpx.URL:
    try:
        url = httpx.URL(base_url)
    except httpx.InvalidURL as error:
        raise WrongAccount(f"{base_url!r} is no address; expected one like https://acme.zendesk.com") from error
    local = url.host in ("127.0.0.1", "localhost", "::1")
    if not url.host or not (url.scheme == "https" or (url.scheme == "http" and local)):
        raise WrongAccount(f"{base_url!r} is no address to send credentials to; expected https://acme.zendesk.com")
    return url.copy_with(path="/", query=None, fragment=None, username=None, password=None)


def _lost(request: httpx.Request, error: httpx.RequestError) -> GatewayError:
    """Which error of ours a failed call is: a write may be stored unless no connection was ever made.

    An answer that came and cannot be decoded is as good as lost.
    """
    host = request.url.host
    never_sent = isinstance(error, httpx.ConnectError | httpx.ConnectTimeout | httpx.PoolTimeout)
    for_the_token = error.request.url.path != request.url.path
    if request.method != "GET" and not never_sent and not for_the_token:
        return AnswerLost(f"{host} did not answer a write")
    text = str(error).lower()
    if "certificate" in text or "ssl" in text:
        return Unreachable(f"the TLS certificate of {host} cannot be trusted", SOON)
    if any(sign in text for sign in ("name or service", "getaddrinfo", "nodename", "name resolution")):
        return Unreachable(f"{host} has no address: is the subdomain right?", SOON)
    if isinstance(error, httpx.DecodingError):
        return Unreachable(f"{host} sent an answer that cannot be decoded", SOON)
    why = "did not answer in time" if isinstance(error, httpx.TimeoutException) else "cannot be reached"
    return Unreachable(f"{host} {why}", SOON)


_backoff = tenacity.wait_exponential_jitter(multiplier=0.5, max=10, jitter=0.5)
_jitter = tenacity.wait_random(0, 1)


def _wait(state: tenacity.RetryCallState) -> float:
    error = state.outcome.exception() if state.outcome else None
    return error.retry_after + _jitter(state) if isinstance(error, RateLimited) else _backoff(state)


class _OutOfPatience(stop_base):
    """Counts the waits that were asked for, not a clock: a longer Retry-After is the agenda's matter."""

    def __call__(self, state: tenacity.RetryCallState) -> bool:
        return state.idle_for + state.upcoming_sleep > PATIENCE


def _note_retry(state: tenacity.RetryCallState) -> None:
    error = state.outcome.exception() if state.outcome else None
    _log.warning(
        "zendesk retry", attempt=state.attempt_number, wait=round(state.upcoming_sleep, 1), why=type(error).__name__
    )
