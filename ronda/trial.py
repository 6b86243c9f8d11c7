"""Trying a new webhook: Zendesk sends its test delivery, and it is seen to arrive, signed with the secret we hold.

Where the service does not run yet, somebody has to answer: a listener that lives as long as the trial does.
"""

import contextlib
import socket
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime

import uvicorn

from config.settings import Settings
from integration.deliveries import Sent, answer_to, last_deliveries, send_trial
from integration.wire import Wire
from ronda.service import configuration_of
from webhooks.app import build_app
from webhooks.counts import Counts
from webhooks.events import TicketEvent
from webhooks.intake import Intake

POLL = 0.25  # seconds


@dataclass(frozen=True, slots=True)
class Trial:
    """Whether the delivery arrived and was signed right; ``said``: in words, with what to do if not."""

    arrived: bool
    said: str


def try_webhook(
    wire: Wire, settings: Settings, webhook_id: str, endpoint: str, secret: str, patience: float = 20.0
) -> Trial:
    """Wait at most ``patience`` seconds. Raises GatewayError."""
    with _listener(settings, secret) as counts:
        before = {sent.id for sent in last_deliveries(wire, webhook_id)}
        send_trial(wire, webhook_id, endpoint)
        until = time.monotonic() + patience
        while time.monotonic() < until:
            if counts is not None and counts.last_verified_at is not None:
                return Trial(True, "Zendesk's test delivery arrived, signed with the webhook's secret")
            sent = next((each for each in last_deliveries(wire, webhook_id) if each.id not in before), None)
            if sent is not None and not sent.is_under_way:
                return _judged(sent, answer_to(wire, webhook_id, sent), endpoint, settings, runs=counts is None)
            time.sleep(POLL)
    return Trial(False, f"Zendesk's test delivery to {endpoint} did not arrive within {patience:g} s; {_way(settings)}")


def _judged(sent: Sent, answer: int | None, endpoint: str, settings: Settings, *, runs: bool) -> Trial:
    if answer == 200:
        return Trial(True, "Zendesk's test delivery arrived, signed with the webhook's secret")
    if answer == 401 and runs:
        return Trial(
            False,
            "the service that runs here knows another signing secret: restart it, so that it reads .env"
            " (systemctl restart ronda), then run this again",
        )
    if answer is None:
        return Trial(False, f"nothing answered Zendesk at {endpoint} ({sent.status}); {_way(settings)}")
    return Trial(False, f"{endpoint} answered Zendesk with {answer}, and that was not Ronda; {_way(settings)}")


def _way(settings: Settings) -> str:
    return (
        "the address must be reachable from the internet, and your proxy must pass POST /webhooks/zendesk"
        f" on to http://{settings.host}:{settings.port} unchanged"
    )


@contextlib.contextmanager
def _listener(settings: Settings, secret: str) -> Iterator[Counts | None]:
    """Answer deliveries where the service will; None where somebody listens there already: the service itself."""
    family = socket.AF_INET6 if ":" in settings.host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as listener:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            listener.bind((settings.host, settings.port))
            listener.listen(16)
        except OSError:
            yield None
            return
        counts = Counts()
        intake = Intake(secrets=[secret], ask=_not_yet, now=lambda: datetime.now(UTC), counts=counts)
        server = uvicorn.Server(configuration_of(build_app(intake, ready=lambda: ["only a trial listens here"])))
        thread = threading.Thread(target=server.run, args=([listener],), name="trial", daemon=True)
        thread.start()
        try:
            yield counts
        finally:
            server.should_exit = True
            thread.join()


async def _not_yet(event: TicketEvent, delivery: str | None) -> bool:
    """No service keeps what comes meanwhile: it is refused with 409, and Zendesk sends it again."""
    raise ConnectionError(f"delivery {delivery} of ticket {event.ticket_id} came while no service runs")
