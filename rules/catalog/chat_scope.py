"""
Before a chat is handed to the team, whoever serves it makes sure that it is about the site.

Prices and payments look like a problem of the site and are another team's matter. The customer's own words tell:
a foreign topic without a real one of the team's; the bare word "site" is none. The cure is a note to the sender that
names the right team; moving the chat back is a choice.
"""

from collections.abc import Iterable
from typing import ClassVar

from pydantic import BaseModel, ConfigDict

from rules.actions import Action, SetGroup
from rules.conversation import by_customer, until_taken_up
from rules.handed_over import Chat, Fault, HandedOverRule
from rules.names import TopicRef
from rules.topic import Topic


class Foreign(BaseModel):
    """A topic that is not the team's, and whose it is."""

    model_config = ConfigDict(frozen=True, extra="forbid", arbitrary_types_allowed=True)

    topic: TopicRef
    belongs_to: str


class ChatScope(HandedOverRule):
    """``ours``: topics that are really the team's. ``move_back``: to the group that the chat came from."""

    message: ClassVar[str] = "chat-scope"

    foreign: tuple[Foreign, ...]
    ours: tuple[TopicRef, ...] = ()
    move_back: bool = False

    def fault(self, chat: Chat) -> Fault | None:
        words = [line.text for line in by_customer(until_taken_up(chat.lines, chat.handoff, self.team))]
        teams = {each.belongs_to: None for each in self.foreign if _is_in(each.topic, words)}
        if not teams or any(_is_in(topic, words) for topic in self.ours):
            return None
        return Fault({"teams": ", ".join(teams)}, self._back(chat))

    def _back(self, chat: Chat) -> tuple[Action, ...]:
        """A ticket that its tag addresses to the team would only be fetched again."""
        if not self.move_back or chat.handoff.came_from is None or self.team.tag in chat.ticket.tags:
            return ()
        return (SetGroup(chat.handoff.came_from),)


def _is_in(topic: Topic, words: Iterable[str]) -> bool:
    return any(topic.is_in(each) for each in words)
