"""Invented desks: plausible, with months of history, and the same for the same seed."""

import hashlib
import random
from collections import Counter
from pathlib import Path

import pytest

from emulator.account import Account
from emulator.desk_file import parse_desk
from emulator.generator import built_in_desk, phrases, populate
from emulator.generator.moments import opening_moments, weekday, working
from emulator.keeping import Keeper
from emulator.model import CommentEvent, OtherEvent
from emulator.opening import open_account
from emulator.shapes.history import audit_json, comment_json
from emulator.shapes.tickets import ticket_json
from emulator.zendesk import Zendesk
from ronda.cli import run_command

UNTIL = 1_795_219_200  # 21 November 2026
TICKETS = 800


def invented(seed: int, tickets: int = TICKETS, desk: str | None = None) -> Account:
    account = open_account(built_in_desk() if desk is None else parse_desk(desk))
    populate(account, tickets, seed, UNTIL)
    return account


def digest(account: Account) -> str:
    """Of everything that the API would show of the tickets."""
    seen = hashlib.sha256()
    for number, ticket in account.tickets.items():
        seen.update(repr(ticket_json(account, ticket)).encode())
        seen.update(repr([audit_json(account, audit) for audit in account.audits[number]]).encode())
        seen.update(repr([comment_json(account, *row) for row in account.comments(number)]).encode())
    return seen.hexdigest()


@pytest.fixture(scope="module")
def account() -> Account:
    return invented(7)


def test_there_are_as_many_tickets_as_were_asked_for(account: Account) -> None:
    assert list(account.tickets) == list(range(1, TICKETS + 1))


def test_the_same_seed_gives_the_same_tickets_and_another_one_others() -> None:
    first, again, other = invented(3, 60), invented(3, 60), invented(4, 60)

    assert digest(first) == digest(again) != digest(other)


def test_every_channel_group_and_status_occurs(account: Account) -> None:
    tickets = account.tickets.values()

    assert {ticket.via.channel for ticket in tickets} == {"email", "web", "api", "chat", "whatsapp", "voice"}
    assert {"web_widget", None} <= {ticket.via.rel for ticket in tickets}
    assert {ticket.group_id for ticket in tickets} == set(account.groups)
    assert {ticket.status for ticket in tickets} == {"new", "open", "pending", "hold", "solved", "closed"}


def test_tickets_live_for_days_and_histories_for_months(account: Account) -> None:
    opened = [ticket.created_at for ticket in account.tickets.values()]
    lived = sorted(ticket.updated_at - ticket.created_at for ticket in account.tickets.values())

    assert max(opened) < UNTIL
    assert max(opened) - min(opened) > 35 * 86_400
    assert lived[len(lived) // 2] > 2 * 86_400
    assert account.clock.now() == UNTIL


def test_histories_hold_notes_with_mentions_hand_overs_files_fields_and_transcripts(account: Account) -> None:
    events = [(audit, event) for audit in account.audit_log for event in audit.events]
    notes = [event for _, event in events if isinstance(event, CommentEvent) and not event.public]
    others = Counter(event.type for _, event in events if isinstance(event, OtherEvent))

    assert sum("@" in note.body for note in notes) > 20
    assert others["FollowerChange"] > 20
    assert others["ChatStartedEvent"] == others["ChatEndedEvent"] > 50
    assert sum(getattr(event, "name", "") == "group_id" and not event.created for _, event in events) > 100  # type: ignore[union-attr]
    assert len(account.attachments) > 100
    reason = account.field_by_key("standby_reason")
    assert reason is not None
    assert sum(getattr(event, "name", "") == str(reason.id) for _, event in events) > 20


def test_a_history_never_goes_back_in_time(account: Account) -> None:
    assert all(
        [audit.created_at for audit in audits] == sorted(audit.created_at for audit in audits)
        for audits in account.audits.values()
    )
    assert account.changes == sorted(account.changes)


def test_a_solved_ticket_has_an_assignee_of_its_group(account: Account) -> None:
    solved = [ticket for ticket in account.tickets.values() if ticket.status == "solved"]

    assert solved
    assert all(account.is_member(ticket.assignee_id or 0, ticket.group_id or 0) for ticket in solved)


def test_what_people_say_fits_in_a_byte_a_letter_and_leaves_no_gap(account: Account) -> None:
    comments = [comment.body for number in account.tickets for _, comment in account.comments(number)]

    assert all(body.isascii() or body.encode("latin-1") for body in comments)
    assert not [body for body in comments if "{" in body or "}" in body]
    assert all(matter.group for matter, _ in phrases.MATTERS)


def test_a_desk_without_those_groups_is_filled_too() -> None:
    account = invented(1, 50, "groups: [Atendimento]\npeople: {ana: {name: Ana, role: agent, groups: [Atendimento]}}")

    assert len(account.tickets) == 50
    assert {"solved", "closed"} & {ticket.status for ticket in account.tickets.values()}


def test_customers_write_mostly_on_working_days_and_agents_only_then() -> None:
    moments = opening_moments(random.Random(1), 2_000, UNTIL - 90 * 86_400, UNTIL)

    assert sum(weekday(at) < 5 for at in moments) > 1_600
    for at in moments[:200]:
        answered = working(random.Random(at), at)
        assert answered >= at
        assert weekday(answered) < 5
        assert 9 * 3600 <= (answered - 3 * 3600) % 86_400 < 18 * 3600


def test_the_command_keeps_a_desk_that_the_emulator_opens(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    out = tmp_path / "desk.sqlite"

    said = ["emulator", "generate", "--tickets", "40", "--seed", "5", "--until", "2026-11-21", "--out", str(out)]
    assert run_command(said) == 0

    assert capsys.readouterr().out.splitlines()[-1].startswith("generated 40 tickets in ")
    keeper = Keeper(out)
    assert digest(Zendesk(built_in_desk(), keeper).account) == digest(invented(5, 40))
    keeper.close()


def test_the_command_overwrites_nothing(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    out = tmp_path / "mine.sqlite"
    out.write_text("mine", encoding="utf-8")

    assert run_command(["emulator", "generate", "--tickets", "4", "--out", str(out)]) == 2

    assert out.read_text(encoding="utf-8") == "mine"
    assert "is there already" in capsys.readouterr().err
