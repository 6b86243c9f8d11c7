"""The clock that a service goes by."""

import threading
import time
from datetime import UTC, datetime, timedelta

import pytest
from pydantic import AnyHttpUrl

from enforcement.clock import SystemClock
from ronda.emulated_clock import ClockUnreachable, EmulatedClock, clock_of
from tests.ronda.running import Zendesk, free_port


def test_without_an_address_it_is_the_machines_clock() -> None:
    with clock_of(None) as clock:
        assert isinstance(clock, SystemClock)


def test_an_emulators_clock_goes_where_it_is_moved(zendesk: Zendesk) -> None:
    zendesk.control("POST", "clock", running=False)
    with clock_of(AnyHttpUrl(zendesk.url)) as clock:
        before = clock.now()
        zendesk.control("POST", "clock", advance=3600)
        assert clock.now() - before == timedelta(hours=1)

        zendesk.control("POST", "clock", at="2027-01-01T12:00:00Z")
        assert clock.now() == datetime(2027, 1, 1, 12, tzinfo=UTC)
    zendesk.control("POST", "clock", running=True)


@pytest.mark.parametrize("path", ["", "/nowhere"])
def test_a_clock_that_does_not_answer_is_named(served: Zendesk, path: str) -> None:
    url = f"{served.url}{path}" if path else f"http://127.0.0.1:{free_port()}"
    with clock_of(AnyHttpUrl(url)) as clock, pytest.raises(ClockUnreachable, match="RONDA_CLOCK_URL: no emulator"):
        clock.now()


def test_who_follows_it_is_told_of_each_move_and_knows_the_time(zendesk: Zendesk) -> None:
    zendesk.control("POST", "clock", running=False)
    with clock_of(AnyHttpUrl(zendesk.url)) as clock:
        assert isinstance(clock, EmulatedClock)
        before, moved = clock.now(), threading.Event()
        clock.follow([moved.set])
        moved.wait(5)
        moved.clear()
        zendesk.control("POST", "clock", advance=3600)

        assert moved.wait(5)
        assert clock.now() - before == timedelta(hours=1)
    zendesk.control("POST", "clock", running=True)


def test_who_sleeps_on_a_clock_that_stands_still_moves_it(zendesk: Zendesk) -> None:
    zendesk.control("POST", "clock", running=False)
    with clock_of(AnyHttpUrl(zendesk.url)) as clock:
        before = clock.now()
        clock.sleep(30)
        assert clock.now() - before == timedelta(seconds=30)
    zendesk.control("POST", "clock", running=True)


def test_on_a_clock_that_runs_sleep_is_sleep(zendesk: Zendesk) -> None:
    with clock_of(AnyHttpUrl(zendesk.url)) as clock:
        before, began = clock.now(), time.monotonic()
        clock.sleep(0.2)
        assert time.monotonic() - began >= 0.2
        assert clock.now() - before < timedelta(seconds=5)
