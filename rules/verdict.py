"""What a rule says of a ticket: complies, violates, does not apply, exempt, or could not tell."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import TypeAlias

from rules.actions import Action
from rules.frozen import empty_mapping


@dataclass(frozen=True, slots=True)
class Cause:
    """What made a violation arise, and when. The key is stable within the ticket: ``comment-8801``, ``audit-77``."""

    key: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Complies:
    """All is well. ``asides``: what there is to do all the same, such as to take off the mark of an earlier violation,
    or a word worth saying, with the ``causes`` that it will have told about.

    ``found``: what the ledger keeps of it; names, ids and keys only.
    """

    look_again_at: datetime | None = None
    asides: tuple[Action, ...] = ()
    causes: tuple[Cause, ...] = ()
    found: Mapping[str, str] = field(default_factory=dict, compare=False)


@dataclass(frozen=True, slots=True)
class Violates:
    """What is wrong and what would put it right.

    ``message`` is the key of the sentence that says what was found, ``found`` its values. ``causes`` are the
    causes that the cures answer; without any, the last change of the fields that the cures set is the cause.
    No cures: everything that could be told has been told, and the violation only stands.
    """

    message: str
    found: Mapping[str, str] = empty_mapping()
    cures: tuple[Action, ...] = ()
    causes: tuple[Cause, ...] = ()
    look_again_at: datetime | None = None
    look_also: frozenset[int] = frozenset()  # tickets whose own look has something to say about this


@dataclass(frozen=True, slots=True)
class DoesNotApply:
    """The condition that failed, by name."""

    condition: str
    look_again_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Exempt:
    """Excused, visibly: by which tag or pack entry, and until when."""

    by: str
    until: datetime | None = None


@dataclass(frozen=True, slots=True)
class CouldNotTell:
    """Why not, and when a look may tell. ``alarm``: a person has to mend something first; ``broke_down``: the rule."""

    why: str
    look_again_at: datetime | None = None
    alarm: bool = False
    broke_down: bool = False


Verdict: TypeAlias = Complies | Violates | DoesNotApply | Exempt | CouldNotTell
