"""Zendesk's own rules about groups, assignees and statuses, applied while an update is being made."""

from emulator.behaviours.edit import Edit
from emulator.model import Json, Via
from emulator.refusals import Problem, Refusal, problem


def place(edit: Edit, values: dict[str, Json], via: Via | None = None) -> None:
    """Set group and assignee as asked, and what follows from it. Raises Refusal (422)."""
    account, ticket = edit.account, edit.ticket
    group_id = values.get("group_id", ticket.group_id)
    assignee_id = values.get("assignee_id", ticket.assignee_id)
    if "group_id" not in values and assignee_id is not None and assignee_id != ticket.assignee_id:
        foreign = group_id is None or not account.is_member(assignee_id, group_id)
        if foreign or account.switches.assignee_moves_group == "always":
            group_id = account.default_group(assignee_id)
    if assignee_id is not None and (group_id is None or not account.is_member(assignee_id, group_id)):
        _refuse_foreign_assignee(edit, values)
        assignee_id = None
    group_id, assignee_id = _small_accounts(edit, group_id, assignee_id)
    edit.set("group_id", group_id, via)
    edit.set("assignee_id", assignee_id, via)
    if ticket.status == "new" and assignee_id is not None:
        edit.set_status("open", via)


def _refuse_foreign_assignee(edit: Edit, values: dict[str, Json]) -> None:
    """The assignee is no member of the group: refused if both were asked for, otherwise by the switch."""
    asked = values.get("assignee_id") is not None
    if asked or (edit.account.switches.group_without_assignee == "refuse" and values.get("group_id") is not None):
        problems: list[Problem] = [problem("Assignee", "is not a member of the group")]
        if asked:
            problems.insert(0, problem("Assignee", "is invalid", "InvalidValue"))
        raise Refusal.invalid({"assignee": problems})


def _small_accounts(edit: Edit, group_id: int | None, assignee_id: int | None) -> tuple[int | None, int | None]:
    account = edit.account
    if account.switches.one_group_takes_all and len(account.groups) == 1:
        group_id = next(iter(account.groups))
    if account.switches.one_agent_group_assigns and group_id is not None and assignee_id is None:
        members = account.members(group_id)
        if len(members) == 1:
            assignee_id = members[0]
    return group_id, assignee_id


def set_status(edit: Edit, values: dict[str, Json], via: Via | None = None) -> None:
    """Set the status as asked: once out of new, never back. Raises Refusal (422)."""
    account, ticket = edit.account, edit.ticket
    exact = values.get("custom_status_id")
    wanted = account.statuses[exact].category if exact is not None else values.get("status")
    if wanted is None:
        return
    if wanted == "new" and (ticket.assignee_id is not None or (ticket.status != "new" and not edit.is_new)):
        if account.switches.back_to_new == "refuse" and not edit.is_new:
            raise Refusal.invalid({"status": [problem("Status", "cannot be set back to new")]})
        return
    edit.set_status(wanted, via)
    if exact is not None:
        edit.set("custom_status_id", exact, via)


def reopen_on_reply(edit: Edit) -> None:
    """A comment by an end user puts a waiting or solved ticket back to open."""
    if edit.by is not None and not edit.by.is_staff and edit.ticket.status in ("pending", "hold", "solved"):
        edit.set_status("open")


def check_solved(edit: Edit) -> None:
    """A ticket that is being solved needs an assignee and every required field of its form. Raises Refusal (422)."""
    account, ticket = edit.account, edit.ticket
    was = edit.before.status if edit.before is not None else None
    if ticket.status not in ("solved", "closed") or was in ("solved", "closed"):
        return
    takes = account.settings["tickets"].get("assign_tickets_upon_solve")
    if ticket.assignee_id is None and takes and edit.by is not None and edit.by.is_staff:
        place(edit, {"assignee_id": edit.by.id})
    problems: list[Problem] = []
    if ticket.assignee_id is None:
        field = next(field for field in account.fields.values() if field.key == "assignee_id")
        problems.append(_required("Assignee", field.id, "FieldAssignee"))
    form = account.forms[ticket.ticket_form_id]
    for field_id in form.field_ids:
        field = account.fields[field_id]
        if field.custom and field.required and field.active and ticket.custom_fields.get(field_id) in (None, "", []):
            problems.append(_required(field.title, field.id, f"Field{field.type.capitalize()}"))
    if problems:
        raise Refusal.invalid({"base": problems})


def _required(title: str, field_id: int, kind: str) -> Problem:
    return {
        "description": f"{title}: is required when solving a ticket",
        "error": None,
        "ticket_field_id": field_id,
        "ticket_field_type": kind,
    }
