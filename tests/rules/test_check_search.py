"""The search for tickets on which rules work against each other."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime
from typing import Any

import pytest

from rules.actions import AddTags, NewTicket, Note, RemoveTags, Reply, SetGroup, SetStatus
from rules.business_hours import Schedule
from rules.check_search import check_by_search
from rules.checks import Finding, Level
from rules.condition import Condition
from rules.messages import Messages
from rules.mode import Mode
from rules.pack import Pack
from rules.queue import Facts, QueueRule, Report
from rules.rule import Rule
from rules.sample_stories import vocabulary_of
from rules.scenario_run import run_scenarios
from rules.snapshot import Snapshot
from rules.topic import Topic
from rules.verdict import Cause, Complies, DoesNotApply, Verdict, Violates
from tests.rules.desk import on_tag, tiny_pack
from tests.rules.tools import CARLA, WEBSITE


def found(*rules: Rule, count: int = 150) -> list[Finding]:
    return list(check_by_search(tiny_pack(*rules), count=count))


def off(tag: str) -> RemoveTags:
    return RemoveTags(frozenset({tag}))


def test_rules_that_get_along_are_fine() -> None:
    assert found(on_tag("tiny.a", SetGroup("Suporte"), off("a")), on_tag("tiny.b", SetStatus("open"), off("b"))) == []


def test_two_rules_that_want_different_values_are_found_with_the_shortest_story() -> None:
    (conflict,) = found(on_tag("tiny.a", SetGroup("Suporte"), off("a")), on_tag("tiny.b", SetGroup(WEBSITE), off("b")))
    assert conflict.level is Level.ERROR
    assert conflict.rule == "tiny.a"
    assert conflict.message == (
        "tiny.a and tiny.b want different values of group on one ticket: say which gives way (gives_way_to)"
    )
    assert shown_by(conflict) == {"a", "b"}


def test_story_runs_as_a_scenario() -> None:
    rules = on_tag("tiny.a", SetGroup("Suporte"), off("a")), on_tag("tiny.b", SetGroup(WEBSITE), off("b"))
    (conflict,) = found(*rules)
    (result,) = run_scenarios("pack: tiny\n" + conflict.story, "found.yaml", tiny_pack(*rules))
    assert {"tiny.a", "tiny.b"} <= {rule for rule, _ in result.said}


def shown_by(finding: Finding) -> set[str]:
    """The tags that the story's ticket gets."""
    return {tag for tag in ("a", "b") if f"- {tag}\n" in finding.story}


class Back(Rule):
    """Puts a ticket back where another rule took it from."""

    into: str
    out_of: str

    def check(self, seen: Snapshot) -> Verdict:
        if seen.ticket.group != self.out_of:
            return DoesNotApply("group")
        return on_tag("tiny.x", SetGroup(self.into), again=None).model_copy(update={"tag": "t"}).check(_tagged(seen))


def _tagged(seen: Snapshot) -> Snapshot:
    return replace(seen, ticket=replace(seen.ticket, tags=frozenset({"t"})))


def test_two_rules_that_undo_each_other_are_found() -> None:
    (fight,) = found(
        Back(id="tiny.there", into=WEBSITE, out_of="Suporte", mode=Mode.AUDIT),
        Back(id="tiny.back", into="Suporte", out_of=WEBSITE, mode=Mode.WARN),
    )
    assert fight.message == "tiny.back, tiny.there: change group twice on one ticket"
    assert "then" not in fight.story
    assert "group:" in fight.story


def test_rule_that_sets_another_off_is_found() -> None:
    (fight,) = found(on_tag("tiny.a", off("a"), AddTags(frozenset({"b"}))), on_tag("tiny.b", off("b")))
    assert fight.message == "tiny.a, tiny.b: are not done after one update on one ticket"


def test_rule_that_opens_tickets_without_end_is_found() -> None:
    (fight,) = found(on_tag("tiny.a", NewTicket(CARLA, "x", "y", "z")))
    assert "are not done after one update" in fight.message


def test_rules_that_are_off_do_not_fight() -> None:
    rules = (
        on_tag("tiny.a", SetGroup("Suporte"), off("a")),
        on_tag("tiny.b", SetGroup(WEBSITE), off("b"), mode=Mode.OFF),
    )
    assert found(*rules) == []


class Never(Rule):
    def check(self, seen: Snapshot) -> Verdict:
        return DoesNotApply("ever")


class Always(Rule):
    def check(self, seen: Snapshot) -> Verdict:  # content with any ticket
        return Complies()


class OfQueues(QueueRule):
    def facts(self, seen: Snapshot) -> Facts | None:
        raise NotImplementedError(seen)

    def report_of(self, facts: Iterable[Facts], as_of: datetime, schedule: Schedule | None) -> Report:
        raise NotImplementedError(facts)


def test_rule_that_nothing_makes_apply_is_warned_about() -> None:
    assert found(
        Never(id="tiny.never"), OfQueues(id="tiny.queues", mode=Mode.AUDIT), Never(id="tiny.off", mode=Mode.OFF)
    ) == [Finding(Level.WARNING, "none of 150 tickets that were tried made it apply", "tiny.never")]


@pytest.mark.parametrize("when", [{"priority": "high"}, {"type": "task"}, {"channel": "sms"}, {"priority": None}])
def test_tickets_of_every_priority_type_and_channel_are_tried(when: dict[str, Any]) -> None:
    assert found(Always(id="tiny.always", when=Condition.model_validate(when))) == []


class Mute(Rule):
    """Says what nobody wrote: of a violation, in its cure, and though all is well."""

    def check(self, seen: Snapshot) -> Verdict:
        causes = self.untold(seen, [Cause("said", seen.ticket.created_at)])
        if seen.ticket.group == WEBSITE:
            return Complies(asides=(Note("note.aside"),) if causes else (), causes=causes)
        return Violates("violation.mute", {}, (Reply("reply.mute"),) if causes else (), causes)


def test_message_that_nobody_wrote_is_an_error() -> None:
    tiny = tiny_pack(Mute(id="tiny.mute", cites="Z1"))
    spanish = {"violation.mute": "x", "note.aside": "x", "reply.mute": "x"}
    texts = {**tiny.messages.templates, "es": {**tiny.messages.templates["es"], **spanish}}
    found = list(check_by_search(tiny.model_copy(update={"messages": Messages(texts)}), count=30))
    assert found == [
        Finding(Level.ERROR, f"nobody wrote the message {key!r} in en, pt-BR", "tiny.mute")
        for key in ("note.aside", "reply.mute", "violation.mute")
    ]


def test_same_pack_finds_the_same() -> None:
    rules = on_tag("tiny.a", SetGroup("Suporte"), off("a")), on_tag("tiny.b", SetGroup(WEBSITE), off("b"))
    pack: Pack = tiny_pack(*rules)
    assert list(check_by_search(pack, count=100)) == list(check_by_search(pack, count=100))


def test_stories_speak_of_what_the_pack_speaks_of() -> None:
    tiny = tiny_pack(on_tag("tiny.a"), Marked(id="tiny.marked", tags=("motivo-*", "x")))
    topics = {"domain": Topic(words=("domínio*", "dns", "mx"))}
    words = vocabulary_of(tiny.model_copy(update={"desk": tiny.desk.model_copy(update={"topics": topics})}))
    assert words.tags == ("a", "motivo-x", "x")
    assert words.groups == (WEBSITE, "Suporte", "Another department")
    assert words.fields == {"standby_reason": ("waiting-it", "propagation")}
    assert [text for text in words.texts if "domínio" in text or "dns" in text] == [
        "Preciso de ajuda com domínio na loja, não funciona desde ontem de manhã.",
        "Preciso de ajuda com dns na loja, não funciona desde ontem de manhã.",
    ]
    assert f"@{WEBSITE} podem ver este caso?" in words.notes
    assert "@Jenyfer Lima alguma novidade?" in words.notes


class Marked(Never):
    tags: tuple[str, ...]
