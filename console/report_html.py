"""The report as one HTML file that needs nothing else: no script, no address but the account's own tickets."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from babel.dates import format_date, format_datetime
from babel.numbers import format_decimal, format_percent
from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from console.charts import bar, sparkline, trend
from console.report import Finding, Part, Report, spelt_out
from rules.pack import Pack


@dataclass(frozen=True)
class ReportWords:
    """A report's sentences, names and numbers in one language."""

    pack: Pack
    language: str

    def __call__(self, key: str, **values: object) -> str:
        return self.pack.messages.text(f"report.{key}", self.language, {k: str(v) for k, v in values.items()})

    @property
    def locale(self) -> str:
        return self.language.replace("-", "_")

    def title(self, rule_id: str) -> str:
        rule = self.pack.rule(rule_id)
        key = f"title.{rule.kind}"
        own = (rule.title or {}).get(self.language)
        return own or (self.pack.messages.text(key, self.language, {}) if self.pack.messages.has(key) else rule_id)

    def nobody(self, kind: str) -> str:
        """What stands for the group or the person that there is none of."""
        return self("no-group" if kind == "group" else "nobody")

    def paragraph(self, rule_id: str) -> str:
        return self.pack.rule(rule_id).cites

    def text(self, finding: Finding) -> str:
        """What was found, as a sentence where there is one."""
        messages = self.pack.messages
        return messages.text(finding.key, self.language, finding.found) if messages.has(finding.key) else finding.key

    def moment(self, at: datetime | None) -> str:
        local = at and at.astimezone(ZoneInfo(self.pack.desk.zone))
        return "–" if local is None else format_datetime(local, "short", locale=self.locale)

    def day(self, at: datetime) -> str:
        return str(format_date(at.astimezone(ZoneInfo(self.pack.desk.zone)), "dd/MM", locale=self.locale))

    def number(self, value: float) -> str:
        return str(format_decimal(value, locale=self.locale))

    def percent(self, share: float | None) -> str:
        return "–" if share is None else str(format_percent(share, "#,##0.#%", locale=self.locale))

    def duration(self, value: timedelta | None) -> str:
        return spelt_out(value)


def as_html(report: Report, pack: Pack, language: str, link_of: Callable[[int], str]) -> str:
    """The whole file. ``link_of`` gives the address of a ticket in the account. Times are of the pack's zone."""
    words = ReportWords(pack, language)
    environment = Environment(
        loader=PackageLoader("console"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    kinds = (("rule", report.by_rule), ("group", report.by_group), ("person", report.by_person))
    return environment.get_template("report.html").render(
        report=report,
        words=words,
        kinds=kinds,
        link_of=link_of,
        bar=lambda value, of: Markup(bar(value, of)),  # noqa: S704 # numbers only
        trend=_trend(report, words),
        spark=lambda kind, number, part: _spark(kind, number, part, words),
    )


def _trend(report: Report, words: ReportWords) -> Markup:
    shares = [each for each in (*report.before, report.now) if each.share is not None]
    if len(shares) < 2:
        return Markup()
    told = "; ".join(f"{words.day(each.at)}: {words.percent(each.share)}" for each in shares)
    values, labels = [each.share or 0.0 for each in shares], [words.day(each.at) for each in shares]
    return Markup(trend(values, labels, words("share"), told))  # noqa: S704 # charts escape their texts


def _spark(kind: str, number: int, part: Part, words: ReportWords) -> Markup:
    values = (*part.before, len(part.findings))
    told = ", ".join(map(str, values))
    title = words("trend-of", name=part.name or words.nobody(kind))
    return Markup(sparkline(values, title, told, f"spark-{kind}-{number}"))  # noqa: S704 # charts escape their texts
