"""Zendesk's answers as its pages describe them: each builder gives a complete one, a test names what it is about."""

from typing import Any

ORIGIN = "https://acme.zendesk.com"
RONDA, ANNA, BRUNO, CARLA = 900, 901, 902, 950
DESIGN, SUPPORT = 77, 78
STANDBY, URGENCY = 3001, 3002
OPEN, WAITING_PARTS = 12, 13


def user(number: int, name: str, role: str = "agent", **more: Any) -> dict[str, Any]:
    whole = {
        "id": number,
        "name": name,
        "email": f"u{number}@acme.example",
        "role": role,
        "locale": "pt-BR",
        "verified": True,
        "organization_id": None,
        "external_id": None,
        "tags": [],
        "active": True,
        "suspended": False,
    }
    return whole | more


AGENTS = [user(ANNA, "Anna Reis"), user(BRUNO, "Bruno Sá")]
ADMINS = [user(RONDA, "Ronda", role="admin")]
CUSTOMER = user(CARLA, "Carla Souza", role="end-user", organization_id=5)
GROUPS = [
    {"id": DESIGN, "name": "Design / Website", "deleted": False},
    {"id": SUPPORT, "name": "Suporte", "deleted": False},
]
MEMBERSHIPS = [
    {"id": 1, "user_id": ANNA, "group_id": DESIGN, "default": True},
    {"id": 2, "user_id": BRUNO, "group_id": SUPPORT, "default": True},
]
FIELDS = [
    {"id": 1, "type": "subject", "title": "Subject", "removable": False},
    {"id": STANDBY, "type": "tagger", "title": "standby_reason", "removable": True},
    {"id": URGENCY, "type": "tagger", "title": "Urgência", "removable": True},
]
STATUSES = [
    {"id": 11, "status_category": "new", "agent_label": "New", "default": True},
    {"id": OPEN, "status_category": "open", "agent_label": "Open", "default": True},
    {"id": WAITING_PARTS, "status_category": "hold", "agent_label": "Waiting for parts", "default": False},
]


def ticket(**more: Any) -> dict[str, Any]:
    whole = {
        "id": 40211,
        "created_at": "2026-11-20T09:00:00Z",
        "updated_at": "2026-11-21T12:00:00Z",
        "generated_timestamp": 1795262400,
        "status": "open",
        "custom_status_id": OPEN,
        "subject": "Banner da página inicial",
        "description": "O banner não aparece.",
        "priority": None,
        "type": None,
        "group_id": DESIGN,
        "assignee_id": ANNA,
        "requester_id": CARLA,
        "submitter_id": CARLA,
        "organization_id": 5,
        "external_id": None,
        "recipient": "ajuda@acme.example",
        "brand_id": None,
        "ticket_form_id": None,
        "is_public": True,
        "tags": ["site"],
        "follower_ids": [],
        "collaborator_ids": [],
        "email_cc_ids": [],
        "custom_fields": [{"id": STANDBY, "value": None}, {"id": URGENCY, "value": "alta"}],
        "via": {"channel": "email", "source": {"from": {}, "to": {"address": "ajuda@acme.example"}, "rel": None}},
    }
    return whole | more


def shown(comments: int = 1, users: list[dict[str, Any]] | None = None, **more: Any) -> dict[str, Any]:
    """The answer to GET /tickets/{id} with its sideloads."""
    return {
        "ticket": ticket(**more) | {"comment_count": comments},
        "users": [CUSTOMER, AGENTS[0]] if users is None else users,
        "groups": GROUPS,
        "organizations": [{"id": 5, "name": "Loja Azul"}],
    }


def audit(number: int = 1, *events: dict[str, Any], author: int = CARLA, **more: Any) -> dict[str, Any]:
    whole = {
        "id": number,
        "ticket_id": 40211,
        "created_at": "2026-11-20T09:00:00Z",
        "author_id": author,
        "via": {"channel": "web", "source": {"from": {}, "to": {}, "rel": None}},
        "metadata": {"system": {"ip_address": "203.0.113.9"}, "custom": {}},
        "events": list(events),
    }
    return whole | more


def comment(number: int = 8801, text: str = "O banner não aparece.", **more: Any) -> dict[str, Any]:
    whole = {
        "id": number,
        "type": "Comment",
        "author_id": CARLA,
        "public": True,
        "body": text,
        "plain_body": text,
        "html_body": f"<p>{text}</p>",
        "attachments": [],
    }
    return whole | more


def change(field: str, before: Any, after: Any, **more: Any) -> dict[str, Any]:
    return {"id": 1, "type": "Change", "field_name": field, "previous_value": before, "value": after} | more
