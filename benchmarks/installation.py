"""A whole installation to measure: the emulator and the service as two processes, set up as `ronda demo` does it."""

import os
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import psutil

from benchmarks.places import working_folder
from enforcement.embedded import EmbeddedAgenda
from ronda.demo import running

WITHIN = 20.0  # seconds for what should take a fraction of one
SOON = timedelta(seconds=10)  # what is due later is a timer, nothing that is under way


@dataclass(frozen=True)
class Installation:
    """``zendesk`` talks to the emulator; ``service`` is the service's process, ``agenda`` its agenda."""

    zendesk: httpx.Client
    service: psutil.Process
    agenda: EmbeddedAgenda

    def act(self, **act: Any) -> int:
        """Somebody on the desk does something; the ticket's id. The webhook's events are on their way then."""
        done = self.zendesk.post("/emulator/act", json=act).raise_for_status()
        return int(done.json()["ticket"]["id"])

    def slow_down(self, milliseconds: int) -> None:
        """Every call of the API takes so much longer."""
        self.zendesk.post("/emulator/latency", json={"milliseconds": milliseconds}).raise_for_status()

    def forget_calls(self) -> None:
        self.zendesk.delete("/emulator/requests").raise_for_status()

    def calls(self) -> Counter[str]:
        """API calls since they were forgotten: method and path template to their number."""
        return Counter(self.zendesk.get("/emulator/requests").raise_for_status().json()["by_route"])

    def stored_at(self, ticket: int) -> float | None:
        """When the emulator stored the first update of a ticket, in seconds since 1970."""
        recent = self.zendesk.get("/emulator/requests").raise_for_status().json()["recent"]
        puts = (call["at"] for call in recent if call["method"] == "PUT" and f"/tickets/{ticket}" in call["path"])
        return next(puts, None)

    def settle(self) -> None:
        """Wait until no delivery is on its way and nothing is under way or due soon. Raises TimeoutError."""
        deadline = time.monotonic() + WITHIN
        while time.monotonic() < deadline:
            pending = self.zendesk.get("/emulator/idle", params={"timeout": 5}).raise_for_status().json()["pending"]
            soon = datetime.now(UTC) + SOON
            if not pending and not any(entry.at < soon for entry in self.agenda.entries()):
                return
            time.sleep(0.05)
        raise TimeoutError("the installation did not come to rest")


@contextmanager
def installation() -> Iterator[Installation]:
    """Start both processes, end them again. Raises DemoFailed."""
    with (
        working_folder() as folder,
        running(folder) as here,
        httpx.Client(base_url=here.zendesk, trust_env=False) as zendesk,
        closing(EmbeddedAgenda.open(here.data)) as agenda,
    ):
        yield Installation(zendesk, _service(), agenda)


def _service() -> psutil.Process:
    children = psutil.Process(os.getpid()).children()
    return next(child for child in children if child.cmdline()[-1:] == ["serve"])
