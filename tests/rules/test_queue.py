"""Many tickets at once: which are judged, and what a field held when."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from rules.condition import Condition
from rules.exemption import Exemption
from rules.mode import Mode
from rules.queue import Queue, judge_queue, value_at
from rules.rule import Rule
from rules.snapshot import Snapshot
from tests.rules.commerce import ANA, ENVIO, asked, commerce, shipped
from tests.rules.tools import DAY, HOUR, MINUTE, OPENED, Story

FIFO = shipped("first-in-first-out")


def ticket(number: int, story: Story, begins: timedelta = timedelta()) -> Snapshot:
    seen = story.seen()
    history = tuple(replace(audit, at=audit.at + begins) for audit in seen.history)
    return replace(seen, ticket=replace(seen.ticket, id=number), history=history)


OLDER = ticket(1, asked(group=ENVIO))
YOUNGER = ticket(2, asked(group=ENVIO).then(ANA, reply="Olá!", after=HOUR), MINUTE)
QUEUE = Queue((OLDER, YOUNGER), OPENED + DAY)


def inversions(rule: Rule, exemptions: tuple[Exemption, ...] = ()) -> int:
    return int(judge_queue([rule], QUEUE, exemptions)[rule.id].values["inversions"])


def test_only_rules_of_audits_that_are_not_off_report() -> None:
    rules = [rule for rule in commerce().rules if rule.id != "commerce.answer-time"]
    assert list(judge_queue(rules, QUEUE)) == ["commerce.first-in-first-out"]
    assert judge_queue([FIFO.model_copy(update={"mode": Mode.OFF})], QUEUE) == {}


def test_tickets_where_the_rule_does_not_apply_are_left_out() -> None:
    nowhere = FIFO.model_copy(update={"when": Condition(group="Marketing")})
    assert (inversions(FIFO), inversions(nowhere)) == (1, 0)


def test_excused_tickets_are_left_out() -> None:
    excuse = Exemption(reason="feira", owner="Lia", expires=datetime(2027, 1, 1, tzinfo=UTC), tickets=frozenset({1}))
    assert inversions(FIFO, (excuse,)) == 0


def test_value_at_a_moment_is_the_one_before_the_next_change() -> None:
    story = asked(priority="low").then(ANA, priority="high", fields={"standby_reason": "waiting-it"}, after=HOUR)
    seen = story.then(ANA, priority="urgent", fields={"standby_reason": None}, after=HOUR).seen()
    moments = [OPENED, OPENED + HOUR, OPENED + HOUR + MINUTE, OPENED + 2 * HOUR]
    assert [value_at(seen, "priority", at) for at in moments] == ["low", "high", "high", "urgent"]
    assert [value_at(seen, "standby_reason", at) for at in moments] == [None, "waiting-it", "waiting-it", None]
    assert value_at(seen, "no such field", OPENED) is None
