"""Keeps other websites away from what needs no login: the page and the control API.

A browser tells who asks: `Sec-Fetch-Site` or `Origin` of another site is refused, and so is a foreign name in `Host`
while the emulator listens on the loopback (a website may give its own name this machine's address).
"""

from ipaddress import ip_address
from urllib.parse import urlsplit

from starlette.datastructures import Headers
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Receive, Scope, Send

from emulator.zendesk import Zendesk

WITH_LOGIN = ("/api/", "/oauth/", "/attachments/")  # a browser sends no credentials there by itself


class OwnPagesOnly:
    """Answers 403 to what a browser sends on behalf of another site."""

    def __init__(self, app: ASGIApp, zendesk: Zendesk) -> None:
        self.app = app
        self.zendesk = zendesk

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http" and not scope["path"].startswith(WITH_LOGIN):
            why = refused(Headers(scope=scope), self.zendesk.address)
            if why is not None:
                await PlainTextResponse(f"{why}\n", 403)(scope, receive, send)
                return
        await self.app(scope, receive, send)


def refused(headers: Headers, address: str) -> str | None:
    """Why a request to the page or the control API is refused; None: it is not."""
    host = headers.get("host", "")
    if is_loopback(urlsplit(address).hostname) and not is_loopback(urlsplit(f"//{host}").hostname):
        return "The emulator listens on the loopback and answers to no other name."
    if headers.get("sec-fetch-site", "none") not in ("none", "same-origin"):
        return "The emulator takes no orders from other websites."
    origin = headers.get("origin")
    if origin is not None and urlsplit(origin).netloc != host:
        return "The emulator takes no orders from other websites."
    return None


def is_loopback(name: str | None) -> bool:
    try:
        return name == "localhost" or ip_address(name or "").is_loopback
    except ValueError:
        return False
