"""While a ticket waits, the requester hears from the desk at least every 48 hours."""

from dataclasses import replace
from datetime import time, timedelta

import pytest
from pydantic import ValidationError

from rules.business_hours import Schedule
from rules.catalog.stand_by import Caps, StandBy
from rules.promise import QuietHours
from rules.snapshot import Sent
from rules.ticket import RONDA, Comment, Person, Via
from rules.verdict import Complies, CouldNotTell, DoesNotApply, Violates
from tests.rules.tools import BRYAN, CARLA, DAY, HOUR, JENYFER, MINUTE, OPENED, PAULO, Story, check, cured, planned

PERIOD = 48 * HOUR
rule = StandBy(
    id="commerce.stand-by",
    cites="B12",
    field="standby_reason",
    reasons={"waiting-it": "waiting-it", "propagation": "propagation"},
    supervisor="Jenyfer Lima",
)
NIGHT = QuietHours(**{"from": time(21), "to": time(8)})  # São Paulo; the story opens at 11:00 there


def waiting(**fields: object) -> Story:
    """A ticket that enters stand-by five minutes after it was opened."""
    story = Story(by=CARLA, channel="email", assignee=PAULO, **fields)  # type: ignore[arg-type] # any field
    return story.then(PAULO, fields={"standby_reason": "waiting-it"})


ENTERED = OPENED + 5 * MINUTE


def test_ticket_that_does_not_wait_is_left_alone() -> None:
    assert check(rule, Story(by=CARLA)) == DoesNotApply("in stand-by")


def test_reason_that_the_pack_does_not_know_is_no_wait() -> None:
    assert check(rule, Story().then(PAULO, fields={"standby_reason": "lunch"})) == DoesNotApply("in stand-by")


def test_promise_is_kept_until_it_is_due_and_then_looked_at() -> None:
    assert check(rule, waiting()) == Complies(ENTERED + PERIOD)
    assert check(rule, waiting().seen(after=PERIOD - timedelta(seconds=1))) == Complies(ENTERED + PERIOD)


def test_requester_is_written_to_when_it_is_due() -> None:
    (update,) = planned(rule, waiting().seen(after=PERIOD)).updates
    assert update.comment is not None
    assert update.comment.public
    assert "nossa equipe técnica" in update.comment.text
    assert update.fields == {}


def test_after_the_message_the_next_one_is_due_a_period_later() -> None:
    story = waiting().then(RONDA, after=PERIOD, reply="Seguimos.")
    assert check(rule, story) == Complies(ENTERED + 2 * PERIOD)
    cured(rule, waiting().seen(after=PERIOD))


def test_service_that_was_away_for_a_week_writes_once() -> None:
    cured(rule, waiting().seen(after=7 * DAY))


def test_on_hold_without_a_reason_is_a_wait_unless_the_pack_says_no() -> None:
    story = Story(by=CARLA, channel="email").then(PAULO, status="hold")
    assert "reply.stand-by.on-hold" in repr(check(rule, story.seen(after=PERIOD)))
    off = rule.model_copy(update={"on_hold": None})
    assert check(off, story) == DoesNotApply("in stand-by")


def test_custom_status_can_be_the_reason() -> None:
    by_status = rule.model_copy(update={"statuses": {"Aguardando TI": "waiting-it"}})
    story = Story(by=CARLA).then(PAULO, status="hold", custom_status="Aguardando TI")
    assert check(by_status, story) == Complies(ENTERED + PERIOD)


class TestTheClock:
    def test_persons_public_comment_starts_it_anew(self) -> None:
        story = waiting().then(PAULO, after=DAY, reply="Ainda vendo.")
        assert check(rule, story) == Complies(ENTERED + DAY + PERIOD)

    def test_note_field_change_and_the_requesters_own_words_do_not(self) -> None:
        story = waiting().then(PAULO, note="vendo").then(PAULO, priority="high").then(CARLA, reply="E aí?")
        assert check(rule, story) == Complies(ENTERED + PERIOD)

    def test_changing_the_reason_does_not(self) -> None:
        story = waiting().then(PAULO, after=DAY, fields={"standby_reason": "propagation"})
        assert check(rule, story) == Complies(ENTERED + PERIOD)

    def test_leaving_and_entering_again_does(self) -> None:
        story = waiting().then(PAULO, after=DAY, fields={"standby_reason": None})
        assert check(rule, story) == DoesNotApply("in stand-by")
        assert check(rule, story.then(PAULO, fields={"standby_reason": "waiting-it"})) == Complies(story.at + PERIOD)

    def test_comment_before_the_wait_does_not_count_against_it(self) -> None:
        story = Story(by=PAULO).then(PAULO, after=DAY, fields={"standby_reason": "waiting-it"})
        assert check(rule, story) == Complies(OPENED + DAY + PERIOD)

    def test_automatic_answer_that_reopens_a_ticket_on_hold_ends_nothing(self) -> None:
        held = Story(by=CARLA, assignee=PAULO).then(PAULO, status="hold")
        away = held.then(CARLA, after=HOUR, reply="Resposta automática: estou de férias.", status="open")
        assert check(rule, away) == Complies(ENTERED + PERIOD)
        assert check(rule, away.then(CARLA, reply="Voltei, podem seguir")) == DoesNotApply("in stand-by")
        assert check(rule, away.then(PAULO, status="pending")) == DoesNotApply("in stand-by")
        again = away.then(CARLA, after=HOUR, reply="Voltei").then(PAULO, after=HOUR, status="hold")
        assert check(rule, again) == Complies(again.seen().history[-1].at + PERIOD)

    def test_automatic_answer_resets_nothing(self) -> None:
        seen = waiting().then(PAULO, after=DAY, reply="Estou de férias").seen()
        last = seen.history[-1]
        away = Comment(99, last.at, PAULO, True, "x", Via("email"), flags=frozenset({4}))
        seen = replace(seen, history=(*seen.history[:-1], replace(last, comment=away)))
        assert check(rule, seen) == Complies(ENTERED + PERIOD)

    def test_what_an_agent_writes_by_hand_counts_though_it_speaks_of_holidays(self) -> None:
        story = waiting().then(PAULO, after=DAY, reply="Olá! Estou de férias a partir de amanhã; a Ana segue com isto.")
        assert check(rule, story) == Complies(ENTERED + DAY + PERIOD)

    def test_who_had_the_ticket_and_has_left_the_account_since_has_answered_all_the_same(self) -> None:
        gone = replace(PAULO, role="end-user", groups=frozenset())
        story = Story(by=CARLA, assignee=gone).then(JENYFER, fields={"standby_reason": "waiting-it"})
        story = story.then(gone, after=DAY, reply="Amanhã eu volto.").then(JENYFER, assignee=JENYFER)
        assert check(rule, story) == Complies(ENTERED + DAY + PERIOD)

    def test_another_customers_comment_does_not(self) -> None:
        story = waiting().then(Person(77, "Emma Costa"), after=DAY, reply="Também espero.")
        assert check(rule, story) == Complies(ENTERED + PERIOD)

    def test_a_colleague_who_asks_does_not_answer_by_asking_on(self) -> None:
        story = Story(by=PAULO, requester=PAULO).then(JENYFER, fields={"standby_reason": "waiting-it"})
        assert check(rule, story.then(PAULO, after=DAY, reply="E agora?")) == Complies(ENTERED + PERIOD)

    def test_wait_that_the_history_does_not_show_began_with_the_ticket(self) -> None:
        assert check(rule, waiting().seen(history=())) == Complies(OPENED + PERIOD)

    def test_lead_pulls_the_message_earlier(self) -> None:
        early = rule.model_copy(update={"lead": 2 * HOUR})
        assert check(early, waiting()) == Complies(ENTERED + PERIOD - 2 * HOUR)

    def test_business_clock_needs_a_schedule(self) -> None:
        business = rule.model_copy(update={"clock": "business"})
        verdict = check(business, waiting())
        assert isinstance(verdict, CouldNotTell)
        assert verdict.alarm
        assert verdict.look_again_at == ENTERED + MINUTE + HOUR

    def test_business_clock_counts_the_schedules_hours(self) -> None:
        business = rule.model_copy(update={"clock": "business", "every": 8 * HOUR})
        office = Schedule("America/Sao_Paulo", {day: ((time(9), time(18)),) for day in range(5)})
        assert check(business, waiting().seen(schedule=office)) == Complies(OPENED + DAY - HOUR + 5 * MINUTE)


def test_whatever_moved_the_message_is_said_of_the_verdict() -> None:
    def found(**fields: object) -> dict[str, str]:
        verdict = check(rule.model_copy(update=fields), waiting())
        assert isinstance(verdict, Complies)
        return dict(verdict.found)

    plain = found()
    assert (plain["start_at"], plain["due_at"]) == (ENTERED.isoformat(), (ENTERED + PERIOD).isoformat())
    assert (plain["keep_at"], plain["every"], plain["clock"]) == (plain["due_at"], "48h", "calendar")
    assert not plain.keys() & {"lead", "quiet", "instead"}
    assert found(lead=2 * HOUR)["lead"] == "2h"
    assert "quiet" not in found(quiet=NIGHT)  # due at 11:05
    assert found(quiet=NIGHT, every=36 * HOUR)["quiet"] == "21:00-08:00 America/Sao_Paulo"


class TestQuietHours:
    quiet = rule.model_copy(update={"quiet": NIGHT, "every": 36 * HOUR})  # due at 23:05

    def test_message_due_at_night_goes_out_before(self) -> None:
        evening = OPENED + DAY + 10 * HOUR - 10 * MINUTE  # 20:50
        assert check(self.quiet, waiting()) == Complies(evening)
        assert not planned(self.quiet, waiting().seen(after=evening - ENTERED)).is_empty

    def test_nobody_is_written_to_at_night_even_when_it_is_late(self) -> None:
        seen = waiting().seen(after=37 * HOUR)  # the service was away in the evening
        verdict = check(self.quiet, seen)
        assert isinstance(verdict, Violates)
        assert verdict.look_again_at == OPENED + DAY + 21 * HOUR  # 08:00
        assert planned(self.quiet, seen).is_empty


class TestPeople:
    def test_assignee_is_reminded_once_before(self) -> None:
        reminding = rule.model_copy(update={"remind_assignee": 4 * HOUR})
        assert check(reminding, waiting()) == Complies(ENTERED + PERIOD - 4 * HOUR)
        seen = waiting().seen(after=PERIOD - 4 * HOUR)
        (update,) = planned(reminding, seen).updates
        assert update.comment is not None
        assert (update.comment.public, update.comment.mentions) == (False, (PAULO,))
        cured(reminding, seen)

    def test_nobody_is_reminded_where_nobody_is_assigned(self) -> None:
        reminding = rule.model_copy(update={"remind_assignee": 4 * HOUR})
        story = Story(by=CARLA).then(PAULO, fields={"standby_reason": "waiting-it"})
        assert check(reminding, story) == Complies(ENTERED + PERIOD)

    def test_supervisor_is_told_once_after_so_many_messages_in_a_row(self) -> None:
        escalating = rule.model_copy(update={"escalate_after": 2})
        once = waiting().then(RONDA, after=PERIOD, reply="Seguimos.")
        assert planned(escalating, once).is_empty
        twice = once.then(RONDA, after=PERIOD, reply="Seguimos.")
        (update,) = planned(escalating, twice).updates
        assert update.comment is not None
        assert (update.comment.public, update.comment.mentions) == (False, (JENYFER,))
        cured(escalating, twice)

    def test_persons_message_ends_the_row(self) -> None:
        escalating = rule.model_copy(update={"escalate_after": 2})
        story = waiting().then(RONDA, after=PERIOD, reply="Seguimos.").then(BRYAN, reply="Estou vendo.")
        assert planned(escalating, story.then(RONDA, after=PERIOD, reply="Seguimos.")).is_empty

    def test_supervisor_who_left_is_not_told(self) -> None:
        escalating = rule.model_copy(update={"escalate_after": 1})
        story = waiting().then(RONDA, after=PERIOD, reply="Seguimos.")
        assert planned(escalating, story.seen(people={})).is_empty
        unnamed = escalating.model_copy(update={"supervisor": None})
        assert planned(unnamed, story).is_empty

    def test_enough_messages_for_a_reason_then_people_are_told_instead(self) -> None:
        limited = rule.model_copy(update={"max": {"waiting-it": 1}})
        assert "reply.stand-by.waiting-it" in repr(check(limited, waiting().seen(after=PERIOD)))
        story = waiting().then(RONDA, after=PERIOD, reply="Seguimos.")
        (update,) = planned(limited, story.seen(after=PERIOD)).updates
        assert update.comment is not None
        assert (update.comment.public, update.comment.mentions) == (False, (PAULO,))
        cured(limited, story.seen(after=PERIOD))


class TestOneMessageAPeriod:
    """Whatever becomes of it: the promise is what we have told, not what still stands on the ticket."""

    def test_ours_counts_whatever_it_says(self) -> None:
        story = waiting().then(RONDA, after=PERIOD, reply="Mensagem automática: seguimos.", channel="email")
        assert check(rule, story) == Complies(ENTERED + 2 * PERIOD)

    def test_one_that_was_hidden_since_is_not_sent_again_before_the_next_period(self) -> None:
        (update,) = planned(rule, waiting().seen(after=PERIOD)).updates
        story = waiting().then(RONDA, after=PERIOD, reply="Seguimos.", told=update.told)
        hidden = [replace(each, comment=each.comment and replace(each.comment, public=False)) for each in story.audits]
        history = (story.audits[0], *hidden[1:])

        verdict = check(rule, story.seen(history=history))
        assert isinstance(verdict, Violates)
        assert (verdict.cures, verdict.look_again_at) == ((), ENTERED + 2 * PERIOD)
        assert not planned(rule, story.seen(after=PERIOD, history=history)).is_empty

    def test_until_it_is_written_it_is_looked_at_again(self) -> None:
        verdict = check(rule, waiting().seen(after=PERIOD))
        assert isinstance(verdict, Violates)
        assert verdict.look_again_at == ENTERED + 2 * PERIOD


class TestConversations:
    def test_of_a_ticket_that_the_requester_knows_nothing_of_the_assignee_is_told(self) -> None:
        story = Story(by=BRYAN, assignee=PAULO, description="Suspeita de fraude.")
        comment = story.audits[0].comment
        story.audits[0] = replace(story.audits[0], comment=comment and replace(comment, public=False))
        story.then(PAULO, fields={"standby_reason": "waiting-it"})
        (update,) = planned(rule, story.seen(after=PERIOD)).updates
        assert update.comment is not None
        assert (update.comment.public, update.comment.mentions) == (False, (PAULO,))
        (update,) = planned(rule, story.then(PAULO, reply="Bom dia.").seen(after=PERIOD)).updates
        assert update.comment is not None
        assert update.comment.public

    @pytest.mark.parametrize("channel", ["chat", "whatsapp", "native_messaging"])
    def test_assignee_is_told_instead_once_a_period(self, channel: str) -> None:
        story = Story(by=CARLA, channel=channel, assignee=PAULO).then(PAULO, fields={"standby_reason": "waiting-it"})
        seen = story.seen(after=PERIOD)
        (update,) = planned(rule, seen).updates
        assert update.comment is not None
        assert (update.comment.public, update.comment.mentions) == (False, (PAULO,))
        cured(rule, seen)
        told = story.then(RONDA, after=PERIOD, note="x", told=update.told)
        verdict = check(rule, told)
        assert isinstance(verdict, Violates)
        assert verdict.look_again_at == ENTERED + 2 * PERIOD
        assert not planned(rule, told.seen(after=PERIOD)).is_empty

    def test_pack_may_choose_a_reply(self) -> None:
        replying = rule.model_copy(update={"conversations": "reply"})
        story = Story(by=CARLA, channel="chat").then(PAULO, fields={"standby_reason": "waiting-it"})
        (update,) = planned(replying, story.seen(after=PERIOD)).updates
        assert update.comment is not None
        assert update.comment.public


class TestTheEndOfAWait:
    def test_solving_ends_it_though_the_reason_stands(self) -> None:
        story = waiting().then(PAULO, after=DAY, status="solved").then(CARLA, after=DAY, status="open")
        assert check(rule, story) == Complies(story.at + PERIOD)

    @pytest.mark.parametrize("tag", ["ronda-exempt", "ronda-exempt-commerce-stand-by"])
    def test_exemption_ends_it_until_its_tag_is_removed(self, tag: str) -> None:
        story = waiting().then(PAULO, after=DAY, tags={tag}).then(PAULO, after=3 * DAY, tags=set())
        assert check(rule, story) == Complies(story.at + PERIOD)

    def test_exemption_that_ran_out_lets_it_begin_anew(self) -> None:
        story = waiting().then(PAULO, after=DAY, tags={"ronda-exempt"})
        ran_out = story.at + 30 * DAY
        assert check(rule, story.seen(after=30 * DAY)) == Complies(ran_out + PERIOD)
        later = story.then(PAULO, after=31 * DAY, note="ainda isento?")
        assert check(rule, later) == Complies(ran_out + PERIOD)

    def test_exemption_from_another_rule_is_none(self) -> None:
        story = waiting().then(PAULO, after=DAY, tags={"ronda-exempt-commerce-sector"})
        assert check(rule, story) == Complies(ENTERED + PERIOD)


class TestCaps:
    capped = rule.model_copy(update={"caps": Caps(requester_a_day=2, all_an_hour=50)})

    @pytest.mark.parametrize(
        ("sent", "says"), [(Sent(2, 2), "o máximo de mensagens automáticas de um dia"), (Sent(0, 50), "de uma hora")]
    )
    def test_assignee_is_told_instead_once_a_period(self, sent: Sent, says: str) -> None:
        seen = waiting().seen(after=PERIOD, sent=sent)
        (update,) = planned(self.capped, seen).updates
        assert update.comment is not None
        assert says in update.comment.text
        assert (update.comment.public, update.comment.mentions) == (False, (PAULO,))
        cured(self.capped, seen)

    def test_fewer_messages_than_the_caps_leave_the_promise_alone(self) -> None:
        (update,) = planned(self.capped, waiting().seen(after=PERIOD, sent=Sent(1, 49))).updates
        assert update.comment is not None
        assert update.comment.public

    def test_withheld_message_is_said_of_the_verdict(self) -> None:
        verdict = check(self.capped, waiting().seen(after=PERIOD, sent=Sent(2, 2)))
        assert isinstance(verdict, Violates)
        assert verdict.found["instead"] == "note.stand-by.requester-cap"

    def test_next_period_tries_again(self) -> None:
        verdict = check(self.capped, waiting().seen(after=PERIOD, sent=Sent(2, 2)))
        assert isinstance(verdict, Violates)
        assert verdict.look_again_at == ENTERED + 2 * PERIOD


class TestSwitchingOn:
    late = rule.model_copy(update={"effective_from": ENTERED + PERIOD + MINUTE})

    def test_promise_that_fell_due_before_is_only_recorded(self) -> None:
        verdict = check(self.late, waiting().seen(after=3 * DAY))
        assert isinstance(verdict, Violates)
        assert planned(self.late, waiting().seen(after=3 * DAY)).is_empty
        assert verdict.look_again_at == ENTERED + 2 * PERIOD

    def test_the_next_time_it_falls_due_the_requester_hears(self) -> None:
        assert not planned(self.late, waiting().seen(after=2 * PERIOD)).is_empty
        cured(self.late, waiting().seen(after=2 * PERIOD))

    def test_promise_that_falls_due_after_is_kept(self) -> None:
        before = rule.model_copy(update={"effective_from": ENTERED + PERIOD - MINUTE})
        assert not planned(before, waiting().seen(after=3 * DAY)).is_empty


class TestWhatThePackMaySay:
    @pytest.mark.parametrize(
        ("wrong", "says"),
        [
            ({"reasons": {"x": "waiting-it"}, "field": None}, "name it under 'field'"),
            ({"escalate_after": 2, "supervisor": None}, "needs a 'supervisor'"),
            ({"every": "12h", "quiet": {"from": "20:00", "to": "08:00"}}, "leave nothing of 'every'"),
            ({"every": "13h10m", "quiet": {"from": "20:00", "to": "08:00"}}, "leave nothing of 'every'"),
            ({"every": "4h", "lead": "2h", "remind_assignee": "2h"}, "leave nothing of 'every'"),
            ({"reasons": {"x": "lunch"}}, "Input should be 'applying-fix'"),
            ({"every": "10m"}, "greater than or equal to 1 hour"),
            ({"caps": {"requester_a_day": 0}}, "greater than or equal to 1"),
        ],
    )
    def test_what_does_not_add_up_is_refused(self, wrong: dict[str, object], says: str) -> None:
        with pytest.raises(ValidationError, match=says):
            StandBy.model_validate({"id": "commerce.stand-by", "field": "standby_reason", **wrong})


def test_rounds_look_at_what_waits() -> None:
    assert rule.watches(waiting().ticket)
    assert rule.watches(Story(status="hold").ticket)
    assert not rule.watches(Story().ticket)
    assert not rule.watches(waiting().then(PAULO, status="solved").ticket)


def test_schedule_without_working_time_cannot_tell() -> None:
    business = rule.model_copy(update={"clock": "business"})
    assert business.counts_working_time
    assert not rule.counts_working_time
    verdict = check(business, waiting().seen(schedule=Schedule("America/Sao_Paulo", {})))
    assert isinstance(verdict, CouldNotTell)
    assert (verdict.alarm, verdict.broke_down) == (True, False)


def test_working_time_of_several_missed_periods_is_one_message() -> None:
    business = rule.model_copy(update={"clock": "business", "every": 8 * HOUR})
    office = Schedule("America/Sao_Paulo", {day: ((time(9), time(18)),) for day in range(5)})
    seen = waiting().seen(after=7 * DAY, schedule=office)
    (update,) = planned(business, seen).updates
    assert update.comment is not None
    assert update.comment.public
    cured(business, seen)


def test_notes_tell_the_time_of_the_desk() -> None:
    reminding = rule.model_copy(update={"remind_assignee": 4 * HOUR})
    (update,) = planned(reminding, waiting().seen(after=PERIOD - 4 * HOUR)).updates
    assert update.comment is not None
    assert "Em 12/03/2026, às 11:05, o cliente" in update.comment.text
