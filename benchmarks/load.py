"""A process that sends deliveries to one address over so many connections, each as soon as the last is answered.

Everything is made and signed before the clock starts. What it prints is one JSON object: answers per second, the
milliseconds within which half of them and 99 of 100 came, and the share of one processor it needed itself.
"""

import asyncio
import gc
import json
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import cast

import uvloop

from benchmarks.deliveries import signed_requests
from benchmarks.figures import percentile


class Refused(Exception):
    """An answer that is not 200, or a connection that ended: then the figures would say nothing."""


@dataclass(slots=True)
class Shared:
    """What all connections take from and write to."""

    requests: Iterator[bytes]
    connections: int
    done: "asyncio.Future[None]"
    milliseconds: list[float] = field(default_factory=list)

    def fail(self, why: str) -> None:
        if not self.done.done():
            self.done.set_exception(Refused(why))

    def leave(self) -> None:
        self.connections -= 1
        if not self.connections and not self.done.done():
            self.done.set_result(None)


class Connection(asyncio.Protocol):
    def __init__(self, shared: Shared) -> None:
        self._shared = shared
        self._received = b""
        self._began = 0.0

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast(asyncio.Transport, transport)

    def send_next(self) -> None:
        request = next(self._shared.requests, None)
        if request is None:
            self._shared.leave()
            self._transport.close()
            return
        self._began = time.perf_counter()
        self._transport.write(request)

    def data_received(self, data: bytes) -> None:
        self._received += data
        head, found, body = self._received.partition(b"\r\n\r\n")
        if not found or len(body) < int(head.lower().partition(b"content-length: ")[2].partition(b"\r\n")[0]):
            return
        if not head.startswith(b"HTTP/1.1 200 ") or b"accepted" not in body:
            self._shared.fail(self._received.decode(errors="replace"))
            return
        self._shared.milliseconds.append((time.perf_counter() - self._began) * 1000)
        self._received = b""
        self.send_next()

    def connection_lost(self, error: Exception | None) -> None:
        if self._received or error:
            self._shared.fail(f"the connection was lost: {error}")


async def _send(host: str, port: int, requests: list[bytes], connections: int) -> dict[str, float]:
    loop = asyncio.get_running_loop()
    shared = Shared(iter(requests), connections, loop.create_future())
    made = [await loop.create_connection(lambda: Connection(shared), host, port) for _ in range(connections)]
    gc.disable()
    began, worked = time.perf_counter(), time.process_time()
    for _, connection in made:
        connection.send_next()
    await shared.done
    seconds = time.perf_counter() - began
    return {
        "rate": len(requests) / seconds,
        "p50": percentile(shared.milliseconds, 0.5),
        "p99": percentile(shared.milliseconds, 0.99),
        "busy": (time.process_time() - worked) / seconds,
    }


def main() -> None:
    """HOST PORT SECRET CONNECTIONS COUNT SEED"""
    host, port, secret, connections, count, seed = sys.argv[1:]
    requests = list(signed_requests(f"{host}:{port}", secret, int(count), int(seed)))
    sent = _send(host, int(port), requests, int(connections))
    print(json.dumps(uvloop.run(sent)))


if __name__ == "__main__":
    main()
