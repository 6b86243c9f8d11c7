"""Who of the people a rule names is still there: in the account, in the team's group if one matters, not suspended."""

from collections.abc import Iterable

from rules.snapshot import Snapshot
from rules.team import Team
from rules.ticket import Person


def still_there(seen: Snapshot, name: str, team: Team | None = None) -> Person | None:
    """Whoever has that name, unless the account or the team's group has lost them."""
    person = seen.people.get(name)
    is_there = person is not None and person.available and (team is None or team.group in person.groups)
    return person if is_there else None


def first_available(seen: Snapshot, names: Iterable[str], team: Team | None = None) -> Person | None:
    """The first of these who is still there and not away today."""
    found = (still_there(seen, name, team) for name in names if name not in seen.absent)
    return next((person for person in found if person is not None), None)
