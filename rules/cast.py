"""Who may stand in a scenario: the pack's people, the file's own, and Ronda; with the groups that exist there."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated, Any, TypeAlias, cast

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, ValidationInfo, WithJsonSchema

from rules.lists import NoneIsEmpty
from rules.mentions import first_name
from rules.names import nearest
from rules.pack import Desk, Pack, PackField
from rules.ticket import RONDA, Person, Role

FIRST_OF_PACK, FIRST_OF_FILE = 101, 901  # ids, where the pack gives none


class ScenarioPerson(BaseModel):
    """One entry of ``people``. Who has groups is an agent, others are customers, unless ``role`` says otherwise."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: str
    role: Role | None = None
    email: str | None = Field(default=None, description="for the reader; no rule looks at it")
    groups: Annotated[tuple[str, ...], NoneIsEmpty()] = ()
    locale: str = ""
    verified: bool = False
    organization: str | None = None
    external_id: str | None = None
    tags: Annotated[frozenset[str], NoneIsEmpty()] = frozenset()
    suspended: bool = False


@dataclass(frozen=True)
class Cast:
    """``by_name``: everyone, by handle and by full name. ``known``: whom a snapshot of this pack would name."""

    by_name: Mapping[str, Person]
    known: Mapping[str, Person]
    groups: frozenset[str]
    rules: tuple[str, ...]
    fields: Mapping[str, PackField | None]


def cast_of(pack: Pack, people: Mapping[str, ScenarioPerson]) -> Cast:
    """Give everyone an id. A person of the file with the name of one of the pack's is that person."""
    desk = pack.desk
    by_name: dict[str, Person] = {"ronda": RONDA}
    for number, (name, entry) in enumerate(desk.people.items(), FIRST_OF_PACK):
        by_name[name] = Person(
            id=(entry.id if entry else None) or number, name=name, role="agent", groups=_rosters(desk, name)
        )
    for number, (handle, given) in enumerate(people.items(), FIRST_OF_FILE):
        same = by_name.get(given.name) if given.name in desk.people else None
        person = _person(given, same, number)
        by_name[handle] = person
        if same is not None or given.name not in by_name:
            by_name[given.name] = person
    groups = frozenset(desk.groups)
    firsts = {first_name(name) for name in desk.people}
    known = {
        person.name: person
        for person in by_name.values()
        if person.name in desk.people
        or (person.is_agent and (person.groups & groups or first_name(person.name) in firsts))
    }
    named = frozenset(group for given in people.values() for group in given.groups)
    return Cast(by_name, known, groups | named, tuple(rule.id for rule in pack.rules), desk.fields)


def _rosters(desk: Desk, name: str) -> frozenset[str]:
    return frozenset(team.group for team in desk.teams.values() if name in team.members)


def _person(given: ScenarioPerson, same: Person | None, number: int) -> Person:
    agent: Role = "agent" if given.groups or same else "end-user"
    return Person(
        id=same.id if same else number,
        name=given.name,
        role=given.role or agent,
        groups=frozenset(given.groups) | (same.groups if same else frozenset()),
        locale=given.locale,
        verified=given.verified,
        organization=given.organization,
        external_id=given.external_id,
        tags=given.tags,
        available=not given.suspended,
    )


def cast_in(info: ValidationInfo) -> Cast:
    """The validation context: a scenario's keys are always read with a cast."""
    return cast(Cast, info.context)


def _found_person(given: Any, info: ValidationInfo) -> Person:
    people = cast_in(info).by_name
    if not isinstance(given, str) or given not in people:
        near = nearest(str(given), people)
        raise ValueError(f"nobody is called {given!r}: no handle of 'people', no full name{near}")
    return people[given]


def _known_group(name: str, info: ValidationInfo) -> str:
    groups = cast_in(info).groups
    if name not in groups:
        raise ValueError(f"no group is called {name!r}, neither in the pack nor under 'people'{nearest(name, groups)}")
    return name


def _known_rule(name: str, info: ValidationInfo) -> str:
    rules = cast_in(info).rules
    if name not in rules:
        raise ValueError(f"no rule of the pack has the id {name!r}{nearest(name, rules)}")
    return name


PersonRef: TypeAlias = Annotated[Person, BeforeValidator(_found_person), WithJsonSchema({"type": "string"})]
GroupRef: TypeAlias = Annotated[str, AfterValidator(_known_group)]
RuleRef: TypeAlias = Annotated[str, AfterValidator(_known_rule)]
