"""The catalog checks itself: every rule file is listed, documented with its parameters, tested, and has its titles."""

import re
from pathlib import Path

import pytest

from rules.catalog import KINDS
from rules.messages import LANGUAGES
from rules.rule import Rule
from tests.rules.tools import messages

ROOT = Path(__file__).parents[3]
SECTIONS = dict(
    re.findall(r"^### (\w+)\n(.*?)(?=^##|\Z)", (ROOT / "docs/rules.md").read_text(), re.MULTILINE | re.DOTALL)
)


def test_every_rule_file_is_listed_under_its_own_name() -> None:
    files = {path.stem for path in (ROOT / "rules/catalog").glob("*.py")} - {"__init__"}
    assert files == set(KINDS)
    assert all(rule.__module__ == f"rules.catalog.{kind}" for kind, rule in KINDS.items())


def test_no_rule_without_docs_and_no_docs_without_a_rule() -> None:
    assert set(SECTIONS) == set(KINDS)


@pytest.mark.parametrize("kind", KINDS)
def test_docs_name_each_parameter(kind: str) -> None:
    parameters = set(KINDS[kind].model_fields) - set(Rule.model_fields)
    named = set(re.findall(r"`(\w+)", SECTIONS[kind].split("Parameters:")[-1]))
    if "as `question_notes`" in SECTIONS[kind]:
        named |= set(re.findall(r"`(\w+)", SECTIONS["question_notes"].split("Parameters:")[-1]))
    assert parameters <= named


@pytest.mark.parametrize("kind", KINDS)
def test_rule_has_a_test_file_and_a_title_in_every_language(kind: str) -> None:
    assert (ROOT / f"tests/rules/catalog/test_{kind}.py").is_file()
    assert all(messages().text(f"title.{kind}", language, {}) for language in LANGUAGES)
