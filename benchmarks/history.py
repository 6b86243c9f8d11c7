"""What answers *what if*: a backtest of 10,000 tickets, and a preview beside plain judging of the same tickets."""

import time
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from itertools import islice

from benchmarks.figures import Figure, middle
from benchmarks.tickets import snapshots
from enforcement.preview import Packs, compare
from ronda.packs import load_pack
from rules.backtest import replayed
from rules.informed import informed
from rules.mode import Mode
from rules.pack import Pack
from rules.preview import doing_of
from rules.snapshot import Snapshot

BEGIN, END = datetime(2026, 3, 1, tzinfo=UTC), datetime(2026, 5, 31, tzinfo=UTC)  # three months
AT_ONCE = 500  # made, then replayed: so that what waits fills no memory


def measure(*, tickets: int = 10_000, runs: int = 5) -> Iterator[Figure]:
    """``tickets`` are replayed once each, in so many runs of different ones."""
    for name in ("website", "commerce"):
        pack = load_pack(name)
        yield from _backtest(pack, tickets // runs, runs)
        yield from _preview(pack, tickets // runs, runs)


def _backtest(pack: Pack, tickets: int, runs: int) -> Iterator[Figure]:
    """Seconds are those of the processor; an event is an update in a ticket's history."""
    rates, seconds_of_all, found = [], 0.0, 0
    for run in range(1, runs + 1):
        seconds, events = 0.0, 0
        coming = snapshots(pack.desk, tickets, seed=run)
        while batch := list(islice(coming, AT_ONCE)):
            began = time.process_time()
            found += sum(1 for seen in batch for _ in replayed(seen, pack, BEGIN, END, Mode.ENFORCE))
            seconds += time.process_time() - began
            events += sum(len(seen.history) for seen in batch)
        rates.append(events / seconds)
        seconds_of_all += seconds
    note = f"{tickets * runs:,} tickets in {seconds_of_all:.0f} s, {found:,} times something would have been done"
    yield middle(f"backtest, pack {pack.name}", rates, "events/s", note=note)


def _preview(pack: Pack, tickets: int, runs: int) -> Iterator[Figure]:
    """Judging twice should cost twice as much."""
    packs = Packs(pack, pack.model_copy(update={"digest": "new"}), Mode.ENFORCE)
    times = []
    for run in range(1, runs + 1):
        plain, both = 0.0, 0.0
        coming = snapshots(pack.desk, tickets, seed=run)
        while batch := list(islice(coming, AT_ONCE)):
            _judged(batch, pack)  # words are looked up once for each text: both are timed after that
            began = time.process_time()
            _judged(batch, pack)
            between = time.process_time()
            for seen in batch:
                compare(seen, packs)
            both += time.process_time() - between
            plain += between - began
        times.append(both / plain)
    yield middle(f"preview beside judging, pack {pack.name}", times, "times", note="two packs are judged")


def _judged(batch: Sequence[Snapshot], pack: Pack) -> None:
    for seen in batch:
        doing_of(informed(seen, pack.desk), pack, Mode.ENFORCE)
