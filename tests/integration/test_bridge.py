"""zenpy through our wire: each of its habits that must not reach Zendesk, or us."""

import json
import logging
import threading
from typing import Any

import httpx
import pytest
import requests
from pytest_httpx import HTTPXMock
from zenpy.lib.api_objects import BaseObject

from integration.bridge import WireAdapter, ZenpyBridge
from integration.gateway import RateLimited, UnreadableAnswer, WrongAccount
from integration.refusal import Refusal
from integration.wire import AnswerLost, Wire, json_of
from tests.integration.answers import GROUPS, ORIGIN, audit, comment, ticket
from tests.integration.conftest import MovedClock

PUT = f"{ORIGIN}/api/v2/tickets/40211.json"
ANSWER = {"ticket": ticket(), "audit": audit(2, comment())}


@pytest.fixture
def bridge(wire: Wire) -> ZenpyBridge:
    return ZenpyBridge(wire)


def test_a_sparse_ticket_is_sent_with_nothing_but_its_values(bridge: ZenpyBridge, httpx_mock: HTTPXMock) -> None:
    httpx_mock.add_response(url=PUT, method="PUT", json=ANSWER)

    bridge.update_ticket(
        40211, {"assignee_id": None, "tags": [], "comment": {"html_body": "<p>á</p>", "public": False}}
    )

    (put,) = httpx_mock.get_requests()
    assert b'"assignee_id": null' in put.content
    assert json.loads(put.content) == {
        "ticket": {
            "id": 40211,
            "assignee_id": None,
            "tags": [],
            "comment": {"html_body": "<p>á</p>", "public": False},
        }
    }


def test_values_of_an_earlier_update_are_not_sent_again(bridge: ZenpyBridge, httpx_mock: HTTPXMock) -> None:
    httpx_mock.add_response(url=PUT, method="PUT", json=ANSWER, is_reusable=True)

    bridge.update_ticket(40211, {"status": "open"})
    bridge.update_ticket(40211, {"priority": "high"})

    assert json.loads(httpx_mock.get_requests()[1].content) == {"ticket": {"id": 40211, "priority": "high"}}


def test_the_answer_is_plain_json_and_whole(bridge: ZenpyBridge, httpx_mock: HTTPXMock) -> None:
    httpx_mock.add_response(url=PUT, method="PUT", json=ANSWER | {"new": {"from": 1}})

    answer = json_of(bridge.update_ticket(40211, {"status": "open"}))

    assert answer == ANSWER | {"new": {"from": 1}}
    assert not any(isinstance(part, BaseObject) for part in everything_in(answer))


def test_reference_data_is_plain_values(bridge: ZenpyBridge, httpx_mock: HTTPXMock) -> None:
    httpx_mock.add_response(url=f"{ORIGIN}/api/v2/groups.json?page[size]=100", json={"groups": GROUPS})

    assert bridge.listed("groups", ("id", "name", "no_such")) == [
        {"id": group["id"], "name": group["name"], "no_such": None} for group in GROUPS
    ]


def test_all_pages_are_listed_and_links_stay_on_the_account(bridge: ZenpyBridge, httpx_mock: HTTPXMock) -> None:
    first = f"{ORIGIN}/api/v2/groups.json?page[size]=100"
    second = f"{first}&page[after]=c1"
    more = {"meta": {"has_more": True}, "links": {"next": second}}
    httpx_mock.add_response(url=first, json={"groups": GROUPS[:1]} | more)
    httpx_mock.add_response(url=second, json={"groups": GROUPS[1:], "meta": {"has_more": False}})

    assert [group["id"] for group in bridge.listed("groups", ("id",))] == [77, 78]


def test_a_link_to_another_host_is_not_followed(bridge: ZenpyBridge, httpx_mock: HTTPXMock) -> None:
    more = {"meta": {"has_more": True}, "links": {"next": "https://evil.example/api/v2/groups.json"}}
    httpx_mock.add_response(url=f"{ORIGIN}/api/v2/groups.json?page[size]=100", json={"groups": GROUPS} | more)

    with pytest.raises(WrongAccount, match=r"evil\.example"):
        bridge.listed("groups", ("id",))

    assert len(httpx_mock.get_requests()) == 1


@pytest.mark.parametrize(
    "body",
    [
        "<html>maintenance</html>",
        "",
        "null",
        "{}",
        "[]",
        '{"unexpected": 1}',
        '{"WHAT": null}',
        '{"WHAT": {}}',
        '{"WHAT": ""}',
        '{"WHAT": [{"name": "x"}]}',
        '{"WHAT": [{"id": null, "name": "x"}]}',
        '{"WHAT": [7]}',
    ],
)
@pytest.mark.parametrize("what", ["groups", "group_memberships", "ticket_fields"])
def test_an_answer_without_the_list_is_a_clear_error(
    what: str, body: str, bridge: ZenpyBridge, httpx_mock: HTTPXMock
) -> None:
    httpx_mock.add_response(text=body.replace("WHAT", what), headers={"Content-Type": "application/json"})

    with pytest.raises(UnreadableAnswer):
        bridge.listed(what, ("id", "name"))


def test_a_later_page_without_the_list_is_a_clear_error(bridge: ZenpyBridge, httpx_mock: HTTPXMock) -> None:
    first = f"{ORIGIN}/api/v2/groups.json?page[size]=100"
    more = {"meta": {"has_more": True}, "links": {"next": f"{first}&page[after]=c1"}}
    httpx_mock.add_response(url=first, json={"groups": GROUPS} | more)
    httpx_mock.add_response(url=f"{first}&page[after]=c1", json={})

    with pytest.raises(UnreadableAnswer, match="groups"):
        bridge.listed("groups", ("id",))


def test_zenpys_credentials_and_headers_do_not_pass(wire: Wire, httpx_mock: HTTPXMock) -> None:
    httpx_mock.add_response(url=f"{ORIGIN}/api/v2/x", json={})
    session = requests.Session()
    session.mount("https://", WireAdapter(wire))

    session.get(f"{ORIGIN}/api/v2/x", headers={"Authorization": "Bearer zenpys", "X-Zenpy": "1"})

    (call,) = httpx_mock.get_requests()
    assert call.headers["Authorization"].startswith("Basic ")
    assert "x-zenpy" not in call.headers


def test_no_retry_after_reaches_zenpy_which_would_sleep_on_it(wire: Wire, httpx_mock: HTTPXMock) -> None:
    httpx_mock.add_response(url=f"{ORIGIN}/api/v2/x", json={}, headers={"Retry-After": "93", "X-Rate-Limit": "400"})
    session = requests.Session()
    session.mount("https://", WireAdapter(wire))

    assert dict(session.get(f"{ORIGIN}/api/v2/x").headers) == {"Content-Type": "application/json"}


def test_a_429_is_raised_as_ours_and_nobody_sleeps(
    bridge: ZenpyBridge, clock: MovedClock, httpx_mock: HTTPXMock
) -> None:
    httpx_mock.add_response(url=PUT, method="PUT", status_code=429, headers={"Retry-After": "93"})

    with pytest.raises(RateLimited) as caught:
        bridge.update_ticket(40211, {"status": "open"})

    assert caught.value.retry_after == 93
    assert clock.slept == []


@pytest.mark.parametrize("failure", [httpx.ReadTimeout("late"), 502, 503])
def test_a_timed_out_update_is_not_repeated(
    failure: Exception | int, bridge: ZenpyBridge, httpx_mock: HTTPXMock
) -> None:
    if isinstance(failure, int):
        httpx_mock.add_response(status_code=failure)
    else:
        httpx_mock.add_exception(failure)

    with pytest.raises(AnswerLost):
        bridge.update_ticket(40211, {"comment": {"body": "once", "public": False}})

    assert len(httpx_mock.get_requests()) == 1


def test_an_error_answer_is_read_by_us(bridge: ZenpyBridge, httpx_mock: HTTPXMock) -> None:
    details = {"priority": [{"description": "Priority: cannot be reset"}]}
    httpx_mock.add_response(url=PUT, status_code=422, json={"error": "RecordInvalid", "details": details})

    with pytest.raises(Refusal) as caught:
        bridge.update_ticket(40211, {"priority": None})

    assert caught.value.problems == {"priority": "Priority: cannot be reset"}


def test_nothing_is_cached(bridge: ZenpyBridge, httpx_mock: HTTPXMock) -> None:
    url = f"{ORIGIN}/api/v2/groups.json?page[size]=100"
    httpx_mock.add_response(url=url, json={"groups": GROUPS})
    httpx_mock.add_response(url=url, json={"groups": []})

    assert len(bridge.listed("groups", ("id",))) == 2
    assert bridge.listed("groups", ("id",)) == []
    assert bridge.client().cache.disabled


def test_each_thread_has_its_own_client(bridge: ZenpyBridge) -> None:
    clients = [bridge.client(), bridge.client()]
    thread = threading.Thread(target=lambda: clients.append(bridge.client()))
    thread.start()
    thread.join()

    assert clients[0] is clients[1]
    assert clients[0] is not clients[2]


def test_what_zenpy_would_log_for_debugging_holds_no_text(
    bridge: ZenpyBridge, httpx_mock: HTTPXMock, caplog: pytest.LogCaptureFixture
) -> None:
    httpx_mock.add_response(url=PUT, json=ANSWER)

    with caplog.at_level(logging.DEBUG):
        bridge.update_ticket(40211, {"comment": {"html_body": "segredo", "public": False}})

    assert "segredo" not in caplog.text
    assert "banner" not in caplog.text


def everything_in(value: Any) -> list[Any]:
    parts = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    return [value, *(deep for part in parts for deep in everything_in(part))]
