"""Since when a rule may act: never on a backlog."""

from collections.abc import Mapping
from datetime import datetime

from rules.mode import Mode
from rules.pack import Pack

Enforced = Mapping[tuple[str, Mode], datetime]


def in_force(pack: Pack, enforced: Enforced, ceiling: Mode, otherwise: datetime | None = None) -> Pack:
    """The pack as a service has it: a rule that does more than record, and is without ``effective_from``, acts on what
    happened since it was first allowed to go as far as it may go now, or else since ``otherwise``; without either, on
    everything.

    Zendesk's times have whole seconds, so the second in which it was allowed counts.
    """
    reach = acting(pack, ceiling)
    unsaid = (rule.id for rule in pack.rules if rule.effective_from is None and rule.id in reach)
    since = {rule: enforced.get((rule, reach[rule]), otherwise) for rule in unsaid}
    changes = {rule: {"effective_from": at.replace(microsecond=0)} for rule, at in since.items() if at is not None}
    return pack.with_rules(changes)


def acting(pack: Pack, ceiling: Mode) -> dict[str, Mode]:
    """How far each rule goes that does more than record, by its id."""
    reach = {rule.id: min(rule.mode, ceiling) for rule in pack.rules}
    return {rule: mode for rule, mode in reach.items() if mode > Mode.AUDIT}
