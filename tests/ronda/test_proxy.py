"""Behind a proxy: whose word about the sender is believed."""

import asyncio

import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse
from starlette.routing import Route

from ronda.service import configuration_of


def client_of(trusted: str, peer: str) -> str:
    """Whom the application takes for the sender, when this peer says that it passes something on."""
    told: list[str] = []

    async def tell(request: Request) -> PlainTextResponse:
        told.append(f"{request.url.scheme} {request.client.host if request.client else ''}")
        return PlainTextResponse("")

    configuration = configuration_of(Starlette(routes=[Route("/", tell)]), trusted)
    configuration.load()
    scope = {
        "type": "http",
        "method": "GET",
        "path": "/",
        "raw_path": b"/",
        "query_string": b"",
        "root_path": "",
        "scheme": "http",
        "http_version": "1.1",
        "server": ("127.0.0.1", 8080),
        "client": (peer, 5),
        "headers": [(b"host", b"x"), (b"x-forwarded-for", b"203.0.113.7"), (b"x-forwarded-proto", b"https")],
    }

    async def receive() -> dict[str, object]:
        return {"type": "http.request", "body": b"", "more_body": False}

    async def send(_message: object) -> None:
        pass

    asyncio.run(configuration.loaded_app(scope, receive, send))
    [said] = told
    return said


@pytest.mark.parametrize(
    ("trusted", "peer", "client"),
    [
        ("", "127.0.0.1", "http 127.0.0.1"),
        ("127.0.0.1", "127.0.0.1", "https 203.0.113.7"),
        ("127.0.0.1", "198.51.100.9", "http 198.51.100.9"),
        ("10.0.0.0/8, 127.0.0.1", "10.1.2.3", "https 203.0.113.7"),
    ],
)
def test_only_a_proxy_that_is_named_is_believed(
    trusted: str, peer: str, client: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("FORWARDED_ALLOW_IPS", "*")  # uvicorn's own variable counts for nothing here
    assert client_of(trusted, peer) == client
