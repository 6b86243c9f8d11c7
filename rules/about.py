"""What a ticket is about: its subject, its first message and its tags, held against a topic."""

from rules.text import folded
from rules.ticket import Ticket
from rules.topic import Topic


def is_about(ticket: Ticket, topic: Topic) -> bool:
    """Whether subject, description or a tag (``conta_de_email``) matches; quotations and addresses do not."""
    return (
        topic.is_in(ticket.subject)
        or topic.is_in(ticket.description)
        or any(topic.is_in_folded(folded(tag.replace("_", " "))) for tag in ticket.tags)
    )
