"""A team: its group, its roster, and what makes a ticket its own."""

from pydantic import BaseModel, ConfigDict

from rules.snapshot import Snapshot
from rules.ticket import Audit, Person


class Team(BaseModel):
    """``members`` is the roster; whoever is in the group is a member too. ``tag`` and ``form`` address a ticket to it.

    ``called``: what people call the team in a note (``Time Website``), beside its group's name.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    group: str
    members: tuple[str, ...] = ()
    tag: str | None = None
    form: str | None = None
    called: tuple[str, ...] = ()

    def has(self, person: Person | None) -> bool:
        """Whether a person is a member: of the roster or of the group."""
        return person is not None and (person.name in self.members or self.group in person.groups)

    def holds(self, seen: Snapshot) -> bool:
        return seen.ticket.group == self.group

    def is_addressed(self, seen: Snapshot) -> bool:
        """In its group, assigned to a member, or carrying its tag or form -- unless a person moved the ticket on.

        A ticket that was moved on is addressed again when, after that, a member is assigned or the tag is set.
        """
        if self.holds(seen):
            return True
        moved_on = self._moved_on(seen)
        ticket = seen.ticket
        return (
            (self.has(ticket.assignee) and _set_after(seen, "assignee", moved_on))
            or (self.tag is not None and self.tag in ticket.tags and self._tagged_after(seen, moved_on))
            or (self.form is not None and ticket.form == self.form and _set_after(seen, "form", moved_on))
        )

    def _moved_on(self, seen: Snapshot) -> Audit | None:
        """The last update by a person that took the ticket out of the group."""
        moves = (a for a, change in seen.changes("group") if change.before == self.group and a.author.is_human)
        return max(moves, key=lambda audit: audit.at, default=None)

    def _tagged_after(self, seen: Snapshot, moment: Audit | None) -> bool:
        if moment is None:
            return True
        return any(
            audit.at > moment.at and self.tag in _as_set(change.after) and self.tag not in _as_set(change.before)
            for audit, change in seen.changes("tags")
        )


def _set_after(seen: Snapshot, field: str, moment: Audit | None) -> bool:
    last = seen.last_change(field)
    return moment is None or (last is not None and last[0].at > moment.at)


def _as_set(value: object) -> frozenset[str]:
    return value if isinstance(value, frozenset) else frozenset()
