"""One audit in a process of its own, so that its memory and processor time are nobody else's: a line of JSON.

Its clock goes several times as fast as the wall's and takes the emulator's, which stands still, along: hours of limits
fit into minutes, and what the machine itself needs counts so many times over.
"""

import json
import resource
import sys
import threading
import time
from contextlib import ExitStack, closing
from dataclasses import asdict
from datetime import UTC, datetime, timedelta
from pathlib import Path

import httpx

from config.settings import Settings
from enforcement.audit import EVER, Scope
from enforcement.audit_book import AuditBook
from enforcement.audit_run import AuditRun
from enforcement.embedded import EmbeddedAgenda
from enforcement.store import open_store
from ronda.logs import configure_logging
from ronda.packs import load_pack
from ronda.wiring import gateway_of, watch_of

FASTER = 4
TICK = 0.05  # real seconds


class FastClock:
    """Moved on by a thread of its own. Shared by threads."""

    def __init__(self, url: str) -> None:
        self._client = httpx.Client(base_url=url, trust_env=False, timeout=30)
        self._moment = datetime.fromtimestamp(self._client.get("/emulator/clock").json()["seconds"], UTC)
        self._moved = threading.Condition()
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._go, name="fast-clock", daemon=True)
        self._thread.start()

    def now(self) -> datetime:
        return self._moment

    def sleep(self, seconds: float) -> None:
        until = self._moment + timedelta(seconds=seconds)
        with self._moved:
            self._moved.wait_for(lambda: self._moment >= until)

    def close(self) -> None:
        self._stopping.set()
        self._thread.join()
        self._client.close()

    def _go(self) -> None:
        before = time.monotonic()
        while not self._stopping.wait(TICK):
            gone, before = time.monotonic() - before, time.monotonic()
            moment = self._moment + timedelta(seconds=gone * FASTER)
            self._client.post("/emulator/clock", json={"until": moment.isoformat()}).raise_for_status()
            with self._moved:
                self._moment = moment
                self._moved.notify_all()


def main(url: str, data: str, pack_name: str, scope: str) -> None:
    configure_logging("text", "error")
    settings = Settings(
        _env_file=None,
        zendesk_url=url,
        oauth_client_id="ronda",
        oauth_client_secret="demo-only",  # noqa: S106 # the invented desk's
        pack=pack_name,
        data=Path(data),
        timeout=120,
    )
    pack, store = load_pack(pack_name), open_store(settings.data)
    with ExitStack() as ending:
        clock = ending.enter_context(closing(FastClock(url)))
        gateway = ending.enter_context(closing(gateway_of(settings, pack, clock)))
        agenda = ending.enter_context(EmbeddedAgenda(store))
        gateway.check()
        book = AuditBook(store.engine(), store.writing)
        book.create()
        ending.enter_context(closing(book))
        watch = watch_of(settings, pack, clock, gateway, book, agenda)
        run = AuditRun(watch, book, Scope(EVER if scope == "all" else None), settings.data.with_suffix(".histories"))
        planned = run.plan()
        began, real, processor = clock.now(), time.monotonic(), time.process_time()
        before = sum(gateway.traffic().calls.values())
        row = run.run(planned)
        told = {
            "plan": asdict(planned) | {"calls": planned.calls},
            "seen": row.seen,
            "took": (clock.now() - began).total_seconds(),
            "real": time.monotonic() - real,
            "processor": time.process_time() - processor,
            "calls": sum(gateway.traffic().calls.values()) - before,
            "refused": sum(n for (_, status), n in gateway.traffic().calls.items() if status == "429"),
            "memory": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024,
        }
    print(json.dumps(told))


if __name__ == "__main__":
    main(*sys.argv[1:])
