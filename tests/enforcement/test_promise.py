"""The 48-hour promise through looks, agenda and ledger: exactly one message a period, whatever happens around it."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta

import pytest

from enforcement.agenda import Claim, Next
from enforcement.ledger_rows import Outcome, TicketRow, Word
from integration.gateway import OutcomeUnknown, RateLimited, TicketChanged
from rules.catalog.stand_by import Caps, StandBy
from rules.mode import Mode
from rules.pack import PackPerson
from rules.plan import NewComment, Update
from rules.snapshot import Snapshot
from tests.enforcement.desk import MINUTE, SECOND, Desk
from tests.rules.tools import CARLA, HOUR, OPENED, PAULO, Story

OpenDesk = Callable[..., Desk]

PERIOD = 48 * HOUR
RULE = StandBy(
    id="desk.stand-by", cites="B12", mode=Mode.ENFORCE, field="standby_reason", reasons={"waiting-it": "waiting-it"}
)
ENTERED = OPENED + 5 * MINUTE
DUE = ENTERED + PERIOD


def waiting() -> Story:
    story = Story(by=CARLA, channel="email", assignee=PAULO, group="Suporte")
    return story.then(PAULO, fields={"standby_reason": "waiting-it"})


@pytest.fixture
def desk(open_desk: OpenDesk) -> Desk:
    """Ticket 1 waits, was looked at, and its timer stands on the agenda."""
    desk = open_desk(RULE)
    desk.put(waiting())
    desk.clock.set(ENTERED + MINUTE)
    look_at_what_is_due(desk, ask=1)
    return desk


def look_at_what_is_due(desk: Desk, ask: int | None = None) -> None:
    """What the workers do, one after the other."""
    if ask is not None:
        desk.agenda.ask(ask, desk.clock.now(), "event")
    for claim in desk.agenda.claim(desk.clock.now(), limit=99):
        look(desk, claim)


def look(desk: Desk, claim: Claim) -> None:
    try:
        again = desk.watch.look(claim)
    except (OutcomeUnknown, TicketChanged, RateLimited) as error:
        wait = getattr(error, "retry_after", 5.0)
        again = Next(desk.clock.now() + timedelta(seconds=wait), claim.entry.reason, 1)
    desk.agenda.finish(claim, again, now=desk.clock.now())


def pass_time(desk: Desk, until: datetime) -> None:
    """Let the clock go to a moment, from timer to timer."""
    while (due := desk.agenda.next_due()) is not None and due <= until:
        desk.clock.set(max(due, desk.clock.now()))
        look_at_what_is_due(desk)
    desk.clock.set(until)


def messages(desk: Desk, number: int = 1) -> list[datetime]:
    """When the requester was written to."""
    seen = desk.helpdesk.fetch(number, desk.watch.pack.needs)
    assert isinstance(seen, Snapshot)
    return [comment.at for comment in seen.comments if comment.author.is_ronda and comment.public]


def sent_by_many_workers(desk: Desk, tickets: int) -> int:
    """Messages to tickets whose promises fall due at once and are looked at side by side, by an hour later."""
    numbers = range(1, tickets + 1)
    for number in numbers:
        desk.put(waiting(), number)
        desk.agenda.ask(number, DUE, "timer")
    desk.clock.set(DUE)
    claims = desk.agenda.claim(DUE, limit=99)
    with ThreadPoolExecutor(6) as threads:
        list(threads.map(lambda claim: look(desk, claim), claims))
    pass_time(desk, DUE + HOUR)
    return sum(len(messages(desk, number)) for number in numbers)


def reply(desk: Desk) -> None:
    text = NewComment(public=True, text="Estou vendo isso agora.", language="pt-BR")
    desk.helpdesk.edit(1, PAULO, Update(comment=text))


# Kept


def test_the_message_is_sent_when_it_is_due_and_every_period_after(desk: Desk) -> None:
    pass_time(desk, ENTERED + 7 * 24 * HOUR)

    assert messages(desk) == [DUE, DUE + PERIOD, DUE + 2 * PERIOD]


def test_after_a_week_away_one_message_is_sent(desk: Desk) -> None:
    desk.clock.set(ENTERED + 7 * 24 * HOUR)
    look_at_what_is_due(desk)
    pass_time(desk, ENTERED + 8 * 24 * HOUR)

    assert messages(desk) == [ENTERED + 7 * 24 * HOUR]


def test_leaving_stand_by_cancels_the_timer(desk: Desk) -> None:
    desk.helpdesk.edit(1, PAULO, Update(fields={"standby_reason": None}))
    look_at_what_is_due(desk, ask=1)

    pass_time(desk, DUE + PERIOD)
    assert messages(desk) == []
    assert desk.agenda.next_due() is None


def test_a_deleted_ticket_leaves_no_timer(desk: Desk) -> None:
    desk.helpdesk.delete(1)
    desk.clock.set(DUE)
    look_at_what_is_due(desk)

    assert desk.agenda.next_due() is None


# Exactly once


def test_a_crash_before_the_write_loses_no_message(desk: Desk) -> None:
    desk.clock.set(DUE)
    desk.agenda.claim(DUE)  # by a service that is killed at once
    desk.agenda.become_worker()
    look_at_what_is_due(desk)

    assert messages(desk) == [DUE]


def test_a_crash_after_the_answer_and_before_the_record_repeats_no_message(desk: Desk) -> None:
    desk.clock.set(DUE)
    (claim,) = desk.agenda.claim(DUE)
    desk.watch.look(claim)  # and killed before the agenda heard of it
    desk.agenda.become_worker()
    desk.clock.advance(3 * SECOND)
    look_at_what_is_due(desk)

    assert messages(desk) == [DUE]


def test_an_answer_that_is_lost_repeats_no_message(desk: Desk) -> None:
    desk.helpdesk.lose_answer = True
    pass_time(desk, DUE + HOUR)

    assert messages(desk) == [DUE]
    assert [row.outcome for row in desk.ledger.actions(1)] == [Outcome.UNKNOWN]


def test_a_write_that_was_never_stored_is_sent_again(desk: Desk) -> None:
    desk.helpdesk.fail_update = OutcomeUnknown(1, "op")
    pass_time(desk, DUE + HOUR)

    assert messages(desk) == [DUE + 5 * SECOND]


def test_a_write_that_zendesk_stores_after_our_read_back_is_the_only_one(desk: Desk) -> None:
    """It is stored while our second attempt is on its way: the second one meets another stamp."""
    desk.helpdesk.fail_update = OutcomeUnknown(1, "op")
    desk.clock.set(DUE)
    look_at_what_is_due(desk)
    seen = desk.helpdesk.fetch(1, desk.watch.pack.needs)
    assert isinstance(seen, Snapshot)
    first = Update(comment=NewComment(True, "Seguimos.", "pt-BR"))

    def store_the_first_one() -> None:
        desk.helpdesk.apply(seen, first, "op")

    desk.helpdesk.before_update = store_the_first_one
    pass_time(desk, DUE + HOUR)

    assert messages(desk) == [DUE + 5 * SECOND]


def test_a_persons_reply_just_before_ours_withdraws_ours(desk: Desk) -> None:
    desk.helpdesk.before_update = lambda: reply(desk)
    pass_time(desk, DUE + PERIOD - SECOND)

    assert messages(desk) == []
    pass_time(desk, DUE + PERIOD)
    assert messages(desk) == [DUE + PERIOD]


def test_a_persons_reply_in_the_second_before_the_promise_is_waited_for_and_seen(desk: Desk) -> None:
    """A stamp has whole seconds: within the second of a person's note, their reply could go unseen."""
    desk.clock.set(DUE)
    desk.helpdesk.edit(1, PAULO, Update(fields={"priority": "high"}))
    look_at_what_is_due(desk)
    assert messages(desk) == []
    reply(desk)
    pass_time(desk, DUE + HOUR)

    assert messages(desk) == []


def test_a_storm_of_429_across_the_due_moment_delays_one_message(desk: Desk) -> None:
    moments = []

    def storm() -> None:
        moments.append(desk.clock.now())
        if len(moments) < 6:
            desk.helpdesk.before_update = storm
            raise RateLimited("the limit is reached", 9.0)

    desk.helpdesk.before_update = storm
    pass_time(desk, DUE + HOUR)

    assert messages(desk) == [DUE + 5 * 9 * SECOND]


def test_duplicate_timers_and_deliveries_send_one_message(desk: Desk) -> None:
    desk.clock.set(DUE)
    for _ in range(3):
        desk.agenda.ask(1, DUE, "timer")
        desk.agenda.ask(1, DUE, "ticket.updated", delivery="d1")
        look_at_what_is_due(desk)
    pass_time(desk, DUE + HOUR)

    assert messages(desk) == [DUE]


def test_two_deliveries_at_once_send_one_message(desk: Desk) -> None:
    desk.clock.set(DUE)

    def deliver(number: int) -> None:
        desk.agenda.ask(1, DUE, "ticket.updated", delivery=f"d{number}")
        look_at_what_is_due(desk)

    with ThreadPoolExecutor(8) as threads:
        list(threads.map(deliver, range(16)))
    pass_time(desk, DUE + HOUR)

    assert messages(desk) == [DUE]


def test_a_second_worker_whose_lease_was_lost_sends_nothing_twice(desk: Desk) -> None:
    desk.clock.set(DUE)
    (slow,) = desk.agenda.claim(DUE, lease=10 * MINUTE)
    desk.agenda.become_worker()  # as if the lease had ended
    (quick,) = desk.agenda.claim(DUE, lease=10 * MINUTE)
    look(desk, quick)
    look(desk, slow)
    pass_time(desk, DUE + HOUR)

    assert messages(desk) == [DUE]


# Caps


def test_two_workers_at_once_keep_the_cap_of_one_requester(open_desk: OpenDesk) -> None:
    desk = open_desk(RULE.model_copy(update={"caps": Caps(requester_a_day=3)}))
    assert sent_by_many_workers(desk, tickets=12) == 3
    instead = [row for row in desk.ledger.recent_actions() if row.field == "note"]
    assert len(instead) == 9
    withheld = [row for number in range(1, 13) for row in desk.ledger.verdicts(number) if row.found.get("instead")]
    assert len(withheld) == 9


def test_a_cap_counts_one_day_and_one_requester(open_desk: OpenDesk) -> None:
    desk = open_desk(RULE.model_copy(update={"caps": Caps(requester_a_day=1)}))
    desk.put(waiting())
    desk.agenda.ask(1, DUE, "timer")
    pass_time(desk, DUE + PERIOD)

    assert messages(desk) == [DUE, DUE + PERIOD]


# What is written down


def test_the_ledger_holds_when_each_promise_is_due_and_whose_the_ticket_is(desk: Desk) -> None:
    (waiting,) = desk.ledger.promises()

    assert waiting.verdict.word is Word.COMPLIES
    assert waiting.verdict.look_again_at == DUE
    assert waiting.verdict.found["due_at"] == DUE.isoformat()
    assert waiting.ticket == TicketRow("Suporte", PAULO.name, PAULO.id, ENTERED)


def test_a_message_is_written_down_with_its_promise_and_its_requester(desk: Desk) -> None:
    desk.clock.set(DUE + 7 * SECOND)
    look_at_what_is_due(desk)

    (row,) = desk.ledger.promise_messages(since=OPENED)
    assert (row.at, row.due, row.requester_id) == (DUE + 7 * SECOND, DUE, CARLA.id)
    assert desk.ledger.promise_messages(since=DUE + MINUTE) == []
    sent = desk.ledger.sent(CARLA.id, desk.clock.now())
    assert (sent.to_requester, sent.to_anybody) == (1, 1)
    later = desk.ledger.sent(CARLA.id, DUE + 2 * HOUR)
    assert (later.to_requester, later.to_anybody) == (1, 0)
    assert desk.ledger.sent(CARLA.id, DUE + 25 * HOUR).to_requester == 0
    assert desk.ledger.sent(PAULO.id, desk.clock.now()).to_requester == 0


def test_who_the_pack_lists_as_away_is_away_on_the_days_of_the_desk(open_desk: OpenDesk) -> None:
    """The supervisor's last day away ends at midnight in São Paulo, three hours after it does in UTC."""
    desk = open_desk(RULE.model_copy(update={"escalate_after": 1, "supervisor": "Jenyfer Lima"}))
    away = desk.watch.pack.desk.model_copy(
        update={"people": {"Jenyfer Lima": PackPerson.model_validate({"absent": ["2026-03-12"]})}}
    )
    object.__setattr__(desk.watch, "pack", desk.watch.pack.model_copy(update={"desk": away}))
    desk.put(waiting())
    desk.agenda.ask(1, DUE, "timer")  # on 12 March at 11:05
    pass_time(desk, DUE)
    assert [row.field for row in desk.ledger.actions(1)] == ["reply"]

    desk.clock.set(OPENED.replace(day=13, hour=2, minute=59))
    desk.ledger.doubt(1, at=desk.clock.now())
    look_at_what_is_due(desk, ask=1)
    assert [row.field for row in desk.ledger.actions(1)] == ["reply"]

    desk.clock.set(OPENED.replace(day=13, hour=3, minute=1))
    desk.ledger.doubt(1, at=desk.clock.now())
    look_at_what_is_due(desk, ask=1)
    assert [row.field for row in desk.ledger.actions(1)] == ["note", "reply"]
