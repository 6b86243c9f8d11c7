"""An explanation in words, and for programs."""

import ast
import json
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

import rules
from console.explain import as_json, lines_of
from enforcement.explain import Explanation
from enforcement.ledger_rows import ActionRow, Outcome
from ronda.packs import find_pack, load_handbook, load_pack
from rules.catalog import KINDS
from rules.condition import Condition
from rules.explain import explained
from rules.handbook import cited_in
from rules.judge import judge
from rules.messages import LANGUAGES
from rules.mode import Mode
from rules.pack import Pack
from rules.rule import Rule
from rules.snapshot import Snapshot
from rules.verdict import Complies, CouldNotTell, Exempt, Verdict
from tests.rules.commerce import commerce
from tests.rules.tools import CARLA, DAY, JENYFER, OPENED, PAULO, Story, messages

WRONG = Story(by=PAULO, group="Suporte", tags={"website"}, assignee=JENYFER, status="open")


class Says(Rule):
    verdict: Verdict

    def check(self, seen: Snapshot) -> Verdict:
        return self.verdict


def of(pack: Pack, seen: Snapshot, **more: Any) -> Explanation:
    found = explained(judge(pack.rules, seen, pack.desk.exemptions), pack, Mode.ENFORCE)
    values = {"pack": pack, "ceiling": Mode.ENFORCE, "seen": seen, "rules": found, "paragraphs": {}, **more}
    return Explanation(**values)


def text(explanation: Explanation, language: str = "en", *, is_past: bool = False) -> str:
    return "\n".join(lines_of(explanation, language, is_past=is_past))


def shipped(name: str, seen: Snapshot, **more: Any) -> Explanation:
    pack = load_pack(name)
    handbook = load_handbook(pack, find_pack(name)) or {}
    cited = {rule.id: tuple(handbook[each] for each in cited_in(rule.cites)) for rule in pack.rules}
    return of(pack, seen, paragraphs=cited, **more)


def test_a_violation_is_told_with_its_paragraph_and_what_mends_it() -> None:
    told = text(shipped("website", WRONG.seen()))

    assert "website.group (enforce): The team's tickets are in the team's group" in told
    assert "is violated: The group is Suporte; the ticket belongs to the group Design / Website." in told
    assert "handbook A1 Grupo:" in told
    assert "│ O grupo é o primeiro campo" in told
    assert "smallest change that mends it (judged again): group: Design / Website" in told


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_rule_that_does_not_apply_says_why_in_the_readers_language(language: str) -> None:
    told = text(shipped("website", Story(group="Suporte").seen()), language)

    assert messages().text("condition.addressed to the team", language, {}) in told


def test_a_rule_that_does_not_apply_is_told_without_a_double_negative() -> None:
    story = Story(by=CARLA, channel="email", group="Suporte", subject="x", description="y").seen()
    follow_up = replace(story, ticket=replace(story.ticket, followup_of=7))

    assert "não se aplica: só vale se não é continuação de outro ticket" in text(of(commerce(), follow_up), "pt-BR")


def test_status_and_channel_are_told_in_the_readers_language() -> None:
    story = Story(by=CARLA, channel="voice", status="pending")

    assert "status Pendente; grupo –; responsável –; canal telefone;" in text(of(commerce(), story.seen()), "pt-BR")


def test_a_rule_that_gives_way_names_the_stronger_one() -> None:
    story = Story(
        by=PAULO,
        group="Design / Website",
        subject="Domínio",
        description="O domínio não resolve no DNS.",
        status="open",
    )

    assert "the more specific rule website.domain-email decides" in text(shipped("website", story.seen()))


def test_a_condition_is_told_part_by_part() -> None:
    when = Condition.model_validate({"group": "Marketing", "any": [{"status": "open"}, {"tags": ["a", "b"]}]})
    pack = commerce().model_copy(update={"rules": (Says(id="tiny.a", when=when, verdict=Complies()),)})

    told = text(of(pack, Story(group="Suporte", status="open").seen())).splitlines()

    begin = next(number for number, line in enumerate(told) if line.startswith("tiny.a"))
    assert told[begin + 1 : begin + 6] == [
        '  does not apply: the condition "group" does not hold',
        "    ✗ group: found Suporte; wanted Marketing",
        "    ✓ at least one of these",
        "        ✓ status: found open; wanted open",
        "        ✗ tags: found –; wanted a or b",
    ]


def test_where_only_a_person_can_help_it_says_what_to_do() -> None:
    story = Story(
        by=CARLA, channel="voice", group="Suporte", description="Ligação sobre o cadastro de um produto novo."
    )

    assert "only a person can mend it: record the reason" in text(of(commerce(), story.seen()))


@pytest.mark.parametrize(
    ("verdict", "told"),
    [
        (Exempt("Rita: piloto", OPENED + DAY), "excused until 2026-03-11 11:00 by Rita: piloto"),
        (Exempt("Rita: piloto"), "excused by Rita: piloto"),
        (CouldNotTell("nobody is available", OPENED + DAY), "could not tell: nobody is available"),
        (Complies(OPENED + DAY), "will be looked at again at 2026-03-11 11:00"),
    ],
)
def test_every_verdict_has_its_words(verdict: Verdict, told: str) -> None:
    pack = commerce().model_copy(update={"rules": (Says(id="tiny.a", verdict=verdict),)})

    assert told in text(of(pack, Story().seen()))


def test_what_ronda_did_stands_beside_the_rule_that_wanted_it() -> None:
    done = ActionRow(1, ("website.group",), "op", "group", "Suporte", None, OPENED, Outcome.APPLIED)

    assert "  2026-03-10 11:00 Ronda: group: Suporte → – (applied)" in text(
        shipped("website", WRONG.seen(), actions=(done,))
    )


def test_what_happened_and_what_comes_are_told_at_the_end() -> None:
    story = (
        Story(by=PAULO, group="Suporte")
        .then(PAULO, note="segredo", status="pending")
        .then(PAULO, after=DAY, tags={"a"})
    )
    told = text(shipped("website", story.seen(), next_look=OPENED + DAY)).splitlines()

    assert told[-3:] == [
        "  2026-03-11 11:05 Paulo Dias: tags: – → a",
        "",
        "The service looks at the ticket again at 2026-03-11 11:00.",
    ]
    assert "  2026-03-10 11:05 Paulo Dias: status: new → pending; internal note" in told
    assert "segredo" not in "\n".join(told)


def test_a_moment_in_the_past_is_said_to_be_one() -> None:
    assert "People, other tickets and limits are today's." in text(shipped("website", WRONG.seen()), is_past=True)


def test_programs_read_the_same() -> None:
    found = json.loads(json.dumps(as_json(shipped("website", WRONG.seen(), next_look=OPENED), "en")))
    (group,) = (each for each in found["rules"] if each["rule"] == "website.group")

    assert (group["verdict"], group["doing"], group["change"]) == ("violates", "acts", [{"group": "Design / Website"}])
    assert group["handbook"][0]["id"] == "A1"
    assert found["next_look"] == "2026-03-10T14:00:00+00:00"
    assert found["history"][0]["comment"] == "public"


def test_programs_read_conditions_tags_and_replies() -> None:
    story = Story(by=CARLA, channel="email", group="Suporte").then(PAULO, status="hold")
    found = as_json(of(commerce(), story.seen(after=3 * DAY + timedelta(hours=1))), "en")
    by_rule = {each["rule"]: each for each in found["rules"]}

    assert by_rule["commerce.stand-by"]["change"] == [{"reply": "reply.stand-by.on-hold"}]


def test_every_condition_that_rules_name_has_its_words() -> None:
    """Every text that `DoesNotApply` is built with anywhere in the rules."""
    named = {
        node.args[0].value
        for file in Path(rules.__file__).parent.rglob("*.py")
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8")))
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Name)
        and node.func.id == "DoesNotApply"
        and node.args
        and isinstance(node.args[0], ast.Constant)
        and isinstance(node.args[0].value, str)
    }

    assert len(named) > 20
    assert {condition for condition in named if not messages().has(f"condition.{condition}")} == set()


def test_every_person_to_do_belongs_to_a_rule() -> None:
    kinds = {key.removeprefix("person.") for key in messages().templates["en"] if key.startswith("person.")}

    assert kinds - {"otherwise"} <= KINDS.keys()
