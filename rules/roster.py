"""Who of the people a rule names is still there: in the account, in the team's group, not suspended."""

from collections.abc import Iterable

from rules.snapshot import Snapshot
from rules.team import Team
from rules.ticket import Person


def still_there(seen: Snapshot, team: Team, name: str) -> Person | None:
    """The member of that name, unless the account or the group has lost them."""
    person = seen.people.get(name)
    return person if person is not None and person.available and team.group in person.groups else None


def first_available(seen: Snapshot, team: Team, names: Iterable[str]) -> Person | None:
    """The first of these members who is still there and not away today."""
    found = (still_there(seen, team, name) for name in names if name not in seen.absent)
    return next((person for person in found if person is not None), None)
