"""Tokens: when they are asked for, renewed and refused."""

import json
import threading
from collections.abc import Callable, Iterator
from datetime import timedelta

import httpx
import pytest
from pytest_httpx import HTTPXMock

from integration.auth import OAuthClient
from integration.gateway import AccessDenied, RateLimited, Unreachable, UnreadableAnswer
from integration.wire import Wire
from tests.integration.answers import ORIGIN
from tests.integration.conftest import MovedClock

TOKENS = f"{ORIGIN}/oauth/tokens"
PATH = "/api/v2/tickets/1"
CLIENT = OAuthClient("ronda", "s3cret", scope="read tickets:write")


@pytest.fixture
def wire(clock: MovedClock) -> Iterator[Wire]:
    wire = Wire(ORIGIN, CLIENT, now=clock.now, sleep=clock.sleep)
    yield wire
    wire.close()


def grant(httpx_mock: HTTPXMock, token: str, *, lives: int | None = 7200, scope: str = CLIENT.scope) -> None:
    body = {"access_token": token, "token_type": "bearer", "scope": scope, "expires_in": lives}
    httpx_mock.add_response(url=TOKENS, method="POST", status_code=201, json=body)


def bearers(httpx_mock: HTTPXMock) -> list[str]:
    calls = [request for request in httpx_mock.get_requests() if request.url.path == PATH]
    return [request.headers["Authorization"] for request in calls]


def test_a_token_is_asked_for_once_and_used_again(wire: Wire, httpx_mock: HTTPXMock) -> None:
    grant(httpx_mock, "t1")
    httpx_mock.add_response(url=ORIGIN + PATH, json={}, is_reusable=True)

    wire.read(PATH)
    wire.read(PATH)

    asked = httpx_mock.get_requests(url=TOKENS)
    assert [json.loads(request.content) for request in asked] == [
        {
            "grant_type": "client_credentials",
            "client_id": "ronda",
            "client_secret": "s3cret",
            "scope": "read tickets:write",
            "expires_in": 7200,
        }
    ]
    assert bearers(httpx_mock) == ["Bearer t1", "Bearer t1"]


@pytest.mark.parametrize(("lives", "later"), [(7200, 7081), (300, 181), (60, 31)])
def test_a_token_is_renewed_before_it_ends(
    lives: int, later: int, wire: Wire, clock: MovedClock, httpx_mock: HTTPXMock
) -> None:
    grant(httpx_mock, "t1", lives=lives)
    grant(httpx_mock, "t2", lives=lives)
    httpx_mock.add_response(url=ORIGIN + PATH, json={}, is_reusable=True)

    wire.read(PATH)
    clock.moment += timedelta(seconds=later - 2)
    wire.read(PATH)
    clock.moment += timedelta(seconds=2)
    wire.read(PATH)

    assert later < lives
    assert bearers(httpx_mock) == ["Bearer t1", "Bearer t1", "Bearer t2"]


def test_a_refused_token_is_renewed_once(wire: Wire, httpx_mock: HTTPXMock) -> None:
    grant(httpx_mock, "t1")
    grant(httpx_mock, "t2")
    httpx_mock.add_response(url=ORIGIN + PATH, match_headers={"Authorization": "Bearer t1"}, status_code=401)
    httpx_mock.add_response(url=ORIGIN + PATH, match_headers={"Authorization": "Bearer t2"}, json={"read": True})

    assert wire.read(PATH).json() == {"read": True}


def test_a_token_refused_twice_is_an_error(wire: Wire, httpx_mock: HTTPXMock) -> None:
    grant(httpx_mock, "t1")
    grant(httpx_mock, "t2")
    httpx_mock.add_response(url=ORIGIN + PATH, status_code=401, is_reusable=True)

    with pytest.raises(AccessDenied, match="401"):
        wire.read(PATH)

    assert len(bearers(httpx_mock)) == 2


def test_a_write_that_met_a_refused_token_is_sent_whole_again(wire: Wire, httpx_mock: HTTPXMock) -> None:
    grant(httpx_mock, "t1")
    grant(httpx_mock, "t2")
    httpx_mock.add_response(url=ORIGIN + PATH, status_code=401)
    httpx_mock.add_response(url=ORIGIN + PATH, json={})

    wire.write("PUT", PATH, b'{"ticket": {}}')

    writes = httpx_mock.get_requests(url=ORIGIN + PATH)
    assert [request.content for request in writes] == [b'{"ticket": {}}'] * 2


def test_threads_share_one_token(wire: Wire, httpx_mock: HTTPXMock) -> None:
    grant(httpx_mock, "t1")
    httpx_mock.add_response(url=ORIGIN + PATH, json={}, is_reusable=True)
    threads = [threading.Thread(target=wire.read, args=(PATH,)) for _ in range(8)]

    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert len(httpx_mock.get_requests(url=TOKENS)) == 1
    assert bearers(httpx_mock) == ["Bearer t1"] * 8


def test_a_scope_that_was_not_granted_is_named(wire: Wire, httpx_mock: HTTPXMock) -> None:
    grant(httpx_mock, "t1", scope="read")

    with pytest.raises(AccessDenied, match=r"granted without tickets:write: check the spelling"):
        wire.read(PATH)


@pytest.mark.parametrize(
    ("answer", "error", "said"),
    [
        (httpx.Response(401, json={"error": "invalid_client"}), AccessDenied, "401 invalid_client"),
        (httpx.Response(400, text="s3cret is wrong"), AccessDenied, "answered 400;"),
        (httpx.Response(429), RateLimited, "tokens"),
        (httpx.Response(503), Unreachable, "503"),
        (httpx.Response(201, json={"token_type": "bearer"}), UnreadableAnswer, "KeyError"),
        (httpx.Response(201, json=["s3cret"]), UnreadableAnswer, "TypeError"),
        (httpx.Response(201, text="<html>"), UnreadableAnswer, "JSONDecodeError"),
    ],
)
def test_no_token_is_a_clear_error_without_the_secret(
    answer: httpx.Response, error: type[Exception], said: str, wire: Wire, httpx_mock: HTTPXMock
) -> None:
    httpx_mock.add_callback(given(answer), url=TOKENS, is_reusable=True)

    with pytest.raises(error, match=said) as caught:
        wire.write("PUT", PATH, b"{}")

    assert "s3cret" not in str(caught.value)
    assert len(httpx_mock.get_requests(url=TOKENS)) == 1


def test_a_write_for_which_no_token_came_was_never_sent(wire: Wire, httpx_mock: HTTPXMock) -> None:
    httpx_mock.add_exception(httpx.ReadTimeout("late"), url=TOKENS)

    with pytest.raises(Unreachable):
        wire.write("PUT", PATH, b"{}")


def test_credentials_do_not_show() -> None:
    assert "s3cret" not in repr(CLIENT)


def given(answer: httpx.Response) -> Callable[[httpx.Request], httpx.Response]:
    return lambda _request: httpx.Response(answer.status_code, headers=answer.headers, content=answer.content)
