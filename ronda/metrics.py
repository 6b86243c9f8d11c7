"""`/metrics`: what a service did and how it stands, for Prometheus. Names of rules and fields; no ticket, no person.

What the ledger and the agenda know is read when somebody asks, so that the numbers survive a restart.
"""

from collections.abc import Iterator
from datetime import timedelta

from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.core import CounterMetricFamily as Counter
from prometheus_client.core import GaugeMetricFamily as Gauge
from prometheus_client.exposition import CONTENT_TYPE_LATEST
from prometheus_client.metrics_core import Metric
from prometheus_client.registry import Collector
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from enforcement.promises import kept_so_far
from ronda.beside import EVERYTHING
from ronda.wiring import Parts
from webhooks.counts import Counts

HOUR, DAY = timedelta(hours=1), timedelta(days=1)


def metrics_route(parts: Parts, counts: Counts) -> Route:
    """The route. Its answer is made in a thread of its own, so that deliveries do not wait for it."""
    registry = CollectorRegistry()
    registry.register(ServiceMetrics(parts, counts))

    def metrics(_request: Request) -> Response:
        return Response(generate_latest(registry), media_type=CONTENT_TYPE_LATEST)

    return Route("/metrics", metrics)


class ServiceMetrics(Collector):
    """All metrics of one service. Reading the ledger may raise AgendaError: the request fails then."""

    def __init__(self, parts: Parts, counts: Counts) -> None:
        self._parts = parts
        self._counts = counts

    def describe(self) -> list[Metric]:
        """Nothing is known before it is asked for."""
        return []

    def collect(self) -> Iterator[Metric]:
        yield from self._verdicts()
        yield from self._done()
        yield from self._agenda()
        yield from self._promises()
        yield from self._calls()
        yield from self._deliveries()

    def _verdicts(self) -> Iterator[Metric]:
        verdicts = Gauge("ronda_verdicts", "Tickets by rule and by what the rule says of them", labels=["rule", "word"])
        for rule, words in self._parts.ledger.counts_by_rule().items():
            for word, tickets in words.items():
                verdicts.add_metric([rule, word.value], tickets)
        yield verdicts

    def _done(self) -> Iterator[Metric]:
        ledger, now = self._parts.ledger, self._parts.clock.now()
        actions = Counter("ronda_actions", "Changes of tickets, by field and outcome", labels=["field", "outcome"])
        for (field, outcome), number in ledger.action_counts().items():
            actions.add_metric([field, outcome], number)
        yield actions
        looks = Gauge("ronda_looks_last_hour", "Looks at tickets in the last hour, by outcome", labels=["outcome"])
        for outcome, number in ledger.look_counts(now - HOUR).items():
            looks.add_metric([outcome], number)
        yield looks
        yield Gauge("ronda_paused", "1 while all writing is paused", value=float(ledger.paused() is not None))
        yield Gauge(
            "ronda_fuses_tripped", "Tickets left alone because something undoes our updates", len(ledger.fuses())
        )
        alarm = bool(self._parts.workers.alarm or self._parts.gateway.stale)
        yield Gauge(
            "ronda_alarm",
            "1 while looks fail, or the account cannot be read again, for a reason that a person has to mend",
            value=float(alarm),
        )
        yield Gauge("ronda_workers_alive", "1 while tickets are looked at", value=float(self._parts.workers.is_alive()))

    def _agenda(self) -> Iterator[Metric]:
        agenda, now = self._parts.agenda, self._parts.clock.now()
        entries = agenda.entries(limit=EVERYTHING)
        late = [(now - entry.at).total_seconds() for entry in entries if entry.at <= now]
        yield Gauge("ronda_agenda_entries", "Tickets on the agenda", value=len(entries))
        yield Gauge("ronda_agenda_due", "Tickets whose look is due now", value=len(late))
        yield Gauge(
            "ronda_agenda_age_seconds", "How long the oldest due look has been waiting", value=max(late, default=0)
        )

    def _promises(self) -> Iterator[Metric]:
        kept = kept_so_far(self._parts.ledger.promise_messages(self._parts.clock.now() - DAY))
        late = Gauge(
            "ronda_promise_lateness_seconds", "How late promised messages of the last day were", labels=["quantile"]
        )
        for quantile, seconds in (("0.5", kept.p50), ("0.99", kept.p99), ("1", kept.worst)):
            late.add_metric([quantile], seconds)
        yield late
        yield Gauge("ronda_promises_kept_last_day", "Promised messages sent in the last day", value=kept.messages)
        yield Gauge("ronda_promises_broken_last_day", "Those of them that were too late", value=kept.breaches)

    def _calls(self) -> Iterator[Metric]:
        traffic = self._parts.gateway.traffic()
        calls = Counter("ronda_api_calls", "Calls to Zendesk, by the limit they count in", labels=["kind", "status"])
        for (kind, status), number in traffic.calls.items():
            calls.add_metric([kind.value, status], number)
        yield calls
        left = Gauge("ronda_api_limit_left", "What the last answer said is left of a limit", labels=["kind"])
        for kind, number in traffic.left.items():
            left.add_metric([kind.value], number)
        yield left

    def _deliveries(self) -> Iterator[Metric]:
        counts = self._counts
        answers = Counter("ronda_webhook_answers", "Deliveries answered, by HTTP status", labels=["code"])
        for code, number in sorted(counts.answers.items()):
            answers.add_metric([str(code)], number)
        yield answers
        kinds = Counter("ronda_webhook_deliveries", "Deliveries answered 200, of a special kind", labels=["kind"])
        for kind in ("old", "replayed", "without_ticket", "by_second_secret", "tests"):
            kinds.add_metric([kind], getattr(counts, kind))
        yield kinds
        last = counts.last_verified_at
        if last is not None:
            at = last.timestamp()
            yield Gauge(
                "ronda_webhook_last_verified_seconds", "When the last signed delivery came, Unix time", value=at
            )
