"""Reads a desk file; an error names file, line, column, what is wrong and the nearest right word."""

from collections.abc import Iterable
from difflib import get_close_matches
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ValidationError
from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError

from emulator.desk import Desk

Place = tuple[int | str, ...]


class DeskError(Exception):
    """A desk that cannot be used. The text says where and how to mend it."""

    def __init__(self, problems: list[str]) -> None:
        super().__init__("\n".join(problems))
        self.problems = problems


class UnknownName(Exception):
    """A desk names a person or group that it does not have."""

    def __init__(self, place: Place, kind: str, name: str, known: Iterable[str]) -> None:
        super().__init__(f"there is no {kind} {name!r}{_nearest(name, known)}")
        self.place = place


def read_desk(path: Path) -> Desk:
    """Read and check the desk file at `path`. Raises DeskError."""
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise DeskError([f"{path}: cannot be read: {error}"]) from error
    return parse_desk(text, str(path))


def parse_desk(text: str, name: str = "desk") -> Desk:
    """Check the text of a desk file; `name` stands in errors. Raises DeskError."""
    try:
        written = YAML(typ="rt").load(text)
    except MarkedYAMLError as error:
        mark = error.problem_mark
        where = f"{name}:{mark.line + 1}:{mark.column + 1}" if mark else name
        raise DeskError([f"{where}: {error.problem or error.context}"]) from error
    except Exception as error:  # ruamel raises ValueError and others on odd scalars
        raise DeskError([f"{name}: {error}"]) from error
    try:
        desk = Desk.model_validate({} if written is None else written)
    except ValidationError as error:
        raise DeskError(
            [f"{name}:{_position(written, found['loc'])}: {_explain(found)}" for found in error.errors()]
        ) from error
    try:
        check_names(desk)
    except UnknownName as error:
        raise DeskError([f"{name}:{_position(written, error.place)}: {error}"]) from error
    return desk


def check_names(desk: Desk) -> None:
    """Raise UnknownName where the desk names a group or a person that it does not have."""
    groups = [group.name for group in desk.groups]
    for handle, person in desk.people.items():
        for index, group in enumerate(person.groups):
            if group not in groups:
                raise UnknownName(("people", handle, "groups", index), "group", group, groups)
    for index, organization in enumerate(desk.organizations):
        if organization.group is not None and organization.group not in groups:
            raise UnknownName(("organizations", index, "group"), "group", organization.group, groups)
    people = [word for handle, person in desk.people.items() for word in (handle, person.name, person.email) if word]
    for index, client in enumerate(desk.oauth_clients):
        if client.user not in people:
            raise UnknownName(("oauth_clients", index, "user"), "person", client.user, people)
    for index, form in enumerate(desk.ticket_forms):
        for number, key in enumerate(form.fields):
            if key not in desk.ticket_fields:
                raise UnknownName(("ticket_forms", index, "fields", number), "field", key, desk.ticket_fields)


def _explain(found: Any) -> str:
    place = ".".join(str(part) for part in found["loc"])
    if found["type"] != "extra_forbidden":
        return f"{place}: {found['msg']}"
    *path, wrong = found["loc"]
    return f"unknown key {wrong!r}{_nearest(str(wrong), _keys_at(tuple(path)))}"


def _keys_at(path: Place) -> list[str]:
    """The keys that the desk allows at a place."""
    model: Any = Desk
    for part in path:
        if isinstance(part, int) or part not in model.model_fields:
            continue  # an index or a handle: stay in the model of the list's or map's entries
        model = _inner_model(model.model_fields[str(part)].annotation)
        if model is None:
            return []
    return list(model.model_fields)


def _inner_model(annotation: Any) -> Any:
    """The model that entries of this annotation have, or None."""
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return annotation
    for argument in getattr(annotation, "__args__", ()):
        if (model := _inner_model(argument)) is not None:
            return model
    return None


def _nearest(word: str, known: Iterable[str]) -> str:
    known = list(known)
    close = get_close_matches(word, known, n=1, cutoff=0.5)
    if close:
        return f"; did you mean {close[0]!r}?"
    return f"; known: {', '.join(known)}" if known else ""


def _position(written: Any, place: Place) -> str:
    """`line:column` of the deepest part of `place` that the file has, both from 1."""
    line, column = 0, 0
    for part in place:
        marks = getattr(written, "lc", None)
        if marks is None or marks.data is None or part not in marks.data:
            break
        at = marks.data[part]
        line, column = at[0], at[1]
        written = written[part]
    return f"{line + 1}:{column + 1}"
