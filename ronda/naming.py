"""A pack's names beside the account's: which are in doubt, what is near, and the pack's text once it is settled."""

import difflib
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Literal

from integration.names import AccountNames, Named
from rules.pack import Pack
from rules.rewriting import Named as Section
from rules.rewriting import renamed, with_value
from rules.text import folded

What = Literal["group", "person", "ticket field", "custom status"]

_SECTIONS: dict[What, Section] = {"group": "groups", "person": "people", "custom status": "statuses"}
NEAR = 0.6  # likeness from which a name is suggested


@dataclass(frozen=True, slots=True)
class Doubt:
    """A name of the pack that the account has not, or has more than once. ``choices``: what it may mean, best first.

    ``is_suggested``: the first choice is near enough to be taken without asking.
    """

    what: What
    name: str
    choices: tuple[Named, ...]
    is_twice: bool = False
    is_suggested: bool = False

    def __str__(self) -> str:
        if self.is_twice:
            ids = " and ".join(str(each.id) for each in self.choices)
            return f"{self.what} {self.name!r}: the account has {len(self.choices)} of this name (ids {ids})"
        near = f"; did you mean {self.choices[0].name!r}?" if self.is_suggested else ""
        return f"{self.what} {self.name!r}: the account has none of this name{near}"


def doubts_of(pack: Pack, account: AccountNames) -> list[Doubt]:
    """All names of the pack that are not exactly one thing of the account."""
    desk = pack.desk
    statuses = {name for rule in pack.rules for name in getattr(rule, "statuses", ())}
    people = (name for name, person in desk.people.items() if person is None or person.id is None)
    fields = {name: field for name, field in desk.fields.items() if field is None or field.id is None}
    titles = {name: field.title if field and field.title else name for name, field in fields.items()}
    return [
        *_doubts("group", desk.groups, account.groups),
        *_doubts("person", people, account.people),
        *_doubts("ticket field", fields, account.fields, titles),
        *_doubts("custom status", sorted(statuses), account.statuses),
    ]


def _doubts(
    what: What, names: Iterable[str], existing: tuple[Named, ...], titles: dict[str, str] | None = None
) -> Iterator[Doubt]:
    for name in names:
        called = {name, (titles or {}).get(name, name)}
        same = tuple(each for each in existing if any(each.is_called(one) for one in called))
        if len(same) > 1:
            yield Doubt(what, name, same, is_twice=True)
        elif not same:
            likeness = {each.id: max(_likeness(one, each) for one in called) for each in existing}
            choices = tuple(sorted(existing, key=lambda each: -likeness[each.id]))
            yield Doubt(what, name, choices, is_suggested=bool(choices) and likeness[choices[0].id] >= NEAR)


def _likeness(name: str, named: Named) -> float:
    """1 for equal names, nearly 1 for the first name of a full one; the order of words does not matter."""
    mine, theirs = _words(name), _words(named.name)
    if theirs[:1] == mine:
        return 0.95
    orders = ((mine, theirs), (sorted(mine), sorted(theirs)))
    return max(difflib.SequenceMatcher(None, " ".join(one), " ".join(other)).ratio() for one, other in orders)


def _words(name: str) -> list[str]:
    return re.findall(r"\w+", folded(name))


def settled(text: str, doubt: Doubt, chosen: Named) -> str:
    """The pack's text in which a name in doubt means what was chosen."""
    if doubt.what == "ticket field":
        return with_value(text, "fields", doubt.name, "id", chosen.id)
    if doubt.what == "person" and doubt.is_twice:
        return with_value(text, "people", doubt.name, "id", chosen.id)
    return renamed(text, _SECTIONS[doubt.what], doubt.name, chosen.name)
