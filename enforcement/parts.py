"""The parts of an update that can be left out, by the names that a refusal of Zendesk's uses."""

from collections.abc import Set
from dataclasses import replace

from rules.plan import Plan, Update


def parts_of(update: Update) -> set[str]:
    """The names of its fields; ``tags``, ``followers`` and ``comment`` where it has any."""
    tags = {"tags"} if update.add_tags or update.remove_tags else set()
    followers = {"followers"} if update.followers else set()
    comment = {"comment"} if update.comment else set()
    return {*update.fields, *tags, *followers, *comment}


def without_parts(update: Update, parts: Set[str]) -> Update:
    """What is left of an update. Without its comment it tells nothing."""
    kept = replace(update, fields={name: value for name, value in update.fields.items() if name not in parts})
    if "tags" in parts:
        kept = replace(kept, add_tags=frozenset(), remove_tags=frozenset())
    if "followers" in parts:
        kept = replace(kept, followers=frozenset())
    if "comment" in parts:
        kept = replace(kept, comment=None, told=frozenset())
    return kept


def without(planned: Plan, parts: Set[str]) -> Plan:
    """What is left of a plan: updates without these parts, and no new ticket with one of these external ids."""
    if not parts:
        return planned
    updates = tuple(without_parts(update, parts) for update in planned.updates)
    return replace(
        planned,
        updates=tuple(update for update in updates if not update.is_empty),
        tickets=tuple(ticket for ticket in planned.tickets if ticket.external_id not in parts),
    )
