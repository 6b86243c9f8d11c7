"""Writing an account's names into a pack: a name changes wherever the pack uses it, every other byte stays."""

import json
from collections.abc import Iterator
from typing import Any, Literal

from ruamel.yaml import YAML
from ruamel.yaml.error import YAMLError
from ruamel.yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode

Named = Literal["groups", "people", "statuses"]

_OTHER_NAMES = frozenset({"id", "kind", "cites", "confirmed", "topic", "topics", "gives_way_to", "waits_for"})


def renamed(text: str, what: Named, old: str, new: str) -> str:
    """The pack's text with a group, a person or a custom status called otherwise. It must be a pack that loads."""
    places = {(node.start_mark.index, node.end_mark.index) for node in _uses(_root(text), what) if node.value == old}
    for start, end in sorted(places, reverse=True):
        anchor = text[start:end].partition(" ")[0] + " " if text[start] == "&" else ""
        text = f"{text[:start]}{anchor}{scalar(new)}{text[end:]}"
    return text


def with_value(text: str, section: str, name: str, key: str, value: str | int) -> str:
    """The pack's text with ``key: value`` in the entry ``name`` of ``people`` or ``fields``. Raises KeyError."""
    entries = _entries(_entries(_root(text))[section][1])
    at, entry = entries[name]
    said = scalar(value) if isinstance(value, str) else str(value)
    if isinstance(entry, MappingNode):
        found = _entries(entry)
        if key in found:
            old = found[key][1]
            return text[: old.start_mark.index] + said + text[old.end_mark.index :]
        if entry.flow_style:
            cut = entry.start_mark.index + 1
            return f"{text[:cut]}{key}: {said}{', ' if entry.value else ''}{text[cut:]}"
        first = entry.value[0][0].start_mark
        return f"{text[: first.index]}{key}: {said}\n{' ' * first.column}{text[first.index :]}"
    cut = text.index(":", at.end_mark.index) + 1
    end = max(entry.end_mark.index, cut) if entry.value else cut  # null, or written as such
    return f"{text[:cut]} {{{key}: {said}}}{text[end:]}"


def scalar(value: str) -> str:
    """A text as YAML writes it, in a list in brackets too: plain where it may be."""
    try:
        is_plain = "\n" not in value and YAML(typ="safe", pure=True).load(f"[{value}]") == [value]
    except YAMLError:
        is_plain = False
    return value if is_plain else json.dumps(value, ensure_ascii=False)


def _uses(root: MappingNode, what: Named) -> Iterator[ScalarNode]:
    """Every scalar that may be such a name."""
    sections = _entries(root)
    if what == "people" and "people" in sections:
        yield from (key for key, _ in _pairs(sections["people"][1]))
    if what == "groups" and "groups" in sections:
        yield from _scalars(sections["groups"][1])
    if what != "statuses" and "teams" in sections:
        for _, team in _pairs(sections["teams"][1]):
            named = _entries(team).get("group" if what == "groups" else "members")
            if named:
                yield from _scalars(named[1])
    if "rules" in sections:
        for rule in sections["rules"][1].value:
            if what == "statuses":
                found = _entries(rule).get("statuses")
                yield from (key for key, _ in _pairs(found[1])) if found else ()
            else:
                yield from _scalars(rule)


def _scalars(node: Node) -> Iterator[ScalarNode]:
    """All scalars below a node, keys too, but for those that name something of another kind."""
    match node:
        case ScalarNode():
            yield node
        case SequenceNode():
            for each in node.value:
                yield from _scalars(each)
        case _:
            for key, value in _pairs(node):
                if key.value not in _OTHER_NAMES:
                    yield key
                    yield from _scalars(value)


def _root(text: str) -> MappingNode:
    root: Any = YAML(typ="rt", pure=True).compose(text)
    assert isinstance(root, MappingNode)  # noqa: S101 # the text is a pack that loads
    return root


def _pairs(node: Node) -> list[tuple[ScalarNode, Node]]:
    return list(node.value) if isinstance(node, MappingNode) else []


def _entries(node: Node) -> dict[str, tuple[ScalarNode, Node]]:
    return {str(key.value): (key, value) for key, value in _pairs(node)}
