"""What `ronda doctor` asks about the webhook: is it there and active, with our secret, and do deliveries arrive."""

from collections.abc import Callable
from itertools import takewhile
from urllib.parse import urlsplit

from integration.bridge import ZenpyBridge
from integration.connection import find_webhook
from integration.deliveries import last_deliveries
from integration.parse import Json
from ronda.check import Check, State, ok, warning, wrong
from ronda.connection_file import read_made
from ronda.doctor_account import Examined

AGAIN = "ronda connect --url https://..."


def _webhook(seen: Examined) -> Check:
    identity = _made(seen)
    if not identity:
        return wrong("webhook", "none was made by `ronda connect`", AGAIN)
    found = _found(seen)
    if found is None:
        return wrong("webhook", f"{identity} was deleted in Zendesk: nothing tells Ronda of changes", AGAIN)
    if found.get("status") != "active":
        return wrong("webhook", f"{identity} is switched off", AGAIN)
    secret = str(ZenpyBridge(seen.wire).client().webhooks.show_secret(identity).secret)
    if secret not in seen.settings.webhook_secrets:
        return wrong("webhook", f"{identity}: .env holds another signing secret than Zendesk signs with", AGAIN)
    return ok("webhook", f"{identity} is active and calls {found.get('endpoint')}")


def _deliveries(seen: Examined) -> Check:
    if _found(seen) is None:
        return Check("deliveries", State.SKIPPED, "there is no webhook")
    sent = [each for each in last_deliveries(seen.wire, _made(seen)) if not each.is_under_way]
    if not sent:
        return warning("deliveries", "none in seven days", f"{AGAIN} sends one to try")
    failed = list(takewhile(lambda each: each.status != "success", sent))
    if any(each.status == "circuit broken" for each in failed):
        mend = "see why deliveries fail (journalctl -u ronda, the proxy's log); the circuit closes by itself"
        return wrong("deliveries", "Zendesk's circuit breaker holds them back after too many errors", mend)
    last = sent[0]
    if failed:
        mend = f"see that the service runs and that its address is reachable; {AGAIN} tries it"
        return wrong("deliveries", f"the last one, {last.at}, did not arrive: {last.status}", mend)
    return ok("deliveries", f"the last one arrived, {last.at}")


def _made(seen: Examined) -> str:
    host = urlsplit(str(seen.settings.zendesk_url)).netloc
    return read_made(seen.settings.data, host).webhook


def _found(seen: Examined) -> Json | None:
    identity = _made(seen)
    return find_webhook(seen.wire, identity, "") if identity else None


WEBHOOK_CHECKS: tuple[tuple[str, Callable[[Examined], Check]], ...] = (
    ("webhook", _webhook),
    ("deliveries", _deliveries),
)
