"""Serves an emulated Zendesk over HTTP: in a thread for tests, or as a process."""

import contextlib
import gc
import signal
import socket
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import uvicorn

from emulator.app import create_app
from emulator.desk import Desk
from emulator.desk_file import DeskError, parse_desk, read_desk
from emulator.generator import built_in_desk, last_midnight, populate
from emulator.keeping import Keeper, UnusableData
from emulator.zendesk import Zendesk


class CannotListen(Exception):
    """The port is taken, or may not be used."""


class Served:
    """An emulator that answers at `url`. Talk to it by HTTP; `zendesk` lives in another thread."""

    def __init__(self, zendesk: Zendesk, url: str) -> None:
        self.zendesk = zendesk
        self.url = url


def listen(host: str, port: int) -> socket.socket:
    """A listening socket; port 0 takes a free one. Raises CannotListen."""
    listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((host, port))
    except (OSError, OverflowError) as error:
        listener.close()
        raise CannotListen(f"cannot listen on {host}:{port}: {error}") from error
    listener.listen(256)
    return listener


def address_of(listener: socket.socket) -> str:
    host, port = listener.getsockname()[:2]
    return f"http://{host}:{port}"


class _Server(uvicorn.Server):
    """uvicorn that tells when it answers, and leaves signals to its caller."""

    def __init__(self, config: uvicorn.Config, started: Callable[[], None]) -> None:
        super().__init__(config)
        self._tell = started

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        self._tell()

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield


def _configuration(zendesk: Zendesk) -> uvicorn.Config:
    return uvicorn.Config(
        create_app(zendesk),
        log_config=None,
        access_log=False,
        date_header=False,  # ours says the emulator's time
        server_header=False,
        lifespan="on",
        ws="none",
        timeout_keep_alive=75,
        timeout_graceful_shutdown=1,
    )


@contextlib.contextmanager
def serve(desk: Desk | str | None = None, *, port: int = 0) -> Iterator[Served]:
    """Run an emulator in a thread on the loopback: `with serve(desk) as zendesk: httpx.get(zendesk.url + ...)`.

    `desk` is a Desk, or the text of a desk file. Raises DeskError and CannotListen.
    """
    zendesk = Zendesk(parse_desk(desk) if isinstance(desk, str) else desk or Desk())
    listener = listen("127.0.0.1", port)
    zendesk.set_address(address_of(listener))
    started = threading.Event()
    server = _Server(_configuration(zendesk), started.set)
    thread = threading.Thread(target=server.run, args=([listener],), name="emulator", daemon=True)
    thread.start()
    while not started.wait(0.05):
        if not thread.is_alive():
            raise CannotListen("the emulator did not start")
    try:
        yield Served(zendesk, address_of(listener))
    finally:
        server.should_exit = True
        thread.join(timeout=5)
        listener.close()


def _begin(desk_path: Path | None, data: Path | None, generate: int, seed: int) -> Zendesk:
    """What `run` serves. Raises DeskError and UnusableData."""
    usual = built_in_desk if generate else Desk
    desk = usual() if desk_path is None else read_desk(desk_path)
    keeper = None if data is None else Keeper(data)
    if generate and keeper is not None and not keeper.is_empty:
        raise UnusableData(f"{data}: holds an account already; invent tickets in a new file")
    zendesk = Zendesk(desk, keeper)
    if generate:
        fill(zendesk, generate, seed, last_midnight())
    gc.freeze()  # what is there now stays: a large desk is not searched for garbage again and again
    return zendesk


def fill(zendesk: Zendesk, tickets: int, seed: int, until: float, say: Callable[[int], None] = lambda _: None) -> None:
    """Invent tickets (see `populate`), keep them in the data file if there is one, and go back to real time."""
    populate(zendesk.account, tickets, seed, until, say)
    zendesk.clock.start()
    zendesk.clock.set(time.time())
    zendesk.save()


def run(
    desk_path: Path | None,
    *,
    host: str = "127.0.0.1",
    port: int = 0,
    data: Path | None = None,
    ready_file: Path | None = None,
    generate: int = 0,
    seed: int = 7,
) -> int:
    """Run until SIGINT or SIGTERM; prints the address, and writes it to `ready_file` once it answers.

    With `data` the account is kept in that file; the desk then only says how it begins. `generate` invents so many
    tickets first. The exit code is 0, or 2 for a desk, data file or port that cannot be used.
    """
    try:
        zendesk = _begin(desk_path, data, generate, seed)
        listener = listen(host, port)
    except (DeskError, CannotListen, UnusableData) as error:
        sys.stderr.write(f"{error}\n")
        return 2
    address = address_of(listener)
    zendesk.set_address(address)

    def ready() -> None:
        if ready_file is not None:
            waiting = ready_file.with_name(f"{ready_file.name}.new")
            waiting.write_text(f"{address}\n", encoding="utf-8")
            waiting.replace(ready_file)
        sys.stdout.write(f"emulator: {address}\n")
        sys.stdout.flush()

    server = _Server(_configuration(zendesk), ready)

    def leave(*_: object) -> None:
        server.should_exit = True

    before = {number: signal.signal(number, leave) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        server.run([listener])
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
        listener.close()
    return 0
