"""Checks of a pack that loads: what it says is documented, can apply, and does not work against itself."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from rules.channels import KNOWN
from rules.duration import spelt
from rules.handbook import Paragraph, cited_in, digest_of
from rules.mode import Mode
from rules.names import nearest
from rules.pack import Pack
from rules.rule import Rule
from rules.satisfiable import can_hold
from rules.ticket import UNTOUCHABLE

SOON = timedelta(days=14)


class Level(StrEnum):
    ERROR = "error"  # the check fails
    WARNING = "warning"  # somebody should look at it
    NOTE = "note"  # good to know


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing found. ``rule`` and ``key`` say where in the pack; ``story`` is a scenario that shows it."""

    level: Level
    message: str
    rule: str | None = None
    key: str = "id"
    story: str = ""


def check_rules(pack: Pack) -> Iterator[Finding]:
    """Rules that cannot apply to any ticket, words that no ticket has as far as we know, and rules switched off."""
    for rule in pack.rules:
        yield from _when(rule)
        for word in sorted(set(channels_in(rule.model_dump())).difference(KNOWN)):
            yield Finding(Level.WARNING, f"no channel that is known is called {word!r}; is it spelt right?", rule.id)
        if rule.mode is Mode.OFF:
            yield Finding(Level.NOTE, "is off: it is not judged", rule.id, "mode")


def _when(rule: Rule) -> Iterator[Finding]:
    if rule.when is None:
        return
    left_alone = sorted(UNTOUCHABLE.intersection(_texts_at(("status",), rule.when.model_dump())))
    if not can_hold(rule.when):
        why = "no rule judges solved tickets" if left_alone else "it contradicts itself"
        yield Finding(Level.ERROR, f"no ticket can meet its 'when': {why}", rule.id, "when")
    elif left_alone:
        message = f"its 'when' names the status {left_alone[0]!r}: no rule judges solved tickets"
        yield Finding(Level.WARNING, message, rule.id, "when")


def channels_in(rule: Any) -> Iterator[str]:
    """Every channel's word in a rule, given as plain values."""
    yield from _texts_at(("channel", "channels", "official", "counts_as"), rule)


def _texts_at(keys: Iterable[str], node: Any) -> Iterator[str]:
    """The texts that stand at these keys, however deep: alone, in a list, or as the two sides of a mapping of texts."""
    if isinstance(node, Mapping):
        for key, value in node.items():
            if key in keys:
                yield from _texts(value)
            yield from _texts_at(keys, value)
    elif isinstance(node, tuple | list):
        for each in node:
            yield from _texts_at(keys, each)


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, Mapping):
        yield from (*value.keys(), *value.values())
    else:
        yield from (each for each in value or () if isinstance(each, str))


def check_handbook(pack: Pack, handbook: Mapping[str, Paragraph] | None) -> Iterator[Finding]:
    """Rules whose paragraph is gone or has changed since somebody confirmed the rule; paragraphs without a rule."""
    if handbook is None:
        yield Finding(Level.WARNING, "the pack names no handbook: nobody can tell whether its rules are documented")
        return
    for rule in pack.rules:
        yield from _citation(rule, handbook)
    cited = {paragraph for rule in pack.rules for paragraph in cited_in(rule.cites)}
    for paragraph in handbook.values():
        if paragraph.id not in cited:
            yield Finding(Level.NOTE, f"no rule cites paragraph {paragraph.id} ({paragraph.title})")


def _citation(rule: Rule, handbook: Mapping[str, Paragraph]) -> Iterator[Finding]:
    cited = cited_in(rule.cites)
    gone = [paragraph for paragraph in cited if paragraph not in handbook]
    if not cited:
        yield Finding(Level.ERROR, "cites no paragraph of the handbook", rule.id)
    for paragraph in gone:
        near = nearest(paragraph, handbook)
        yield Finding(Level.ERROR, f"cites paragraph {paragraph!r}, which the handbook has not{near}", rule.id, "cites")
    if not cited or gone:
        return
    how = f"ronda check PACK --confirm {rule.id}"
    if rule.confirmed is None:
        message = f"was never confirmed against its paragraph; compare them, then: {how}"
        yield Finding(Level.WARNING, message, rule.id, "cites")
    elif rule.confirmed != digest_of([handbook[paragraph] for paragraph in cited]):
        message = (
            f"paragraph {rule.cites} has changed since the rule was confirmed; compare them, then: ronda check PACK"
        )
        yield Finding(Level.ERROR, f"{message} --confirm {rule.id}", rule.id, "confirmed")


def check_exemptions(pack: Pack, as_of: datetime) -> Iterator[Finding]:
    """Exemptions of the pack that have ended, or end within two weeks; and rules they name that are not there."""
    ids = [rule.id for rule in pack.rules]
    for exemption in pack.desk.exemptions:
        whose = f"the exemption of {exemption.owner} ({exemption.reason})"
        left = exemption.expires - as_of
        if left <= timedelta():
            yield Finding(Level.WARNING, f"{whose} has ended: its tickets are judged again")
        elif left <= SOON:
            yield Finding(Level.WARNING, f"{whose} ends in {spelt(timedelta(hours=left // timedelta(hours=1)))}")
        for rule in sorted(exemption.rules.difference(ids)):
            yield Finding(Level.ERROR, f"{whose} names {rule!r}, which is no rule{nearest(rule, ids)}")
