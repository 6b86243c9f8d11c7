"""
A chat may come to the team straight if the customer stated the matter in the first contact; otherwise it is triaged.

The customer's opening messages, until an agent answers, state a matter or they only greet; an agent who asks before
handing over has begun the triage. The cure is a note that asks the sender for it.
"""

from itertools import takewhile
from typing import ClassVar

from rules.conversation import by_customer
from rules.first_contact import asks, states_a_matter
from rules.handed_over import Chat, Fault, HandedOverRule


class ChatFirstContact(HandedOverRule):
    message: ClassVar[str] = "chat-first-contact"

    def fault(self, chat: Chat) -> Fault | None:
        before = tuple(line for line in chat.lines if line.at <= chat.handoff.over_at)
        opening = by_customer(tuple(takewhile(lambda line: not line.author.is_agent, before)))
        if any(states_a_matter(line.text) for line in opening):
            return None
        customer = chat.ticket.requester.name
        if any(line.author.is_agent and asks(line.text, of=customer) for line in before):
            return None
        return Fault()
