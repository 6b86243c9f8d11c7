"""Every benchmark, on tiny sizes, with its real processes."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from benchmarks import __main__ as command
from benchmarks import calls, custodian, history, idle, judge, latency, promises, webhooks
from benchmarks.deliveries import signed_requests
from benchmarks.figures import Figure
from benchmarks.tickets import snapshots
from ronda.packs import load_pack
from webhooks.events import TicketEvent, parse
from webhooks.signature import verify


def by_name(figures: Iterator[Figure]) -> dict[str, Figure]:
    return {figure.name: figure for figure in figures}


def test_deliveries_are_signed_and_readable() -> None:
    head, _, body = next(signed_requests("127.0.0.1:1", "secret", 1, seed=1)).partition(b"\r\n\r\n")
    headers = [(name, value) for name, _, value in (line.partition(b": ") for line in head.split(b"\r\n")[1:])]

    assert verify(body, headers, ["secret"]).invocation_id is not None
    assert isinstance(parse(body), TicketEvent)


@pytest.mark.process
def test_webhooks_are_answered_with_and_without_the_commit() -> None:
    found = by_name(webhooks.measure(runs=1, share=0.02))

    for connections in ("1 connection", "32 connections"):
        durable, forgetful = (found[f"{connections}: answers {how}"] for how in ("with the commit", "without it"))
        assert found[f"{connections}: ratio"].value == pytest.approx(durable.value / forgetful.value)
        assert (
            0 < found[f"{connections}: p50 with the commit"].value <= found[f"{connections}: p99 with the commit"].value
        )
    assert [figure.name for figure in found.values() if figure.aim] == ["32 connections: ratio"]


@pytest.mark.process
def test_events_are_timed_until_the_cure_is_stored() -> None:
    found = by_name(latency.measure(events=2))

    assert found["event to cured, 0 ms a call: p50"].value > 0
    assert found["event to cured, 150 ms a call: p50"].value > 3 * 150


@pytest.mark.process
def test_calls_are_counted_by_the_emulator() -> None:
    found = by_name(calls.measure())

    assert found["a compliant ticket's event"].value == 2
    assert found["a violated ticket's event, its echo included"].value == 4
    assert found["20 events within a second on one ticket"].value >= 1


@pytest.mark.process
def test_an_idle_service_has_a_size() -> None:
    found = by_name(idle.measure(tickets=2, seconds=0.2))

    assert found["memory (RSS) after the start"].value > 10
    assert found["processor time while idle"].value >= 0


def test_packs_are_judged(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(custodian, "measure", lambda **_: iter(()))
    found = list(judge.measure(tickets=40, runs=2))

    assert [figure.name.split(",")[1] for figure in found] == [" pack website", " pack commerce"] * 2
    assert all(figure.value > 0 and len(figure.runs) == 2 for figure in found)


def test_conditions_hold_for_tickets_that_are_there() -> None:
    """Custodian's answers are compared with these; only `make bench` installs it."""
    rates, found = custodian.answered([*snapshots(load_pack("commerce").desk, 500, seed=1)], runs=2)

    assert len(rates) == 2
    assert all(0 < len(ids) < 500 for ids in found)


def test_figures_are_written_as_json(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def fails() -> Iterator[Figure]:
        yield Figure("one", 1.0, "ms")
        raise RuntimeError("no such luck")

    monkeypatch.setattr(command, "BENCHMARKS", {"good": lambda: iter([Figure("two", 2.0, "ms")]), "bad": fails})
    code = command.main(["bad", "good", "--json", str(tmp_path / "figures.json")])
    written = json.loads((tmp_path / "figures.json").read_text(encoding="utf-8"))["figures"]

    assert code == 1
    assert {name: [each["name"] for each in figures] for name, figures in written.items()} == {
        "bad": ["one"],
        "good": ["two"],
    }
    assert "bad could not be run: RuntimeError: no such luck" in capsys.readouterr().err


def test_an_unknown_benchmark_is_named(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit, match="2"):
        command.main(["speed"])

    assert "no benchmark is called 'speed'; there are webhooks, latency, calls, idle, judge" in capsys.readouterr().err


def test_promises_are_timed_counted_and_kept_within_the_forecast() -> None:
    found = by_name(promises.measure(idle=2, at_once=20, timers=300))

    assert found["promise to message, idle service: p99"].value >= found["promise to message, idle service: p50"].value
    assert found["20 promises of one minute: the last is sent after"].note.startswith("forecast 5 s; 20 in")
    assert found["one timer moved among 300: p99"].value > 0
    assert found["restart with 300 timers"].value < 5


def test_the_past_is_replayed_and_two_packs_are_compared() -> None:
    found = by_name(history.measure(tickets=20, runs=2))

    for pack in ("website", "commerce"):
        assert found[f"backtest, pack {pack}"].value > 0
        assert found[f"preview beside judging, pack {pack}"].value > 0
    assert all(len(figure.runs) == 2 for figure in found.values())
