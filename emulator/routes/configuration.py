"""Ticket fields, forms, custom statuses, brands, organizations, schedules, account settings and addresses."""

from collections.abc import Callable
from typing import TypeVar

from emulator.account import Account
from emulator.http import Answer, Call, Handler, api, ok
from emulator.model import Json, Organization
from emulator.pages import paged
from emulator.refusals import Refusal
from emulator.routes import fields
from emulator.shapes.configuration import brand_json, field_json, form_json, schedule_json, status_json
from emulator.shapes.people import organization_json

T = TypeVar("T")


def list_of(name: str, table: Callable[[Account], dict[int, T]], show: Callable[[Account, T], Json]) -> Handler:
    """A handler that lists all rows of a table."""
    return lambda call: paged(call, name, list(table(call.account).values()), lambda row: show(call.account, row))


def one_of(name: str, table: Callable[[Account], dict[int, T]], show: Callable[[Account, T], Json]) -> Handler:
    """A handler that shows the row whose id stands in the path."""

    def handler(call: Call) -> Answer:
        row = table(call.account).get(call.path("id"))
        if row is None:
            raise Refusal.not_found()
        return ok({name: show(call.account, row)})

    return handler


def statuses(call: Call) -> Answer:
    """Not paged; filters by activity, default and category."""
    rows = list(call.account.statuses.values())
    for name in ("active", "default"):
        if name in call.query:
            rows = [row for row in rows if getattr(row, name) == (call.query[name] == "true")]
    if "status_categories" in call.query:
        rows = [row for row in rows if row.category in call.query["status_categories"].split(",")]
    return ok({"custom_statuses": [status_json(call.account, row) for row in rows]})


def schedules(call: Call) -> Answer:
    account = call.account
    return ok({"schedules": [schedule_json(account, row) for row in account.schedules.values()], "url": None})


def holidays(call: Call) -> Answer:
    schedule = call.account.schedules.get(call.path("id"))
    if schedule is None:
        raise Refusal.not_found()
    rows = [
        {"id": each.id, "name": each.name, "start_date": each.start_date, "end_date": each.end_date}
        for each in schedule.holidays
    ]
    return ok({"holidays": rows, "url": None})


def addresses(_call: Call) -> Answer:
    """From where Zendesk calls and is called; anonymous. Here that is the loopback."""
    loopback = {"all": ["127.0.0.1/32"], "specific": ["127.0.0.1/32"]}
    return ok({"ips": {"ingress": loopback, "egress": loopback}})


def _organizations(account: Account) -> dict[int, Organization]:
    return account.organizations


def settings(call: Call) -> Answer:
    return ok({"settings": call.account.settings})


routes = [
    api(
        "GET",
        "/api/v2/ticket_fields",
        list_of("ticket_fields", lambda account: account.fields, field_json),
        "read",
        bucket="ticket-fields",
    ),
    api("GET", "/api/v2/ticket_fields/{id:int}", one_of("ticket_field", lambda a: a.fields, field_json), "read"),
    api("GET", "/api/v2/ticket_forms", list_of("ticket_forms", lambda account: account.forms, form_json), "read"),
    api("GET", "/api/v2/ticket_forms/{id:int}", one_of("ticket_form", lambda a: a.forms, form_json), "read"),
    api("GET", "/api/v2/custom_statuses", statuses, "read"),
    api("GET", "/api/v2/custom_statuses/{id:int}", one_of("custom_status", lambda a: a.statuses, status_json), "read"),
    api("GET", "/api/v2/brands", list_of("brands", lambda account: account.brands, brand_json), "read"),
    api("GET", "/api/v2/brands/{id:int}", one_of("brand", lambda a: a.brands, brand_json), "read"),
    api("GET", "/api/v2/business_hours/schedules", schedules, "read"),
    api(
        "GET",
        "/api/v2/business_hours/schedules/{id:int}",
        one_of("schedule", lambda a: a.schedules, schedule_json),
        "read",
    ),
    api("GET", "/api/v2/business_hours/schedules/{id:int}/holidays", holidays, "read"),
    api("GET", "/api/v2/account/settings", settings, "read"),
    api("GET", "/api/v2/organizations", list_of("organizations", _organizations, organization_json), "read"),
    api("GET", "/api/v2/organizations/{id:int}", one_of("organization", _organizations, organization_json), "read"),
    api("GET", "/ips", addresses, None),
    *fields.routes,
]
