"""From what an agent does to the cure: an idle service, a fast Zendesk and one that takes 150 ms a call.

Measured from before the act (its event is sent while it is done) to when the emulator has stored the service's
update. Every event is another ticket's and comes when the one before is cured; the echoes of earlier cures, one read
each two seconds later, go on beside it.
"""

import random
import time
from collections.abc import Iterator

from benchmarks.figures import Aim, Figure, percentile
from benchmarks.installation import WITHIN, Installation, installation

WARM_UP = 5
AIMS = {0: Aim(150), 150: Aim(550)}  # milliseconds a call: p99
PAUSES = (0.02, 0.15)  # seconds between two events: at no fixed distance from the echoes


def measure(*, events: int = 100) -> Iterator[Figure]:
    """With fewer than 100 events the p99 is the slowest of them."""
    with installation() as here:
        for milliseconds, aim in AIMS.items():
            here.slow_down(milliseconds)
            took = list(_cured(here, events, random.Random(milliseconds)))
            at = f"event to cured, {milliseconds} ms a call"
            count = f"{events} events, slowest {max(took):,.0f}"
            yield Figure(f"{at}: p50", percentile(took, 0.5), "ms")
            yield Figure(f"{at}: p99", percentile(took, 0.99), "ms", aim, note=count)


def _cured(here: Installation, events: int, rng: random.Random) -> Iterator[float]:
    """Milliseconds, event by event."""
    for number in range(WARM_UP + events):
        here.forget_calls()
        began = time.time()
        ticket = here.act(
            by="paulo",
            requester="carla",
            subject="Formulário de contato",
            description="O formulário do site não envia as mensagens.",
            set={"tags": ["website"], "group": "Suporte", "assignee": "Paulo Dias"},
        )
        stored = _stored(here, ticket)
        if number >= WARM_UP:
            yield (stored - began) * 1000
        time.sleep(rng.uniform(*PAUSES))


def _stored(here: Installation, ticket: int) -> float:
    deadline = time.monotonic() + WITHIN
    while time.monotonic() < deadline:
        if (stored := here.stored_at(ticket)) is not None:
            return stored
        time.sleep(0.02)
    raise TimeoutError(f"ticket {ticket} was not cured within {WITHIN:g} s")
