"""Connections of the service's web server: one that says nothing holds an open file, and not for long."""

import asyncio
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest
import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse
from starlette.routing import Route

from ronda import service
from ronda.service import configuration_of

pytestmark = pytest.mark.anyio

DEADLINE = 10.0  # seconds


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"


@asynccontextmanager
async def served() -> AsyncIterator[int]:
    """The port where a server answers, which takes longer for that than it waits in silence."""

    async def answer(_: Request) -> PlainTextResponse:
        await asyncio.sleep(2 * service.SILENT)
        return PlainTextResponse("here")

    configuration = configuration_of(Starlette(routes=[Route("/", answer)]))
    with socket.create_server(("127.0.0.1", 0)) as listener:
        server = uvicorn.Server(configuration)
        configuration.load()
        server.lifespan = configuration.lifespan_class(configuration)
        await server.startup([listener])
        try:
            yield listener.getsockname()[1]
        finally:
            await server.shutdown([listener])


@pytest.fixture(autouse=True)
def _impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(service, "SILENT", 0.05)


async def test_one_that_says_nothing_is_closed() -> None:
    async with served() as port:
        reader, writer = await asyncio.open_connection("127.0.0.1", port)

        assert await asyncio.wait_for(reader.read(), DEADLINE) == b""
        writer.close()


async def test_one_that_asks_has_its_answer_and_is_kept() -> None:
    async with served() as port:
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        for _ in range(2):
            writer.write(b"GET / HTTP/1.1\r\nHost: here\r\n\r\n")
            said = await asyncio.wait_for(reader.readuntil(b"\r\n\r\nhere"), DEADLINE)
            assert said.startswith(b"HTTP/1.1 200")
        writer.close()
