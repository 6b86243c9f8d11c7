"""Reading scenario files: every problem with its line and column, and the nearest right key or name."""

from dataclasses import dataclass
from typing import Annotated

from pydantic import BaseModel, ConfigDict, ValidationError

from rules.cast import Cast, ScenarioPerson, cast_of
from rules.lists import NoneIsEmptyMap
from rules.mode import Mode
from rules.pack import Pack
from rules.problems import Problem, Unusable, plain, position, problems_of, read_yaml
from rules.scenario import QueueFile, Scenario, ScenarioFile


class _Head(BaseModel):
    """What must be read before the names in the stories mean anything."""

    model_config = ConfigDict(extra="ignore")

    pack: str
    people: Annotated[dict[str, ScenarioPerson], NoneIsEmptyMap()] = {}


@dataclass(frozen=True, slots=True)
class Stories:
    """A file's scenarios, the line of each, who is in them, and the modes for those that name none."""

    modes: dict[str, Mode] | None
    scenarios: tuple[Scenario, ...]
    cast: Cast
    lines: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class PackNamed:
    """Which pack a file is about: a name, or a path relative to the file; and where that stands."""

    name: str
    line: int
    column: int


def pack_named_in(text: str, source: str) -> PackNamed:
    """Raises Unusable."""
    root = read_yaml(text, source)
    name = plain(root).get("pack")
    if not isinstance(name, str) or not name:
        message = "'pack' must name a pack, or give its path"
        raise Unusable([Problem(source, *position(root, ("pack",), of_key=True), message)])
    return PackNamed(name, *position(root, ("pack",)))


def parse_scenarios(text: str, source: str, pack: Pack) -> Stories:
    """Read a file of scenarios, or of one queue. ``source`` names the file in errors.

    Raises Unusable with every problem.
    """
    root = read_yaml(text, source)
    data = plain(root)
    model = QueueFile if "queue" in data else ScenarioFile
    try:
        cast = cast_of(pack, _Head.model_validate(data).people)
        file = model.model_validate(data, context=cast)
    except ValidationError as error:
        raise Unusable(problems_of(error, model, root, source)) from error
    if isinstance(file, QueueFile):
        return Stories(file.modes, (file.scenario,), cast, (position(root, ("queue",), of_key=True)[0],))
    lines = tuple(position(root, ("scenarios", index))[0] for index in range(len(file.scenarios)))
    return Stories(file.modes, file.scenarios, cast, lines)
