"""Checks of a pack that loads."""

from datetime import timedelta
from typing import Any

import pytest

from rules.catalog.official_channel import OfficialChannel
from rules.catalog.phone_reason import PhoneReason
from rules.catalog.same_channel import SameChannel
from rules.channels import WayIn
from rules.checks import Finding, Level, check_exemptions, check_handbook, check_rules
from rules.condition import Condition
from rules.exemption import Exemption
from rules.handbook import cited_in, digest_of, parse_handbook
from rules.mode import Mode
from rules.pack import Pack
from rules.rule import Rule
from tests.rules.desk import on_tag, tiny_pack
from tests.rules.tools import DAY, HOUR, OPENED

HANDBOOK = parse_handbook("## A1 Group\nThe first field.\n\n## A2 Analyst\nJenyfer.\n\n## A3 Open\nNot pending.\n")
A1, A2 = HANDBOOK["A1"].digest, HANDBOOK["A2"].digest


def pack(cites: str, confirmed: str | None) -> Pack:
    return tiny_pack(on_tag("tiny.a").model_copy(update={"cites": cites, "confirmed": confirmed}))


def errors(findings: Any) -> list[tuple[Level, str | None, str]]:
    return [(each.level, each.rule, each.message) for each in findings if each.level is not Level.NOTE]


def test_rule_confirmed_against_its_paragraph_is_fine_and_paragraphs_without_a_rule_are_listed() -> None:
    assert list(check_handbook(pack("A1", A1), HANDBOOK)) == [
        Finding(Level.NOTE, "no rule cites paragraph A2 (Analyst)"),
        Finding(Level.NOTE, "no rule cites paragraph A3 (Open)"),
    ]


def test_rule_may_cite_several_paragraphs() -> None:
    both = digest_of([HANDBOOK["A1"], HANDBOOK["A2"]])
    assert cited_in("A1, A2") == ("A1", "A2")
    assert errors(check_handbook(pack("A1, A2", both), HANDBOOK)) == []
    assert errors(check_handbook(pack("A1, A2", A1), HANDBOOK)) != []


@pytest.mark.parametrize(
    ("cites", "confirmed", "level", "message"),
    [
        ("", None, Level.ERROR, "cites no paragraph of the handbook"),
        ("A11", A1, Level.ERROR, "cites paragraph 'A11', which the handbook has not; did you mean 'A1'?"),
        ("A1", A2, Level.ERROR, "paragraph A1 has changed since the rule was confirmed; compare them, then: ronda check PACK --confirm tiny.a"),
        ("A1", None, Level.WARNING, "was never confirmed against its paragraph; compare them, then: ronda check PACK --confirm tiny.a"),
    ],
)  # fmt: skip
def test_rule_without_its_paragraph(cites: str, confirmed: str | None, level: Level, message: str) -> None:
    assert errors(check_handbook(pack(cites, confirmed), HANDBOOK)) == [(level, "tiny.a", message)]


def test_pack_without_a_handbook_is_warned_about() -> None:
    ((level, rule, _),) = errors(check_handbook(pack("A1", A1), None))
    assert (level, rule) == (Level.WARNING, None)


def test_rule_that_can_never_apply_and_rule_that_is_off() -> None:
    never = on_tag("tiny.a", when=Condition.model_validate({"group": "A", "not": {"group": "A"}}))
    fine = on_tag("tiny.b", when=Condition.model_validate({"group": "A"}))
    assert list(check_rules(tiny_pack(never, fine, on_tag("tiny.c", mode=Mode.OFF)))) == [
        Finding(Level.ERROR, "no ticket can meet its 'when': it contradicts itself", "tiny.a", "when"),
        Finding(Level.NOTE, "is off: it is not judged", "tiny.c", "mode"),
    ]


@pytest.mark.parametrize(
    ("when", "level", "message"),
    [
        ({"status": "solved"}, Level.ERROR, "no ticket can meet its 'when': no rule judges solved tickets"),
        ({"any": [{"status": ["open", "closed"]}]}, Level.WARNING, "its 'when' names the status 'closed': no rule judges solved tickets"),
    ],
)  # fmt: skip
def test_rule_about_solved_tickets_is_told_that_none_judges_them(when: Any, level: Level, message: str) -> None:
    rule = on_tag("tiny.a", when=Condition.model_validate(when))
    assert list(check_rules(tiny_pack(rule))) == [Finding(level, message, "tiny.a", "when")]


def test_channel_that_nobody_knows_is_warned_about_wherever_it_stands() -> None:
    rules: list[Rule] = [
        on_tag("tiny.a", when=Condition.model_validate({"any": [{"channel": ["email", "tiktok"]}]})),
        OfficialChannel(id="tiny.b", official=("email", WayIn(channel="intercom", rel="x", recipient=("y",)))),
        SameChannel(id="tiny.c", counts_as={"api": "web_widget", "zoom": "voice"}),
        PhoneReason(id="tiny.d"),
    ]
    assert errors(check_rules(tiny_pack(*rules))) == [
        (Level.WARNING, f"tiny.{rule}", f"no channel that is known is called {word!r}; is it spelt right?")
        for rule, word in (("a", "tiktok"), ("b", "intercom"), ("c", "zoom"))
    ]


def exempting(ends_in: timedelta, *rules: str) -> Pack:
    exemption = Exemption(reason="audit", owner="Jenyfer", expires=OPENED + ends_in, rules=frozenset(rules))
    tiny = tiny_pack(on_tag("tiny.a"))
    return tiny.model_copy(update={"desk": tiny.desk.model_copy(update={"exemptions": (exemption,)})})


@pytest.mark.parametrize(
    ("ends_in", "message"),
    [
        (15 * DAY, None),
        (14 * DAY, "the exemption of Jenyfer (audit) ends in 14d"),
        (47 * HOUR, "the exemption of Jenyfer (audit) ends in 47h"),
        (timedelta(), "the exemption of Jenyfer (audit) has ended: its tickets are judged again"),
    ],
)
def test_exemptions_are_announced_before_they_end(ends_in: timedelta, message: str | None) -> None:
    found = errors(check_exemptions(exempting(ends_in, "tiny.a"), OPENED))
    assert found == ([(Level.WARNING, None, message)] if message else [])


def test_exemption_from_a_rule_that_is_not_there_is_an_error() -> None:
    found = errors(check_exemptions(exempting(99 * DAY, "tiny.aa"), OPENED))
    assert found == [
        (
            Level.ERROR,
            None,
            "the exemption of Jenyfer (audit) names 'tiny.aa', which is no rule; did you mean 'tiny.a'?",
        )
    ]
