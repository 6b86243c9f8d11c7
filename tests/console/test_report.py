"""The report of an audit in each of its forms, from values."""

import csv
import io
import json
import re
from datetime import timedelta
from xml.etree import ElementTree

import pytest

from console.charts import sparkline, trend
from console.report import BrokenPromise, Finding, Overtaken, Part, Report, Share
from console.report_files import as_csv, as_json
from console.report_html import as_html
from ronda.packs import load_pack
from rules.catalog.answer_time import AnswerTimes, Times
from rules.catalog.first_in_first_out import Inversion
from rules.messages import LANGUAGES
from tests.rules.tools import DAY, HOUR, JENYFER, OPENED

PACK = load_pack("commerce")
RULE = "commerce.stand-by"


def finding(ticket: int, key: str = "violation.stand_by", person: str = "=cmd|' /C calc'!A0") -> Finding:
    return Finding(ticket, RULE, key, {}, OPENED, OPENED + DAY, "Suporte <b>", person)


FOUND = (finding(7), finding(8))
TIMES = Times((HOUR, 30 * HOUR), 1, 24 * HOUR)
REPORT = Report(
    pack="commerce",
    as_of=OPENED + 2 * DAY,
    groups=(),
    now=Share(OPENED + 2 * DAY, 10, 8),
    before=(Share(OPENED, 10, 5),),
    by_rule=(Part(RULE, FOUND, (5,)),),
    by_group=(Part("Suporte <b>", FOUND, (5,)), Part("", FOUND, (1,))),
    by_person=(Part("", FOUND, ()),),
    oldest=FOUND,
    broken_promises=(BrokenPromise(7, RULE, OPENED, 2 * HOUR, is_sent=False),),
    inversions=Overtaken(
        1, {"Suporte": 1}, {"Jenyfer Lima": 1}, {"priority": 2}, (Inversion(1, 2, "Suporte", JENYFER, OPENED),)
    ),
    answer_times={"commerce.answer-time": AnswerTimes(TIMES, TIMES, (9,)), "other": None},
    ending_exemptions=(finding(10, "ronda-exempt"),),
    could_not_tell=(finding(11, "nobody is available"),),
)


def link(ticket: int) -> str:
    return f"https://acme.zendesk.com/agent/tickets/{ticket}"


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_number_leads_to_its_tickets(language: str) -> None:
    page = as_html(REPORT, PACK, language, link)

    anchors = set(re.findall(r'href="#([^"]+)"', page))
    places = re.findall(r'id="([^"]+)"', page)
    assert anchors <= set(places)
    assert len(places) == len(set(places))
    for ticket in (1, 2, 7, 8, 9, 10, 11):
        assert f'href="{link(ticket)}"' in page


def test_the_file_needs_nothing_else_and_holds_no_markup_but_its_own() -> None:
    page = as_html(REPORT, PACK, "en", link)

    assert "<script" not in page
    assert re.findall(r'(?:src|href)="(?!#|https://acme\.zendesk\.com/agent/tickets/\d+")[^"]*"', page) == []
    assert "Suporte &lt;b&gt;" in page
    assert "<b>" not in page.replace("<li><b>", "")


def test_what_is_in_no_group_is_told_apart_from_what_is_with_nobody() -> None:
    page = as_html(REPORT, PACK, "pt-BR", link)

    assert '<th scope="row">sem grupo</th>' in page
    assert '<th scope="row">ninguém</th>' in page
    assert "Violações a cada auditoria: sem grupo" in page


def test_shares_and_times_are_written_as_people_write_them() -> None:
    assert "80%" in as_html(REPORT, PACK, "en", link)
    portuguese = as_html(REPORT, PACK, "pt-BR", link)
    assert "33,3%" in portuguese
    assert "12/03/2026 11:00" in portuguese


@pytest.mark.parametrize(
    "drawn",
    [
        trend([0.5, 0.8], ["10/03", "12/03"], "A <b>", "50%; 80%"),
        sparkline([5, 2], "Violations: R&D", "5, 2", "spark-1"),
    ],
)
def test_a_chart_says_in_words_what_it_shows(drawn: str) -> None:
    svg = ElementTree.fromstring(drawn)  # noqa: S314 # our own
    named = {child.tag: child.text for child in svg}
    labelled = (svg.get("aria-labelledby") or "").split()

    assert svg.get("role") == "img"
    assert named["title"]
    assert named["desc"]
    assert [child.get("id") for child in svg if child.tag in ("title", "desc")] == labelled


def test_one_audit_is_no_trend() -> None:
    assert sparkline([3], "t", "d", "n") == ""


def rows() -> list[dict[str, str]]:
    text = as_csv(REPORT, lambda each: each.key, link, "America/Sao_Paulo")
    assert text.startswith("\ufeff")
    return list(csv.DictReader(io.StringIO(text.removeprefix("\ufeff")), delimiter=";"))


def test_the_csv_has_a_row_for_each_finding_in_local_time() -> None:
    kinds = [row["kind"] for row in rows()]

    assert kinds == ["violation"] * 2 + ["exemption", "could-not-tell", "broken-promise", "inversion", "unanswered"]
    assert rows()[0]["since"] == "2026-03-10 11:00"
    assert rows()[5]["other_ticket"] == "2"


def test_no_cell_is_a_formula() -> None:
    assert rows()[0]["person"].startswith("'=cmd")


def test_the_json_says_all_of_it() -> None:
    values = json.loads(as_json(REPORT))

    assert values["share"] == 0.8
    assert values["broken_promises"][0]["late"] == timedelta(hours=2).total_seconds()
    assert values["by_rule"][0]["findings"][0]["ticket"] == 7
    assert values["answer_times"]["commerce.answer-time"]["unanswered"] == [9]
    assert values["inversions"]["pairs"][0]["by"]["name"] == "Jenyfer Lima"
