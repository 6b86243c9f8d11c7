"""One look at one ticket: what it writes, what it leaves alone, what it writes down, and when it looks again."""

from collections.abc import Callable
from dataclasses import replace

import pytest
from structlog.testing import capture_logs

from enforcement.agenda import LEASE, Next
from enforcement.brakes import Limits
from enforcement.ledger_rows import Outcome, Word
from enforcement.look import STALE_READS
from integration.gateway import (
    AccessDenied,
    OutcomeUnknown,
    RateLimited,
    TicketChanged,
    TicketNotFound,
    Unreachable,
    UnreadableAnswer,
    UpdateRefused,
    WrongAccount,
)
from rules.mode import Mode
from rules.plan import NewComment, Update
from rules.snapshot import Snapshot
from tests.enforcement.desk import (
    BREAKS,
    GROUP,
    HOUR,
    MINUTE,
    MOVES,
    NOW,
    REPLIES,
    SECOND,
    TELLS,
    UNSURE,
    Desk,
    Relates,
    Waits,
    right,
    wrong,
)
from tests.rules.tools import CARLA, JENYFER, OPENED, PAULO, TEAM

OpenDesk = Callable[..., Desk]


# What is right and what is not


def test_a_ticket_that_complies_is_left_alone(desk: Desk) -> None:
    desk.put(right())

    assert desk.look() is None
    assert desk.helpdesk.stored == []
    assert desk.verdict("desk.group").word is Word.COMPLIES
    assert desk.ledger.actions(1) == []


def test_a_broken_ticket_is_cured_with_one_update(desk: Desk) -> None:
    desk.put(wrong())

    assert desk.look() is None
    assert desk.ticket.group == TEAM.group
    assert len(desk.helpdesk.stored) == 1


def test_what_was_done_is_written_down_with_before_and_after(desk: Desk) -> None:
    desk.put(wrong())
    desk.look()

    (action,) = desk.ledger.actions(1)
    assert (action.field, action.before, action.after) == ("group", "Suporte", TEAM.group)
    assert (action.rules, action.outcome) == (("desk.group",), Outcome.APPLIED)
    assert desk.verdict("desk.group").word is Word.COMPLIES


def test_the_echo_of_our_own_update_costs_one_read_and_stops(desk: Desk) -> None:
    desk.put(wrong())
    desk.look()
    reads = len(desk.helpdesk.fetched)

    assert desk.look(event_at=desk.ticket.updated_at) is None
    assert len(desk.helpdesk.fetched) == reads + 1
    assert len(desk.helpdesk.stored) == 1
    assert desk.outcomes() == ["judged", "unchanged"]


def test_what_a_person_changes_is_judged_anew(desk: Desk) -> None:
    desk.put(right(group="Suporte"))
    desk.look()
    desk.helpdesk.edit(1, PAULO, Update(add_tags=frozenset({"website"})))
    desk.look()

    assert desk.ticket.group == TEAM.group


def test_one_look_carries_out_one_plan_and_the_next_one_the_rest(desk: Desk) -> None:
    """Something that undoes our update within its own answer must not hold a worker for ever."""
    desk.put(wrong())
    apply = desk.helpdesk.apply

    def apply_and_be_undone(seen: Snapshot, update: Update, operation: str) -> Snapshot:
        after = apply(seen, update, operation)
        desk.undo()
        fresh = desk.helpdesk.fetch(1, frozenset())
        assert isinstance(fresh, Snapshot)
        return replace(after, ticket=fresh.ticket)

    desk.helpdesk.apply = apply_and_be_undone  # type: ignore[method-assign]

    assert desk.look() == Next(desk.clock.now(), "not right yet")
    assert len(desk.helpdesk.stored) == 1
    assert desk.outcomes() == ["unsettled"]


def test_with_the_ceiling_at_audit_nothing_is_written(open_desk: OpenDesk) -> None:
    desk = open_desk(GROUP, TELLS, REPLIES, MOVES, ceiling=Mode.AUDIT)
    desk.put(wrong())

    assert desk.look() is None
    assert desk.helpdesk.stored == []
    assert list(desk.helpdesk.updated_since(NOW - HOUR)) == [(1, desk.ticket.updated_at)]
    assert desk.verdict("desk.group").word is Word.VIOLATES


def test_with_the_ceiling_at_warn_an_agent_is_told_once_and_no_field_is_set(open_desk: OpenDesk) -> None:
    desk = open_desk(ceiling=Mode.WARN)
    desk.put(wrong())
    desk.look()
    desk.undo(by=JENYFER)  # nothing changes, but the clock goes on
    desk.look()

    assert desk.ticket.group == "Suporte"
    assert desk.notes() == 1


def test_a_cause_from_before_the_rule_took_effect_is_reported_and_left_alone(open_desk: OpenDesk) -> None:
    desk = open_desk(GROUP.model_copy(update={"effective_from": NOW}))
    desk.put(wrong())

    assert desk.look() is None
    assert desk.helpdesk.stored == []
    assert desk.verdict("desk.group").word is Word.VIOLATES


# When to look again


def test_an_unchanged_ticket_keeps_its_timer(open_desk: OpenDesk) -> None:
    desk = open_desk(Waits(id="desk.waits", until=NOW + HOUR))
    desk.put(right())

    assert desk.look() == Next(NOW + HOUR, "timer")
    assert desk.look() == Next(NOW + HOUR, "timer")
    assert desk.outcomes() == ["judged", "unchanged"]


def test_an_event_does_not_lose_the_timer_on_the_agenda(open_desk: OpenDesk) -> None:
    desk = open_desk(Waits(id="desk.waits", until=NOW + HOUR))
    desk.put(right())
    desk.look()
    desk.look()

    assert [(entry.at, entry.reason) for entry in desk.agenda.entries()] == [(NOW + HOUR, "timer")]


def test_when_its_timer_comes_an_unchanged_ticket_is_judged_anew(open_desk: OpenDesk) -> None:
    desk = open_desk(Waits(id="desk.waits", until=NOW + MINUTE))
    desk.put(right())
    desk.look()
    desk.clock.advance(MINUTE)

    assert desk.look() is None
    assert desk.outcomes() == ["judged", "judged"]


def test_a_doubted_ticket_is_judged_anew_though_it_is_as_it_was(desk: Desk) -> None:
    desk.put(right())
    desk.look()
    desk.ledger.doubt(1, at=desk.clock.now())
    desk.look()
    desk.look()

    assert desk.outcomes() == ["judged", "judged", "unchanged"]


def test_another_version_of_the_pack_judges_anew(desk: Desk) -> None:
    desk.put(right())
    desk.look()
    desk.watch = replace(desk.watch, version="pack-2")
    desk.look()

    assert desk.outcomes() == ["judged", "judged"]


def test_a_read_that_is_older_than_the_event_is_repeated_in_two_seconds(desk: Desk) -> None:
    desk.put(wrong())
    told = desk.ticket.updated_at + SECOND

    assert desk.look(event_at=told) == Next(desk.clock.now() + 2 * SECOND, "event", attempts=1)
    assert desk.helpdesk.stored == []


def test_an_event_from_the_future_does_not_stop_the_look_for_ever(desk: Desk) -> None:
    """A trigger's text for a time may lack its zone: then what we read is what there is."""
    desk.put(wrong())
    told = desk.ticket.updated_at + 3 * HOUR
    looks = [desk.look(event_at=told) for _ in range(STALE_READS + 1)]

    assert looks[-1] is None
    assert desk.ticket.group == TEAM.group
    assert desk.outcomes() == ["stale"] * STALE_READS + ["judged"]


def test_a_fraction_of_a_second_in_an_event_makes_no_read_old(desk: Desk) -> None:
    desk.put(wrong())
    desk.look(event_at=desk.ticket.updated_at.replace(microsecond=900_000))

    assert desk.ticket.group == TEAM.group


def test_an_old_event_changes_nothing_about_a_look(desk: Desk) -> None:
    desk.put(wrong())
    desk.look(event_at=desk.ticket.updated_at - HOUR)

    assert desk.ticket.group == TEAM.group


# Tickets that are not there


def test_a_deleted_ticket_is_forgotten(desk: Desk) -> None:
    desk.put(wrong())
    desk.look()
    desk.helpdesk.delete(1)

    assert desk.look() is None
    assert desk.ledger.verdicts(1) == []
    assert desk.agenda.entries() == []
    assert desk.outcomes()[-1] == "gone"


def test_a_ticket_that_an_event_tells_of_may_still_be_coming(desk: Desk) -> None:
    assert desk.look(event_at=OPENED) == Next(desk.clock.now() + 2 * SECOND, "event", attempts=1)

    desk.put(wrong())
    desk.look()
    assert desk.ticket.group == TEAM.group


def test_a_ticket_that_never_comes_is_forgotten_after_some_looks(desk: Desk) -> None:
    looks = [desk.look(event_at=NOW) for _ in range(STALE_READS + 1)]

    assert looks[-1] is None
    assert desk.agenda.entries() == []


# Refusals, conflicts, lost answers


def test_a_refused_part_is_left_out_and_the_rest_is_written(open_desk: OpenDesk) -> None:
    desk = open_desk(GROUP, TELLS)
    desk.put(wrong(by=CARLA))
    desk.helpdesk.fail_update = UpdateRefused(1, {"group": "Group: is invalid"})

    assert desk.look() is None
    assert desk.ticket.group == "Suporte"
    assert desk.notes() == 1
    done = {(action.field, action.outcome, action.detail) for action in desk.ledger.actions(1)}
    assert done == {("group", Outcome.REFUSED, "group"), ("note", Outcome.APPLIED, "")}
    assert desk.verdict("desk.group").word is Word.VIOLATES


def test_what_zendesk_refuses_is_not_tried_again_until_the_ticket_changes(desk: Desk) -> None:
    desk.put(wrong())
    desk.helpdesk.fail_update = UpdateRefused(1, {"group": "Group: is invalid"})
    desk.look()
    desk.look()
    assert desk.outcomes() == ["judged", "unchanged"]

    desk.helpdesk.edit(1, PAULO, Update(fields={"priority": "low"}))
    desk.look()
    assert desk.ticket.group == TEAM.group


def test_a_refusal_that_names_no_part_of_ours_ends_the_update(desk: Desk) -> None:
    desk.put(wrong())
    desk.helpdesk.fail_update = UpdateRefused(1, {"base": "something else is missing"})

    assert desk.look() is None
    assert desk.helpdesk.stored == []
    assert [(row.field, row.outcome, row.detail) for row in desk.ledger.actions(1)] == [
        ("group", Outcome.REFUSED, "base")
    ]


def test_a_persons_edit_between_read_and_write_survives(desk: Desk) -> None:
    desk.put(wrong())
    desk.clock.advance(HOUR)
    desk.helpdesk.before_update = lambda: desk.helpdesk.edit(1, PAULO, Update(fields={"priority": "urgent"}))

    with pytest.raises(TicketChanged):
        desk.look()
    assert (desk.ticket.group, desk.ticket.priority) == ("Suporte", "urgent")

    desk.clock.advance(LEASE)  # the worker would have put it back at once
    desk.look()
    assert (desk.ticket.group, desk.ticket.priority) == (TEAM.group, "urgent")


def test_a_cure_that_the_person_made_meanwhile_is_not_made_twice(desk: Desk) -> None:
    desk.put(wrong())
    desk.clock.advance(HOUR)
    desk.helpdesk.before_update = lambda: desk.helpdesk.edit(1, PAULO, Update(fields={"group": TEAM.group}))
    with pytest.raises(TicketChanged):
        desk.look()
    desk.clock.advance(LEASE)
    desk.look()

    assert desk.helpdesk.stored == []
    assert desk.verdict("desk.group").word is Word.COMPLIES


def test_a_note_whose_answer_was_lost_is_not_written_twice(open_desk: OpenDesk) -> None:
    desk = open_desk(TELLS)
    desk.put(right(by=CARLA))
    desk.helpdesk.lose_answer = True
    with pytest.raises(OutcomeUnknown):
        desk.look()
    assert [action.outcome for action in desk.ledger.actions(1)] == [Outcome.UNKNOWN]

    desk.clock.advance(LEASE)
    desk.look()
    assert desk.notes() == 1
    assert desk.outcomes() == ["unsettled", "judged"]


@pytest.mark.parametrize("error", [UnreadableAnswer("the ticket", "it is missing"), WrongAccount("…"), ValueError("…")])
def test_an_update_that_may_be_stored_counts_for_the_brakes(desk: Desk, error: Exception) -> None:
    desk.put(wrong())
    desk.helpdesk.fail_update = error

    with pytest.raises(type(error)):
        desk.look()

    assert [action.outcome for action in desk.ledger.actions(1)] == [Outcome.UNKNOWN]
    pressure = desk.ledger.pressure(1, desk.clock.now())
    assert (pressure.updates, pressure.on_ticket) == (1, 1)


@pytest.mark.parametrize(
    "error", [TicketChanged(1), TicketNotFound(1), RateLimited("…", 5.0), Unreachable("…", 5.0), AccessDenied("…")]
)
def test_an_update_that_is_surely_not_stored_counts_for_nothing(desk: Desk, error: Exception) -> None:
    desk.put(wrong())
    desk.helpdesk.fail_update = error

    with pytest.raises(type(error)):
        desk.look()

    assert desk.ledger.actions(1) == []


def test_close_to_the_end_of_its_lease_a_look_writes_nothing(desk: Desk) -> None:
    """Another worker may look at the ticket then, and both would write."""
    desk.put(wrong())
    claim = desk.claim()
    desk.clock.set(claim.until - MINUTE)

    assert desk.watch.look(claim) == Next(desk.clock.now(), "event", attempts=1)
    assert desk.helpdesk.stored == []


# Public comments


def test_a_public_comment_waits_until_the_second_of_the_stamp_is_over(open_desk: OpenDesk) -> None:
    desk = open_desk(REPLIES)
    desk.put(right(by=CARLA))
    desk.clock.advance(-3 * SECOND)  # the look is three seconds later
    desk.helpdesk.edit(1, PAULO, Update(fields={"priority": "low"}))
    desk.clock.set(desk.ticket.updated_at - 2 * SECOND)

    assert desk.look() == Next(desk.clock.now() + SECOND, "settling")
    assert desk.notes() == 0

    assert desk.look() is None
    assert desk.notes() == 1


def test_an_internal_note_does_not_wait(open_desk: OpenDesk) -> None:
    desk = open_desk(TELLS)
    desk.put(right(by=CARLA))
    desk.helpdesk.edit(1, PAULO, Update(fields={"priority": "low"}))
    desk.clock.set(desk.ticket.updated_at - 3 * SECOND)
    desk.look()

    assert desk.notes() == 1


# Brakes


def test_the_sixth_update_in_ten_minutes_trips_the_fuse(desk: Desk) -> None:
    desk.put(wrong())
    for _ in range(5):
        desk.look()
        assert desk.ticket.group == TEAM.group
        desk.undo()

    assert desk.look() is None
    assert desk.ticket.group == "Suporte"
    assert [fuse.ticket_id for fuse in desk.ledger.fuses()] == [1]
    assert len(desk.helpdesk.stored) == 5


def test_updates_over_a_longer_time_trip_nothing(desk: Desk) -> None:
    desk.put(wrong())
    for _ in range(12):
        desk.look()
        assert desk.ticket.group == TEAM.group
        desk.clock.advance(2 * MINUTE)
        desk.undo()

    assert desk.ledger.fuses() == []


@pytest.fixture
def tripped(desk: Desk) -> Desk:
    desk.put(wrong())
    for _ in range(6):
        desk.look()
        desk.undo()
    assert desk.ledger.fuses()
    return desk


def test_a_tripped_fuse_leaves_the_ticket_alone(tripped: Desk) -> None:
    tripped.clock.advance(HOUR)
    tripped.undo()
    tripped.look()

    assert tripped.ticket.group == "Suporte"


def test_a_tripped_fuse_is_reset_by_a_persons_edit(tripped: Desk) -> None:
    tripped.clock.advance(SECOND)
    tripped.helpdesk.edit(1, PAULO, Update(fields={"priority": "low"}))
    tripped.look()

    assert tripped.ticket.group == TEAM.group
    assert tripped.ledger.fuses() == []


def test_a_tripped_fuse_is_not_reset_by_a_customers_mail(tripped: Desk) -> None:
    """It may be the automatic answer to what we wrote."""
    tripped.clock.advance(SECOND)
    tripped.helpdesk.edit(1, CARLA, Update(comment=NewComment(public=True, text="Estou fora.", language="pt-BR")))
    tripped.look()

    assert tripped.ticket.group == "Suporte"
    assert tripped.ledger.fuses()


def test_an_edit_from_before_the_fuse_tripped_resets_nothing(desk: Desk) -> None:
    desk.put(wrong())
    for _ in range(6):
        desk.look()
        desk.undo(by=PAULO)  # such as an integration that works as an agent
    desk.ledger.trip_fuse(1, "by hand", at=desk.clock.now() + SECOND)
    desk.clock.advance(2 * SECOND)
    desk.look()

    assert desk.ticket.group == "Suporte"


def test_a_fuse_leaves_the_timers_alone(open_desk: OpenDesk) -> None:
    desk = open_desk(GROUP, Waits(id="desk.waits", until=NOW + HOUR))
    desk.put(wrong())
    desk.ledger.trip_fuse(1, "by hand", at=NOW)

    assert desk.look() == Next(NOW + HOUR, "timer")


def test_past_the_updates_of_an_hour_everything_pauses_and_says_so(open_desk: OpenDesk) -> None:
    desk = open_desk(limits=Limits(updates=2))
    for number in (1, 2, 3):
        desk.put(wrong(), number)
        desk.look(number)

    assert len(desk.helpdesk.stored) == 2
    paused = desk.ledger.paused()
    assert paused is not None
    assert (paused.reason, paused.by) == ("more than 2 updates in an hour", "the brakes")
    assert [entry.reason for entry in desk.agenda.entries()] == ["paused"]


def test_past_the_public_messages_of_an_hour_everything_pauses(open_desk: OpenDesk) -> None:
    desk = open_desk(REPLIES, limits=Limits(public_messages=1))
    for number in (1, 2):
        desk.put(right(by=CARLA), number)
        desk.look(number)

    assert len(desk.helpdesk.stored) == 1
    paused = desk.ledger.paused()
    assert paused is not None
    assert "public messages" in paused.reason


def test_while_it_is_paused_a_look_writes_nothing_and_comes_back(desk: Desk) -> None:
    desk.put(wrong())
    desk.ledger.pause("by hand", by="ana", at=NOW)

    assert desk.look() == Next(desk.clock.now() + MINUTE, "paused")
    assert desk.helpdesk.stored == []


def test_a_person_who_resumes_gets_a_whole_hours_limit_again(open_desk: OpenDesk) -> None:
    desk = open_desk(limits=Limits(updates=1))
    for number in (1, 2):
        desk.put(wrong(), number)
        desk.look(number)
    desk.ledger.resume(by="ana", at=desk.clock.now())
    desk.clock.advance(MINUTE)
    desk.look(2)

    assert desk.helpdesk.ticket(2).group == TEAM.group
    assert desk.ledger.paused() is None


# New tickets and related ones


def test_a_new_ticket_is_opened_once_and_told_of_once(open_desk: OpenDesk) -> None:
    desk = open_desk(MOVES)
    desk.put(right(by=CARLA))
    desk.look()
    desk.look()

    opened = [number for number, _ in desk.helpdesk.updated_since(NOW) if number != 1]
    assert len(opened) == 1
    assert desk.notes() == 1
    row = next(action for action in desk.ledger.actions(1) if action.field == "new ticket")
    assert (row.after, row.rules, row.outcome) == (str(opened[0]), ("desk.moves",), Outcome.APPLIED)


def test_a_new_ticket_is_there_before_anybody_is_told(open_desk: OpenDesk) -> None:
    desk = open_desk(MOVES)
    desk.put(right(by=CARLA))
    there: list[int] = []
    desk.helpdesk.before_update = lambda: there.extend(number for number, _ in desk.helpdesk.updated_since(NOW))
    desk.look()

    assert len([number for number in there if number != 1]) == 1


def test_a_look_that_ends_after_opening_opens_no_second_ticket(open_desk: OpenDesk) -> None:
    desk = open_desk(MOVES)
    desk.put(right(by=CARLA))
    desk.helpdesk.fail_update = TicketChanged(1)
    with pytest.raises(TicketChanged):
        desk.look()
    desk.clock.advance(LEASE)
    desk.look()

    assert len(list(desk.helpdesk.updated_since(NOW))) == 2
    assert desk.notes() == 1


def test_a_refused_note_about_a_new_ticket_ends_the_look(open_desk: OpenDesk) -> None:
    desk = open_desk(MOVES)
    desk.put(right(by=CARLA))
    desk.helpdesk.fail_update = UpdateRefused(1, {"comment": "is too long"})

    assert desk.look() is None
    assert desk.notes() == 0


def test_nobody_is_told_of_a_ticket_that_zendesk_refused_to_open(
    open_desk: OpenDesk, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk = open_desk(GROUP, MOVES)
    desk.put(wrong(by=CARLA))

    def refuse(*_: object) -> int:
        raise UpdateRefused(0, {"requester": "is suspended"})

    monkeypatch.setattr(desk.helpdesk, "open_ticket", refuse)
    assert desk.look() is None

    assert desk.notes() == 0
    assert desk.ticket.group == TEAM.group
    row = next(action for action in desk.ledger.actions(1) if action.field == "new ticket")
    assert (row.after, row.outcome, row.detail) == (None, Outcome.REFUSED, "requester")


def test_related_tickets_are_asked_even_if_the_look_ends_early(open_desk: OpenDesk) -> None:
    desk = open_desk(Relates(id="desk.relates", mode=Mode.ENFORCE, other=2))
    desk.put(right())
    desk.helpdesk.fail_update = OutcomeUnknown(1, "op")
    with pytest.raises(OutcomeUnknown):
        desk.look()

    assert 2 in {entry.ticket_id for entry in desk.agenda.entries()}


def test_two_tickets_that_name_each_other_come_to_rest(open_desk: OpenDesk) -> None:
    desk = open_desk(Relates(id="desk.relates", mode=Mode.ENFORCE, other=2))
    desk.put(right())
    desk.put(right(), 2)
    desk.look(1)
    other = replace(
        desk.watch,
        pack=desk.watch.pack.with_rules({"desk.relates": {"other": 1}}),
        version="pack-2",
    )
    for _ in range(6):
        desk.clock.advance(3 * SECOND)
        for claim in desk.agenda.claim(desk.clock.now(), limit=9):
            watch = desk.watch if claim.ticket_id == 1 else other
            desk.agenda.finish(claim, watch.look(claim), now=desk.clock.now())

    assert desk.agenda.entries() == []
    assert desk.related == [2, 1]


def test_a_rule_that_only_records_asks_no_related_ticket(open_desk: OpenDesk) -> None:
    desk = open_desk(GROUP, Relates(id="desk.relates", mode=Mode.AUDIT, other=2))
    desk.put(wrong())
    desk.look()

    assert desk.ticket.group == TEAM.group
    assert desk.related == []


# Rules that cannot tell


def test_a_rule_that_breaks_down_raises_an_alarm_and_the_others_go_on(
    open_desk: OpenDesk, caplog: pytest.LogCaptureFixture
) -> None:
    desk = open_desk(BREAKS, GROUP)
    desk.put(wrong())
    with capture_logs() as logs:
        desk.look()

    assert desk.ticket.group == TEAM.group
    stands = desk.verdict("desk.breaks")
    assert (stands.word, stands.key) == (Word.COULD_NOT_TELL, "the rule itself failed: ZeroDivisionError")
    alarms = [line for line in logs if line["event"] == "look.alarm"]
    assert {(line["rule"], line["log_level"]) for line in alarms} == {("desk.breaks", "error")}
    assert "desk.breaks" in caplog.text


def test_a_rule_that_needs_a_person_raises_an_alarm(open_desk: OpenDesk) -> None:
    desk = open_desk(UNSURE)
    desk.put(right())
    with capture_logs() as logs:
        desk.look()

    assert [(line["event"], line["why"]) for line in logs] == [("look.alarm", "nobody is available")]


# What a look leaves in the logs


def test_logs_hold_numbers_and_names_of_parts_only(open_desk: OpenDesk) -> None:
    desk = open_desk(GROUP, TELLS)
    desk.put(wrong(by=CARLA, description="segredo do cliente"))
    with capture_logs() as logs:
        desk.look()

    assert logs == [
        {
            "event": "look.cured",
            "log_level": "info",
            "ticket": 1,
            "rules": ("desk.group", "desk.tells"),
            "parts": ["comment", "group"],
        }
    ]
