"""A webhook's deliveries as the account sees them: the last ones with their outcomes, and one sent to try it.

https://developer.zendesk.com/api-reference/webhooks/webhooks-api/webhooks/
"""

import json
from dataclasses import dataclass

from integration.parse import reading
from integration.refusal import Refusal
from integration.wire import Wire, json_of

TRIAL = json.dumps({"ticket_id": "{{ticket.id}}"})  # names no ticket: nothing is looked at


@dataclass(frozen=True, slots=True)
class Sent:
    """One delivery. ``status`` is Zendesk's word for it; ``answer`` the receiver's HTTP status, None without one."""

    id: str
    status: str
    at: str
    answer: int | None = None

    @property
    def is_under_way(self) -> bool:
        return self.status in ("unknown", "accepted", "")


def send_trial(wire: Wire, webhook_id: str, endpoint: str) -> None:
    """Have Zendesk send its test delivery, signed with the webhook's own secret. Raises GatewayError, Refusal."""
    request = {"endpoint": endpoint, "http_method": "POST", "request_format": "json", "payload": TRIAL}
    content = json.dumps({"request": request}).encode()
    wire.write("POST", "/api/v2/webhooks/test", content, params={"webhook_id": webhook_id})


def last_deliveries(wire: Wire, webhook_id: str, most: int = 20) -> list[Sent]:
    """The newest first; without answers. Raises GatewayError, Refusal."""
    page = json_of(wire.read(f"/api/v2/webhooks/{webhook_id}/invocations", {"page[size]": most}))
    with reading("the webhook's deliveries"):
        return [
            Sent(str(each["id"]), str(each.get("status") or ""), str(each.get("latest_completed_at") or ""))
            for each in page["invocations"]
        ]


def answer_to(wire: Wire, webhook_id: str, sent: Sent) -> int | None:
    """What the receiver answered to the last attempt; None: nothing. Raises GatewayError."""
    try:
        page = json_of(wire.read(f"/api/v2/webhooks/{webhook_id}/invocations/{sent.id}/attempts"))
    except Refusal:
        return None
    with reading("a delivery's attempts"):
        statuses = [(each.get("response") or {}).get("status") for each in page["attempts"]]
        return int(statuses[-1]) if statuses and statuses[-1] else None
