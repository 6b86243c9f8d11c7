"""What goes into the ledger and comes out of it, as values. Ids, names and keys only; moments are aware, in UTC."""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from datetime import datetime
from enum import StrEnum
from types import MappingProxyType
from typing import Any

from sqlalchemy import RowMapping


class Word(StrEnum):
    COMPLIES = "complies"
    VIOLATES = "violates"
    DOES_NOT_APPLY = "does not apply"
    EXEMPT = "exempt"
    COULD_NOT_TELL = "could not tell"


class Outcome(StrEnum):
    APPLIED = "applied"
    REFUSED = "refused"  # Zendesk does not take it: the cure failed
    UNKNOWN = "unknown"  # it may have been stored
    RECORDED = "recorded"  # audit mode: what would have been done


@dataclass(frozen=True, slots=True)
class LookRow:
    """One look. ``outcome`` is the caller's word; ``due`` is when it was to be, ``at`` when it started."""

    ticket_id: int
    at: datetime
    reason: str
    pack: str
    outcome: str = "judged"
    ended_at: datetime | None = None
    due: datetime | None = None
    attempts: int = 0
    digest: str = ""  # of the ticket as it was last read, our own update's answer included
    look_again_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class VerdictRow:
    """The latest verdict of one rule on one ticket. ``key``: the message, the condition that failed, or why.

    ``found`` holds names, ids and keys only. ``since`` is given by the ledger: since when word and key are the same.
    """

    ticket_id: int
    rule: str
    word: Word
    key: str = ""
    found: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    cites: str = ""
    mode: str = ""
    look_again_at: datetime | None = None
    since: datetime | None = None
    pack: str = ""


@dataclass(frozen=True, slots=True)
class ActionRow:
    """One change of one ticket. All of one update have the same ``operation``. ``before`` and ``after`` are names, ids
    and keys; None is null. ``public``: it can be read by the requester, whose id is kept so that messages to one person
    can be counted. ``due``: when what it answers fell due, or happened."""

    ticket_id: int
    rules: tuple[str, ...]
    operation: str
    field: str
    before: str | None
    after: str | None
    at: datetime
    outcome: Outcome
    public: bool = False
    detail: str = ""
    due: datetime | None = None
    requester_id: int | None = None


@dataclass(frozen=True, slots=True)
class TicketRow:
    """Whose a ticket was when it was last judged (agents and groups by name; no customer), and its ``updated_at``."""

    group: str | None = None
    assignee: str | None = None
    assignee_id: int | None = None
    updated_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Waiting:
    """A verdict that stands, and whose the ticket is."""

    verdict: VerdictRow
    ticket: TicketRow


@dataclass(frozen=True, slots=True)
class Known:
    """What the last judgement by the same pack left: with an equal digest, judging again says the same until
    ``look_again_at``. An empty digest: it no longer holds. ``judged_at``: when the last look began that judged the
    ticket or found it unchanged; ``updated_at`` is the ticket's own."""

    digest: str
    judged_at: datetime
    look_again_at: datetime | None
    updated_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Pause:
    reason: str
    by: str
    at: datetime

    def __str__(self) -> str:
        return f"{self.reason} (by {self.by})"


@dataclass(frozen=True, slots=True)
class Fuse:
    ticket_id: int
    tripped_at: datetime
    why: str


@dataclass(frozen=True, slots=True)
class Pressure:
    """What the brakes go by: updates of ours in the last hour, public messages among them, and updates of one ticket
    in the last 10 minutes (since its fuse was reset). Unknown outcomes count."""

    updates: int
    public: int
    on_ticket: int
    paused: Pause | None
    fuse: Fuse | None


@dataclass(frozen=True, slots=True)
class Round:
    """One pass over the account's tickets: how many were read, and for how many a look was asked.

    ``messages_a_minute`` is what the rate limit let through when the pass ended.
    """

    at: datetime
    ended_at: datetime
    kind: str
    read: int
    asked: int
    messages_a_minute: float | None = None


def values_of_look(look: LookRow) -> dict[str, Any]:
    return asdict(look)


def values_of_verdict(verdict: VerdictRow) -> dict[str, Any]:
    """All columns but ``since``, which is the ledger's to say."""
    return {
        "ticket_id": verdict.ticket_id,
        "rule": verdict.rule,
        "word": verdict.word.value,
        "key": verdict.key,
        "found": json.dumps(dict(verdict.found), sort_keys=True),
        "cites": verdict.cites,
        "mode": verdict.mode,
        "look_again_at": verdict.look_again_at,
        "pack": verdict.pack,
    }


def values_of_action(action: ActionRow) -> dict[str, Any]:
    return {**asdict(action), "rules": json.dumps(action.rules), "outcome": action.outcome.value}


def look_of(row: RowMapping) -> LookRow:
    values = dict(row)
    del values["id"]
    return LookRow(**values)


def verdict_of(row: RowMapping | dict[str, Any]) -> VerdictRow:
    return VerdictRow(**{**row, "word": Word(row["word"]), "found": MappingProxyType(json.loads(row["found"]))})


def action_of(row: RowMapping) -> ActionRow:
    values = {**row, "rules": tuple(json.loads(row["rules"])), "outcome": Outcome(row["outcome"])}
    del values["id"]
    return ActionRow(**values)
