"""
A ticket carries every detail that its sector needs: a screenshot, references, and a full description.

The requester is asked once for exactly what is missing; whatever arrives in a later message counts.
"""

from collections.abc import Sequence
from datetime import timedelta
from enum import StrEnum
from typing import ClassVar, Self

from pydantic import Field, model_validator

from rules.actions import Action, AddTags, Reply
from rules.marks import continued, has_told, is_marked, unmark
from rules.names import GroupName, TopicRef
from rules.rule import Rule
from rules.said import begins_with_a_note, messages_of_requester, opening_words
from rules.snapshot import Need, Snapshot
from rules.text import own_words, prose
from rules.ticket import Attachment, Comment
from rules.verdict import Cause, Complies, CouldNotTell, DoesNotApply, Verdict, Violates

TRANSCRIPT_COMES_AFTER = timedelta(minutes=15)
TRANSCRIPT_COMES_WITHIN = timedelta(days=1)
PICTURES = (".png", ".jpg", ".jpeg", ".gif", ".webp", ".bmp", ".heic", ".heif", ".tif", ".tiff", ".svg", ".pdf")


class Item(StrEnum):
    """What a ticket may have to carry; as agents call it in ``found``."""

    DESCRIPTION = "description"
    SCREENSHOT = "screenshot"
    ORDER_NUMBER = "order-number"
    REF = "ref"
    POSTCODE = "postcode"


WRITTEN = frozenset({Item.ORDER_NUMBER, Item.REF, Item.POSTCODE})
BETWEEN = "\n|\n"  # no pattern reaches from one message into the next


class Complete(Rule):
    """``always`` is needed of every ticket, ``required`` in a sector beside it. ``patterns`` find what is written."""

    needs: ClassVar[frozenset[Need]] = frozenset({Need.HISTORY})

    always: tuple[Item, ...] = (Item.DESCRIPTION,)
    required: dict[GroupName, tuple[Item, ...]] = Field(default_factory=dict)
    patterns: dict[Item, TopicRef] = Field(default_factory=dict)
    shortest_description: int = 40
    tag: str = "faltam-dados"

    @model_validator(mode="after")
    def _can_be_found(self) -> Self:
        for item in {*self.always, *(item for items in self.required.values() for item in items)} & WRITTEN:
            if item not in self.patterns:
                raise ValueError(f"{item.value!r} is required, but 'patterns' does not say how it is written")
        return self

    def check(self, seen: Snapshot) -> Verdict:
        if excuse := continued(seen.ticket):
            return excuse
        if begins_with_a_note(seen):
            return DoesNotApply("a first message")
        messages = messages_of_requester(seen)
        if seen.ticket.via.is_live and not messages and not opening_words(seen):
            return _awaiting_transcript(seen)
        missing = self._missing(messages, seen)
        if not missing:
            return Complies(asides=unmark(seen, self.tag))
        causes = tuple(Cause(f"missing-{item}", seen.ticket.created_at) for item in missing)
        is_asked = is_marked(seen, self.tag) and not has_told(self, seen)
        untold = () if is_asked else self.untold(seen, causes)
        asked = [item for item, cause in zip(missing, causes, strict=True) if cause in untold]
        return Violates("violation.complete", {"missing": ", ".join(missing)}, self._ask_for(asked), untold)

    def _needed(self, seen: Snapshot) -> Sequence[Item]:
        return tuple(dict.fromkeys((*self.required.get(seen.ticket.group or "", ()), *self.always)))

    def _ask_for(self, items: Sequence[Item]) -> tuple[Action, ...]:
        if not items:
            return ()
        return (AddTags(frozenset({self.tag})), Reply("reply.complete"), *(Reply(f"reply.missing-{i}") for i in items))

    def _missing(self, messages: Sequence[Comment], seen: Snapshot) -> Sequence[Item]:
        texts = (opening_words(seen), *(message.text for message in messages))
        needed = self._needed(seen)
        written = BETWEEN.join(map(prose, (seen.ticket.subject, *texts))) if set(needed) & WRITTEN else ""
        return [item for item in needed if not self._is_there(item, messages, texts, written)]

    def _is_there(self, item: Item, messages: Sequence[Comment], texts: Sequence[str], written: str) -> bool:
        match item:
            case Item.SCREENSHOT:
                return any(_is_picture(each) for message in messages for each in message.attachments)
            case Item.DESCRIPTION:
                return any(len(" ".join(own_words(text).split())) >= self.shortest_description for text in texts)
            case _:
                return self.patterns[item].is_in_folded(written)


def _is_picture(attachment: Attachment) -> bool:
    kind = attachment.content_type
    return kind.startswith("image/") or kind == "application/pdf" or attachment.name.lower().endswith(PICTURES)


def _awaiting_transcript(seen: Snapshot) -> Verdict:
    if seen.as_of >= seen.ticket.created_at + TRANSCRIPT_COMES_WITHIN:
        return DoesNotApply("a first message")
    return CouldNotTell("the conversation has no transcript yet", seen.as_of + TRANSCRIPT_COMES_AFTER)
