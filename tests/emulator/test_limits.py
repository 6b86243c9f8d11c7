"""Rate limits in two layers, and their headers (facts 6)."""

from collections.abc import Callable

import pytest

from tests.emulator.conftest import Desk


@pytest.mark.parametrize(
    ("plan", "limit"),
    [("suite-team", 200), ("suite-professional", 400), ("suite-enterprise-plus", 2500), ("support-essential", 10)],
)
def test_the_plan_sets_the_accounts_limit(reset: Callable[[str], Desk], plan: str, limit: int) -> None:
    desk = reset(f"plan: {plan}\nrate_limits: true")

    headers = desk.http.get("/api/v2/tickets").headers

    assert (headers["X-Rate-Limit"], headers["X-Rate-Limit-Remaining"]) == (str(limit), str(limit - 1))
    assert (headers["ratelimit-limit"], headers["ratelimit-remaining"]) == (str(limit), str(limit - 1))
    assert 1 <= int(headers["ratelimit-reset"]) <= 60


def test_past_the_limit_it_is_429_until_the_minute_is_over(reset: Callable[[str], Desk]) -> None:
    desk = reset("plan: support-essential\nrate_limits: true")
    desk.clock(running=False)

    answers = [desk.http.get("/api/v2/tickets") for _ in range(11)]

    assert [answer.status_code for answer in answers] == [200] * 10 + [429]
    assert answers[-1].headers["Retry-After"] == "60"
    assert answers[-1].json()["error"] == "APIRateLimitExceeded"
    desk.clock(advance=60)
    assert desk.http.get("/api/v2/tickets").status_code == 200


def test_one_ticket_takes_thirty_updates_of_one_user_in_ten_minutes(reset: Callable[[str], Desk]) -> None:
    desk = reset("high_volume: true\nrate_limits: true")
    desk.clock(running=False)
    number = desk.open()["id"]

    statuses = [desk.put(number, subject=f"n{index}").status_code for index in range(31)]

    assert statuses == [200] * 30 + [429]
    other = desk.client("paulo").put(f"/api/v2/tickets/{number}", json={"ticket": {"subject": "x"}})
    assert other.status_code == 200
    desk.clock(advance=600)
    assert desk.put(number, subject="again").status_code == 200


@pytest.mark.parametrize(("line", "limit"), [("", 100), ("high_volume: true", 300), ("sandbox: true", 20)])
def test_updates_have_their_own_bucket(reset: Callable[[str], Desk], line: str, limit: int) -> None:
    desk = reset(f"rate_limits: true\n{line}")
    number = desk.open()["id"]

    header = desk.put(number, priority="low").headers["zendesk-ratelimit-tickets-update"]

    assert header.startswith(f"total={limit}; remaining={limit - 1}; resets=")


def test_exports_are_limited_to_ten_a_minute(reset: Callable[[str], Desk]) -> None:
    desk = reset("rate_limits: true")
    path = "/api/v2/incremental/tickets/cursor?start_time=0"

    answers = [desk.http.get(path) for _ in range(11)]

    assert [answer.status_code for answer in answers] == [200] * 10 + [429]
    assert answers[0].headers["zendesk-ratelimit-incremental-exports"].startswith("total=10; remaining=9")
    assert "incremental export API" in answers[-1].json()["description"]


def test_search_has_a_bucket_of_its_own(reset: Callable[[str], Desk]) -> None:
    desk = reset("plan: support-essential\nrate_limits: true")

    answers = [desk.http.get("/api/v2/search?query=x") for _ in range(12)]

    assert {answer.status_code for answer in answers} == {200}
    assert "X-Rate-Limit" not in answers[0].headers


def test_the_body_of_a_429_may_be_plain_text(reset: Callable[[str], Desk]) -> None:
    """Unconfirmed: a switch."""
    desk = reset("plan: support-essential\nrate_limits: true\nswitches: {limit_body: text}")

    answer = [desk.http.get("/api/v2/tickets") for _ in range(11)][-1]

    assert answer.headers["Content-Type"].startswith("text/plain")
    assert answer.text.startswith("Number of allowed")
