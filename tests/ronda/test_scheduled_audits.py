"""Audits that the service makes by itself, on an emulated Zendesk whose clock stands still."""

import json
import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any

import pytest

from config.settings import Settings
from ronda.auditing import audits_in_service
from ronda.scheduled_audits import ScheduledAudits
from tests.ronda.running import Stepped, settings_of, wait_until

MONDAYS_AT_SIX = "0 6 * * 1"


class Listener:
    """An address of the lead's that takes JSON."""

    def __init__(self) -> None:
        told: list[dict[str, Any]] = []

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                told.append(json.loads(self.rfile.read(int(self.headers["Content-Length"]))))
                self.send_response(204)
                self.end_headers()

            def log_message(self, *args: Any) -> None:
                """Quiet."""

        self.told = told
        self.server = HTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_port}/audits"
        self.thread = threading.Thread(target=self.server.serve_forever, daemon=True)
        self.thread.start()

    def close(self) -> None:
        self.server.shutdown()
        self.server.server_close()
        self.thread.join()


@pytest.fixture
def listener() -> Iterator[Listener]:
    listener = Listener()
    yield listener
    listener.close()


@pytest.fixture
def audits_of(ronda: Stepped, tmp_path: Path) -> Iterator[Callable[..., ScheduledAudits]]:
    with ExitStack() as stack:

        def make(**more: Any) -> ScheduledAudits:
            settings: Settings = settings_of(ronda.zendesk, tmp_path, audit_folder=tmp_path / "audits", **more)
            parts = ronda.parts
            within = audits_in_service(settings, parts.pack, parts.clock, parts.gateway, parts.agenda)
            return ScheduledAudits(stack.enter_context(within), MONDAYS_AT_SIX)

        yield make


def reports(folder: Path) -> list[str]:
    return sorted(file.suffix for file in (folder / "audits").glob("audit-*"))


def test_the_moments_are_those_of_the_packs_zone(audits_of: Callable[..., ScheduledAudits]) -> None:
    saturday = datetime(2026, 11, 21, 12, tzinfo=UTC)

    assert audits_of().next_after(saturday) == datetime(2026, 11, 23, 9, tzinfo=UTC)  # six in São Paulo


def test_it_writes_the_report_and_asks_for_what_a_lost_delivery_left_wrong(
    ronda: Stepped, audits_of: Callable[..., ScheduledAudits], tmp_path: Path
) -> None:
    audits = audits_of()
    ronda.pass_time(60)
    number = ronda.zendesk.open_wrong()
    ronda.pass_time(120)

    report = audits.audit()

    assert [finding.ticket for finding in report.violations] == [number, number]
    assert reports(tmp_path) == [".csv", ".html", ".json"]
    while ronda.parts.workers.run_one():
        pass
    assert ronda.zendesk.is_right(number)
    ronda.pass_time(120)
    assert audits.audit().violations == ()
    assert [past.audit.compliant for past in audits.parts.book.past()] == [0, 1]


def test_past_a_limit_nothing_is_asked_and_it_says_so(
    ronda: Stepped, audits_of: Callable[..., ScheduledAudits], listener: Listener
) -> None:
    audits = audits_of(audit_max_tickets=0, audit_webhook=listener.url)
    ronda.pass_time(60)
    number = ronda.zendesk.open_wrong()
    ronda.pass_time(120)

    audits.audit()

    assert not ronda.parts.workers.run_one()
    assert not ronda.zendesk.is_right(number)
    (told,) = listener.told
    assert told["to_cure"] == 1
    assert "the limit is 0" in told["stopped_by"][0]
    assert told["violations"] == {"desk.analyst": 1, "desk.group": 1}


def test_the_lead_gets_a_ticket_if_that_is_set_and_nobody_else(
    ronda: Stepped, audits_of: Callable[..., ScheduledAudits]
) -> None:
    ronda.zendesk.open_right()
    ronda.pass_time(120)
    audits_of().audit()
    assert len(ronda.zendesk.api("GET", "tickets")["tickets"]) == 1

    audits_of(audit_ticket_for="Jenyfer Lima").audit()

    told = ronda.zendesk.api("GET", "tickets")["tickets"][-1]
    assert "100%" in told["subject"]
    assert "1 de 1 tickets" in told["description"]
    assert told["tags"] == ["ronda-exempt"]


def test_an_address_that_does_not_answer_does_not_spoil_the_audit(
    ronda: Stepped, audits_of: Callable[..., ScheduledAudits], listener: Listener, tmp_path: Path
) -> None:
    listener.server.server_close()
    audits = audits_of(audit_webhook=listener.url, audit_ticket_for="Nobody")
    ronda.pass_time(120)

    audits.audit()

    assert reports(tmp_path) == [".csv", ".html", ".json"]


def test_the_thread_audits_when_the_moment_has_come(
    ronda: Stepped, audits_of: Callable[..., ScheduledAudits], tmp_path: Path
) -> None:
    audits = audits_of()
    audits.start()
    try:
        ronda.pass_time(8 * 24 * 3600)
        audits.wake()
        wait_until(lambda: reports(tmp_path) == [".csv", ".html", ".json"], "the audit is made")
    finally:
        audits.stop(10)
