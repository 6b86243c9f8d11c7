"""The commands of rule authors: what they print, and with which exit code they end."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import pytest
import typer
from typer.testing import CliRunner

from ronda.commands_rules import register
from ronda.exits import BAD_INPUT, FINE, FOUND
from rules.handbook import parse_handbook
from rules.pack import parse_pack
from tests.rules.tools import messages

HANDBOOK = "# Desk\n\n## A1 Group\n\nThe group comes first.\n\n## A2 Analyst\n\nJenyfer.\n"
PACK = """\
pack: tiny
handbook: tiny.md
groups: [Design / Website]
people: {Jenyfer Lima: }
teams:
  website: {group: Design / Website, members: [Jenyfer Lima], tag: website}
rules:
  # the first field
  - id: tiny.group
    kind: default_group
    cites: A1 # see there
    mode: enforce
    team: website
"""
SCENARIOS = """\
pack: tiny.yaml
people:
  paulo: {name: Paulo Dias, groups: [Suporte]}
scenarios:
  - name: tagged ticket is moved
    opened: {by: paulo, tags: [website]}
    expect: {violations: [tiny.group], update: {group: Design / Website}}
  - name: other ticket stays
    opened: {by: paulo}
"""
FAILING = """\
  - name: wrong
    opened: {by: paulo}
    expect: {violations: [tiny.group], notes: [{contains: x}]}
"""
TODO = """\
  - {name: some day, todo: not built, opened: {by: paulo}, expect: {replies: 1}}
"""
DONE = """\
  - {name: built, todo: not built, opened: {by: paulo}}
"""


@dataclass(frozen=True)
class Ran:
    code: int
    out: str
    err: str


@pytest.fixture
def desk(tmp_path: Path) -> Path:
    (tmp_path / "tiny.yaml").write_text(PACK)
    (tmp_path / "tiny.md").write_text(HANDBOOK)
    (tmp_path / "tests.yaml").write_text(SCENARIOS)
    return tmp_path


def run(*arguments: str | Path) -> Ran:
    app = typer.Typer()
    register(app)
    result = CliRunner().invoke(app, [str(argument) for argument in arguments], catch_exceptions=False)
    return Ran(result.exit_code, result.stdout, result.stderr)


def test_passing_scenarios_have_a_line_each(desk: Path) -> None:
    file = desk / "tests.yaml"
    ran = run("test", file)
    assert ran.out.splitlines() == [
        f"ok    {file}:5  tagged ticket is moved",
        f"ok    {file}:8  other ticket stays",
        "2 passed, 0 failed",
    ]
    assert ran.code == FINE


def test_failing_scenario_shows_what_differs(desk: Path) -> None:
    file = desk / "tests.yaml"
    file.write_text(SCENARIOS + FAILING + TODO)
    ran = run("test", "-q", file)
    assert ran.code == FOUND
    assert ran.out.splitlines() == [
        f"FAIL  {file}:10  wrong",
        "      violations",
        "        - expected tiny.group",
        "        + found    none",
        "      notes",
        "        - expected 1",
        "        + found    0",
        "      tiny.group: does not apply: addressed to the team",
        "2 passed, 1 failed, 1 to do",
    ]


def test_scenarios_to_do_are_counted_apart_and_passing_ones_are_failures(desk: Path) -> None:
    file = desk / "tests.yaml"
    file.write_text(SCENARIOS + TODO + DONE)
    ran = run("test", file)
    assert ran.code == FOUND
    assert ran.out.splitlines()[2:] == [
        f"todo  {file}:10  some day (todo: not built)",
        f"DONE  {file}:11  built (todo: not built)",
        "      it passes now: take the todo away",
        "2 passed, 0 failed, 1 to do, 1 done but marked todo",
    ]


def test_scenarios_can_be_chosen_by_name(desk: Path) -> None:
    (desk / "tests.yaml").write_text(SCENARIOS + FAILING)
    ran = run("test", "-k", "TAGGED", desk / "tests.yaml")
    assert (ran.code, ran.out.splitlines()[-1]) == (FINE, "1 passed, 0 failed")


def test_scenarios_of_which_none_has_the_name_are_bad_input(desk: Path) -> None:
    ran = run("test", desk / "tests.yaml", "-k", "elephant")
    assert ran.code == BAD_INPUT
    assert "-k 'elephant': no scenario has that in its name" in ran.err


def test_a_file_without_scenarios_is_bad_input(desk: Path) -> None:
    (desk / "none.yaml").write_text("pack: tiny.yaml\nscenarios: []\n", encoding="utf-8")
    ran = run("test", desk / "none.yaml")
    assert ran.code == BAD_INPUT
    assert "none.yaml:1:1: has no scenario: nothing was tested" in ran.err


def test_results_as_json(desk: Path) -> None:
    (desk / "tests.yaml").write_text(SCENARIOS + FAILING)
    ran = run("test", "--json", desk / "tests.yaml", desk / "none.yaml")
    assert ran.code == BAD_INPUT
    told = json.loads(ran.out)
    assert [result["outcome"] for result in told["results"]] == ["passed", "passed", "failed"]
    assert told["results"][2]["differences"][0] == {"key": "violations", "expected": "tiny.group", "found": "none"}
    assert told["problems"][0]["message"] == "cannot be read: No such file or directory"


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        (SCENARIOS.replace("opened: {by: paulo}", "opened: {by: paula}"), "9:18: by: nobody is called 'paula'"),
        (SCENARIOS.replace("pack: tiny.yaml", "pack: tiney.yaml"), "wrong.yaml:1:7: there is no such pack; there are "),
        ("a: [", "wrong.yaml:1:5: expected the node content"),
    ],
)
def test_wrong_file_is_told_and_the_others_still_run(desk: Path, text: str, problem: str) -> None:
    (desk / "wrong.yaml").write_text(text)
    ran = run("test", desk / "wrong.yaml", desk / "tests.yaml")
    assert ran.code == BAD_INPUT
    assert problem in ran.err
    assert ran.out.splitlines()[-1] == "2 passed, 0 failed"


def test_pack_that_is_not_text_says_where(desk: Path) -> None:
    (desk / "tiny.yaml").write_bytes(b"pack: tiny\nabout: \xff\n")
    ran = run("test", desk / "tests.yaml")
    assert ran.err.splitlines() == [f"{desk / 'tiny.yaml'}:2:1: is not written in UTF-8"]


def findings(ran: Ran) -> Sequence[str]:
    """The messages, without their places."""
    return [line.split(": ", 1)[1] for line in ran.out.splitlines()[:-1]]


def test_check_tells_errors_first_with_their_places(desk: Path) -> None:
    text = PACK.replace("cites: A1 #", "cites: A2\n    confirmed: abc #") + "    when: {group: A, not: {group: A}}\n"
    (desk / "tiny.yaml").write_text(text.replace("groups: [", "groups: [A, "))
    ran = run("check", desk / "tiny.yaml")
    assert ran.code == FOUND
    lines = ran.out.splitlines()
    assert lines[0].startswith(f"{desk / 'tiny.yaml'}:12:5: error: tiny.group: paragraph A2 has changed")
    assert lines[1].startswith(f"{desk / 'tiny.yaml'}:15:5: error: tiny.group: no ticket can meet its 'when'")
    assert "warning: tiny.group: none of 1500 tickets" in lines[2]
    assert lines[3].endswith(":1:1: note: no rule cites paragraph A1 (Group)")
    assert lines[4] == "2 errors, 1 warning, 1 note"


def test_confirming_a_rule_leaves_every_other_byte_and_satisfies_the_check(desk: Path) -> None:
    before = run("check", desk / "tiny.yaml")
    assert (before.code, before.out.splitlines()[-1]) == (FINE, "0 errors, 1 warning, 1 note")
    ran = run("check", desk / "tiny.yaml", "--confirm", "tiny.group")
    assert (ran.code, ran.out) == (FINE, "tiny.group confirmed against A1\n")
    digest = parse_handbook(HANDBOOK)["A1"].digest
    confirmed = PACK.replace("# see there\n", f'# see there\n    confirmed: "{digest}"\n')
    assert (desk / "tiny.yaml").read_text() == confirmed
    assert findings(run("check", desk / "tiny.yaml")) == ["note: no rule cites paragraph A2 (Analyst)"]
    (desk / "tiny.md").write_text(HANDBOOK.replace("comes first", "comes last"))
    assert run("check", desk / "tiny.yaml").code == FOUND
    assert sorted(file.name for file in desk.iterdir()) == ["tests.yaml", "tiny.md", "tiny.yaml"]


@pytest.mark.parametrize(
    ("text", "rule", "message"),
    [
        (PACK, "tiny.grup", "no rule has the id 'tiny.grup'; did you mean 'tiny.group'?"),
        (PACK.replace("A1", "A1, A9"), "tiny.group", "tiny.group cites A1, A9, which the handbook has not"),
        (PACK.replace("cites: A1", "# no paragraph"), "tiny.group", "tiny.group cites no paragraph"),
        (PACK.replace("handbook: tiny.md", ""), "tiny.group", "tiny.group cites A1, which the handbook has not"),
    ],
)
def test_only_what_the_handbook_has_can_be_confirmed(desk: Path, text: str, rule: str, message: str) -> None:
    (desk / "tiny.yaml").write_text(text)
    with pytest.raises(Exception, match=message.replace("?", r"\?")):
        run("check", desk / "tiny.yaml", "--confirm", rule)
    assert (desk / "tiny.yaml").read_text() == text


def test_one_pack_at_a_time_is_confirmed(desk: Path) -> None:
    ran = run("check", desk / "tiny.yaml", desk / "tiny.yaml", "--confirm", "tiny.group")
    assert (ran.code, ran.err) == (BAD_INPUT, "--confirm is for one pack at a time\n")


def test_pack_without_a_handbook_is_warned_about(desk: Path) -> None:
    (desk / "tiny.yaml").write_text(PACK.replace("handbook: tiny.md", ""))
    assert findings(run("check", desk / "tiny.yaml"))[0].startswith("warning: the pack names no handbook")


def test_rules_that_fight_are_shown_with_a_story(desk: Path) -> None:
    other = """\
  - id: tiny.elsewhere
    kind: default_group
    cites: A1
    mode: audit
    team: other
"""
    text = PACK.replace("groups: [", "groups: [Suporte, ") + other
    text = text.replace("rules:\n", "  other: {group: Suporte, tag: website}\nrules:\n")
    (desk / "tiny.yaml").write_text(text)
    ran = run("check", desk / "tiny.yaml")
    assert ran.code == FOUND
    assert "error: tiny.elsewhere: " in ran.out
    assert "    scenarios:\n" in ran.out
    told = json.loads(run("check", "--json", desk / "tiny.yaml").out)
    assert told["findings"][0]["level"] == "error"
    assert "scenarios:" in told["findings"][0]["story"]


def test_pack_that_does_not_load_is_bad_input(desk: Path) -> None:
    (desk / "tiny.yaml").write_text(PACK.replace("team: website\n", "teem: website\n"))
    ran = run("check", desk / "tiny.yaml")
    assert (ran.code, ran.out) == (BAD_INPUT, "")
    assert "there is no key 'teem'; did you mean 'team'?" in ran.err
    ran = run("check", "--json", "webiste")
    assert json.loads(ran.out)["problems"][0]["message"] == "there is no such pack; did you mean 'website'?"


@pytest.mark.parametrize("pack", ["website", "commerce"])
def test_shipped_packs_have_no_errors(pack: str) -> None:
    assert run("check", pack).code == FINE


@pytest.mark.parametrize("arguments", [["schema"], ["schema", "pack"], ["schema", "scenario"]])
def test_schemas_are_printed_as_json(arguments: list[str]) -> None:
    ran = run(*arguments)
    assert ran.code == FINE
    assert json.loads(ran.out)["$schema"] == "https://json-schema.org/draft/2020-12/schema"


def test_the_pack_of_these_tests_loads() -> None:
    assert parse_pack(PACK, "tiny.yaml", messages()).name == "tiny"
