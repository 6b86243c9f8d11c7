"""What Ronda needs in an account, made through zenpy: its webhook and the secret that signs its deliveries.

https://developer.zendesk.com/api-reference/webhooks/webhooks-api/webhooks/
"""

from collections.abc import Sequence
from dataclasses import dataclass, field

from zenpy.lib.api_objects import Webhook

from integration.bridge import ZenpyBridge
from integration.wire import Wire

# Every change of a ticket that a rule may read about; one action sends several, and the agenda makes them one look.
SUBSCRIPTIONS = tuple(
    f"zen:event-type:ticket.{what}"
    for what in (
        "agent_assignment_changed",
        "comment_added",
        "created",
        "custom_field_changed",
        "custom_status_changed",
        "form_changed",
        "group_assignment_changed",
        "merged",
        "permanently_deleted",
        "priority_changed",
        "requester_changed",
        "soft_deleted",
        "status_changed",
        "subject_changed",
        "tags_changed",
        "undeleted",
    )
)


@dataclass(frozen=True, slots=True)
class RegisteredWebhook:
    """A webhook of the account, and what its deliveries are signed with."""

    id: str
    secret: str = field(repr=False)


def register_webhook(
    wire: Wire, name: str, endpoint: str, subscriptions: Sequence[str] = SUBSCRIPTIONS
) -> RegisteredWebhook:
    """Create an event-subscribed webhook that posts JSON to ``endpoint``. Raises GatewayError."""
    wanted = Webhook(
        name=name,
        endpoint=endpoint,
        http_method="POST",
        request_format="json",
        status="active",
        subscriptions=list(subscriptions),
    )
    client = ZenpyBridge(wire).client()
    made = client.webhooks.create(wanted)
    return RegisteredWebhook(str(made.id), str(client.webhooks.show_secret(made).secret))
