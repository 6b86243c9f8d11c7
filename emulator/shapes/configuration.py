"""The JSON of ticket fields, forms, custom statuses, brands, schedules, triggers and automations."""

from emulator.account import Account
from emulator.clock import iso
from emulator.model import Brand, CustomStatus, Json, Rule, Schedule, TicketField, TicketForm


def field_json(account: Account, field: TicketField) -> dict[str, Json]:
    options = [
        {"id": option.id, "name": option.name, "raw_name": option.name, "value": option.value, "default": False}
        for option in field.options
    ]
    shown: dict[str, Json] = {
        "url": f"{account.address}/api/v2/ticket_fields/{field.id}.json",
        "id": field.id,
        "type": field.type,
        "title": field.title,
        "raw_title": field.title,
        "description": "",
        "raw_description": "",
        "position": list(account.fields).index(field.id),
        "active": field.active,
        "required": field.required,
        "collapsed_for_agents": False,
        "regexp_for_validation": None,
        "title_in_portal": field.title,
        "raw_title_in_portal": field.title,
        "visible_in_portal": not field.custom,
        "editable_in_portal": not field.custom,
        "required_in_portal": False,
        "agent_can_edit": True,
        "tag": None,
        "created_at": iso(field.created_at),
        "updated_at": iso(field.created_at),
        "removable": field.custom,
        "key": None,
        "agent_description": None,
    }
    if field.custom and field.type in ("tagger", "multiselect"):
        shown["custom_field_options"] = options
    elif options:
        shown["system_field_options"] = [{"name": option.name, "value": option.value} for option in field.options]
    if field.type == "custom_status":
        shown["custom_statuses"] = [status_json(account, status) for status in account.statuses.values()]
    return shown


def form_json(account: Account, form: TicketForm) -> dict[str, Json]:
    return {
        "url": f"{account.address}/api/v2/ticket_forms/{form.id}.json",
        "id": form.id,
        "name": form.name,
        "raw_name": form.name,
        "display_name": form.name,
        "raw_display_name": form.name,
        "end_user_visible": True,
        "position": list(account.forms).index(form.id),
        "ticket_field_ids": list(form.field_ids),
        "active": form.active,
        "default": form.default,
        "created_at": iso(form.created_at),
        "updated_at": iso(form.created_at),
        "in_all_brands": True,
        "restricted_brand_ids": [],
        "end_user_conditions": [],
        "agent_conditions": [],
    }


def status_json(account: Account, status: CustomStatus) -> dict[str, Json]:
    return {
        "url": f"{account.address}/api/v2/custom_statuses/{status.id}.json",
        "id": status.id,
        "status_category": status.category,
        "agent_label": status.agent_label,
        "raw_agent_label": status.agent_label,
        "end_user_label": status.end_user_label,
        "raw_end_user_label": status.end_user_label,
        "description": "",
        "raw_description": "",
        "end_user_description": "",
        "raw_end_user_description": "",
        "active": status.active,
        "default": status.default,
        "created_at": iso(status.created_at),
        "updated_at": iso(status.created_at),
    }


def brand_json(account: Account, brand: Brand) -> dict[str, Json]:
    return {
        "url": f"{account.address}/api/v2/brands/{brand.id}.json",
        "id": brand.id,
        "name": brand.name,
        "brand_url": f"https://{brand.subdomain}.zendesk.com",
        "subdomain": brand.subdomain,
        "host_mapping": None,
        "has_help_center": False,
        "help_center_state": "disabled",
        "active": True,
        "default": brand.default,
        "is_deleted": False,
        "logo": None,
        "ticket_form_ids": list(account.forms),
        "signature_template": "{{agent.signature}}",
        "created_at": iso(brand.created_at),
        "updated_at": iso(brand.created_at),
    }


def schedule_json(_account: Account, schedule: Schedule) -> dict[str, Json]:
    return {
        "id": schedule.id,
        "name": schedule.name,
        "time_zone": schedule.time_zone,
        "created_at": iso(schedule.created_at),
        "updated_at": iso(schedule.created_at),
        "intervals": [{"start_time": start, "end_time": end} for start, end in schedule.intervals],
    }


def rule_json(account: Account, rule: Rule, kind: str) -> dict[str, Json]:
    """A trigger (`kind` "triggers") or an automation ("automations")."""
    shown: dict[str, Json] = {
        "url": f"{account.address}/api/v2/{kind}/{rule.id}.json",
        "id": rule.id,
        "title": rule.title,
        "active": rule.active,
        "updated_at": iso(rule.updated_at),
        "created_at": iso(rule.created_at),
        "default": False,
        "actions": rule.actions,
        "conditions": {"all": rule.conditions.get("all", []), "any": rule.conditions.get("any", [])},
        "position": rule.position,
        "raw_title": rule.title,
    }
    if kind == "triggers":
        shown |= {"description": rule.description, "category_id": rule.category_id}
    return shown
