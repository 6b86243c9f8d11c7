"""Reading scenario files: every problem with its line and column, and the nearest right key or name."""

from typing import Annotated

from pydantic import BaseModel, ConfigDict, ValidationError

from rules.cast import Cast, ScenarioPerson, cast_of
from rules.lists import NoneIsEmptyMap
from rules.pack import Pack
from rules.problems import Problem, Unusable, plain, position, problems_of, read_yaml
from rules.scenario import ScenarioFile


class _Head(BaseModel):
    """What must be read before the names in the stories mean anything."""

    model_config = ConfigDict(extra="ignore")

    pack: str
    people: Annotated[dict[str, ScenarioPerson], NoneIsEmptyMap()] = {}


def pack_named_in(text: str, source: str) -> str:
    """The pack that a scenario file is about: a name, or a path relative to the file. Raises Unusable."""
    root = read_yaml(text, source)
    name = plain(root).get("pack")
    if not isinstance(name, str) or not name:
        raise Unusable(
            [Problem(source, *position(root, ("pack",), of_key=True), "'pack' must name a pack, or give its path")]
        )
    return name


def parse_scenarios(text: str, source: str, pack: Pack) -> tuple[ScenarioFile, Cast, tuple[int, ...]]:
    """The file, who is in it, and the line of each scenario. ``source`` names the file in errors.

    Raises Unusable with every problem.
    """
    root = read_yaml(text, source)
    data = plain(root)
    try:
        head = _Head.model_validate(data)
        cast = cast_of(pack, head.people)
        file = ScenarioFile.model_validate(data, context=cast)
    except ValidationError as error:
        raise Unusable(problems_of(error, ScenarioFile, root, source)) from error
    lines = tuple(position(root, ("scenarios", index))[0] for index in range(len(file.scenarios)))
    return file, cast, lines
