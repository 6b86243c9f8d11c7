"""What the service needs when nothing happens: memory and processor time, as the operating system counts them."""

import time
from collections.abc import Iterator

from benchmarks.calls import TICKET
from benchmarks.figures import Aim, Figure
from benchmarks.installation import Installation, installation

MEGABYTE = 1_000_000
MEMORY = Aim(120)
PROCESSOR = Aim(1)


def measure(*, tickets: int = 100, seconds: float = 20.0) -> Iterator[Figure]:
    """``seconds``: how long the idle service is watched; ``tickets``: how many it has cured before."""
    with installation() as here:
        yield Figure("memory (RSS) after the start", _resident(here), "MB", MEMORY)
        for _ in range(tickets):
            here.act(**TICKET, set={"group": "Suporte", "tags": ["website"], "assignee": "Paulo Dias"})
        here.settle()
        yield Figure(f"memory (RSS) after {tickets} cured tickets", _resident(here), "MB", MEMORY)
        here.service.cpu_percent()  # from here on
        time.sleep(seconds)
        share = here.service.cpu_percent()
        yield Figure("processor time while idle", share, "%", PROCESSOR, note=f"of one processor, over {seconds:g} s")


def _resident(here: Installation) -> float:
    return float(here.service.memory_info().rss / MEGABYTE)
