"""Reading and updating tickets of an account whose answers pytest-httpx gives."""

import json
from collections.abc import Callable
from typing import Any

import httpx
import pytest
from pytest_httpx import HTTPXMock
from structlog.testing import capture_logs

from integration.gateway import (
    GatewayError,
    OutcomeUnknown,
    RateLimited,
    TicketChanged,
    TicketNotFound,
    Unchanged,
    Unreachable,
    UnreadableAnswer,
    UpdateRefused,
)
from integration.zendesk import ZendeskGateway
from rules.actions import NewTicket
from rules.plan import NewComment, Update
from rules.snapshot import Need, Snapshot
from rules.ticket import Attachment, Person
from tests.integration.answers import (
    ANNA,
    CARLA,
    DESIGN,
    ORIGIN,
    RONDA,
    STANDBY,
    audit,
    change,
    comment,
    shown,
    ticket,
    user,
)
from tests.integration.conftest import MovedClock, answer_account

TICKET = f"{ORIGIN}/api/v2/tickets/40211?include=users%2Cgroups%2Corganizations%2Ccomment_count"
AUDITS = f"{ORIGIN}/api/v2/tickets/40211/audits?page%5Bsize%5D=100"
PUT = f"{ORIGIN}/api/v2/tickets/40211.json"
SOMEBODY = f"{ORIGIN}/api/v2/users/show_many?ids=951&include=organizations"
HISTORY = frozenset({Need.HISTORY})
NOTE = Update(comment=NewComment(public=False, text="Falta mencionar @Bryan", language="pt-BR"))

pytestmark = pytest.mark.usefixtures("account")


@pytest.fixture
def seen(gateway: ZendeskGateway, httpx_mock: HTTPXMock) -> Snapshot:
    """The ticket as a look has read it."""
    httpx_mock.add_response(url=TICKET, json=shown(comments=1))
    httpx_mock.add_response(url=AUDITS, json={"audits": [audit(1, comment())]})
    return read(gateway, HISTORY)


def read(gateway: ZendeskGateway, needs: frozenset[Need] = frozenset()) -> Snapshot:
    found = gateway.fetch(40211, needs)
    assert isinstance(found, Snapshot)
    return found


def updated(*events: dict[str, Any], operation: str = "op-1", **after: Any) -> dict[str, Any]:
    """The answer to an update: the ticket after it and its audit."""
    said = {"ronda": json.dumps({"op": operation, "told": ["r:comment-8801"], "rules": ["r"]})}
    made = audit(2, *events, author=RONDA, created_at="2026-11-21T12:00:31Z", metadata={"system": {}, "custom": said})
    return {"ticket": ticket(updated_at="2026-11-21T12:00:31Z", **after), "audit": made}


def tickets_calls(httpx_mock: HTTPXMock) -> list[str]:
    """What was called about tickets, without the account's reference data."""
    calls = (request for request in httpx_mock.get_requests() if "/tickets" in request.url.path)
    return [f"{request.method} {request.url.path}" for request in calls]


# --- reading -------------------------------------------------------------------------------------------------


def test_a_ticket_and_its_history_are_two_calls(gateway: ZendeskGateway, httpx_mock: HTTPXMock) -> None:
    httpx_mock.add_response(url=TICKET, json=shown(), headers={"Date": "Sat, 21 Nov 2026 12:00:31 GMT"})
    httpx_mock.add_response(url=AUDITS, json={"audits": [audit(1, comment(), change("status", None, "open"))]})

    seen = read(gateway, HISTORY)

    assert tickets_calls(httpx_mock) == ["GET /api/v2/tickets/40211", "GET /api/v2/tickets/40211/audits"]
    assert (seen.ticket.group, seen.ticket.assignee) == ("Design / Website", Person(ANNA, "Anna Reis"))
    assert seen.ticket.organization == "Loja Azul"
    assert [said.text for said in seen.comments] == ["O banner não aparece."]
    assert str(seen.read_at) == "2026-11-21 12:00:31+00:00"
    assert seen.people.keys() == {"Anna Reis"}


def test_without_history_it_is_one_call(gateway: ZendeskGateway, httpx_mock: HTTPXMock) -> None:
    httpx_mock.add_response(url=TICKET, json=shown())

    assert read(gateway).history == ()
    assert tickets_calls(httpx_mock) == ["GET /api/v2/tickets/40211"]


def test_a_ticket_that_did_not_change_is_one_call(
    gateway: ZendeskGateway, seen: Snapshot, httpx_mock: HTTPXMock
) -> None:
    httpx_mock.add_response(url=TICKET, json=shown(comments=1, generated_timestamp=1795262999))

    again = gateway.fetch(40211, HISTORY, unless=seen.digest)

    assert again == Unchanged(40211, seen.ticket.updated_at)


def test_a_long_history_is_read_to_its_end(gateway: ZendeskGateway, httpx_mock: HTTPXMock) -> None:
    httpx_mock.add_response(url=TICKET, json=shown())
    more = {"meta": {"has_more": True, "after_cursor": "c1"}}
    httpx_mock.add_response(url=AUDITS, json={"audits": [audit(1, comment())]} | more)
    last = {"audits": [audit(2, comment(8802))], "meta": {"has_more": False, "after_cursor": None}}
    httpx_mock.add_response(url=f"{AUDITS}&page%5Bafter%5D=c1", json=last)

    assert [each.id for each in read(gateway, HISTORY).history] == [1, 2]


@pytest.mark.parametrize("cursor", [None, "c1"])
def test_pages_that_lead_nowhere_end(cursor: str | None, gateway: ZendeskGateway, httpx_mock: HTTPXMock) -> None:
    httpx_mock.add_response(url=TICKET, json=shown())
    stuck = {"audits": [], "meta": {"has_more": True, "after_cursor": cursor}}
    httpx_mock.add_response(url=AUDITS, json=stuck)
    httpx_mock.add_response(url=f"{AUDITS}&page%5Bafter%5D=c1", json=stuck, is_optional=True)

    with pytest.raises(UnreadableAnswer, match="no way to it"):
        gateway.fetch(40211, HISTORY)


def test_an_unknown_author_is_looked_up_once(gateway: ZendeskGateway, httpx_mock: HTTPXMock) -> None:
    httpx_mock.add_response(url=TICKET, json=shown(), is_reusable=True)
    said = [audit(1, comment(author_id=951), author=951), audit(2, comment(8802, author_id=952), author=952)]
    httpx_mock.add_response(url=AUDITS, json={"audits": said}, is_reusable=True)
    httpx_mock.add_response(
        url=f"{ORIGIN}/api/v2/users/show_many?ids=951%2C952&include=organizations",
        json={"users": [user(951, "Davi", role="end-user")]},
    )

    read(gateway, HISTORY)
    authors = [said.author for said in read(gateway, HISTORY).comments]

    assert [(person.name, person.available) for person in authors] == [("Davi", True), ("#952", False)]


def test_a_group_made_later_is_read_when_it_turns_up(
    gateway: ZendeskGateway, clock: MovedClock, httpx_mock: HTTPXMock
) -> None:
    httpx_mock.add_response(url=TICKET, json=shown())
    read(gateway)
    clock.sleep(61)
    httpx_mock.reset()
    groups = [{"id": 79, "name": "Financeiro", "deleted": False}]
    answer_account(httpx_mock, groups=groups)
    httpx_mock.add_response(url=TICKET, json=shown(group_id=79) | {"groups": groups})

    assert read(gateway).ticket.group == "Financeiro"


def test_a_ticket_that_is_gone_is_not_found(gateway: ZendeskGateway, httpx_mock: HTTPXMock) -> None:
    httpx_mock.add_response(url=TICKET, status_code=404, json={"error": "RecordNotFound", "description": "Not found"})

    with pytest.raises(TicketNotFound):
        gateway.fetch(40211, HISTORY)


@pytest.mark.parametrize(
    "answer",
    [
        {},
        {"ticket": None},
        {"ticket": []},
        {"ticket": {"id": 1}},
        shown(tags=7),
        shown(updated_at="yesterday"),
        shown(updated_at="2026-11-21T12:00:00"),
        shown(custom_fields=[{}]),
        shown(via="email"),
        shown(requester_id="Carla"),
        shown() | {"ticket": ticket(comment_count="many")},
        shown() | {"users": [{}]},
        shown() | {"groups": 5},
    ],
)
def test_an_answer_that_is_not_as_documented_is_a_clear_error(
    answer: dict[str, Any], gateway: ZendeskGateway, httpx_mock: HTTPXMock
) -> None:
    httpx_mock.add_response(url=TICKET, json=answer)

    with pytest.raises(UnreadableAnswer):
        gateway.fetch(40211, frozenset())


# --- updating ------------------------------------------------------------------------------------------------


def test_null_reaches_zendesk_as_null(gateway: ZendeskGateway, seen: Snapshot, httpx_mock: HTTPXMock) -> None:
    httpx_mock.add_response(url=PUT, method="PUT", json=updated(change("assignee_id", str(ANNA), None)))

    gateway.apply(seen, Update(fields={"assignee": None}), "op-1")

    (put,) = httpx_mock.get_requests(method="PUT")
    assert b'"assignee_id": null' in put.content
    assert json.loads(put.content) == {
        "ticket": {
            "id": 40211,
            "safe_update": True,
            "updated_stamp": "2026-11-21T12:00:00Z",
            "metadata": {"ronda": '{"op":"op-1","told":[],"rules":[]}'},
            "assignee_id": None,
            "group_id": DESIGN,
            "status": "open",
        }
    }


def test_a_note_is_sent_as_a_note(gateway: ZendeskGateway, seen: Snapshot, httpx_mock: HTTPXMock) -> None:
    httpx_mock.add_response(url=PUT, method="PUT", json=updated(comment(8803, public=False)))

    gateway.apply(seen, NOTE, "op-1")

    (put,) = httpx_mock.get_requests(method="PUT")
    assert b'"public": false' in put.content
    assert put.headers["Content-Type"] == "application/json"


def test_the_answer_is_the_ticket_after_all_triggers_without_another_call(
    gateway: ZendeskGateway, seen: Snapshot, httpx_mock: HTTPXMock
) -> None:
    trigger = {"channel": "rule", "source": {"rel": "trigger", "from": {"id": 3}}}
    events = (comment(8803, "Nota", public=False, author_id=RONDA), change("tags", ["site"], ["a"], via=trigger))
    date = {"Date": "Sat, 21 Nov 2026 12:00:32 GMT"}
    httpx_mock.add_response(url=PUT, method="PUT", json=updated(*events, tags=["a"]), headers=date)

    after = gateway.apply(seen, NOTE, "op-1")

    assert tickets_calls(httpx_mock)[2:] == ["PUT /api/v2/tickets/40211.json"]
    assert after.ticket.tags == {"a"}
    assert after.told == {"r:comment-8801"}
    assert [each.id for each in after.history] == [1, 2]
    assert after.history[-1].author.is_ronda
    assert after.history[-1].changes[0].by_rule
    assert after.people == seen.people
    assert str(after.read_at) == "2026-11-21 12:00:32+00:00"


def test_the_echo_of_our_update_is_recognised_by_one_call(
    gateway: ZendeskGateway, seen: Snapshot, httpx_mock: HTTPXMock
) -> None:
    httpx_mock.add_response(url=PUT, method="PUT", json=updated(comment(8803, public=False), tags=["b", "a"]))
    after = gateway.apply(seen, NOTE, "op-1")
    httpx_mock.add_response(url=TICKET, json=shown(2, updated_at="2026-11-21T12:00:31Z", tags=["a", "b"]))

    assert isinstance(gateway.fetch(40211, HISTORY, unless=after.digest), Unchanged)


@pytest.mark.parametrize(
    "meanwhile",
    [{"comments": 3}, {"tags": ["a", "c"]}, {"status": "pending"}, {"group_id": 78}, {"assignee_id": None},
     {"priority": "high"}, {"custom_fields": [{"id": STANDBY, "value": "waiting-it"}]}, {"subject": "Outro"},
     {"requester_id": 951}, {"follower_ids": [ANNA]}, {"updated_at": "2026-11-21T12:00:32Z"}],
)  # fmt: skip
def test_what_a_person_did_in_the_same_second_is_seen(
    meanwhile: dict[str, Any], gateway: ZendeskGateway, seen: Snapshot, httpx_mock: HTTPXMock
) -> None:
    httpx_mock.add_response(url=PUT, method="PUT", json=updated(comment(8803, public=False), tags=["a"]))
    after = gateway.apply(seen, NOTE, "op-1")
    same: dict[str, Any] = {"comments": 2, "updated_at": "2026-11-21T12:00:31Z", "tags": ["a"]}
    httpx_mock.add_response(url=TICKET, json=shown(**same | meanwhile), is_reusable=True)
    httpx_mock.add_response(url=SOMEBODY, json={"users": []}, is_optional=True)

    assert isinstance(gateway.fetch(40211, frozenset(), unless=after.digest), Snapshot)


@pytest.mark.parametrize(
    ("status", "body", "error"),
    [
        (404, {"error": "RecordNotFound", "description": "Not found"}, TicketNotFound),
        (409, {"error": "UpdateConflict", "description": "Safe Update prevented the update"}, TicketChanged),
        (409, {}, TicketChanged),
        (422, {"error": "RecordInvalid", "details": {"assignee": [{"description": "is invalid"}]}}, UpdateRefused),
    ],
)
def test_a_refused_update_says_what_to_do_about_it(
    status: int, body: Any, error: type[GatewayError], gateway: ZendeskGateway, seen: Snapshot, httpx_mock: HTTPXMock
) -> None:
    httpx_mock.add_response(url=PUT, method="PUT", status_code=status, json=body)

    with pytest.raises(error):
        gateway.apply(seen, NOTE, "op-1")

    assert len(httpx_mock.get_requests(method="PUT")) == 1


@pytest.mark.parametrize(
    ("status", "body"),
    [(408, "Request Timeout"), (400, "<html>Bad Request</html>"), (400, "{}"), (413, "[]"), (423, ""), (451, "{}")],
)
def test_an_odd_4xx_says_nothing_of_the_update_and_is_tried_again(
    status: int, body: str, gateway: ZendeskGateway, seen: Snapshot, httpx_mock: HTTPXMock
) -> None:
    httpx_mock.add_response(url=PUT, method="PUT", status_code=status, text=body)

    with pytest.raises(Unreachable):
        gateway.apply(seen, NOTE, "op-1")


@pytest.mark.parametrize(
    "body",
    [
        {"error": {"title": "Invalid attribute", "message": "what you passed is invalid"}},
        {"error": "RecordInvalid", "details": {"comment": [{"description": "Comment: is too long"}]}},
        {"errors": [{"code": "TooLarge", "detail": "too large"}]},
    ],
)
@pytest.mark.parametrize("status", [400, 413])
def test_a_400_or_413_in_zendesks_own_words_refuses_the_update(
    status: int, body: Any, gateway: ZendeskGateway, seen: Snapshot, httpx_mock: HTTPXMock
) -> None:
    httpx_mock.add_response(url=PUT, method="PUT", status_code=status, json=body)

    with pytest.raises(UpdateRefused):
        gateway.apply(seen, NOTE, "op-1")


def test_a_422_names_the_field(gateway: ZendeskGateway, seen: Snapshot, httpx_mock: HTTPXMock) -> None:
    details = {"assignee": [{"description": "Assignee: is invalid", "error": "InvalidValue"}]}
    httpx_mock.add_response(url=PUT, method="PUT", status_code=422, json={"error": "RecordInvalid", "details": details})

    with pytest.raises(UpdateRefused) as caught:
        gateway.apply(seen, Update(fields={"assignee": Person(ANNA, "Anna Reis")}), "op-1")

    assert caught.value.fields == {"assignee": "Assignee: is invalid"}


def test_a_429_on_an_update_is_no_hidden_wait(
    gateway: ZendeskGateway, seen: Snapshot, clock: MovedClock, httpx_mock: HTTPXMock
) -> None:
    httpx_mock.add_response(url=PUT, method="PUT", status_code=429, headers={"Retry-After": "2"})

    with pytest.raises(RateLimited) as caught:
        gateway.apply(seen, NOTE, "op-1")

    assert caught.value.retry_after == 2
    assert clock.slept == []


def answer_read_back(httpx_mock: HTTPXMock, **after: Any) -> None:
    """The ticket as it stands once our note is stored."""
    stored = updated(comment(8803, "Nota", public=False, author_id=RONDA))["audit"]
    httpx_mock.add_response(url=AUDITS, json={"audits": [audit(1, comment()), stored]}, is_reusable=True)
    httpx_mock.add_response(url=TICKET, json=shown(2, updated_at="2026-11-21T12:00:31Z", **after), is_reusable=True)


@pytest.mark.parametrize(
    "failure",
    [httpx.ReadTimeout("late"), httpx.ReadError("reset"), httpx.DecodingError("not gzip"), 500, 504],
)
def test_an_update_whose_answer_is_lost_but_was_stored_is_found_and_not_repeated(
    failure: Exception | int, gateway: ZendeskGateway, seen: Snapshot, httpx_mock: HTTPXMock
) -> None:
    if isinstance(failure, int):
        httpx_mock.add_response(url=PUT, method="PUT", status_code=failure)
    else:
        httpx_mock.add_exception(failure, url=PUT, method="PUT")
    answer_read_back(httpx_mock)

    after = gateway.apply(seen, NOTE, "op-1")

    assert len(httpx_mock.get_requests(method="PUT")) == 1
    assert [said.text for said in after.comments] == ["O banner não aparece.", "Nota"]


def test_an_update_that_arrives_late_is_found_at_a_later_look(
    gateway: ZendeskGateway, seen: Snapshot, clock: MovedClock, httpx_mock: HTTPXMock
) -> None:
    httpx_mock.add_exception(httpx.ReadTimeout("late"), url=PUT, method="PUT")
    httpx_mock.add_response(url=AUDITS, json={"audits": [audit(1, comment())]})
    stored = {"audits": [audit(1, comment()), updated(comment(8803, public=False))["audit"]]}
    httpx_mock.add_response(url=AUDITS, json=stored, is_reusable=True)
    httpx_mock.add_response(url=TICKET, json=shown(2, updated_at="2026-11-21T12:00:31Z"))

    after = gateway.apply(seen, NOTE, "op-1")

    assert len(after.history) == 2
    assert clock.slept == [1]


@pytest.mark.parametrize("audits_status", [200, 503])
def test_an_update_that_is_nowhere_found_is_unknown(
    audits_status: int, gateway: ZendeskGateway, seen: Snapshot, httpx_mock: HTTPXMock
) -> None:
    httpx_mock.add_exception(httpx.ReadTimeout("late"), url=PUT, method="PUT")
    others = audit(2, comment(8802), author=ANNA)
    httpx_mock.add_response(
        url=AUDITS, status_code=audits_status, json={"audits": [audit(1, comment()), others]}, is_reusable=True
    )

    with pytest.raises(OutcomeUnknown) as caught:
        gateway.apply(seen, NOTE, "op-1")

    assert (caught.value.ticket_id, caught.value.operation) == (40211, "op-1")
    assert len(httpx_mock.get_requests(method="PUT")) == 1


def test_an_update_that_was_never_sent_may_be_tried_later(
    gateway: ZendeskGateway, seen: Snapshot, httpx_mock: HTTPXMock
) -> None:
    httpx_mock.add_exception(httpx.ConnectError("refused"), url=PUT, method="PUT")

    with pytest.raises(Unreachable):
        gateway.apply(seen, NOTE, "op-1")


@pytest.mark.parametrize("events", [None, [{"type": "Sms", "id": 1}], [{"id": 4, "type": "Change", "via": None}]])
def test_a_stored_update_is_never_taken_for_a_failed_one_because_zenpy_stumbles(
    events: Any, gateway: ZendeskGateway, seen: Snapshot, httpx_mock: HTTPXMock
) -> None:
    answer = updated()
    answer["audit"] = {"events": events}
    httpx_mock.add_response(url=PUT, method="PUT", json=answer)

    after = gateway.apply(seen, NOTE, "op-1")

    assert after.ticket.updated_at > seen.ticket.updated_at


@pytest.mark.parametrize(
    "useless",
    [
        {"html": "<html>maintenance</html>"},
        {"content": b""},
        {"json": []},
        {"json": {}},
        {"json": {"ticket": {"id": 40211}}},
        {"json": updated() | {"audit": [7]}},
    ],
)
def test_an_update_whose_answer_is_of_no_use_is_read_back_and_not_repeated(
    useless: dict[str, Any], gateway: ZendeskGateway, seen: Snapshot, httpx_mock: HTTPXMock
) -> None:
    httpx_mock.add_response(url=PUT, method="PUT", **useless)
    answer_read_back(httpx_mock)

    after = gateway.apply(seen, NOTE, "op-1")

    assert [said.text for said in after.comments] == ["O banner não aparece.", "Nota"]
    assert len(httpx_mock.get_requests(method="PUT")) == 1


@pytest.mark.parametrize("status", [403, 404])
def test_an_update_whose_answer_names_somebody_who_cannot_be_read_is_read_back(
    status: int, gateway: ZendeskGateway, seen: Snapshot, httpx_mock: HTTPXMock
) -> None:
    httpx_mock.add_response(url=PUT, method="PUT", json=updated(follower_ids=[951]))
    httpx_mock.add_response(url=SOMEBODY, status_code=status)
    httpx_mock.add_response(url=SOMEBODY, json={"users": []})
    answer_read_back(httpx_mock, follower_ids=[951])

    after = gateway.apply(seen, NOTE, "op-1")

    assert [person.id for person in after.ticket.followers] == [951]


def test_an_update_that_is_stored_while_the_limit_is_reached_is_unknown(
    gateway: ZendeskGateway, seen: Snapshot, httpx_mock: HTTPXMock
) -> None:
    httpx_mock.add_response(url=PUT, method="PUT", json=updated(follower_ids=[951]))
    httpx_mock.add_response(url=SOMEBODY, status_code=429, headers={"Retry-After": "90"})

    with pytest.raises(OutcomeUnknown):
        gateway.apply(seen, NOTE, "op-1")


@pytest.mark.parametrize("status", [401, 403, 404, 429, 503])
def test_an_update_that_nothing_can_be_read_of_is_unknown_and_never_tried_later(
    status: int, gateway: ZendeskGateway, seen: Snapshot, httpx_mock: HTTPXMock
) -> None:
    httpx_mock.add_response(url=PUT, method="PUT", html="<html>maintenance</html>")
    httpx_mock.add_response(url=AUDITS, status_code=status, headers={"Retry-After": "90"}, is_reusable=True)

    with pytest.raises(OutcomeUnknown):
        gateway.apply(seen, NOTE, "op-1")


def test_a_group_made_after_the_start_is_found_before_an_update_is_refused(
    gateway: ZendeskGateway, seen: Snapshot, clock: MovedClock, httpx_mock: HTTPXMock
) -> None:
    clock.sleep(61)
    httpx_mock.reset()
    answer_account(httpx_mock, groups=[{"id": 79, "name": "Financeiro", "deleted": False}])
    httpx_mock.add_response(url=PUT, method="PUT", json=updated(group_id=79))

    after = gateway.apply(seen, Update(fields={"group": "Financeiro"}), "op-1")

    assert after.ticket.group == "Financeiro"


def test_a_log_of_a_look_holds_ids_only(gateway: ZendeskGateway, httpx_mock: HTTPXMock) -> None:
    httpx_mock.add_response(url=TICKET, json=shown())
    httpx_mock.add_response(url=AUDITS, json={"audits": [audit(1, comment())]})
    httpx_mock.add_response(url=PUT, method="PUT", json=updated(comment(8803, "Nota")))

    with capture_logs() as logs:
        gateway.apply(read(gateway, HISTORY), NOTE, "op-1")

    assert {line.get("id") for line in logs} >= {40211}
    assert not any(word in str(logs) for word in ("banner", "mencionar", "Nota", "acme.example", "t0ken", "Carla"))


# --- other tickets -------------------------------------------------------------------------------------------

NEW = NewTicket(
    requester=Person(CARLA, "Carla Souza"),
    subject="Frete",
    text="E o frete?",
    external_id="ronda:40211:8802",
    attachments=(Attachment("print.png", "image/png", f"{ORIGIN}/attachments/token/aB/?name=print.png"),),
)
EXISTING = f"{ORIGIN}/api/v2/tickets?external_id=ronda%3A40211%3A8802"


def test_a_ticket_is_opened_with_its_attachments(gateway: ZendeskGateway, httpx_mock: HTTPXMock) -> None:
    httpx_mock.add_response(url=EXISTING, json={"tickets": []})
    httpx_mock.add_response(url=NEW.attachments[0].url, content=b"png")
    httpx_mock.add_response(
        url=f"{ORIGIN}/api/v2/uploads?filename=print.png",
        match_content=b"png",
        match_headers={"Content-Type": "image/png"},
        status_code=201,
        json={"upload": {"token": "up-1"}},
    )
    httpx_mock.add_response(url=f"{ORIGIN}/api/v2/tickets", method="POST", status_code=201, json={"ticket": {"id": 7}})

    assert gateway.open_ticket(NEW) == 7
    (post,) = httpx_mock.get_requests(url=f"{ORIGIN}/api/v2/tickets")
    assert post.headers["Idempotency-Key"].startswith("ronda-")
    assert json.loads(post.content)["ticket"]["comment"]["uploads"] == ["up-1"]


def test_a_ticket_that_exists_is_found_and_not_opened(gateway: ZendeskGateway, httpx_mock: HTTPXMock) -> None:
    httpx_mock.add_response(url=EXISTING, json={"tickets": [{"id": 8}, {"id": 7}]})

    assert gateway.open_ticket(NEW) == 7


def test_a_ticket_is_opened_without_an_attachment_that_is_gone(gateway: ZendeskGateway, httpx_mock: HTTPXMock) -> None:
    httpx_mock.add_response(url=EXISTING, json={"tickets": []})
    httpx_mock.add_response(url=NEW.attachments[0].url, status_code=404)
    httpx_mock.add_response(url=f"{ORIGIN}/api/v2/tickets", method="POST", status_code=201, json={"ticket": {"id": 7}})

    assert gateway.open_ticket(NEW) == 7


def test_a_used_key_means_that_the_ticket_was_opened_already(gateway: ZendeskGateway, httpx_mock: HTTPXMock) -> None:
    httpx_mock.add_response(url=EXISTING, json={"tickets": []})
    httpx_mock.add_response(url=NEW.attachments[0].url, status_code=404)
    refused = {"error": "IdempotentRequestError", "description": "Request parameters don't match"}
    httpx_mock.add_response(url=f"{ORIGIN}/api/v2/tickets", method="POST", status_code=400, json=refused)
    httpx_mock.add_response(url=EXISTING, json={"tickets": [{"id": 7}]})

    assert gateway.open_ticket(NEW) == 7


def test_an_odd_4xx_says_nothing_of_a_new_ticket_and_is_tried_again(
    gateway: ZendeskGateway, httpx_mock: HTTPXMock
) -> None:
    httpx_mock.add_response(url=EXISTING, json={"tickets": []})
    httpx_mock.add_response(url=NEW.attachments[0].url, status_code=404)
    httpx_mock.add_response(url=f"{ORIGIN}/api/v2/tickets", method="POST", status_code=408, text="Request Timeout")

    with pytest.raises(Unreachable):
        gateway.open_ticket(NEW)


def test_changed_tickets_come_from_the_export_without_those_the_system_touched(
    gateway: ZendeskGateway, clock: MovedClock, httpx_mock: HTTPXMock
) -> None:
    export = f"{ORIGIN}/api/v2/incremental/tickets/cursor"
    first = {
        "tickets": [{"id": 1, "updated_at": "2026-11-21T11:00:00Z"}, {"id": 2, "updated_at": "2026-11-20T11:00:00Z"}],
        "after_cursor": "c1",
        "end_of_stream": False,
    }
    last = {"tickets": [{"id": 3, "updated_at": "2026-11-21T11:30:00Z"}], "after_cursor": "c2", "end_of_stream": True}
    since = clock.now().replace(hour=10)
    httpx_mock.add_response(url=f"{export}?start_time={int(since.timestamp())}&per_page=1000", json=first)
    httpx_mock.add_response(url=f"{export}?cursor=c1&per_page=1000", json=last)

    assert [number for number, _ in gateway.updated_since(since)] == [1, 3]


def test_the_export_is_never_asked_for_the_last_minute(
    gateway: ZendeskGateway, clock: MovedClock, httpx_mock: HTTPXMock
) -> None:
    start = int(clock.now().timestamp()) - 61
    httpx_mock.add_response(
        url=f"{ORIGIN}/api/v2/incremental/tickets/cursor?start_time={start}&per_page=1000",
        json={"tickets": [], "after_cursor": None, "end_of_stream": True},
    )

    assert list(gateway.updated_since(clock.now())) == []


def test_the_requesters_other_open_tickets_are_read_where_a_rule_needs_them(
    gateway: ZendeskGateway, httpx_mock: HTTPXMock
) -> None:
    httpx_mock.add_response(url=TICKET, json=shown())
    others = [ticket(), ticket(id=2, status="closed"), ticket(id=3, status="pending")]
    httpx_mock.add_response(
        url=f"{ORIGIN}/api/v2/users/{CARLA}/tickets/requested?page%5Bsize%5D=100", json={"tickets": others}
    )

    seen = read(gateway, frozenset({Need.REQUESTER_TICKETS}))

    assert [each.id for each in seen.requester_tickets] == [3]


def test_a_groups_workload_is_counted_and_kept_for_a_minute(gateway: ZendeskGateway, httpx_mock: HTTPXMock) -> None:
    httpx_mock.add_response(url=TICKET, json=shown(), is_reusable=True)
    query = "type%3Aticket%20status%3Csolved%20assignee%3A901"
    httpx_mock.add_callback(once({"count": 4}), url=f"{ORIGIN}/api/v2/search/count?query={query}")

    for _ in range(2):
        assert read(gateway, frozenset({Need.WORKLOAD})).workload == {"Anna Reis": 4}


def test_office_hours_are_the_accounts_first_schedule(gateway: ZendeskGateway, httpx_mock: HTTPXMock) -> None:
    httpx_mock.add_response(url=TICKET, json=shown())
    schedules = f"{ORIGIN}/api/v2/business_hours/schedules"
    monday_morning = {"start_time": 1440 + 540, "end_time": 1440 + 720}
    over_midnight = {"start_time": 7 * 1440 - 60, "end_time": 7 * 1440}
    schedule = {"id": 5, "time_zone": "Brasilia", "intervals": [over_midnight, monday_morning]}
    httpx_mock.add_response(url=schedules, json={"schedules": [schedule]})
    holidays = [{"start_date": "2026-12-24", "end_date": "2026-12-25"}]
    httpx_mock.add_response(url=f"{schedules}/5/holidays", json={"holidays": holidays})

    found = read(gateway, frozenset({Need.SCHEDULE})).schedule

    assert found is not None
    assert found.zone == "America/Sao_Paulo"
    assert {day: [str(start) for start, _ in spans] for day, spans in found.hours.items()} == {
        0: ["09:00:00"],
        5: ["23:00:00"],
    }
    assert sorted(map(str, found.holidays)) == ["2026-12-24", "2026-12-25"]


def test_a_schedule_in_a_zone_nobody_knows_is_none_and_that_is_said_once(
    gateway: ZendeskGateway, httpx_mock: HTTPXMock
) -> None:
    httpx_mock.add_response(url=TICKET, json=shown())
    schedules = f"{ORIGIN}/api/v2/business_hours/schedules"
    atlantis = {"schedules": [{"id": 5, "time_zone": "Atlantis", "intervals": []}]}
    httpx_mock.add_response(url=schedules, json=atlantis, is_reusable=True)
    httpx_mock.add_response(url=f"{schedules}/5/holidays", json={"holidays": []}, is_reusable=True)

    with capture_logs() as logs:
        assert read(gateway, frozenset({Need.SCHEDULE})).schedule is None
        assert gateway.office_hours() is None

    assert [line["why"] for line in logs if line["log_level"] == "warning"] == [
        "its time zone 'Atlantis' is no IANA zone, and none of Rails'"
    ]


@pytest.mark.parametrize("forbidden", ["", "/5/holidays"])
def test_a_schedule_that_may_not_be_read_is_none_and_that_is_said_once(
    forbidden: str, gateway: ZendeskGateway, httpx_mock: HTTPXMock
) -> None:
    httpx_mock.add_response(url=TICKET, json=shown())
    schedules = f"{ORIGIN}/api/v2/business_hours/schedules"
    httpx_mock.add_response(url=f"{schedules}{forbidden}", status_code=403, is_reusable=True)
    if forbidden:
        whole = {"schedules": [{"id": 5, "time_zone": "Lisbon", "intervals": []}]}
        httpx_mock.add_response(url=schedules, json=whole, is_reusable=True)

    with capture_logs() as logs:
        assert read(gateway, frozenset({Need.SCHEDULE})).schedule is None
        assert gateway.office_hours() is None

    assert len([line for line in logs if line["log_level"] == "warning"]) == 1


def test_a_plan_without_schedules_has_none(gateway: ZendeskGateway, httpx_mock: HTTPXMock) -> None:
    httpx_mock.add_response(url=TICKET, json=shown())
    httpx_mock.add_response(url=f"{ORIGIN}/api/v2/business_hours/schedules", status_code=404)

    assert read(gateway, frozenset({Need.SCHEDULE})).schedule is None


def once(body: dict[str, Any]) -> Callable[[httpx.Request], httpx.Response]:
    return lambda _request: httpx.Response(200, json=body)
