"""Stories: what a ticket and its history are after what people did and what Zendesk does by itself."""

from datetime import UTC, datetime, timedelta

import pytest

from rules.scenario import START
from rules.scenario_file import Stories, parse_scenarios
from rules.snapshot import Snapshot
from rules.surroundings import snapshot_of
from rules.ticket import Attachment, Change, Via
from tests.rules.desk import HEAD, first_opened, scenario, tiny_pack
from tests.rules.tools import HOUR, MINUTE, WEBSITE

PACK = tiny_pack()


def snapshot_in(stories: Stories) -> Snapshot:
    return snapshot_of(stories.scenarios[0], first_opened(stories), PACK, stories.cast)


def seen(text: str) -> Snapshot:
    stories = parse_scenarios(HEAD + scenario(text), "t.yaml", PACK)
    return snapshot_in(stories)


def test_least_story_is_an_email_of_a_customer() -> None:
    snapshot = seen("opened: {by: carla}")
    ticket = snapshot.ticket
    assert (ticket.requester.name, ticket.submitter.name) == ("Carla Souza", "Carla Souza")
    assert (ticket.via, ticket.status, ticket.group, ticket.assignee) == (Via("email"), "new", None, None)
    assert ticket.organization == "Loja Azul"
    assert (ticket.created_at, snapshot.as_of) == (START, START + MINUTE)
    (comment,) = snapshot.comments
    assert (comment.author, comment.public, comment.text) == (ticket.requester, True, "")


def test_agent_opens_on_the_web_and_writes_the_first_comment() -> None:
    snapshot = seen("opened: {by: paulo, requester: carla, description: Oi, note: true, at: 2026-03-01T09:00:00-03:00}")
    assert snapshot.ticket.via == Via("web")
    assert snapshot.ticket.created_at == datetime(2026, 3, 1, 12, tzinfo=UTC)
    (comment,) = snapshot.comments
    assert (comment.author.name, comment.public, comment.text) == ("Paulo Dias", False, "Oi")


def test_opening_counts_as_a_change_of_what_it_set() -> None:
    snapshot = seen(
        "opened: {by: carla, group: Suporte, tags: [a], fields: {standby_reason: waiting-it}, priority: high,"
        " type: task, form: F, brand: B, subject: S, status: on-hold}"
    )
    assert {(change.field, change.before, change.after) for change in snapshot.history[0].changes} == {
        ("requester", None, snapshot.ticket.requester),
        ("subject", None, "S"),
        ("status", None, "hold"),
        ("priority", None, "high"),
        ("type", None, "task"),
        ("group", None, "Suporte"),
        ("tags", frozenset(), frozenset({"a"})),
        ("form", None, "F"),
        ("brand", None, "B"),
        ("standby_reason", None, "waiting-it"),
    }


@pytest.mark.parametrize(
    ("status", "becomes"), [("", "open"), ("status: new,", "open"), ("status: pending,", "pending")]
)
def test_ticket_opened_with_an_assignee_is_open(status: str, becomes: str) -> None:
    assert seen(f"opened: {{by: paulo, {status} assignee: paulo}}").ticket.status == becomes


def test_new_ticket_that_gets_an_assignee_becomes_open() -> None:
    snapshot = seen("opened: {by: carla}\nthen: [{by: paulo, set: {assignee: Bryan}}]")
    assert snapshot.ticket.status == "open"
    assert snapshot.history[1].change_of("status") == Change("status", "new", "open")


@pytest.mark.parametrize("status", ["pending", "hold", "solved"])
def test_customer_who_writes_on_a_waiting_or_solved_ticket_opens_it(status: str) -> None:
    snapshot = seen(f"opened: {{by: carla, status: {status}}}\nthen: [{{by: carla, reply: Oi}}]")
    assert snapshot.ticket.status == "open"
    assert snapshot.history[1].author.is_customer


@pytest.mark.parametrize("line", ["by: paulo, reply: Oi", "by: carla, note: Oi", "by: carla, set: {status: pending}"])
def test_nobody_else_opens_it(line: str) -> None:
    snapshot = seen(f"opened: {{by: carla, status: pending}}\nthen: [{{{line}}}]")
    assert snapshot.ticket.status == "pending"


def test_assignee_stays_when_only_the_group_is_set() -> None:
    snapshot = seen(
        f"opened: {{by: carla, group: Suporte, assignee: paulo}}\nthen: [{{by: paulo, set: {{group: {WEBSITE}}}}}]"
    )
    assert (snapshot.ticket.group, snapshot.ticket.assignee) == (WEBSITE, snapshot.people["Paulo Dias"])


def test_one_line_is_one_audit_with_all_it_changed() -> None:
    snapshot = seen(
        """
opened: {by: carla, tags: [x, y], assignee: paulo, subject: Old}
then:
  - after: 2h
    by: paulo
    note: both
    attachments: [Print.PNG, notes]
    set: {add_tags: z, remove_tags: [y], fields: {note: 1}, assignee: null, subject: New, form: F, requester: rita}
  - {by: rita, set: {status: open}}
judged: 10m
"""
    )
    assert snapshot.as_of == START + 2 * HOUR + 11 * MINUTE
    first, second = snapshot.history[1:]
    assert first.at == START + 2 * HOUR
    assert {change.field: change.after for change in first.changes} == {
        "requester": snapshot.ticket.requester,
        "subject": "New",
        "assignee": None,
        "form": "F",
        "tags": frozenset({"x", "z"}),
        "note": 1,
    }
    assert first.comment is not None
    assert first.comment.attachments == (
        Attachment("Print.PNG", "image/png"),
        Attachment("notes", "application/octet-stream"),
    )
    assert (second.changes, second.comment) == ((), None)
    assert snapshot.ticket.requester.name == "Rita Alves"
    assert len({audit.id for audit in snapshot.history}) == 3


@pytest.mark.parametrize(
    ("line", "via"),
    [
        ("by: carla, reply: Oi", Via("whatsapp", "x")),
        ("by: carla, reply: Oi, channel: email", Via("email")),
        ("by: carla, reply: Oi, rel: mobile", Via("whatsapp", "mobile")),
        ("by: dora, reply: Oi", Via("email")),
        ("by: paulo, reply: Oi", Via("web")),
        ("by: ronda, reply: Oi", Via("api")),
    ],
)
def test_channel_of_a_line(line: str, via: Via) -> None:
    people = HEAD + "  dora: {name: Dora}\n"
    text = people + scenario(f"opened: {{by: carla, channel: whatsapp, rel: x}}\nthen: [{{{line}}}]")
    stories = parse_scenarios(text, "t.yaml", PACK)
    history = snapshot_in(stories).history
    assert history[1].via == via
    assert history[1].comment is not None
    assert history[1].comment.via == via


def test_chat_has_its_transcript_and_no_comment() -> None:
    snapshot = seen(
        """
opened:
  by: carla
  channel: chat
  transcript:
    - {by: paulo, says: Bom dia}
    - {by: carla, says: Oi}
    - {by: carla, says: o banner sumiu}
    - {by: paulo, says: Qual?}
    - {by: carla, says: todos}
"""
    )
    opening = snapshot.history[0]
    assert [line.text for line in opening.transcript] == ["Bom dia", "Oi", "o banner sumiu", "Qual?", "todos"]
    assert opening.transcript_ended
    assert opening.comment is None
    assert snapshot.opening == "Oi\no banner sumiu"


def test_running_chat_has_neither() -> None:
    opening = seen("opened: {by: carla, channel: native_messaging}").history[0]
    assert (opening.transcript, opening.transcript_ended, opening.comment) == ((), False, None)


def test_follow_up_says_so() -> None:
    assert seen("opened: {by: carla, rel: follow_up}").ticket.followup_of is not None
    assert seen("opened: {by: carla}").ticket.followup_of is None


def test_other_tickets_of_the_requester_that_are_not_closed_are_seen() -> None:
    snapshot = seen(
        """
others:
  - {as: first, opened: {by: carla, subject: One}}
  - {opened: {by: carla, subject: Two}, then: [{by: paulo, set: {status: closed}}]}
  - {opened: {by: rita, subject: Three}}
opened: {by: carla}
"""
    )
    assert [ticket.subject for ticket in snapshot.requester_tickets] == ["One"]
    assert snapshot.ticket.id not in {ticket.id for ticket in snapshot.requester_tickets}


def test_people_a_snapshot_knows_are_the_packs_and_the_agents_of_its_groups() -> None:
    snapshot = seen("opened: {by: carla}\nworkload: {paulo: 3, Bryan: 1}\nabsent: [Jenyfer Lima]")
    assert set(snapshot.people) == {"Jenyfer Lima", "Bryan", "Paulo Dias"}
    assert snapshot.people["Jenyfer Lima"].groups == {WEBSITE}
    assert snapshot.people["Bryan"].groups == frozenset()
    assert snapshot.people["Bryan"].id == 7
    assert snapshot.workload == {"Jenyfer Lima": 0, "Paulo Dias": 3, "Bryan": 1}
    assert snapshot.absent == {"Jenyfer Lima"}


def test_absences_of_the_pack_count_by_the_local_day() -> None:
    assert seen("opened: {by: carla, at: 2026-03-11T00:30:00-03:00}").absent == {"Bryan"}
    assert set(seen("opened: {by: carla}").absences) == {"Bryan"}
    assert seen("opened: {by: carla, at: 2026-03-10T23:30:00-03:00}").absent == frozenset()
    there = (
        "opened: {by: carla, at: 2026-03-10T23:30:00-03:00}\nschedule: {zone: Europe/Lisbon, hours: {mon: 09:00-18:00}}"
    )
    snapshot = seen(there)
    assert snapshot.absent == {"Bryan"}
    assert snapshot.schedule is not None
    assert snapshot.schedule.zone == "Europe/Lisbon"


def test_person_of_the_file_may_be_one_of_the_pack() -> None:
    head = HEAD + "  jen: {name: Jenyfer Lima, groups: [Suporte], suspended: true}\n"
    stories = parse_scenarios(head + scenario("opened: {by: jen}"), "t.yaml", PACK)
    jenyfer = snapshot_in(stories).people["Jenyfer Lima"]
    assert first_opened(stories).by is jenyfer
    assert (jenyfer.role, jenyfer.groups, jenyfer.available) == ("agent", {WEBSITE, "Suporte"}, False)


def test_of_two_people_with_one_name_the_first_goes_by_it() -> None:
    head = HEAD + "  other: {name: Paulo Dias}\n"
    cast = parse_scenarios(head + scenario("opened: {by: carla}"), "t.yaml", PACK).cast
    assert cast.by_name["Paulo Dias"] == cast.by_name["paulo"] != cast.by_name["other"]


def test_moments_count_from_the_line_before() -> None:
    snapshot = seen("opened: {by: carla}\nthen: [{after: 1h, by: carla, reply: a}, {by: carla, reply: b}]\njudged: 0")
    assert [audit.at - START for audit in snapshot.history] == [timedelta(), HOUR, HOUR + MINUTE]
    assert snapshot.as_of == START + HOUR + MINUTE
