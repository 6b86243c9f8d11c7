"""The wire: what is tried again, what never is, where credentials go, what a log may hold."""

import logging

import httpx
import pytest
from pytest_httpx import HTTPXMock
from structlog.testing import capture_logs

from integration.auth import ApiToken
from integration.gateway import AccessDenied, GatewayError, RateLimited, Unreachable, UnreadableAnswer, WrongAccount
from integration.refusal import Refusal
from integration.wire import AnswerLost, Wire, json_of, logged, retry_after, served_at
from tests.integration.answers import ORIGIN
from tests.integration.conftest import MovedClock

PATH = "/api/v2/tickets/40211"
URL = ORIGIN + PATH


@pytest.mark.parametrize(
    ("sent", "waited"),
    [
        ("7", 7),
        ("Sat, 21 Nov 2026 12:00:43 GMT", 13),
        ("Sat, 21 Nov 2026 11:00:00 GMT", 0),
        ("soon", 60),
        (None, 60),
        ("99999999", 3600),
    ],
)
def test_retry_after_is_seconds_or_a_date_or_a_minute(sent: str | None, waited: float, clock: MovedClock) -> None:
    headers = httpx.Headers({} if sent is None else {"Retry-After": sent})

    assert retry_after(headers, clock.now(), 60) == waited


def test_a_date_is_counted_from_the_servers_own_time(clock: MovedClock) -> None:
    headers = httpx.Headers({"Retry-After": "Sat, 21 Nov 2026 15:00:10 GMT", "Date": "Sat, 21 Nov 2026 15:00:00 GMT"})

    assert retry_after(headers, clock.now(), 60) == 10


@pytest.mark.parametrize("sent", ["7", "Sat, 21 Nov 2026 12:00:37 GMT"])
def test_a_read_waits_as_long_as_a_429_says_and_no_much_longer(
    sent: str, wire: Wire, clock: MovedClock, httpx_mock: HTTPXMock
) -> None:
    httpx_mock.add_response(url=URL, status_code=429, headers={"Retry-After": sent})
    httpx_mock.add_response(url=URL, json={"ticket": {}})

    assert json_of(wire.read(PATH)) == {"ticket": {}}
    assert 7 <= sum(clock.slept) <= 8.5


def test_a_wait_past_our_patience_is_left_to_the_agenda(wire: Wire, clock: MovedClock, httpx_mock: HTTPXMock) -> None:
    httpx_mock.add_response(url=URL, status_code=429, headers={"Retry-After": "90"})

    with pytest.raises(RateLimited) as caught:
        wire.read(PATH)

    assert caught.value.retry_after == 90
    assert clock.slept == []


@pytest.mark.parametrize(
    "failure",
    [
        httpx.ConnectError("refused"),
        httpx.ReadTimeout("late"),
        httpx.RemoteProtocolError("gone"),
        httpx.DecodingError("not gzip"),
        500,
        502,
        503,
        504,
    ],
)
def test_a_read_is_tried_again_when_it_may_pass(failure: Exception | int, wire: Wire, httpx_mock: HTTPXMock) -> None:
    fail(httpx_mock, failure)
    httpx_mock.add_response(url=URL, json={"ticket": {"id": 1}})

    assert json_of(wire.read(PATH)) == {"ticket": {"id": 1}}


def test_a_read_that_keeps_failing_ends(wire: Wire, clock: MovedClock, httpx_mock: HTTPXMock) -> None:
    httpx_mock.add_response(url=URL, status_code=503, is_reusable=True)

    with pytest.raises(Unreachable):
        wire.read(PATH)

    assert len(httpx_mock.get_requests()) == 4
    assert 0 < sum(clock.slept) < 30


@pytest.mark.parametrize(
    "failure",
    [
        httpx.ReadTimeout("late"),
        httpx.ReadError("reset"),
        httpx.ReadError("[SSL: BAD_RECORD_MAC] bad record mac"),
        httpx.DecodingError("not gzip"),
        500,
        503,
        504,
    ],
)
def test_a_write_whose_answer_is_lost_is_sent_once(
    failure: Exception | int, wire: Wire, clock: MovedClock, httpx_mock: HTTPXMock
) -> None:
    fail(httpx_mock, failure)

    with pytest.raises(AnswerLost):
        wire.write("PUT", PATH, b"{}")

    assert len(httpx_mock.get_requests()) == 1
    assert clock.slept == []


@pytest.mark.parametrize("failure", [httpx.ConnectError("refused"), httpx.ConnectTimeout("late")])
def test_a_write_that_found_no_connection_was_surely_not_stored(
    failure: Exception, wire: Wire, httpx_mock: HTTPXMock
) -> None:
    fail(httpx_mock, failure)

    with pytest.raises(Unreachable):
        wire.write("PUT", PATH, b"{}")


def test_a_write_that_met_the_limit_is_not_sent_again(wire: Wire, httpx_mock: HTTPXMock) -> None:
    httpx_mock.add_response(url=URL, status_code=429, headers={"Retry-After": "3"})

    with pytest.raises(RateLimited) as caught:
        wire.write("PUT", PATH, b"{}")

    assert caught.value.retry_after == 3
    assert len(httpx_mock.get_requests()) == 1


def test_after_a_429_the_next_call_of_its_kind_waits(wire: Wire, clock: MovedClock, httpx_mock: HTTPXMock) -> None:
    httpx_mock.add_response(url=URL, status_code=429, headers={"Retry-After": "3"})
    httpx_mock.add_response(url=URL, json={})
    with pytest.raises(RateLimited):
        wire.write("PUT", PATH, b"{}")

    wire.write("PUT", PATH, b"{}")

    assert sum(clock.slept) == pytest.approx(3)


def test_a_limit_on_one_ticket_does_not_stop_the_others(wire: Wire, clock: MovedClock, httpx_mock: HTTPXMock) -> None:
    left = {"Retry-After": "500", "zendesk-ratelimit-tickets-update": "total=100; remaining=90; resets=41"}
    httpx_mock.add_response(url=URL, status_code=429, headers=left)
    httpx_mock.add_response(url=f"{ORIGIN}/api/v2/tickets/2", json={})
    with pytest.raises(RateLimited):
        wire.write("PUT", PATH, b"{}")

    wire.write("PUT", "/api/v2/tickets/2", b"{}")

    assert clock.slept == []


def test_a_create_with_an_idempotency_key_may_be_repeated(wire: Wire, httpx_mock: HTTPXMock) -> None:
    httpx_mock.add_exception(httpx.ReadTimeout("late"))
    httpx_mock.add_response(status_code=201, json={"ticket": {"id": 7}})

    answer = wire.write_again("POST", "/api/v2/tickets", b"{}", {"Idempotency-Key": "ronda-1"})

    assert json_of(answer) == {"ticket": {"id": 7}}
    assert {request.headers["Idempotency-Key"] for request in httpx_mock.get_requests()} == {"ronda-1"}


@pytest.mark.parametrize(
    ("status", "error"), [(401, AccessDenied), (403, AccessDenied), (404, Refusal), (422, Refusal), (301, WrongAccount)]
)
def test_an_answer_that_is_no_success_is_an_error(
    status: int, error: type[GatewayError], wire: Wire, httpx_mock: HTTPXMock
) -> None:
    httpx_mock.add_response(url=URL, status_code=status, headers={"Location": "https://www.zendesk.com/closed"})

    with pytest.raises(error):
        wire.read(PATH)

    assert len(httpx_mock.get_requests()) == 1


def test_a_redirect_asks_whether_the_subdomain_is_right(wire: Wire, httpx_mock: HTTPXMock) -> None:
    httpx_mock.add_response(url=URL, status_code=302, headers={"Location": "https://www.zendesk.com/closed"})

    with pytest.raises(WrongAccount, match=r"acme\.zendesk\.com sends us to www\.zendesk\.com: is the subdomain right"):
        wire.read(PATH)


@pytest.mark.parametrize(
    "target",
    [
        "https://evil.example/api/v2/tickets/1",
        "http://acme.zendesk.com/api/v2/tickets/1",
        "https://acme.zendesk.com:8443/api/v2/tickets/1",
        "https://acme.zendesk.com.evil.example/api/v2/tickets/1",
        "https://x.zdusercontent.com/api/v2/tickets/1",
    ],
)
def test_only_the_accounts_own_host_and_scheme_are_called(target: str, wire: Wire, httpx_mock: HTTPXMock) -> None:
    with pytest.raises(WrongAccount, match="was stopped"):
        wire.read(target)

    assert httpx_mock.get_requests() == []


def test_an_attachment_is_read_from_zendesks_store_without_credentials(wire: Wire, httpx_mock: HTTPXMock) -> None:
    url = f"{ORIGIN}/attachments/token/aB3/?name=print.png"
    store = "https://p1.zdusercontent.com/attachment/1/x?token=y"
    httpx_mock.add_response(url=url, status_code=302, headers={"Location": store})
    httpx_mock.add_response(url=store, content=b"png")

    assert wire.download(url) == b"png"
    first, second = httpx_mock.get_requests()
    assert "authorization" in first.headers
    assert "authorization" not in second.headers


def test_an_attachment_elsewhere_is_not_read(wire: Wire, httpx_mock: HTTPXMock) -> None:
    url = f"{ORIGIN}/attachments/token/aB3/?name=print.png"
    httpx_mock.add_response(url=url, status_code=302, headers={"Location": "https://evil.example/x"})

    with pytest.raises(WrongAccount):
        wire.download(url)

    assert len(httpx_mock.get_requests()) == 1


@pytest.mark.parametrize(
    ("failure", "said"),
    [
        (httpx.ConnectError("[Errno -2] Name or service not known"), "is the subdomain right?"),
        (httpx.ConnectError("[SSL: CERTIFICATE_VERIFY_FAILED] certificate verify failed"), "TLS certificate"),
        (httpx.ConnectTimeout("timed out"), "did not answer in time"),
        (httpx.ConnectError("Connection refused"), "cannot be reached"),
    ],
)
def test_a_failed_connection_says_what_may_be_wrong(
    failure: Exception, said: str, wire: Wire, httpx_mock: HTTPXMock
) -> None:
    httpx_mock.add_exception(failure, is_reusable=True)

    with pytest.raises(Unreachable, match=said.replace("?", r"\?")):
        wire.read(PATH)


@pytest.mark.parametrize("address", ["acme", "http://acme.zendesk.com", "ftp://acme.zendesk.com", "https://", "a b:"])
def test_credentials_go_to_no_unprotected_address(address: str, clock: MovedClock) -> None:
    with pytest.raises(WrongAccount, match="expected"):
        Wire(address, ApiToken("a@b.example", "t"), now=clock.now)


def test_a_laptop_may_do_without_tls(clock: MovedClock, httpx_mock: HTTPXMock) -> None:
    httpx_mock.add_response(url="http://127.0.0.1:8080/api/v2/x", json={})
    wire = Wire("http://127.0.0.1:8080", ApiToken("a@b.example", "t"), now=clock.now)

    assert json_of(wire.read("/api/v2/x")) == {}
    wire.close()


def test_the_environments_proxy_is_ignored(clock: MovedClock, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HTTPS_PROXY", "http://proxy.example:3128")
    monkeypatch.setenv("ALL_PROXY", "no-such-scheme://")

    Wire(ORIGIN, ApiToken("a@b.example", "t"), now=clock.now).close()


def test_no_cookie_is_sent_back(wire: Wire, httpx_mock: HTTPXMock) -> None:
    httpx_mock.add_response(url=URL, json={}, headers={"Set-Cookie": "session=1; Path=/"}, is_reusable=True)
    wire.read(PATH)
    wire.read(PATH)

    assert all("cookie" not in request.headers for request in httpx_mock.get_requests())


@pytest.mark.parametrize("body", [b"<html>", b"[]", b"", b"\xff\xfe{"])
def test_an_answer_that_is_no_object_cannot_be_read(body: bytes, wire: Wire, httpx_mock: HTTPXMock) -> None:
    httpx_mock.add_response(url=URL, content=body)

    with pytest.raises(UnreadableAnswer, match=r"GET /api/v2/tickets/\{id\}"):
        json_of(wire.read(PATH))


def test_the_servers_time_is_its_date_header(wire: Wire, httpx_mock: HTTPXMock) -> None:
    httpx_mock.add_response(url=URL, json={}, headers={"Date": "Sat, 21 Nov 2026 12:00:31 GMT"})
    httpx_mock.add_response(url=URL, json={})

    assert str(served_at(wire.read(PATH))) == "2026-11-21 12:00:31+00:00"
    assert served_at(wire.read(PATH)) is None


def test_a_log_holds_no_body_no_query_no_token_and_no_address(
    clock: MovedClock, httpx_mock: HTTPXMock, caplog: pytest.LogCaptureFixture
) -> None:
    wire = Wire(ORIGIN, ApiToken("ronda@acme.example", "t0ken"), now=clock.now, sleep=clock.sleep)
    httpx_mock.add_response(status_code=503, text="secret-answer")
    httpx_mock.add_response(json={"comment": "secret-answer"})
    httpx_mock.add_exception(httpx.ReadTimeout("late"))
    httpx_mock.add_response(status_code=422, json={"details": {"base": [{"description": "secret-answer"}]}})

    with caplog.at_level(logging.DEBUG), capture_logs() as logs:
        wire.read("/api/v2/users/950/tickets/requested", {"query": "secret-query"})
        with pytest.raises(AnswerLost):
            wire.write("PUT", PATH, b'{"comment": "secret-body"}')
        with pytest.raises(Refusal):
            wire.write("PUT", PATH, b'{"comment": "secret-body"}')
    wire.close()

    assert [(line.get("path"), line.get("id"), line.get("status")) for line in logs if "path" in line] == [
        ("/api/v2/users/{id}/tickets/requested", 950, 503),
        ("/api/v2/users/{id}/tickets/requested", 950, 200),
        ("/api/v2/tickets/{id}", 40211, "no answer"),
        ("/api/v2/tickets/{id}", 40211, 422),
    ]
    assert not any(word in str(logs) + caplog.text for word in ("secret", "t0ken", "acme.example", "Basic"))


def test_a_logged_path_holds_no_attachment_token() -> None:
    assert logged("/attachments/token/aB3xyz/") == {"path": "/attachments/token/{token}"}
    assert logged("/api/v2/tickets/12.json") == {"path": "/api/v2/tickets/{id}.json", "id": 12}


def fail(httpx_mock: HTTPXMock, failure: Exception | int) -> None:
    if isinstance(failure, int):
        httpx_mock.add_response(status_code=failure)
    else:
        httpx_mock.add_exception(failure)
