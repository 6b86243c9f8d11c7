"""The scenarios that ship beside each pack pass."""

from pathlib import Path

import pytest

from ronda.packs import PACKS, load_pack_named_in, read_text
from rules.scenario_run import run_scenarios

FILES = sorted((PACKS / "tests").glob("*.yaml"))


@pytest.mark.parametrize("file", FILES, ids=[file.name for file in FILES])
def test_scenarios_pass(file: Path) -> None:
    text = read_text(file)
    results = run_scenarios(text, str(file), load_pack_named_in(file, text))
    assert [result for result in results if result.is_failure] == []
