"""A place that webhooks are delivered to: it keeps what came and answers as told."""

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

Reply = tuple[int, dict[str, str]]


@dataclass(frozen=True)
class Delivery:
    method: str
    headers: dict[str, str]
    body: bytes


@dataclass
class Receiver:
    url: str
    deliveries: list[Delivery] = field(default_factory=list)
    replies: list[Reply] = field(default_factory=list)  # used up one by one, then 200

    def wait_for(self, number: int, deadline: float = 5.0) -> list[Delivery]:
        """The deliveries, once there are that many."""
        until = time.monotonic() + deadline
        while len(self.deliveries) < number and time.monotonic() < until:
            time.sleep(0.002)
        assert len(self.deliveries) >= number, f"{len(self.deliveries)} of {number} deliveries came"
        return self.deliveries


@contextmanager
def receiving(hold: Callable[[], float] = lambda: 0.0) -> Iterator[Receiver]:
    """Listen on a free port; `hold` says how long to wait before each answer."""

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def answer(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length", "0")))
            receiver.deliveries.append(Delivery(self.command, dict(self.headers), body))
            status, headers = receiver.replies.pop(0) if receiver.replies else (200, {})
            time.sleep(hold())
            self.send_response(status)
            for name, value in headers.items():
                self.send_header(name, value)
            self.send_header("Content-Length", "0")
            self.end_headers()

        do_GET = do_POST = do_PUT = do_PATCH = do_DELETE = answer  # noqa: N815  (http.server's names)

        def log_message(self, *_: object) -> None: ...

    class Server(ThreadingHTTPServer):
        daemon_threads = True

        def handle_error(self, *_: object) -> None:
            """The emulator hung up: that is what some tests are about."""

    server = Server(("127.0.0.1", 0), Handler)
    receiver = Receiver(f"http://127.0.0.1:{server.server_port}/hook")
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
    thread.start()
    try:
        yield receiver
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
