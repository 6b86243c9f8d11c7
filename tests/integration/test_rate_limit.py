"""The pace: below our share by itself, slower when the headers or a 429 say so."""

from datetime import timedelta

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from integration.gateway import RateLimited
from integration.rate_limit import LONGEST_WAIT, WINDOW, Bucket, InProcessRateLimit, Reading, buckets_of, readings
from tests.integration.conftest import MovedClock

TEN = dict.fromkeys(Bucket, 10)


def calls_made(
    limit: InProcessRateLimit, clock: MovedClock, count: int, bucket: Bucket = Bucket.GENERAL
) -> list[float]:
    """When each of ``count`` calls was made, in seconds from the first."""
    start = clock.now()
    made = []
    for _ in range(count):
        clock.sleep(limit.acquire([Bucket.GENERAL], patience=1000))
        made.append((clock.now() - start).total_seconds())
    return made


def wait_told(limit: InProcessRateLimit) -> float:
    """What the limit says of one call, in seconds; past our patience it is refused."""
    try:
        return limit.acquire([Bucket.GENERAL], patience=30)
    except RateLimited as refused:
        return refused.retry_after


def test_a_burst_of_our_share_does_not_wait_and_what_follows_is_spread() -> None:
    clock = MovedClock()

    made = calls_made(InProcessRateLimit(clock.now, TEN, share=0.5), clock, 8)

    assert made == pytest.approx([0, 0, 0, 0, 0, 12, 24, 36])


@given(st.integers(1, 300), st.floats(0.1, 1), st.integers(1, 400))
def test_no_pause_lets_more_than_two_shares_through_in_a_minute(limit: int, share: float, count: int) -> None:
    clock = MovedClock()
    ours = max(1, int(limit * share))

    made = calls_made(InProcessRateLimit(clock.now, {Bucket.GENERAL: limit}, share), clock, count)

    assert all(sum(start <= at < start + WINDOW - 0.001 for at in made) <= 2 * ours for start in made)


def test_a_wait_past_the_patience_is_refused_and_takes_no_place() -> None:
    clock = MovedClock()
    limit = InProcessRateLimit(clock.now, TEN, share=0.1)
    limit.acquire([Bucket.GENERAL], 0)

    for _ in range(3):
        with pytest.raises(RateLimited) as caught:
            limit.acquire([Bucket.GENERAL], 30)
        assert caught.value.retry_after == pytest.approx(60)


def test_a_call_that_one_bucket_refuses_takes_no_place_in_another() -> None:
    clock = MovedClock()
    limit = InProcessRateLimit(clock.now, TEN, share=0.1)
    limit.pause(Bucket.AUDITS, 90)

    with pytest.raises(RateLimited, match="audits"):
        limit.acquire([Bucket.GENERAL, Bucket.AUDITS], 30)

    assert limit.acquire([Bucket.GENERAL], 0) == 0


def test_buckets_do_not_wait_for_each_other() -> None:
    clock = MovedClock()
    limit = InProcessRateLimit(clock.now, TEN, share=0.1)

    assert [limit.acquire([bucket], 0) for bucket in Bucket] == [0] * len(Bucket)


def test_people_keep_their_share_of_what_is_left() -> None:
    clock = MovedClock()
    limit = InProcessRateLimit(clock.now, share=0.75)
    limit.learn([Reading(Bucket.GENERAL, total=400, remaining=102, resets=40)])

    made = calls_made(limit, clock, 3)

    assert made[:2] == [0, 0]
    assert made[2] > 0


def test_what_is_left_for_people_only_is_waited_out() -> None:
    clock = MovedClock()
    limit = InProcessRateLimit(clock.now, share=0.75)
    limit.learn([Reading(Bucket.GENERAL, total=400, remaining=100, resets=41)])

    assert limit.acquire([Bucket.GENERAL], 60) == pytest.approx(41)


def test_a_clock_that_is_put_back_stops_no_calls() -> None:
    clock = MovedClock()
    limit = InProcessRateLimit(clock.now, TEN, share=0.1)
    limit.acquire([Bucket.GENERAL], 0)
    clock.moment -= timedelta(hours=3)

    made = calls_made(limit, clock, 2)

    assert made == pytest.approx([60, 120])


def test_a_pause_outlasts_a_clock_that_is_put_back() -> None:
    clock = MovedClock()
    limit = InProcessRateLimit(clock.now)
    limit.pause(Bucket.AUDITS, 17)
    clock.moment -= timedelta(hours=3)

    assert limit.acquire([Bucket.AUDITS], 60) == pytest.approx(17)


@given(
    st.lists(st.tuples(st.floats(-1e7, 1e7), st.floats(0, 1e12), st.integers(0, 500)), min_size=1, max_size=20),
    st.integers(1, 700),
)
def test_no_clock_and_no_header_stops_calls_for_more_than_an_hour_and_a_minute(
    moves: list[tuple[float, float, int]], limit: int
) -> None:
    clock = MovedClock()
    limiter = InProcessRateLimit(clock.now, dict.fromkeys(Bucket, limit))
    for moved, resets, remaining in moves:
        clock.moment += timedelta(seconds=moved)
        limiter.pause(Bucket.GENERAL, resets)
        limiter.learn([Reading(Bucket.GENERAL, limit, remaining, resets)])

        assert wait_told(limiter) <= WINDOW + LONGEST_WAIT + 0.001


def test_a_higher_limit_is_learned() -> None:
    clock = MovedClock()
    limit = InProcessRateLimit(clock.now, TEN, share=1)
    limit.learn([Reading(Bucket.GENERAL, total=700, remaining=None, resets=None)])

    assert calls_made(limit, clock, 600) == [0] * 600


def test_a_pause_holds_its_own_bucket_only() -> None:
    clock = MovedClock()
    limit = InProcessRateLimit(clock.now)
    limit.pause(Bucket.AUDITS, 17)

    assert limit.acquire([Bucket.AUDITS], 60) == pytest.approx(17)
    assert limit.acquire([Bucket.GENERAL], 60) == 0


@pytest.mark.parametrize(
    ("method", "path", "narrowest"),
    [
        ("GET", "/api/v2/tickets/1", Bucket.GENERAL),
        ("PUT", "/api/v2/tickets/1.json", Bucket.TICKET_UPDATES),
        ("GET", "/api/v2/tickets/1/audits", Bucket.AUDITS),
        ("GET", "/api/v2/incremental/tickets/cursor", Bucket.INCREMENTAL),
        ("GET", "/api/v2/search/export", Bucket.SEARCH_EXPORT),
    ],
)
def test_a_call_counts_in_general_and_in_its_own_bucket(method: str, path: str, narrowest: Bucket) -> None:
    buckets = buckets_of(method, path)

    assert buckets[0] is Bucket.GENERAL
    assert buckets[-1] is narrowest


@pytest.mark.parametrize(
    ("headers", "told"),
    [
        ({}, []),
        ({"X-Rate-Limit": "400", "X-Rate-Limit-Remaining": "399"}, [Reading(Bucket.GENERAL, 400, 399, None)]),
        (
            {"ratelimit-limit": "700", "ratelimit-remaining": "3", "ratelimit-reset": "41", "X-Rate-Limit": "400"},
            [Reading(Bucket.GENERAL, 700, 3, 41)],
        ),
        (
            {"zendesk-ratelimit-tickets-update": "total=100; remaining=99; resets=41"},
            [Reading(Bucket.TICKET_UPDATES, 100, 99, 41)],
        ),
        (
            {"Zendesk-RateLimit-Incremental-Exports": "total=10; remaining=0"},
            [Reading(Bucket.INCREMENTAL, 10, 0, None)],
        ),
        ({"zendesk-ratelimit-tickets-index": "total=20000; remaining=1; resets=1", "X-Rate-Limit": "many"}, []),
    ],
)
def test_every_layer_of_the_headers_is_read(headers: dict[str, str], told: list[Reading]) -> None:
    assert list(readings(httpx.Headers(headers))) == told
