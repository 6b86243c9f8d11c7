"""A pack on a ticket's past: what it would have done, and when."""

from datetime import datetime, timedelta

import pytest

from rules.actions import NewTicket, Note, Reply
from rules.backtest import Event, Kind, NeverRests, replayed
from rules.mode import Mode
from rules.pack import Pack
from rules.rule import Rule
from rules.snapshot import Snapshot
from rules.verdict import Cause, Complies, Verdict, Violates
from tests.rules.commerce import asked, commerce, shipped
from tests.rules.desk import OnTag
from tests.rules.test_explain import high, pack_of, website
from tests.rules.tools import CARLA, DAY, HOUR, JENYFER, MINUTE, OPENED, PAULO, WEBSITE, Story

STAND_BY = pack_of(shipped("stand-by"))
LATER = OPENED + 30 * DAY


class Restless(Rule):
    """Wants to be looked at again a microsecond later, for ever."""

    def check(self, seen: Snapshot) -> Verdict:
        return Complies(seen.as_of + timedelta(microseconds=1))


class Answers(Rule):
    """Each update is answered once, by a note and a new ticket."""

    def check(self, seen: Snapshot) -> Verdict:
        others = [audit for audit in seen.history if not audit.author.is_ronda]
        causes = self.untold(seen, [Cause(f"audit-{audit.id}", audit.at) for audit in others])
        new = NewTicket(CARLA, "x", "y", "ronda:1:1")
        cures = (Note("note.footer", {"tag": "x"}), new) if causes else ()
        return Violates("violation.group", {"found": "–", "expected": "–"}, cures, causes)


def replay(
    story: Story,
    pack: Pack,
    since: datetime = OPENED,
    until: datetime = LATER,
    ceiling: Mode = Mode.ENFORCE,
) -> list[Event]:
    return list(replayed(story.seen(after=60 * DAY), pack, since, until, ceiling))


def told(events: list[Event]) -> list[tuple[timedelta, Kind, tuple[str, ...]]]:
    return [(event.at - OPENED, event.kind, event.rules) for event in events]


def test_a_ticket_that_always_complied_has_no_events() -> None:
    assert replay(Story(priority="high").then(PAULO, note="oi"), pack_of(high())) == []


def test_what_was_wrong_is_cured_at_the_moment_it_arose_and_once() -> None:
    story = Story(by=PAULO, priority="high").then(PAULO, priority="low").then(PAULO, note="oi").then(PAULO, tags={"a"})

    assert replay(story, pack_of(high())) == [
        Event(1, OPENED + 5 * MINUTE, Kind.CURED, ("tiny.high",), "priority: low → high")
    ]


def test_a_new_cause_is_told_again() -> None:
    story = Story(priority="low").then(PAULO, priority="high").then(PAULO, priority="low")

    assert [event.at - OPENED for event in replay(story, pack_of(high()))] == [timedelta(0), 10 * MINUTE]


def test_several_rules_cure_one_update() -> None:
    story = Story(by=PAULO, group="Suporte", tags={"website"}, status="open").then(
        PAULO, group=WEBSITE, assignee=JENYFER
    )

    assert told(replay(story, website())) == [
        (timedelta(0), Kind.CURED, ("website.group",)),
        (timedelta(0), Kind.CURED, ("website.analyst",)),
    ]


def test_a_promise_is_followed_from_message_to_message() -> None:
    story = Story(by=CARLA, channel="email", group="Suporte").then(PAULO, status="hold")
    events = replay(story, STAND_BY, until=OPENED + 7 * DAY)

    assert told(events) == [(2 * DAY * number + 5 * MINUTE, Kind.SENT, ("commerce.stand-by",)) for number in (1, 2, 3)]
    assert all(event.text.startswith("Olá!") for event in events)


def test_a_promise_ends_with_the_wait() -> None:
    story = (
        Story(by=CARLA, channel="email", group="Suporte")
        .then(PAULO, status="hold")
        .then(PAULO, after=3 * DAY, status="solved")
    )

    assert len(replay(story, STAND_BY)) == 1


def test_a_persons_reply_puts_the_next_message_off() -> None:
    story = (
        Story(by=CARLA, channel="email", group="Suporte")
        .then(PAULO, status="hold")
        .then(PAULO, after=DAY, reply="Ainda vendo.")
    )

    assert [event.at - OPENED for event in replay(story, STAND_BY, until=OPENED + 4 * DAY)] == [3 * DAY + 5 * MINUTE]


def test_what_was_told_is_not_told_again() -> None:
    story = asked(description="curto").then(PAULO, note="visto").then(PAULO, note="de novo")
    events = [event for event in replay(story, commerce()) if event.kind is Kind.SENT]

    assert len(events) == 1


def test_a_new_ticket_is_opened_once() -> None:
    pack = pack_of(Answers(id="tiny.answers", mode=Mode.ENFORCE))
    events = replay(Story().then(PAULO, tags={"a"}), pack)

    assert told(events) == [
        (timedelta(0), Kind.OPENED, ("tiny.answers",)),
        (timedelta(0), Kind.TOLD, ("tiny.answers",)),
        (5 * MINUTE, Kind.TOLD, ("tiny.answers",)),
    ]


def test_marks_that_would_have_come_off_are_told_once() -> None:
    story = asked(tags={"faltam-dados"}).then(PAULO, note="oi").then(PAULO, note="olá")
    events = [event for event in replay(story, pack_of(shipped("complete"))) if event.kind is Kind.CURED]

    assert told(events) == [(timedelta(0), Kind.CURED, ("commerce.complete",))]


def test_only_what_lies_between_the_two_moments_is_told() -> None:
    story = Story(priority="low").then(PAULO, after=DAY, priority="high").then(PAULO, after=DAY, priority="low")
    pack = pack_of(high())

    assert [event.at - OPENED for event in replay(story, pack, since=OPENED + HOUR)] == [HOUR, 2 * DAY]
    assert [event.at - OPENED for event in replay(story, pack, until=OPENED + HOUR)] == [timedelta(0)]
    assert replay(story, pack, since=OPENED - 9 * DAY, until=OPENED - DAY) == []


def test_causes_from_before_the_rule_took_effect_are_left_alone() -> None:
    story = Story(priority="low").then(PAULO, after=DAY, note="oi")

    assert replay(story, pack_of(high(effective_from=OPENED + HOUR))) == []


def test_a_lower_ceiling_does_nothing() -> None:
    assert replay(Story(priority="low"), pack_of(high()), ceiling=Mode.AUDIT) == []


def test_a_rule_that_never_rests_is_stopped() -> None:
    with pytest.raises(NeverRests):
        replay(Story(), pack_of(Restless(id="tiny.restless", mode=Mode.ENFORCE)))


def test_replies_and_notes_of_one_look_are_told_apart() -> None:
    both = OnTag(
        id="tiny.a", mode=Mode.ENFORCE, tag="a", actions=(Reply("reply.greeting"), Note("note.footer", {"tag": "x"}))
    )

    assert [event.kind for event in replay(Story(tags={"a"}), pack_of(both))] == [Kind.SENT, Kind.TOLD]
