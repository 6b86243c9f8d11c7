"""
What stops sales goes first: a ticket about the way to the purchase has at least high priority.

A person who lowered it from there has decided.
"""

from typing import ClassVar

from rules.actions import SetPriority
from rules.names import TopicRef
from rules.rule import Rule
from rules.said import opening_words
from rules.snapshot import Need, Snapshot
from rules.verdict import Complies, DoesNotApply, Verdict, Violates

HIGH = ("high", "urgent")


class SalesFirst(Rule):
    needs: ClassVar[frozenset[Need]] = frozenset({Need.HISTORY})

    topic: TopicRef

    def check(self, seen: Snapshot) -> Verdict:
        priority = seen.ticket.priority
        if priority in HIGH:
            return Complies()
        if not any(self.topic.is_in(text) for text in (seen.ticket.subject, opening_words(seen))):
            return DoesNotApply("topic")
        if _was_lowered_by_a_person(seen):
            return DoesNotApply("not lowered by a person")
        return Violates("violation.sales-first", {"found": priority or "–"}, cures=(SetPriority("high"),))


def _was_lowered_by_a_person(seen: Snapshot) -> bool:
    last = seen.last_change("priority")
    if last is None:
        return False
    audit, change = last
    return change.before in HIGH and audit.author.is_agent and not change.by_rule
