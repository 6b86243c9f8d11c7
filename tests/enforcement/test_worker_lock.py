"""Tests of one service a file: the second is told who the first is, and a dead one is in nobody's way."""

import os
import signal
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from enforcement.agenda import LEASE, Entry
from enforcement.embedded import EmbeddedAgenda
from enforcement.worker_lock import AnotherWorkerRuns

NOW = datetime(2026, 11, 21, 12, tzinfo=UTC)

WORK = """
import sys, threading
from datetime import datetime
from pathlib import Path
from enforcement.embedded import EmbeddedAgenda
agenda = EmbeddedAgenda.open(Path(sys.argv[1]))
agenda.become_worker()
print(len(agenda.claim(datetime.fromisoformat(sys.argv[2]), limit=10)), flush=True)
threading.Event().wait()
"""


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "ronda.sqlite"


def start_worker(path: Path) -> "subprocess.Popen[str]":
    child = subprocess.Popen(  # noqa: S603 -- our own script
        [sys.executable, "-c", WORK, str(path), NOW.isoformat()], stdout=subprocess.PIPE, text=True
    )
    assert child.stdout is not None
    child.stdout.readline()
    return child


def test_a_second_worker_is_told_who_the_first_is(path: Path) -> None:
    with EmbeddedAgenda.open(path) as one, EmbeddedAgenda.open(path) as other:
        one.become_worker()

        with pytest.raises(AnotherWorkerRuns, match=f"pid {os.getpid()} on ") as raised:
            other.become_worker()
        assert raised.value.who.startswith(f"pid {os.getpid()} on ")


def test_beside_a_worker_others_read_and_ask(path: Path) -> None:
    with EmbeddedAgenda.open(path) as worker, EmbeddedAgenda.open(path) as other:
        worker.become_worker()
        other.ask(7, NOW, "by hand")

        assert other.entries() == worker.entries() == [Entry(7, NOW, "by hand")]


def test_a_worker_that_closes_makes_room(path: Path) -> None:
    with EmbeddedAgenda.open(path) as one:
        one.become_worker()
    with EmbeddedAgenda.open(path) as other:
        other.become_worker()
        with EmbeddedAgenda.open(path) as third, pytest.raises(AnotherWorkerRuns):
            third.become_worker()


@pytest.mark.process
def test_what_a_killed_worker_had_claimed_is_due_as_soon_as_another_starts(path: Path) -> None:
    with EmbeddedAgenda.open(path) as agenda:
        agenda.ask(7, NOW, "ticket.created")
        with start_worker(path) as child:
            with pytest.raises(AnotherWorkerRuns, match=f"pid {child.pid} "):
                agenda.become_worker()
            assert agenda.claim(NOW + LEASE / 2) == []
            child.send_signal(signal.SIGKILL)

        agenda.become_worker()

        [claim] = agenda.claim(NOW + timedelta(seconds=1))
        assert claim.entry == Entry(7, NOW, "ticket.created", attempts=1)
