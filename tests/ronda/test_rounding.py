"""A service goes on rounds by its clock: everything at the start, what changed soon after, and then every so often."""

from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import pytest

from enforcement.rounds import Rounds
from integration.gateway import Unreachable
from integration.in_memory import InMemoryHelpdesk
from ronda.rounding import AGAIN, SOON, Rounding
from rules.ticket import Ticket
from tests.enforcement.desk import HOUR, SECOND, Desk
from tests.enforcement.test_promise import RULE, waiting
from tests.ronda.running import wait_until


class Flaky(InMemoryHelpdesk):
    """Cannot be reached for the first ``failures`` rounds."""

    failures = 0

    def unsolved(self) -> Iterator[Ticket]:
        if self.failures:
            self.failures -= 1
            raise Unreachable("no answer", 5.0)
        return super().unsolved()


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    with closing(Desk(tmp_path / "ronda.sqlite", RULE)) as desk:
        desk.helpdesk = Flaky(desk.clock.now)
        desk.put(waiting())
        yield desk


@pytest.fixture
def start(desk: Desk) -> Iterator[Callable[[], Rounding]]:
    rounds = Rounds(desk.helpdesk, desk.watch.pack.rules, desk.watch.version, desk.ledger, desk.agenda, desk.clock)
    rounding = Rounding(rounds, desk.clock, every=HOUR)

    def started() -> Rounding:
        rounding.start()
        return rounding

    yield started
    rounding.stop(5.0)


def kind_of_last(desk: Desk) -> str:
    last = desk.ledger.last_round()
    return f"{last.kind} at {last.at.isoformat()}" if last else "none"


def pass_time(desk: Desk, rounding: Rounding, by: timedelta) -> None:
    desk.clock.advance(by)
    rounding.wake()


def test_rounds_begin_with_everything_and_go_on_with_changes(desk: Desk, start: Callable[[], Rounding]) -> None:
    began = desk.clock.now()
    rounding = start()
    wait_until(lambda: kind_of_last(desk) == f"everything at {began.isoformat()}", "the first round ends")
    assert [entry.reason for entry in desk.agenda.entries()] == ["round"]

    pass_time(desk, rounding, SOON)
    wait_until(lambda: kind_of_last(desk) == f"changes at {(began + SOON).isoformat()}", "the second round ends")
    pass_time(desk, rounding, HOUR - SECOND)
    pass_time(desk, rounding, SECOND)
    wait_until(lambda: kind_of_last(desk) == f"changes at {(began + SOON + HOUR).isoformat()}", "an hour later")


def test_a_round_that_fails_is_gone_on_again(desk: Desk, start: Callable[[], Rounding]) -> None:
    helpdesk = desk.helpdesk
    assert isinstance(helpdesk, Flaky)
    helpdesk.failures = 1
    rounding = start()
    wait_until(lambda: helpdesk.failures == 0, "the first attempt")
    assert kind_of_last(desk) == "none"

    def has_ended() -> bool:
        pass_time(desk, rounding, AGAIN)
        return kind_of_last(desk).startswith("everything")

    wait_until(has_ended, "the second attempt")
