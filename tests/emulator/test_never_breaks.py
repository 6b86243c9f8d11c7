"""Whatever comes in, the emulator answers, and never with its own failure."""

from collections.abc import Iterator
from typing import Any

import httpx
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from emulator.app import RESOURCES
from emulator.routes import control
from tests.emulator.conftest import Desk

ROUTES = [
    (method, route.path)
    for resource in RESOURCES
    if resource is not control
    for route in resource.routes
    for method in sorted((route.methods or set()) - {"HEAD"})
]
WRITES = [(method, path) for method, path in ROUTES if method in ("POST", "PUT", "PATCH")]

odd: st.SearchStrategy[Any] = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=6,
)
KEYS = (
    "subject", "status", "custom_status_id", "priority", "type", "due_at", "group_id", "assignee_id", "requester_id",
    "submitter_id", "organization_id", "brand_id", "ticket_form_id", "external_id", "problem_id", "tags", "comment",
    "custom_fields", "collaborator_ids", "follower_ids", "followers", "email_ccs", "assignee_email", "requester",
    "metadata", "safe_update", "updated_stamp", "additional_tags", "remove_tags", "via_followup_source_id",
    "description", "id", "ids", "name", "endpoint", "http_method", "request_format", "subscriptions", "authentication",
    "custom_headers", "title", "conditions", "actions", "all", "any", "active", "text", "grant_type", "client_id",
    "client_secret", "scope", "expires_in", "payload",
)  # fmt: skip
DOCUMENTS = ("ticket", "tickets", "webhook", "trigger", "automation", "request", "tags", "ids")

objects = st.dictionaries(st.sampled_from(KEYS), odd, max_size=6)
bodies = (
    st.dictionaries(st.sampled_from(DOCUMENTS), objects | st.lists(objects, max_size=2) | odd, max_size=2) | objects
)
queries = st.dictionaries(
    st.sampled_from(
        ("page", "per_page", "page[size]", "page[after]", "page[before]", "sort", "sort_by", "sort_order", "include", "ids",
         "query", "filter[type]", "start_time", "cursor", "external_id", "external_ids", "role", "filename", "name",
         "status_categories", "clone_webhook_id", "webhook_id", "async")
    ),
    st.text(max_size=8) | st.integers().map(str) | st.sampled_from(["ticket", "-id", "created>1", "assignee:none", "1,2"]),
    max_size=4,
)  # fmt: skip
identifiers = st.sampled_from(["1", "2", "99", "36000000000001", "40000000000003", "9" * 30])


def filled(path: str, identifier: str) -> str:
    parts = [identifier if part.startswith("{") else part for part in path.split("/")]
    return "/".join(parts)


def check(desk: Desk, method: str, path: str, **more: Any) -> None:
    response: httpx.Response = desk.http.request(method, path, **more)
    assert response.status_code < 500, f"{method} {path} {more}: {response.text}"
    if response.headers.get("Content-Type", "").startswith("application/json"):
        response.json()


@pytest.fixture
def busy(desk: Desk) -> Iterator[Desk]:
    """A desk with tickets; whatever a test put into it can still be shown afterwards."""
    desk.open(set={"group": "Suporte", "assignee": "paulo"}, attachments=["a.png"])
    desk.open()
    yield desk
    for probe in ("tickets", "tickets/1/audits", "tickets/1/comments", "users", "triggers", "webhooks"):
        assert desk.http.get(f"/api/v2/{probe}").status_code in (200, 404)


relaxed = settings(
    max_examples=6, derandomize=True, deadline=None, suppress_health_check=list(HealthCheck), database=None
)


@pytest.mark.parametrize(("method", "path"), WRITES)
@given(body=bodies, identifier=identifiers)
@relaxed
def test_odd_bodies_are_answered(busy: Desk, method: str, path: str, body: Any, identifier: str) -> None:
    check(busy, method, filled(path, identifier), json=body)


@pytest.mark.parametrize("path", [path for method, path in ROUTES if method == "GET"])
@given(query=queries, identifier=identifiers)
@relaxed
def test_odd_queries_are_answered(busy: Desk, path: str, query: dict[str, str], identifier: str) -> None:
    check(busy, "GET", filled(path, identifier), params=query)


@given(content=st.binary(max_size=40))
@relaxed
def test_odd_bytes_are_answered(busy: Desk, content: bytes) -> None:
    check(busy, "PUT", "/api/v2/tickets/1", content=content)


@given(name=st.sampled_from(("by", "ticket", "set", "reply", "note", "transcript", "attachments")), value=odd)
@relaxed
def test_odd_acts_are_answered(busy: Desk, name: str, value: Any) -> None:
    check(busy, "POST", "/emulator/act", json={"by": "paulo", "ticket": 1, name: value})


@given(
    key=st.sampled_from(("group", "assignee", "status", "tags", "fields", "followers", "due_at", "problem_id")),
    value=odd,
)
@relaxed
def test_odd_settings_of_acts_are_answered(busy: Desk, key: str, value: Any) -> None:
    check(busy, "POST", "/emulator/act", json={"by": "paulo", "ticket": 1, "set": {key: value}})
