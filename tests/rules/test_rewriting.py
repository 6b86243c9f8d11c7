"""An account's names in a pack: changed wherever the pack uses them, and nothing else."""

from pathlib import Path

import pytest
from ruamel.yaml import YAML

from config.catalogues import read_catalogues
from ronda.packs import PACKS
from rules.messages import Messages
from rules.pack import parse_pack
from rules.rewriting import renamed, scalar, with_value

MESSAGES = Messages(read_catalogues())

PACK = """\
pack: desk
groups: [Support, "Money"] # both
people:
  Ana: {about: Ana is here}
  Rui:
teams:
  support:
    group: Support
    members: [Ana, Rui]
    called: [Support]
topics:
  money: {words: [Support, Ana]}
rules:
  - id: desk.group
    kind: default_group
    team: support
    sectors: &all {Money: money, Support: Money}
    who: Ana
  - id: desk.wait
    kind: stand_by
    statuses: {Waiting IT: waiting-it}
"""


def changed_lines(before: str, after: str) -> list[str]:
    pairs = zip(before.splitlines(), after.splitlines(), strict=True)
    return [new.strip() for old, new in pairs if old != new]


def test_a_group_is_renamed_in_groups_teams_and_rules_only() -> None:
    assert changed_lines(PACK, renamed(PACK, "groups", "Support", "Suporte")) == [
        'groups: [Suporte, "Money"] # both',
        "group: Suporte",
        "sectors: &all {Money: money, Suporte: Money}",
    ]


def test_a_person_is_renamed_in_people_teams_and_rules_only() -> None:
    assert changed_lines(PACK, renamed(PACK, "people", "Ana", "Ana Prado")) == [
        "Ana Prado: {about: Ana is here}",
        "members: [Ana Prado, Rui]",
        "who: Ana Prado",
    ]


def test_a_custom_status_is_renamed_where_a_rule_lists_it() -> None:
    assert changed_lines(PACK, renamed(PACK, "statuses", "Waiting IT", "Aguardando TI")) == [
        "statuses: {Aguardando TI: waiting-it}"
    ]


@pytest.mark.parametrize("name", ["A, b", "yes", "12", "Vitória: x", "#1", "", '"', "R&D", "[x]", "null", "a\\b", "é"])
def test_any_name_is_written_so_that_it_is_read_back(name: str) -> None:
    assert YAML(typ="safe", pure=True).load(f"[{scalar(name)}]") == [name]
    after = YAML(typ="safe", pure=True).load(renamed(PACK, "groups", "Support", name))
    assert after["groups"] == [name, "Money"]


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("people:\n  Ana:\n", "people:\n  Ana: {id: 7}\n"),
        ("people:\n  Ana: null # why\n", "people:\n  Ana: {id: 7} # why\n"),
        ("people:\n  Ana: {}\n", "people:\n  Ana: {id: 7}\n"),
        ("people:\n  Ana: {about: x}\n", "people:\n  Ana: {id: 7, about: x}\n"),
        ("people:\n  Ana: {id: 3, about: x}\n", "people:\n  Ana: {id: 7, about: x}\n"),
        ("people:\n  Ana:\n    about: x\n", "people:\n  Ana:\n    id: 7\n    about: x\n"),
    ],
)
def test_a_key_is_set_in_an_entry_however_it_is_written(before: str, after: str) -> None:
    assert with_value(before, "people", "Ana", "id", 7) == after


def test_a_shipped_pack_with_the_accounts_names_still_loads() -> None:
    path = Path(PACKS) / "commerce.yaml"
    text = path.read_text(encoding="utf-8")
    for number, group in enumerate(parse_pack(text, "x", MESSAGES).desk.groups):
        text = renamed(text, "groups", group, f"Grupo {number}")

    assert parse_pack(text, "x", MESSAGES).desk.groups == tuple(f"Grupo {number}" for number in range(5))


def test_pack_without_rules_and_a_team_without_members_have_little_to_rename() -> None:
    text = "pack: tiny\ngroups: [Suporte]\npeople: {Ana: }\nteams: {site: {group: Suporte}}\n"
    assert renamed(text, "people", "Ana", "Ana Reis") == text.replace("Ana", "Ana Reis")
    assert renamed(text, "groups", "Suporte", "Apoio") == text.replace("Suporte", "Apoio")
