"""The published schemas: valid themselves, true to what ships, strict where a key is misspelt."""

from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any

import jsonschema_rs
import pytest
from ruamel.yaml import YAML

from ronda.packs import PACKS
from rules.catalog import KINDS
from rules.schema import pack_schema, scenario_schema
from tests.rules.desk import HEAD, scenario
from tests.rules.test_pack import PACK

PACK_FILES = sorted(PACKS.glob("*.yaml"))
SCENARIO_FILES = sorted((PACKS / "tests").glob("*.yaml"))


def as_json(node: Any) -> Any:
    """What an editor sees: moments are texts."""
    if isinstance(node, Mapping):
        return {key: as_json(value) for key, value in node.items()}
    if isinstance(node, list):
        return [as_json(item) for item in node]
    return node.isoformat() if isinstance(node, date) else node


def wrong(schema: dict[str, Any], text: str) -> list[str]:
    found = as_json(YAML(typ="safe", pure=True).load(text))
    return [error.message for error in jsonschema_rs.validator_for(schema).iter_errors(found)]


@pytest.mark.parametrize("schema", [pack_schema(), scenario_schema()], ids=["pack", "scenario"])
def test_schemas_are_schemas(schema: dict[str, Any]) -> None:
    jsonschema_rs.meta.validate(schema)


@pytest.mark.parametrize("file", PACK_FILES, ids=[file.name for file in PACK_FILES])
def test_shipped_packs_are_valid(file: Path) -> None:
    assert wrong(pack_schema(), file.read_text()) == []


@pytest.mark.parametrize("file", SCENARIO_FILES, ids=[file.name for file in SCENARIO_FILES])
def test_shipped_scenarios_are_valid(file: Path) -> None:
    assert wrong(scenario_schema(), file.read_text()) == []


def test_every_kind_of_rule_has_its_keys_and_says_what_it_is() -> None:
    kinds = {
        rule["properties"]["kind"]["const"]: rule
        for rule in pack_schema()["$defs"].values()
        if "kind" in rule.get("properties", {})
    }
    assert set(kinds) == set(KINDS)
    assert {"id", "kind", "team"} <= set(kinds["stays_open"]["required"])
    assert kinds["stays_open"]["description"].startswith("A ticket of the team is open")
    assert kinds["stays_open"]["properties"]["mode"]["default"] == "audit"


@pytest.mark.parametrize(
    "mistake",
    [
        ("kind: default_group", "kind: default_gruop"),
        ("mode: enforce", "mode: enforced"),
        ("team: website\n  - id", "teem: website\n  - id"),
        ("groups: [Suporte", "grups: [Suporte"),
        ("when: {group: [Suporte, null]", "when: {grup: [Suporte, null]"),
    ],
)
def test_mistakes_in_a_pack_are_seen(mistake: tuple[str, str]) -> None:
    assert wrong(pack_schema(), PACK) == []
    assert mistake[0] in PACK
    assert wrong(pack_schema(), PACK.replace(*mistake)) != []


GOOD = [
    "opened: {by: carla, at: 2026-03-10T11:00:00-03:00, tags: a, group: null}\nexpect:",
    "opened: {by: carla}\nthen:\nmodes: warn\nexpect: {notes: 1, replies: [{contains: x, language: es}], update: null}",
    "opened: {by: carla}\nmodes: {tiny.a: off}\njudged: 47h50m\nexpect: {look_again: in 5m, update: {assignee: null}}",
    "opened: {by: carla}\nschedule: {hours: {mon-fri: 09:00-18:00}, holidays: [2026-04-21]}\nexpect: {new_ticket: {contains: x}}",
]


@pytest.mark.parametrize("text", GOOD)
def test_what_is_read_is_valid(text: str) -> None:
    assert wrong(scenario_schema(), HEAD + scenario(text)) == []


@pytest.mark.parametrize(
    "text", ["opened: {bye: carla}", "opened: {by: carla}\njudged: soon", "opened: {by: carla}\nexpect: {notes: x}"]
)
def test_mistakes_in_a_scenario_are_seen(text: str) -> None:
    assert wrong(scenario_schema(), HEAD + scenario(text)) != []


def test_file_about_one_queue_is_valid() -> None:
    assert wrong(scenario_schema(), HEAD + "queue: [{as: a, opened: {by: carla}}]\nexpect: {report: {x: 1}}") == []
