"""How long answers and solutions take, in business hours."""

from dataclasses import replace
from datetime import time, timedelta

import pytest

from rules.business_hours import Schedule
from rules.catalog.answer_time import AnswerTime, AnswerTimes, NoSchedule
from rules.queue import Queue
from rules.snapshot import Snapshot
from rules.ticket import RONDA
from rules.verdict import DoesNotApply
from tests.rules.commerce import ANA, asked, shipped
from tests.rules.tools import CARLA, DAY, HOUR, OPENED, PAULO, Story, check

rule = shipped("answer-time")
WEEKDAYS = Schedule("America/Sao_Paulo", dict.fromkeys(range(5), ((time(9), time(17)),)))
ALWAYS = Schedule("UTC", dict.fromkeys(range(7), ((time(0), time(0)),)))


def told(number: int, story: Story) -> Snapshot:
    return replace(story.seen(), ticket=replace(story.ticket, id=number))


def report(*stories: Story, after: timedelta = 30 * DAY, schedule: Schedule | None = ALWAYS) -> AnswerTimes:
    assert isinstance(rule, AnswerTime)
    tickets = tuple(told(number, story) for number, story in enumerate(stories, 1))
    found = rule.report(Queue(tickets, OPENED + after, schedule))
    assert isinstance(found, AnswerTimes)
    return found


def test_single_ticket_says_nothing() -> None:
    assert check(rule, asked()) == DoesNotApply("in audits only")


def test_without_a_schedule_there_are_no_business_hours() -> None:
    with pytest.raises(NoSchedule):
        report(asked(), schedule=None)


def test_empty_queue_has_no_median() -> None:
    empty = {"count": 0, "median_hours": None, "share": None}
    assert report().values == {"answered": empty, "solved": empty, "unanswered": []}


def test_first_answers_by_people_are_measured_in_business_time() -> None:
    over_night = asked().then(ANA, reply="Olá!", after=24 * HOUR)  # Tuesday 11:00 to Wednesday 11:00: 8 hours
    found = report(over_night, schedule=WEEKDAYS)
    assert found.answered.values == {"count": 1, "median_hours": 8.0, "share": 1.0}


def test_answers_by_ronda_and_notes_are_not_counted() -> None:
    story = asked().then(RONDA, reply="Recebemos.").then(ANA, note="Ver.").then(ANA, reply="Olá!", after=5 * HOUR)
    assert report(story).answered.median == 5 * HOUR + timedelta(minutes=10)


def test_share_counts_what_is_late_already_and_not_what_may_still_be_in_time() -> None:
    quick, slow = asked().then(ANA, reply="Olá!"), asked().then(ANA, reply="Olá!", after=2 * DAY)
    assert report(quick, slow, asked()).answered.share == pytest.approx(1 / 3)
    assert report(quick, asked(), after=HOUR).answered.share == 1.0


def test_solution_is_the_last_one() -> None:
    story = asked().then(ANA, status="solved", after=HOUR).then(CARLA, reply="Não!", status="open", after=HOUR)
    story.then(ANA, status="solved", after=HOUR).then(ANA, status="closed", after=4 * DAY)
    assert report(story).solved.median == 3 * HOUR


def test_solved_ticket_without_a_history_was_solved_when_it_last_changed() -> None:
    seen = replace(asked().then(ANA, status="solved", after=HOUR).seen(), history=())
    assert isinstance(rule, AnswerTime)
    found = rule.report(Queue((seen,), OPENED + DAY, ALWAYS))
    assert isinstance(found, AnswerTimes)
    assert found.solved.median == HOUR


def test_tickets_by_staff_have_nothing_to_be_answered() -> None:
    found = report(Story(by=PAULO, requester=CARLA).then(ANA, reply="Olá!"))
    assert found.answered.values["count"] == 0


def test_tickets_without_an_answer_for_a_week_are_listed_longest_first() -> None:
    waiting = asked()
    answered = asked().then(ANA, reply="Olá!")
    asked_again = asked().then(ANA, reply="Olá!").then(CARLA, reply="E agora?", after=DAY).then(CARLA, reply="Oi?")
    solved = asked().then(ANA, status="solved")
    stories = (asked_again, waiting, answered, solved)
    assert report(*stories, after=7 * DAY).unanswered == (2,)
    assert report(*stories, after=9 * DAY).unanswered == (2, 1)
    assert report(*stories, after=7 * DAY - HOUR).unanswered == ()
