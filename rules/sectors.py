"""Sectors: the groups that share out a desk's matters, each with the topic that is its own."""

from typing import TypeAlias

from rules.names import GroupName, TopicRef
from rules.said import opening_words
from rules.snapshot import Snapshot

Sectors: TypeAlias = dict[GroupName, TopicRef]  # in the order in which they win where several match


def sector_of(seen: Snapshot, sectors: Sectors) -> str | None:
    """The sector that a ticket's matter belongs to: what its subject says, or else its first message."""
    for text in (seen.ticket.subject, opening_words(seen)):
        for group, topic in sectors.items():
            if topic.is_in(text):
                return group
    return None
