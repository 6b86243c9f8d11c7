"""Internal notes to a team on tickets it does not hold: whom they must mention, and the one note that reminds of it."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache
from typing import ClassVar

from pydantic import BaseModel, ConfigDict

from rules.about import is_about
from rules.actions import AddFollowers, Note
from rules.mentions import mentioned
from rules.names import PersonName, TeamRef, TopicRef
from rules.roster import still_there
from rules.rule import Rule
from rules.snapshot import Need, Snapshot
from rules.team import Team
from rules.text import unquoted
from rules.ticket import Audit, Comment
from rules.topic import Topic
from rules.verdict import Cause, Complies, CouldNotTell, DoesNotApply, Verdict, Violates
from rules.zone import HOME, ZoneName, local

BETWEEN_REMINDERS = timedelta(days=1)
KEY = "mention-"  # how the causes of both rules begin, so that a reminder by either is known as one


class Straight(BaseModel):
    """On tickets about ``topic``, mentioning ``to`` alone is enough."""

    model_config = ConfigDict(frozen=True, extra="forbid", arbitrary_types_allowed=True)

    topic: TopicRef
    to: PersonName


@dataclass(frozen=True, slots=True)
class NoteByOther:
    """An internal note by an agent outside the team. ``named``: whom it mentions."""

    comment: Comment
    named: frozenset[str]
    is_to_team: bool  # it mentions a member or calls the team, on a ticket outside the group


class NoteRule(Rule):
    """What the rules of questions and of chases share: ``mention`` is whom such a note always mentions.

    ``zone``: the one in which our note tells the time of theirs.
    """

    needs: ClassVar[frozenset[Need]] = frozenset({Need.HISTORY})
    of_chases: ClassVar[bool]
    message: ClassVar[str]

    team: TeamRef
    mention: tuple[PersonName, ...]
    chase: TopicRef
    straight: tuple[Straight, ...] = ()
    zone: ZoneName = HOME

    def check(self, seen: Snapshot) -> Verdict:
        if self.team.holds(seen):
            return DoesNotApply("outside the team's group")
        notes = list(notes_by_others(seen, self.team))
        if not any(note.is_to_team and self._is_mine(note) for note in notes):
            return DoesNotApply("a note to the team")
        if self.team.is_addressed(seen):
            return DoesNotApply("not addressed to the team")
        missing = {note.comment: names for note, names in self._wanting(seen, notes) if self._is_mine(note)}
        return self._violation(seen, missing) if missing else Complies()

    def _is_mine(self, note: NoteByOther) -> bool:
        return self.chase.is_in_folded(unquoted(note.comment.text)) is self.of_chases

    def _wanting(self, seen: Snapshot, notes: list[NoteByOther]) -> Iterator[tuple[NoteByOther, frozenset[str]]]:
        """Notes to the team that nothing has put right, and whom they should have mentioned.

        A later note by the same author may add whom the earlier ones left out.
        """
        named = frozenset[str]().union(*(note.named for note in notes))
        enough = {each.to for each in self.straight if each.to in named and is_about(seen.ticket, each.topic)}
        for author in {note.comment.author: None for note in notes}:
            wanting: list[NoteByOther] = []
            together: frozenset[str] = frozenset()
            for note in (note for note in notes if note.comment.author == author):
                together = together | note.named if wanting else note.named
                if together.issuperset(self.mention) or not enough.isdisjoint(together):
                    wanting = []
                elif note.is_to_team:
                    wanting.append(note)
            yield from ((note, frozenset(self.mention) - together) for note in wanting)

    def _violation(self, seen: Snapshot, missing: Mapping[Comment, frozenset[str]]) -> Verdict:
        new = self.untold(seen, (Cause(f"{KEY}{comment.id}", comment.at) for comment in missing))
        keys = {cause.key for cause in new}
        answered = [comment for comment in missing if f"{KEY}{comment.id}" in keys] or list(missing)
        people = {
            name: still_there(seen, name, self.team)
            for name in self.mention
            if any(name in missing[comment] for comment in answered)
        }
        gone = [name for name, person in people.items() if person is None]
        if gone:
            return CouldNotTell(f"{', '.join(gone)} left the team", alarm=True)
        found = {
            "notes": "; ".join(f"{comment.author.name} ({self._when(comment)})" for comment in answered),
            "missing": ", ".join(people),
            "required": ", ".join(self.mention),
        }
        wait_until = _next_reminder_at(seen) if new else None
        if not new or (wait_until is not None and wait_until > seen.as_of):
            return Violates(f"violation.{self.message}", found, look_again_at=wait_until)
        called = tuple(person for person in people.values() if person is not None)
        cures = (Note(f"note.{self.message}", found, called), AddFollowers(frozenset(called)))
        return Violates(f"violation.{self.message}", found, cures, new)

    def _when(self, comment: Comment) -> str:
        return local(comment.at, self.zone)


def notes_by_others(seen: Snapshot, team: Team) -> Iterator[NoteByOther]:
    """Every internal note by an agent outside the team, oldest first."""
    notes = [
        (audit.comment, group)
        for audit, group in _with_groups(seen)
        if audit.comment is not None
        and not audit.comment.public
        and audit.comment.author.is_agent
        and not team.has(audit.comment.author)
    ]
    if not notes:
        return
    members = frozenset(name for name, person in seen.people.items() if team.has(person)).union(team.members)
    names = members.union(seen.people)
    strangers = frozenset(audit.author.name for audit in seen.history if audit.author.is_agent)
    for comment, group in notes:
        words = unquoted(comment.text)
        named = mentioned(words, names, strangers)
        calls = not named.isdisjoint(members) or _called(team.group, team.called).is_in_folded(words)
        yield NoteByOther(comment, named, calls and group != team.group)


def _with_groups(seen: Snapshot) -> list[tuple[Audit, str | None]]:
    """Every update with the group that the ticket was in after it, oldest first."""
    group = seen.ticket.group
    found: list[tuple[Audit, str | None]] = []
    for audit in reversed(seen.history):
        found.append((audit, group))
        change = audit.change_of("group")
        if change is not None:
            group = change.before if isinstance(change.before, str) else None
    return found[::-1]


@lru_cache(maxsize=64)
def _called(group: str, words: tuple[str, ...]) -> Topic:
    """The team by its group's name or the pack's words for it."""
    return Topic(words=(group, group.replace(" / ", "/"), *words))


def _next_reminder_at(seen: Snapshot) -> datetime | None:
    """A day after the last reminder about mentions; None if there was none."""
    reminders = (audit.at for audit in seen.history if any(f":{KEY}" in told for told in audit.told))
    last = max(reminders, default=None)
    return None if last is None else last + BETWEEN_REMINDERS
