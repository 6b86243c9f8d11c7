"""The clock of an emulator, for a service that runs on it: simulations advance it and wait."""

import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import httpx
from pydantic import AnyHttpUrl

from enforcement.clock import Clock, SystemClock


class ClockUnreachable(Exception):
    """No emulator answers where RONDA_CLOCK_URL says."""


@dataclass(frozen=True, slots=True)
class _Face:
    """What the clock showed, and when that was by our own."""

    seconds: float
    running: bool
    moves: int
    at: float

    def now(self) -> datetime:
        gone = time.monotonic() - self.at if self.running else 0.0
        return datetime.fromtimestamp(self.seconds + gone, UTC)


class EmulatedClock:
    """``url``: the emulator's address. May be shared by threads.

    Every ``now()`` is one request until the clock is followed; from then on it is told whenever it is moved.
    """

    def __init__(self, url: str) -> None:
        self._url = url
        self._client = httpx.Client(base_url=url, trust_env=False, timeout=10.0)
        self._followed: _Face | ClockUnreachable | None = None
        self._closing = threading.Event()
        self._thread: threading.Thread | None = None

    def now(self) -> datetime:
        """Raises ClockUnreachable."""
        if isinstance(self._followed, ClockUnreachable):
            raise self._followed
        return (self._followed or self._ask("GET", "/emulator/clock")).now()

    def sleep(self, seconds: float) -> None:
        """Where the clock stands still, whoever sleeps on it moves it: nothing else would. Raises ClockUnreachable."""
        face = self._followed or self._ask("GET", "/emulator/clock")
        if isinstance(face, ClockUnreachable):
            raise face
        if face.running:
            time.sleep(seconds)
        else:
            until = (face.now() + timedelta(seconds=seconds)).isoformat()
            moved = self._ask("POST", "/emulator/clock", json={"until": until})
            self._followed = moved if self._followed else None

    def follow(self, moved: Sequence[Callable[[], object]]) -> None:
        """Know the time without asking, and have all of ``moved`` called whenever somebody moves the clock.

        Raises ClockUnreachable.
        """
        self._followed = self._ask("GET", "/emulator/clock")
        self._thread = threading.Thread(target=self._follow, args=(moved,), name="emulated-clock", daemon=True)
        self._thread.start()

    def close(self) -> None:
        self._closing.set()
        if self._thread is not None:
            self._thread.join()
        self._client.close()

    def _follow(self, moved: Sequence[Callable[[], object]]) -> None:
        moves = 0
        while not self._closing.is_set():
            try:
                face = self._ask("GET", f"/emulator/clock?after={moves}")
            except ClockUnreachable as error:
                self._followed = error
                self._closing.wait(0.5)
                continue
            self._followed = face
            if face.moves != moves:
                moves = face.moves
                for tell in moved:
                    tell()

    def _ask(self, method: str, target: str, json: object = None) -> _Face:
        began = time.monotonic()
        try:
            said = self._client.request(method, target, json=json).raise_for_status().json()
            now = time.monotonic()
            at = now if "after" in target else (began + now) / 2
            return _Face(float(said["seconds"]), bool(said["running"]), int(said["moves"]), at)
        except (httpx.HTTPError, RuntimeError, ValueError, KeyError) as error:
            raise ClockUnreachable(f"RONDA_CLOCK_URL: no emulator's clock at {self._url} ({error})") from error


@contextmanager
def clock_of(url: AnyHttpUrl | None) -> Iterator[Clock]:
    """The clock that a service goes by: the machine's, or an emulator's."""
    if url is None:
        yield SystemClock()
    else:
        with closing(EmulatedClock(str(url))) as clock:
            yield clock
