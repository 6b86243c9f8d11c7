"""Writing into a pack that a rule was compared with its paragraph: one value changes, every other byte stays."""

from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.nodes import MappingNode, ScalarNode


def confirm(text: str, rule_id: str, digest: str) -> str:
    """The pack's text with ``confirmed: digest`` in one rule, beside what it cites. Raises KeyError.

    The text must be a pack that loads.
    """
    rule = _rule_in(text, rule_id)
    keys = {key.value: (key, value) for key, value in rule.value}
    quoted = f'"{digest}"'  # without quotes some digests would be read as numbers
    if "confirmed" in keys:
        value = keys["confirmed"][1]
        return text[: value.start_mark.index] + quoted + text[value.end_mark.index :]
    beside, value = keys["cites" if "cites" in keys else "id"]
    end = value.end_mark.index
    if rule.flow_style:
        return f"{text[:end]}, confirmed: {quoted}{text[end:]}"
    newline = "\r\n" if "\r\n" in text else "\n"
    end_of_line = text.find(newline, end)
    cut = end_of_line if end_of_line >= 0 else len(text)
    return f"{text[:cut]}{newline}{' ' * beside.start_mark.column}confirmed: {quoted}{text[cut:]}"


def _rule_in(text: str, rule_id: str) -> MappingNode:
    root: Any = YAML(typ="rt", pure=True).compose(text)
    rules: list[MappingNode] = next((value.value for key, value in root.value if key.value == "rules"), [])
    return {_id_of(rule): rule for rule in rules}[rule_id]


def _id_of(rule: MappingNode) -> str:
    key_value: tuple[ScalarNode, ScalarNode] = next(pair for pair in rule.value if pair[0].value == "id")
    return str(key_value[1].value)
