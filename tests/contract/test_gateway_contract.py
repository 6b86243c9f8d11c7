"""What a gateway promises, kept by the twin and by Zendesk's adapter alike."""

from collections.abc import Iterator
from typing import Any

import pytest

from integration.gateway import TicketChanged, TicketNotFound, Unchanged, UpdateRefused
from rules.actions import NewTicket
from rules.plan import NewComment, Update
from rules.snapshot import Need, Snapshot
from tests.contract.gateway_desks import DESKS, SITE, SUPPORT, EmulatedDesk, HelpdeskUnderTest, emulated

HISTORY = frozenset({Need.HISTORY})
NOTE = Update(
    comment=NewComment(public=False, text="Falta @Davi Luz.\n\nVeja {{ticket.id}} & 1 < 2", language="pt-BR"),
    told=frozenset({"site.notes:comment-1"}),
    rules=("site.notes",),
)


@pytest.fixture(params=sorted(DESKS))
def desk(request: pytest.FixtureRequest) -> Iterator[HelpdeskUnderTest]:
    with DESKS[request.param]() as desk:
        yield desk


def read(desk: HelpdeskUnderTest, ticket_id: int, needs: frozenset[Need] = HISTORY) -> Snapshot:
    seen = desk.gateway.fetch(ticket_id, needs)
    assert isinstance(seen, Snapshot)
    return seen


def outline(seen: Snapshot) -> dict[str, Any]:
    """What both desks must agree on, without ids and times."""
    ticket = seen.ticket
    return {
        "group": ticket.group,
        "assignee": ticket.assignee.name if ticket.assignee else None,
        "status": ticket.status,
        "tags": set(ticket.tags),
        "comments": [(said.author.name, said.public, said.text) for said in seen.comments],
        "told": set(seen.told),
    }


def test_a_ticket_is_read_with_its_people_and_history(desk: HelpdeskUnderTest) -> None:
    seen = read(desk, desk.opened())

    assert outline(seen) == {
        "group": None,
        "assignee": None,
        "status": "new",
        "tags": set(),
        "comments": [("Carla Souza", True, "O banner sumiu.")],
        "told": set(),
    }
    assert seen.ticket.via.channel == "email"
    assert seen.ticket.fields == {"standby_reason": None}
    assert (seen.ticket.requester.role, seen.ticket.requester.organization) == ("end-user", "Loja Azul")
    assert seen.people["Anna Reis"].groups == {SITE}
    assert seen.read_at is not None
    assert seen.read_at >= seen.ticket.updated_at


def test_history_is_read_only_where_it_is_needed(desk: HelpdeskUnderTest) -> None:
    assert read(desk, desk.opened(), frozenset()).history == ()


def test_a_ticket_that_is_not_there_is_not_found(desk: HelpdeskUnderTest) -> None:
    with pytest.raises(TicketNotFound):
        desk.gateway.fetch(999_999, HISTORY)


def test_an_unchanged_ticket_is_not_read_again(desk: HelpdeskUnderTest) -> None:
    seen = read(desk, desk.opened())

    assert desk.gateway.fetch(seen.ticket.id, HISTORY, unless=seen.digest) == Unchanged(
        seen.ticket.id, seen.ticket.updated_at
    )


def test_a_change_within_the_same_second_is_seen(desk: HelpdeskUnderTest) -> None:
    seen = read(desk, desk.opened())
    desk.edit(seen.ticket.id, "Anna Reis", note="Vou ver.")

    assert isinstance(desk.gateway.fetch(seen.ticket.id, HISTORY, unless=seen.digest), Snapshot)


def test_a_group_and_an_analyst_are_set_and_zendesk_opens_the_ticket(desk: HelpdeskUnderTest) -> None:
    seen = read(desk, desk.opened())

    after = desk.gateway.apply(seen, Update(fields={"group": SITE, "assignee": desk.person("Anna Reis")}), "op-1")

    assert (after.ticket.group, after.ticket.assignee, after.ticket.status) == (SITE, desk.person("Anna Reis"), "open")
    assert outline(read(desk, seen.ticket.id)) == outline(after)


def test_the_analyst_is_taken_off(desk: HelpdeskUnderTest) -> None:
    seen = read(desk, desk.opened(group=SITE, assignee="Anna Reis"))

    after = desk.gateway.apply(seen, Update(fields={"assignee": None}), "op-1")

    assert (after.ticket.assignee, after.ticket.group, after.ticket.status) == (None, SITE, "open")
    assert read(desk, seen.ticket.id).ticket.assignee is None


def test_an_analyst_who_is_not_in_the_new_group_loses_the_ticket(desk: HelpdeskUnderTest) -> None:
    seen = read(desk, desk.opened(group=SITE, assignee="Anna Reis", status="pending"))

    after = desk.gateway.apply(seen, Update(fields={"group": SUPPORT}), "op-1")

    assert (after.ticket.group, after.ticket.assignee, after.ticket.status) == (SUPPORT, None, "pending")


def test_a_note_is_written_as_it_stands_and_remembers_what_it_told(desk: HelpdeskUnderTest) -> None:
    seen = read(desk, desk.opened())

    after = desk.gateway.apply(seen, NOTE, "op-1")

    note = after.comments[-1]
    assert (note.public, note.author.is_ronda) == (False, True)
    assert note.text.split() == ["Falta", "@Davi", "Luz.", "Veja", "{{ticket.id}}", "&", "1", "<", "2"]
    assert after.told == {"site.notes:comment-1"}
    assert outline(read(desk, seen.ticket.id)) == outline(after)


def test_tags_are_added_and_removed_and_the_others_stay(desk: HelpdeskUnderTest) -> None:
    seen = read(desk, desk.opened(tags=["um", "dois"]))

    after = desk.gateway.apply(seen, Update(add_tags=frozenset({"tres"}), remove_tags=frozenset({"um"})), "op-1")

    assert after.ticket.tags == {"dois", "tres"}


def test_a_custom_field_is_set_by_the_packs_name(desk: HelpdeskUnderTest) -> None:
    seen = read(desk, desk.opened())

    after = desk.gateway.apply(seen, Update(fields={"standby_reason": "waiting-it"}), "op-1")

    assert after.ticket.fields == {"standby_reason": "waiting-it"}
    change = after.last_change("standby_reason")
    assert change is not None
    assert change[1].after == "waiting-it"


def test_the_answers_digest_is_that_of_the_next_read(desk: HelpdeskUnderTest) -> None:
    seen = read(desk, desk.opened())
    after = desk.gateway.apply(seen, NOTE, "op-1")

    assert isinstance(desk.gateway.fetch(seen.ticket.id, HISTORY, unless=after.digest), Unchanged)


def test_a_persons_edit_between_read_and_update_survives(desk: HelpdeskUnderTest) -> None:
    seen = read(desk, desk.opened())
    desk.advance(2)
    desk.edit_during_update(seen.ticket.id, "Bruno Sá", group=SUPPORT, note="É comigo.")

    with pytest.raises(TicketChanged):
        desk.gateway.apply(seen, Update(fields={"group": SITE}), "op-1")

    now = read(desk, seen.ticket.id)
    assert now.ticket.group == SUPPORT
    assert [said.text for said in now.comments] == ["O banner sumiu.", "É comigo."]


def test_an_update_whose_answer_was_lost_is_stored_once(desk: HelpdeskUnderTest) -> None:
    seen = read(desk, desk.opened())
    desk.lose_next_answer()

    after = desk.gateway.apply(seen, NOTE, "op-1")

    assert after.told == {"site.notes:comment-1"}
    assert len(read(desk, seen.ticket.id).comments) == 2


def test_a_second_update_goes_by_the_first_ones_answer(desk: HelpdeskUnderTest) -> None:
    seen = read(desk, desk.opened())
    desk.advance(3)
    first = desk.gateway.apply(seen, Update(fields={"group": SITE}), "op-1")
    desk.advance(3)

    second = desk.gateway.apply(first, NOTE, "op-2")

    assert outline(second) == outline(read(desk, seen.ticket.id))
    with pytest.raises(TicketChanged):
        desk.gateway.apply(seen, NOTE, "op-3")


def test_a_closed_ticket_refuses(desk: HelpdeskUnderTest) -> None:
    ticket_id = desk.opened(group=SITE, assignee="Anna Reis", status="closed")

    with pytest.raises(UpdateRefused) as caught:
        desk.gateway.apply(read(desk, ticket_id), NOTE, "op-1")

    assert "status" in caught.value.fields


def test_a_ticket_is_opened_once_for_its_external_id(desk: HelpdeskUnderTest) -> None:
    carla = read(desk, desk.opened()).ticket.requester
    new = NewTicket(carla, "Frete", "E o frete?", "ronda:1:2", group=SUPPORT, tags=frozenset({"ronda-continued"}))

    number = desk.gateway.open_ticket(new)

    assert desk.gateway.open_ticket(new) == number
    seen = read(desk, number)
    assert (seen.ticket.requester, seen.ticket.subject, seen.ticket.external_id) == (carla, "Frete", "ronda:1:2")
    assert (seen.ticket.group, seen.ticket.tags) == (SUPPORT, {"ronda-continued"})
    assert [said.text for said in seen.comments] == ["E o frete?"]


def test_changed_tickets_are_listed(desk: HelpdeskUnderTest) -> None:
    ticket_id = desk.opened()
    updated_at = read(desk, ticket_id).ticket.updated_at
    desk.advance(120)

    assert list(desk.gateway.updated_since(updated_at)) == [(ticket_id, updated_at)]


def test_unsolved_tickets_are_listed_once_whether_search_knows_them_yet_or_not(desk: HelpdeskUnderTest) -> None:
    ticket_id = desk.opened(assignee="Anna Reis", status="hold", fields={"standby_reason": "waiting-it"})
    for minutes in (2, 30):  # search knows it then
        desk.advance(minutes * 60)
        (ticket,) = desk.gateway.unsolved()
        assert (ticket.id, ticket.status, ticket.fields["standby_reason"]) == (ticket_id, "hold", "waiting-it")


def test_solved_tickets_are_not_listed_as_unsolved(desk: HelpdeskUnderTest) -> None:
    ticket_id = desk.opened(group=SITE, assignee="Anna Reis")
    desk.advance(1800)
    desk.edit(ticket_id, "Anna Reis", status="solved")
    desk.advance(120)

    assert list(desk.gateway.unsolved()) == []


def test_office_hours_are_read_as_they_are_now(desk: HelpdeskUnderTest) -> None:
    assert desk.gateway.office_hours() is None


# --- what only a wire can promise ---


@pytest.fixture
def zendesk() -> Iterator[EmulatedDesk]:
    with emulated() as desk:
        read(desk, desk.opened())  # the account is read at start
        desk.calls()
        yield desk


def test_a_look_costs_two_calls_an_update_one_and_its_echo_one(zendesk: EmulatedDesk) -> None:
    ticket_id = zendesk.opened()

    seen = read(zendesk, ticket_id)
    after = zendesk.gateway.apply(seen, NOTE, "op-1")
    zendesk.gateway.fetch(ticket_id, HISTORY, unless=after.digest)

    assert zendesk.calls() == [
        "GET /api/v2/tickets/{ticket_id}",
        "GET /api/v2/tickets/{ticket_id}/audits",
        "PUT /api/v2/tickets/{ticket_id}",
        "GET /api/v2/tickets/{ticket_id}",
    ]
