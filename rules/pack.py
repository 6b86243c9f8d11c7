"""A pack: a desk's people, groups, topics, teams, rules and messages in one YAML file, validated as a whole."""

import hashlib
from collections.abc import Mapping
from datetime import date
from graphlib import CycleError
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from rules.absence import Absence, Days
from rules.catalog import KINDS
from rules.exemption import Exemption
from rules.judge import precedence
from rules.messages import LANGUAGES, Messages
from rules.mode import Mode
from rules.names import Known, nearest
from rules.problems import Problem, Unusable, plain, position, problems_of, read_yaml
from rules.rule import Rule
from rules.snapshot import Need
from rules.team import Team
from rules.topic import Phrases, Topic
from rules.zone import HOME, ZoneName

_FROZEN = ConfigDict(frozen=True, extra="forbid")


class PackPerson(BaseModel):
    """Somebody the pack names. ``id`` tells two people of one name apart."""

    model_config = _FROZEN

    about: str = ""
    id: int | None = None
    absent: tuple[Absence, ...] = ()


class PackField(BaseModel):
    """A custom field the pack names: found in the account by ``id``, or else by ``title``."""

    model_config = _FROZEN

    title: str = ""
    id: int | None = None
    values: tuple[str, ...] = ()


class Desk(BaseModel):
    """Everything of a pack but its rules."""

    model_config = _FROZEN

    pack: str = Field(pattern=r"^[a-z][a-z0-9-]*$")
    about: str = ""
    handbook: str = ""
    language: Literal["pt-BR", "en", "es"] = "pt-BR"
    zone: ZoneName = HOME  # whose days count for absences
    groups: tuple[str, ...] = ()
    people: dict[str, PackPerson | None] = {}
    fields: dict[str, PackField | None] = {}
    topics: dict[str, Topic] = {}
    teams: dict[str, Team] = {}
    exemptions: tuple[Exemption, ...] = ()
    messages: dict[str, dict[str, str]] = {}
    internal_words: Phrases = ()  # what no message to customers may say
    rules: list[Any] = []

    @property
    def absences(self) -> dict[str, tuple[Days, ...]]:
        """The absences that are listed, by full name."""
        return {name: person.absent for name, person in self.people.items() if person and person.absent}

    def absent_on(self, day: date) -> frozenset[str]:
        """The full names of those who are listed as away on a day."""
        listed = ((name, person.absent) for name, person in self.people.items() if person)
        return frozenset(name for name, absences in listed if any(days.has(day) for days in absences))


class Pack(BaseModel):
    """A pack that has been checked. Give it to ``judge`` (rules, exemptions) and to ``plan`` (messages, language)."""

    model_config = ConfigDict(frozen=True, arbitrary_types_allowed=True)

    desk: Desk
    rules: tuple[Rule, ...]
    messages: Messages
    digest: str

    @property
    def name(self) -> str:
        return self.desk.pack

    @property
    def needs(self) -> frozenset[Need]:
        """What the rules that are awake need to know; whoever may act needs the history."""
        awake = [rule for rule in self.rules if rule.mode > Mode.OFF]
        needs = frozenset().union(*(rule.needs for rule in awake))
        return needs | {Need.HISTORY} if any(rule.mode > Mode.AUDIT for rule in awake) else needs

    def rule(self, rule_id: str) -> Rule:
        """Raises KeyError."""
        return next(rule for rule in self.rules if rule.id == rule_id)

    def with_rules(self, changes: Mapping[str, Mapping[str, Any]]) -> "Pack":
        """The same pack with fields of some rules changed, such as their modes or when they take effect."""
        rules = tuple(rule.model_copy(update=changes.get(rule.id, {})) for rule in self.rules)
        return self.model_copy(update={"rules": rules})


def parse_pack(text: str, source: str, messages: Messages) -> Pack:
    """Read a pack. ``source`` names the file in errors; ``messages`` is the catalogue that the pack may override.

    Raises Unusable with every problem, each with line and column.
    """
    root = read_yaml(text, source)
    data = plain(root)
    try:
        desk = Desk.model_validate(data)
    except ValidationError as error:
        raise Unusable(problems_of(error, Desk, root, source)) from error
    problems = list(_unknown_names(desk, root, source))
    known = Known(
        groups=frozenset(desk.groups),
        people=frozenset(desk.people),
        fields=frozenset(desk.fields),
        topics=desk.topics,
        teams=desk.teams,
    )
    rules: list[Rule] = []
    for index, entry in enumerate(desk.rules):
        rule = _rule(entry, known, root, source, ("rules", index))
        if isinstance(rule, Rule):
            rules.append(rule)
        else:
            problems.extend(rule)
    problems.extend(_precedence_problems(rules, root, source))
    for flaw in messages.flaws(desk.messages, desk.internal_words):
        place = ("messages", flaw.language, flaw.key) if flaw.key else ("internal_words",)
        problems.append(Problem(source, *position(root, place, of_key=True), flaw.message))
    if problems:
        raise Unusable(problems)
    digest = hashlib.sha256(text.encode()).hexdigest()[:12]
    return Pack(desk=desk, rules=tuple(rules), messages=messages.overridden(desk.messages), digest=digest)


def _rule(entry: Any, known: Known, root: Any, source: str, at: tuple[str, int]) -> Rule | list[Problem]:
    if not isinstance(entry, dict):
        return [Problem(source, *position(root, at), "a rule is a mapping with id, kind, mode, cites")]
    kind = str(entry.get("kind", ""))
    if kind not in KINDS:
        message = f"no rule is of kind {kind!r}{nearest(kind, KINDS)}" if kind else "'kind' is missing"
        return [Problem(source, *position(root, (*at, "kind")), message)]
    try:
        return KINDS[kind].model_validate(entry, context=known)
    except ValidationError as error:
        return problems_of(error, KINDS[kind], root, source, at)


def _unknown_names(desk: Desk, root: Any, source: str) -> list[Problem]:
    problems = []
    for name, team in desk.teams.items():
        if team.group not in desk.groups:
            message = f"no group is called {team.group!r} in this pack{nearest(team.group, desk.groups)}"
            problems.append(Problem(source, *position(root, ("teams", name, "group")), message))
        for index, member in enumerate(team.members):
            if member not in desk.people:
                message = f"no person is called {member!r} in this pack{nearest(member, desk.people)}"
                problems.append(Problem(source, *position(root, ("teams", name, "members", index)), message))
    for language in desk.messages:
        if language not in LANGUAGES:
            message = f"no language {language!r}{nearest(language, LANGUAGES)}"
            problems.append(Problem(source, *position(root, ("messages", language), of_key=True), message))
    return problems


def _precedence_problems(rules: list[Rule], root: Any, source: str) -> list[Problem]:
    problems = []
    entries = enumerate(root["rules"] if rules else ())
    places = {str(entry.get("id")): index for index, entry in entries if isinstance(entry, dict)}
    for index, rule in enumerate(rules):
        if rule.id in (earlier.id for earlier in rules[:index]):
            message = f"two rules have the id {rule.id!r}"
            problems.append(Problem(source, *position(root, ("rules", places[rule.id], "id")), message))
        named = [("gives_way_to", other) for other in rule.gives_way_to]
        named += [("waits_for", other) for other in rule.waits_for]
        for key, other in named:
            if other not in places:
                message = f"no rule has the id {other!r}{nearest(other, places)}"
                problems.append(Problem(source, *position(root, ("rules", places[rule.id], key)), message))
    try:
        precedence(tuple((rule.id, rule.gives_way_to) for rule in rules))
    except CycleError as error:
        circle = " -> ".join(error.args[1])
        problems.append(
            Problem(source, *position(root, ("rules",), of_key=True), f"rules give way in a circle: {circle}")
        )
    return problems
