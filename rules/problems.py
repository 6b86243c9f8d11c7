"""What is wrong with a file a person wrote: where, what, and the nearest right thing."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, get_args

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails
from ruamel.yaml import YAML
from ruamel.yaml.comments import CommentedMap, CommentedSeq
from ruamel.yaml.error import MarkedYAMLError, YAMLError

from rules.names import nearest

Path = tuple[str | int, ...]

_EXPECTED = {  # what pydantic says in the words of Python
    "datetime_from_date_parsing": "expected a moment; write 2026-11-22T00:00:00-03:00",
    "datetime_parsing": "expected a moment; write 2026-11-22T00:00:00-03:00",
    "datetime_type": "expected a moment; write 2026-11-22T00:00:00-03:00",
    "dict_type": "expected keys and values",
    "frozen_set_type": "expected a list",
    "list_type": "expected a list",
    "model_type": "expected keys and values",
    "string_pattern_mismatch": "expected lower-case letters, digits and hyphens",
    "string_type": "expected a text; numbers and the like are texts in quotes",
    "tuple_type": "expected a list",
}
_AN_ID = "an id is pack.rule, such as desk.assignee"


@dataclass(frozen=True, slots=True, order=True)
class Problem:
    """Lines and columns count from 1."""

    source: str
    line: int
    column: int
    message: str

    def __str__(self) -> str:
        return f"{self.source}:{self.line}:{self.column}: {self.message}"


class Unusable(Exception):
    """A file with problems; all of them are told at once."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = tuple(sorted(set(problems)))
        super().__init__("\n".join(str(problem) for problem in self.problems))


def read_yaml(text: str, source: str) -> CommentedMap:
    """YAML 1.2 with positions and comments. Raises Unusable: no YAML, a key twice, or no mapping."""
    try:
        found = YAML(typ="rt", pure=True).load(text)
    except MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        line, column = (mark.line + 1, mark.column + 1) if mark else (1, 1)
        raise Unusable([Problem(source, line, column, _yaml_says(error))]) from error
    except (YAMLError, ValueError, RecursionError) as error:
        raise Unusable([Problem(source, 1, 1, f"this is no YAML: {str(error).splitlines()[0]}")]) from error
    if not isinstance(found, CommentedMap):
        raise Unusable([Problem(source, 1, 1, "expected keys and values at the top")])
    return found


def _yaml_says(error: MarkedYAMLError) -> str:
    problem = (error.problem or str(error)).splitlines()[0]
    return "a tab; indent with spaces" if "'\\t'" in problem else problem


def plain(node: Any) -> Any:
    """The same as plain dicts and lists."""
    if isinstance(node, Mapping):
        return {str(key) if isinstance(key, str) else key: plain(value) for key, value in node.items()}
    if isinstance(node, list | tuple):
        return [plain(item) for item in node]
    return str(node) if isinstance(node, str) else node


def position(root: Any, path: Path, *, of_key: bool = False) -> tuple[int, int]:
    """Line and column of the deepest part of a path that stands in the file: of its value, or of its key."""
    node, place = root, (0, 0)
    for part in path:
        if isinstance(node, CommentedMap) and part in node:
            last = part == path[-1]
            place = node.lc.key(part) if of_key and last else node.lc.value(part)
        elif isinstance(node, CommentedSeq) and isinstance(part, int) and part < len(node):
            place = node.lc.item(part)
        else:
            break
        node = node[part]
    return place[0] + 1, place[1] + 1


def problems_of(error: ValidationError, model: type[BaseModel], root: Any, source: str, at: Path = ()) -> list[Problem]:
    """A validation error of ``model``, read from ``root`` at ``at``, as problems with their places."""
    found = []
    for each in error.errors(include_url=False, include_context=True):
        path = (*at, *each["loc"])
        wrong_key = each["type"] == "extra_forbidden"
        if wrong_key:
            message = f"there is no key {each['loc'][-1]!r}{nearest(str(each['loc'][-1]), keys_at(model, each['loc']))}"
        elif each["type"] == "missing":
            message = f"{str(each['loc'][-1])!r} is missing"
        else:
            message = _said_of(each)
            name = next((part for part in reversed(each["loc"]) if isinstance(part, str) and part != "[key]"), "")
            message = f"{name}: {message}" if name else message
        found.append(Problem(source, *position(root, path, of_key=wrong_key), message))
    return found


def _said_of(error: ErrorDetails) -> str:
    """What is wrong with a value, rather in our own words than in the library's."""
    given = error["input"]
    match error["type"]:
        case "string_pattern_mismatch" if error["loc"][-1] == "id":
            return _AN_ID
        case "timezone_aware":
            moment = given.isoformat() if isinstance(given, date) else str(given)
            midnight = "T00:00:00" if len(moment) == len("2026-11-22") else ""
            return f"a moment needs its time and its offset from UTC; write {moment}{midnight}-03:00"
        case kind:
            return _EXPECTED.get(kind) or error["msg"].removeprefix("Value error, ")


def keys_at(model: type[BaseModel], path: Sequence[str | int]) -> list[str]:
    """The keys that may stand where the last part of a path stands."""
    here: type[BaseModel] | None = model
    for part in path[:-1]:
        fields = {field.alias or name: field for name, field in here.model_fields.items()} if here else {}
        if part in fields:
            here = _model_in(fields[str(part)].annotation)
    return [field.alias or name for name, field in here.model_fields.items()] if here else []


def _model_in(annotation: Any) -> type[BaseModel] | None:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return annotation
    return next((model for part in get_args(annotation) if (model := _model_in(part)) is not None), None)
