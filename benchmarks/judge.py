"""Judging and planning, tickets per second of one processor, with each pack; and conditions beside Cloud Custodian."""

import time
from collections.abc import Iterator, Sequence
from itertools import islice
from statistics import mean

from benchmarks import custodian
from benchmarks.figures import Aim, Figure, middle
from benchmarks.tickets import snapshots
from ronda.packs import load_pack
from ronda.service import keep_what_is_built
from rules.judge import Judgement, judge
from rules.pack import Pack
from rules.plan import Plan
from rules.planner import plan
from rules.snapshot import Snapshot
from rules.verdict import CouldNotTell

READ_NO_TEXT = frozenset(
    {
        "chat_group_only",
        "default_analyst",
        "default_group",
        "official_channel",
        "phone_reason",
        "same_owner",
        "stays_open",
    }
)
WITH_TEXT = Aim(3_000, at_least=True)
WITHOUT_TEXT = Aim(20_000, at_least=True)
AT_ONCE = 100  # made, then judged: what waits to be judged is nothing that a collector should walk


def measure(*, tickets: int = 20_000, runs: int = 5) -> Iterator[Figure]:
    """``tickets`` are judged once each, in so many runs of different ones."""
    keep_what_is_built()
    packs = [load_pack(name) for name in ("website", "commerce")]
    for pack in packs:
        yield _judged(pack, tickets // runs, runs, "rules", WITH_TEXT)
    for pack in packs:
        yield _judged(_without_text(pack), tickets // runs, runs, "rules that read no text", WITHOUT_TEXT)
    yield from custodian.measure(tickets=tickets, runs=runs)


def _without_text(pack: Pack) -> Pack:
    """The pack of an admin who takes only what looks at fields, channels and history."""
    return pack.model_copy(update={"rules": tuple(rule for rule in pack.rules if rule.kind in READ_NO_TEXT)})


def _judged(pack: Pack, tickets: int, runs: int, rules: str, aim: Aim) -> Figure:
    rates, plans, sizes = [], 0, []
    _planned(pack, list(snapshots(pack.desk, min(tickets, AT_ONCE), seed=0)))  # warms up
    for run in range(1, runs + 1):
        seconds = 0.0
        coming = snapshots(pack.desk, tickets, seed=run)
        while batch := list(islice(coming, AT_ONCE)):
            began = time.process_time()
            found = _planned(pack, batch)
            seconds += time.process_time() - began
            for judgement, planned in found:
                _check(judgement)
                plans += not planned.is_empty
            sizes += [_text(seen) for seen in batch]
        rates.append(tickets / seconds)
    share = f"{plans / (tickets * runs):.0%} with a plan, {mean(sizes) / 1000:.1f} kB of text each"
    awake = sum(rule.mode > 0 for rule in pack.rules)
    return middle(f"judge and plan, pack {pack.name}, {awake} {rules}", rates, "tickets/s", aim, share)


def _planned(pack: Pack, batch: Sequence[Snapshot]) -> list[tuple[Judgement, Plan]]:
    found = []
    for seen in batch:
        judgement = judge(pack.rules, seen, pack.desk.exemptions)
        found.append((judgement, plan(judgement, pack.messages, pack.desk.language)))
    return found


def _check(judgement: Judgement) -> None:
    """A rule that fails would be fast. Raises RuntimeError."""
    for each in judgement.all:
        if isinstance(each.verdict, CouldNotTell) and each.verdict.broke_down:
            raise RuntimeError(f"rule {each.rule.id} failed on ticket {judgement.seen.ticket.id}")


def _text(seen: Snapshot) -> int:
    """Characters of text, the description once."""
    return len(seen.ticket.subject) + sum(len(comment.text) for comment in seen.comments)
