"""Reads the forms of the page into what the control API takes: acts, clock settings, faults, switches."""

from collections.abc import Mapping
from typing import Any
from urllib.parse import parse_qsl

from emulator.account import Account
from emulator.behaviours.acting import Act, ActError, Line
from emulator.behaviours.faults import Fault
from emulator.model import Ticket, TicketField
from emulator.switches import Switches

SETTABLE = ("subject", "status", "custom_status", "priority", "type", "group", "assignee", "tags")
NUMBERS = frozenset({"ticket", "times", "after", "status", "retry_after"})
FRACTIONS = frozenset({"probability", "seconds"})

Form = Mapping[str, str]


def read_form(content: bytes) -> dict[str, str]:
    """The fields of an urlencoded form; of a name that comes twice the last counts."""
    return dict(parse_qsl(content.decode("utf-8", "replace"), keep_blank_values=True, max_num_fields=1_000))


def act_on(account: Account, ticket: Ticket, form: Form) -> Act:
    """What somebody does to a ticket; a field counts as set only if it is not what the page showed. Raises ActError."""
    by, text = _who(form), form.get("text", "").strip()
    act = Act(by=by, ticket=ticket.id, attachments=_names(form))
    if form.get("kind") in ("say", "end"):
        act.transcript = [Line(by=by, says=text)] if text else None
        act.end_chat = form["kind"] == "end"
        return act
    if text and form.get("kind") == "note":
        act.note = text
    elif text:
        act.reply = text
    now = current_values(account, ticket)
    for name in SETTABLE:
        said = form.get(name, now[name]).strip()
        if said != form.get(f"was_{name}", now[name]).strip():
            act.set[name] = said.split() if name == "tags" else said or None
    fields = {
        field.key: field_said(field, content)
        for field in account.custom_fields()
        if (content := form.get(f"field_{field.id}")) is not None and content != form.get(f"was_field_{field.id}", "")
    }
    if fields:
        act.set["fields"] = fields
    return act


def field_said(field: TicketField, said: str) -> Any:
    return said.split() if field.type == "multiselect" else said or None


def current_values(account: Account, ticket: Ticket) -> dict[str, str]:
    """The settable fields as the form shows them."""
    group = account.groups.get(ticket.group_id or 0)
    assignee = account.users.get(ticket.assignee_id or 0)
    return {
        "subject": ticket.subject or "",
        "status": ticket.status,
        "custom_status": account.statuses[ticket.custom_status_id].agent_label,
        "priority": ticket.priority or "",
        "type": ticket.type or "",
        "group": "" if group is None else group.name,
        "assignee": "" if assignee is None else assignee.handle or assignee.name,
        "tags": " ".join(ticket.tags),
    }


def opening(form: Form) -> Act:
    """A new ticket. Raises ActError."""
    said = {
        name: form[name].strip() for name in ("requester", "subject", "channel", "rel") if form.get(name, "").strip()
    }
    act = Act(by=_who(form), description=form.get("text", ""), attachments=_names(form), **said)
    if form.get("kind") == "note":
        act.note = True
    if form.get("group"):
        act.set["group"] = form["group"]
    return act


def _who(form: Form) -> str | int:
    who = form.get("by", "").strip()
    if not who:
        raise ActError("say who acts")
    return int(who) if who.isascii() and who.isdecimal() and len(who) < 20 else who


def _names(form: Form) -> list[str]:
    return [name.strip() for name in form.get("attachments", "").split(",") if name.strip()]


def fault(form: Form) -> Fault:
    """A fault of the fields that are not empty. Raises pydantic's ValidationError and ValueError."""
    said: dict[str, Any] = {}
    for name in Fault.model_fields:
        if text := form.get(name, "").strip():
            said[name] = int(text) if name in NUMBERS else float(text) if name in FRACTIONS else text
    return Fault.model_validate(said)


def switches(form: Form, current: Switches) -> Switches:
    """All switches, those of the form with what it says. Raises pydantic's ValidationError."""
    return Switches.model_validate(current.model_dump() | {k: v for k, v in form.items() if k in Switches.model_fields})
