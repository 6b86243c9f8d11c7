"""The running service: the web route in front, workers behind, and an orderly start and stop."""

import asyncio
import contextlib
import gc
import signal
import socket
from collections.abc import Callable, Iterator
from datetime import timedelta

import structlog
import uvicorn
from starlette.applications import Starlette
from uvicorn.protocols.http.auto import AutoHTTPProtocol

from config.settings import Settings
from enforcement.agenda import AgendaError
from ronda.auditing import audits_in_service
from ronda.emulated_clock import EmulatedClock
from ronda.metrics import metrics_route
from ronda.rounding import Rounding
from ronda.scheduled_audits import ScheduledAudits
from ronda.wiring import Parts, parts_of
from webhooks.app import build_app
from webhooks.counts import Counts
from webhooks.events import TicketEvent
from webhooks.intake import Intake

log = structlog.get_logger(__name__)

HANG_UP = 2  # seconds for deliveries under way when the service is told to stop
GRACE = 5.0  # seconds for looks under way after that
SILENT = 8.0  # seconds for a new connection to say something: each holds one of the process's open files
LAST = 1.0  # seconds for a round, and for an audit, that did not end meanwhile; the service is gone within 10


class CannotListen(Exception):
    """The port is taken, or may not be used."""


class UnusableWebhookSecret(Exception):
    """Without a signing secret of its own a service could tell no delivery from a forged one."""


class _Server(uvicorn.Server):
    """uvicorn that leaves signals to us and tells when it answers."""

    def __init__(self, config: uvicorn.Config, started: Callable[[], None]) -> None:
        super().__init__(config)
        self._tell = started

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        loop = asyncio.get_running_loop()
        for number in (signal.SIGINT, signal.SIGTERM):
            loop.add_signal_handler(number, self._stop)
        yield

    def _stop(self) -> None:
        self.should_exit = True

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        self._tell()


class _Impatient(AutoHTTPProtocol):  # type: ignore[misc,valid-type] # one of two, by what is installed
    """uvicorn's HTTP, which would wait for the first byte of a connection for ever."""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        super().connection_made(transport)
        self._silence = asyncio.get_running_loop().call_later(SILENT, transport.close)

    def data_received(self, data: bytes) -> None:
        self._silence.cancel()
        super().data_received(data)

    def connection_lost(self, error: Exception | None) -> None:
        self._silence.cancel()
        super().connection_lost(error)


def app_of(parts: Parts) -> Starlette:
    """The web application of a service. Raises UnusableWebhookSecret."""
    agenda, clock = parts.agenda, parts.clock

    async def ask(event: TicketEvent, delivery: str | None) -> bool:
        return await agenda.ask_async(
            event.ticket_id, clock.now(), event.kind, event_at=event.updated_at, delivery=delivery
        )

    def ready() -> list[str]:
        try:
            paused = parts.ledger.paused()
        except AgendaError as error:
            return [str(error)]
        return [
            *(["the workers have stopped"] if not parts.workers.is_alive() else []),
            *([f"paused: {paused}"] if paused else []),
            *([f"alarm: {parts.workers.alarm}"] if parts.workers.alarm else []),
        ]

    settings, counts = parts.settings, Counts()
    try:
        intake = Intake(
            secrets=settings.webhook_secrets,
            ask=ask,
            now=clock.now,
            counts=counts,
            test_mode=settings.webhook_test_mode,
            old_after=settings.webhook_old_after,
        )
    except ValueError as error:
        raise UnusableWebhookSecret(f"RONDA_WEBHOOK_SECRET: {error}") from error
    return build_app(intake, ready=ready, routes=[metrics_route(parts, counts)])


def configuration_of(app: Starlette, trusted_proxies: str = "") -> uvicorn.Config:
    """How the service's web server runs. ``X-Forwarded-*`` is believed of the proxies that are named, of no other."""
    return uvicorn.Config(
        app,
        http=_Impatient,
        log_config=None,
        access_log=False,
        server_header=False,
        ws="none",
        timeout_graceful_shutdown=HANG_UP,
        proxy_headers=bool(trusted_proxies),
        forwarded_allow_ips=trusted_proxies,
    )


def keep_what_is_built() -> None:
    """What stands at the start lives as long as the process. Walking all of it, the collector would now and then
    stop every thread for some 70 ms, deliveries under way included."""
    gc.collect()
    gc.freeze()


def serve(settings: Settings, say: Callable[[str], None]) -> None:
    """Run until SIGINT or SIGTERM, then let looks under way end. ``say`` gets the one line that tells the address.

    Raises CannotListen, UnusableWebhookSecret, and what ``parts_of`` raises.
    """
    if not settings.webhook_secrets:
        raise UnusableWebhookSecret("RONDA_WEBHOOK_SECRET: is not set; `ronda connect` makes the webhook and keeps it")
    with contextlib.ExitStack() as ending:
        listener = ending.enter_context(_listening(settings.host, settings.port))
        parts = ending.enter_context(parts_of(settings))
        address = address_of(listener)
        line = f"ronda: {address} pack {parts.pack.name} {parts.pack.digest} mode {settings.mode}"
        server = _Server(configuration_of(app_of(parts), settings.trusted_proxies), lambda: say(line))
        keep_what_is_built()
        audits = ending.enter_context(_audits_of(parts))
        rounding = Rounding(parts.rounds, parts.clock, timedelta(seconds=settings.rounds_every))
        if isinstance(parts.clock, EmulatedClock):
            parts.clock.follow([parts.agenda.wake, rounding.wake, *(each.wake for each in audits)])
        parts.workers.start()
        rounding.start()
        for each in audits:
            each.start()
        try:
            server.run([listener])
        finally:
            stops = [rounding.stop, *(each.stop for each in audits)]
            for stop in stops:
                stop(0)  # all are told at once: their ends take as long as the slowest
            if not parts.workers.stop(GRACE):
                log.warning("stop.looks_unfinished", why="they are due again when the service starts")
            for stop in stops:
                stop(LAST)


@contextlib.contextmanager
def _audits_of(parts: Parts) -> Iterator[list[ScheduledAudits]]:
    """The audits of this service, where the settings say when; none elsewhere."""
    settings = parts.settings
    if not settings.audit_cron:
        yield []
        return
    with audits_in_service(settings, parts.pack, parts.clock, parts.gateway, parts.agenda) as audit_parts:
        yield [ScheduledAudits(audit_parts, settings.audit_cron)]


def address_of(listener: socket.socket) -> str:
    host, port = listener.getsockname()[:2]
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"


@contextlib.contextmanager
def _listening(host: str, port: int) -> Iterator[socket.socket]:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as listener:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            listener.bind((host, port))
            listener.listen(1024)
        except OSError as error:
            raise CannotListen(f"cannot listen on {host}:{port}: {error.strerror}; set RONDA_PORT") from error
        yield listener
