"""Names in a pack: of groups, people, custom fields, topics and teams. A rule's field of such a type must name one.

The names that may be named come with the validation context; without one (a rule built in a test) any name will do.
"""

import difflib
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Annotated, Any, TypeAlias

from pydantic import AfterValidator, BeforeValidator, ValidationInfo, WithJsonSchema

from rules.frozen import empty_mapping
from rules.team import Team
from rules.topic import Topic


@dataclass(frozen=True, slots=True)
class Known:
    """What a pack defines; the validation context of its rules."""

    groups: frozenset[str] = frozenset()
    people: frozenset[str] = frozenset()
    fields: frozenset[str] = frozenset()
    topics: Mapping[str, Topic] = empty_mapping()
    teams: Mapping[str, Team] = empty_mapping()


def nearest(name: str, known: Collection[str], likeness: float = 0.5) -> str:
    """``; did you mean 'Bryan'?`` for the known name that is most like this one (1: the same), or nothing."""
    by_fold = {other.casefold(): other for other in known}
    close = difflib.get_close_matches(name.casefold(), by_fold, n=1, cutoff=likeness)
    return f"; did you mean {by_fold[close[0]]!r}?" if close else ""


def _must_be_known(kind: str, plural: str) -> AfterValidator:
    def check(name: str, info: ValidationInfo) -> str:
        if isinstance(info.context, Known):
            known = getattr(info.context, plural)
            if name not in known:
                raise ValueError(f"no {kind} is called {name!r} in this pack{nearest(name, known)}")
        return name

    return AfterValidator(check)


def _looked_up(kind: str, plural: str) -> BeforeValidator:
    def find(given: Any, info: ValidationInfo) -> Any:
        if not isinstance(given, str):
            return given
        known = getattr(info.context, plural) if isinstance(info.context, Known) else {}
        if given not in known:
            raise ValueError(f"no {kind} is called {given!r} in this pack{nearest(given, known)}")
        return known[given]

    return BeforeValidator(find)


def must_be_members(names: Iterable[str], team: Team, info: ValidationInfo) -> None:
    """People whom a rule puts in charge of its team's tickets are of the team. Raises ValueError.

    A team without a list of members has those of its group, which a pack does not know.
    """
    strangers = [name for name in names if name not in team.members]
    if team.members and strangers and isinstance(info.context, Known):
        called = next((key for key, each in info.context.teams.items() if each is team), team.group)
        raise ValueError(f"{strangers[0]!r} is no member of team {called!r}{nearest(strangers[0], team.members)}")


GroupName: TypeAlias = Annotated[str, _must_be_known("group", "groups")]
PersonName: TypeAlias = Annotated[str, _must_be_known("person", "people")]
FieldName: TypeAlias = Annotated[str, _must_be_known("custom field", "fields")]
TopicRef: TypeAlias = Annotated[Topic, _looked_up("topic", "topics"), WithJsonSchema({"type": "string"})]
TeamRef: TypeAlias = Annotated[Team, _looked_up("team", "teams"), WithJsonSchema({"type": "string"})]
