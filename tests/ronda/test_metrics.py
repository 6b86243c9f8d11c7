"""`/metrics` of a service on an emulated Zendesk."""

import asyncio
import re
from pathlib import Path

import httpx
from prometheus_client.parser import text_string_to_metric_families

from ronda.service import app_of
from tests.ronda.running import Stepped

ROOT = Path(__file__).parents[2]
Sample = tuple[str, frozenset[tuple[str, str]]]


def read(ronda: Stepped) -> dict[Sample, float]:
    """Every sample by its name and labels."""

    async def get() -> str:
        app = app_of(ronda.parts)
        async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://ronda.example") as client:
            await client.post("/webhooks/zendesk", content=b"{}")
            answer = await client.get("/metrics")
        assert answer.status_code == 200
        assert answer.headers["content-type"].startswith("text/plain")
        return answer.text

    families = text_string_to_metric_families(asyncio.run(get()))
    return {(s.name, frozenset(s.labels.items())): s.value for family in families for s in family.samples}


def sample(name: str, **labels: str) -> Sample:
    return name, frozenset(labels.items())


def test_what_was_judged_and_done_is_counted(ronda: Stepped) -> None:
    ronda.look(ronda.zendesk.open_wrong())

    found = read(ronda)

    assert found[sample("ronda_verdicts", rule="desk.group", word="complies")] == 1
    assert found[sample("ronda_actions_total", field="group", outcome="applied")] == 1
    assert found[sample("ronda_looks_last_hour", outcome="judged")] == 1
    assert found[sample("ronda_paused")] == 0
    assert found[sample("ronda_promises_kept_last_day")] == 0


def test_calls_are_counted_by_the_limit_they_use_and_what_is_left_is_told(ronda: Stepped) -> None:
    ronda.look(ronda.zendesk.open_wrong())

    found = read(ronda)

    assert found[sample("ronda_api_calls_total", kind="ticket updates", status="200")] == 1
    assert found[sample("ronda_api_calls_total", kind="audits", status="200")] == 1
    assert found[sample("ronda_api_limit_left", kind="ticket updates")] < 300


def test_the_agenda_tells_how_much_waits_and_how_long(ronda: Stepped) -> None:
    now = ronda.parts.clock.now()
    ronda.parts.agenda.ask(1, now, "event")
    ronda.pass_time(90)

    found = read(ronda)

    assert found[sample("ronda_agenda_entries")] == 1
    assert found[sample("ronda_agenda_due")] == 1
    assert 90 <= found[sample("ronda_agenda_age_seconds")] < 92


def test_answers_to_deliveries_are_counted_by_their_status(ronda: Stepped) -> None:
    assert read(ronda)[sample("ronda_webhook_answers_total", code="401")] == 1


def test_a_pause_shows(ronda: Stepped) -> None:
    ronda.parts.ledger.pause("by hand", by="test", at=ronda.parts.clock.now())

    assert read(ronda)[sample("ronda_paused")] == 1


def test_no_ticket_and_no_person_is_named(ronda: Stepped) -> None:
    ronda.look(ronda.zendesk.open_wrong())

    labels = {name for _, labels in read(ronda) for name, _ in labels}

    assert labels == {"rule", "word", "field", "outcome", "quantile", "kind", "status", "code"}


def test_every_alert_and_every_metric_that_is_explained_exists() -> None:
    source = (ROOT / "ronda" / "metrics.py").read_text(encoding="utf-8")
    made = set(re.findall(r'"(ronda_[a-z_]+)"', source))

    alerts = names_in(ROOT / "docs" / "alerts.yml")
    explained = names_in(ROOT / "docs" / "metrics.md")

    assert alerts <= made
    assert explained == made


def names_in(file: Path) -> set[str]:
    return {name.removesuffix("_total") for name in re.findall(r"\bronda_[a-z_]+", file.read_text(encoding="utf-8"))}


def test_an_account_that_cannot_be_read_again_is_an_alarm_though_looks_go_on(ronda: Stepped) -> None:
    wrong = ronda.zendesk.open_wrong()
    ronda.pass_time(15 * 60)
    ronda.zendesk.fault(does="answer", method="GET", path="/api/v2/group_memberships", status=403)

    ronda.look(wrong)

    found = read(ronda)
    assert found[sample("ronda_alarm")] == 1
    assert found[sample("ronda_actions_total", field="group", outcome="applied")] == 1
