"""The wired parts on an account that answers over HTTP, look by look: what Zendesk may do to an update of ours."""

from pathlib import Path

import pytest

from enforcement.ledger_rows import Outcome, Word
from integration.gateway import AccessDenied
from ronda.wiring import parts_of
from tests.ronda.running import WEBSITE, Stepped, Zendesk, settings_of


def test_a_broken_ticket_is_cured_by_one_update(zendesk: Zendesk, ronda: Stepped) -> None:
    number = zendesk.open_wrong()
    ronda.look(number)

    ticket = zendesk.ticket(number)
    assert (ticket["group"], ticket["assignee"], ticket["status"]) == (WEBSITE, "Jenyfer Lima", "open")
    assert len(zendesk.updates(number)) == 1


def test_a_rule_in_warn_mode_writes_one_note_and_changes_nothing(zendesk: Zendesk, ronda: Stepped) -> None:
    number = zendesk.open_right(status="pending")
    ronda.look(number)
    ronda.look(number)

    assert zendesk.ticket(number)["status"] == "pending"
    assert [note["public"] for note in zendesk.notes(number)] == [False]


def test_a_part_that_zendesk_refuses_is_left_out_and_reported(zendesk: Zendesk, ronda: Stepped) -> None:
    number = zendesk.open_wrong()
    zendesk.fault(does="answer", method="PUT", ticket=number, status=422, field="assignee")
    ronda.look(number)

    ticket = zendesk.ticket(number)
    assert (ticket["group"], ticket["assignee"]) == (WEBSITE, None)
    done = {action.field: action.outcome for action in ronda.parts.ledger.actions(number)}
    assert done == {"assignee": Outcome.REFUSED, "group": Outcome.APPLIED}
    stands = {row.rule: row.word for row in ronda.parts.ledger.verdicts(number)}
    assert stands["desk.analyst"] is Word.VIOLATES


def test_a_persons_edit_between_read_and_write_survives(zendesk: Zendesk, ronda: Stepped) -> None:
    number = zendesk.open_wrong()
    zendesk.control("POST", "clock", advance=60)
    edit = {"by": "paulo", "ticket": number, "set": {"priority": "urgent", "assignee": "Vitória", "group": WEBSITE}}
    zendesk.fault(does="act", method="PUT", ticket=number, act=edit)
    ronda.look(number)
    ronda.look(number)

    ticket = zendesk.ticket(number)
    assert (ticket["priority"], ticket["assignee"], ticket["group"]) == ("urgent", "Vitória", WEBSITE)
    assert zendesk.updates(number) == []


def test_a_note_that_zendesk_stored_without_answering_is_not_written_twice(zendesk: Zendesk, ronda: Stepped) -> None:
    number = zendesk.open_right(status="pending")
    zendesk.fault(does="time-out-after", method="PUT", ticket=number, seconds=30)
    ronda.look(number)
    ronda.look(number)

    assert len(zendesk.notes(number)) == 1
    assert {action.outcome for action in ronda.parts.ledger.actions(number)} == {Outcome.APPLIED}


def test_a_trigger_that_keeps_undoing_us_trips_the_fuse_until_a_person_steps_in(
    zendesk: Zendesk, ronda: Stepped
) -> None:
    zendesk.undo_by_trigger("briga")
    number = zendesk.open_wrong("briga")
    for _ in range(8):
        ronda.look(number)

    assert len(zendesk.updates(number)) == 5
    assert [fuse.ticket_id for fuse in ronda.parts.ledger.fuses()] == [number]

    ronda.pass_time(60)
    zendesk.act(number, set={"remove_tags": ["briga"]})
    ronda.look(number)
    assert zendesk.ticket(number)["group"] == WEBSITE
    assert ronda.parts.ledger.fuses() == []


def test_past_the_limit_of_an_hour_everything_pauses(zendesk: Zendesk, tmp_path: Path) -> None:
    settings = settings_of(zendesk, tmp_path, clock_url=zendesk.url, max_updates_per_hour=1)
    with parts_of(settings) as parts:
        ronda = Stepped(zendesk, parts)
        tickets = [zendesk.open_wrong() for _ in range(2)]
        for number in tickets:
            ronda.look(number)

        assert [zendesk.is_right(number) for number in tickets] == [True, False]
        assert str(parts.ledger.paused()) == "more than 1 updates in an hour (by the brakes)"


def test_a_ticket_from_before_the_first_start_is_reported_and_left_alone(zendesk: Zendesk, tmp_path: Path) -> None:
    old = zendesk.open_wrong()
    zendesk.control("POST", "clock", advance=60)
    with parts_of(settings_of(zendesk, tmp_path, clock_url=zendesk.url)) as parts:
        ronda = Stepped(zendesk, parts)
        new = zendesk.open_wrong()
        ronda.look(old)
        ronda.look(new)

        assert (zendesk.is_right(old), zendesk.is_right(new)) == (False, True)
        rows = [row for number in (old, new) for row in parts.ledger.verdicts(number) if row.rule == "desk.group"]
        assert {row.ticket_id: row.word for row in rows} == {old: Word.VIOLATES, new: Word.COMPLIES}


def test_the_second_start_remembers_since_when_rules_are_enforced(zendesk: Zendesk, tmp_path: Path) -> None:
    settings = settings_of(zendesk, tmp_path, clock_url=zendesk.url)
    with parts_of(settings):
        pass
    zendesk.control("POST", "clock", advance=60)
    number = zendesk.open_wrong()
    zendesk.control("POST", "clock", advance=60)
    with parts_of(settings) as parts:
        Stepped(zendesk, parts).look(number)

    assert zendesk.is_right(number)


def test_time_in_audit_mode_does_not_make_a_rule_enforced(zendesk: Zendesk, tmp_path: Path) -> None:
    with parts_of(settings_of(zendesk, tmp_path, clock_url=zendesk.url, mode="audit")) as parts:
        number = zendesk.open_wrong()
        Stepped(zendesk, parts).look(number)
        assert zendesk.updates(number) == []
    zendesk.control("POST", "clock", advance=60)
    with parts_of(settings_of(zendesk, tmp_path, clock_url=zendesk.url)) as parts:
        Stepped(zendesk, parts).look(number)

    assert zendesk.updates(number) == []


def test_what_a_killed_service_had_claimed_is_due_at_the_next_start(zendesk: Zendesk, tmp_path: Path) -> None:
    settings = settings_of(zendesk, tmp_path, clock_url=zendesk.url)
    with parts_of(settings) as parts:
        number = zendesk.open_wrong()
        parts.agenda.ask(number, parts.clock.now(), "event")
        assert parts.agenda.claim(parts.clock.now())
    zendesk.control("POST", "clock", advance=3)
    with parts_of(settings) as parts:
        assert parts.workers.run_one()

    assert zendesk.is_right(number)


@pytest.mark.parametrize("wrong", ["oauth_client_secret", "oauth_client_id"])
def test_parts_that_cannot_be_built_let_go_of_the_data_file(zendesk: Zendesk, tmp_path: Path, wrong: str) -> None:
    with pytest.raises(AccessDenied), parts_of(settings_of(zendesk, tmp_path, **{wrong: "wrong"})):
        pass

    with parts_of(settings_of(zendesk, tmp_path)) as parts:
        assert parts.agenda.entries() == []
