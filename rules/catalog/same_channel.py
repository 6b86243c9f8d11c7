"""
A ticket is handled on the channel by which it was opened; what comes by another becomes a ticket of its own, linked.

Three cases: the requester writes by another channel (that message is moved to a new ticket), an agent answers by
another channel of customers (a note), the requester opens a second ticket about the same by another channel (the two
are linked, each by its own look). Nothing is ever merged.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import ClassVar

from pydantic import Field

from rules.actions import Action, AddTags, NewTicket, Note
from rules.channels import CUSTOMER_FACING, VOICE, Channel, channel_of, is_same
from rules.duration import Duration
from rules.marks import CONTINUED, continued, has_told, is_follow_up, is_marked
from rules.names import TopicRef
from rules.references import references, telling_words
from rules.rule import Rule
from rules.said import messages_of_requester
from rules.snapshot import Need, Snapshot
from rules.ticket import Ticket
from rules.verdict import Cause, Complies, DoesNotApply, Verdict, Violates

LINK = "ticket-"


@dataclass(frozen=True, slots=True)
class Stray:
    """Something that came or went by another channel, and what to do about it."""

    cause: Cause
    cures: tuple[Action, ...]
    channel: str
    ticket: int | None = None


class SameChannel(Rule):
    """``counts_as``: a channel that passes for another.

    Two tickets are about the same when they share one of the ``references``, or have the same subject of
    ``telling_words`` words and began ``within`` so long of each other.
    """

    needs: ClassVar[frozenset[Need]] = frozenset({Need.HISTORY, Need.REQUESTER_TICKETS})

    counts_as: dict[Channel, Channel] = Field(default_factory=dict)
    references: tuple[TopicRef, ...] = ()
    telling_words: int = 3
    within: Duration = timedelta(days=14)
    tag: str = "ronda-linked"

    def check(self, seen: Snapshot) -> Verdict:
        if is_follow_up(seen.ticket):
            return DoesNotApply("not a follow-up")
        if excuse := continued(seen.ticket):
            return excuse
        strays = [*self._messages(seen), *self._answers(seen), *self._other_tickets(seen)]
        if not strays:
            return Complies()
        untold = self._still_to_tell(strays, seen)
        return Violates(
            "violation.same-channel",
            {"channel": channel_of(seen.ticket.via), "other": strays[-1].channel},
            cures=tuple(action for each in untold for action in each.cures),
            causes=tuple(each.cause for each in untold),
            look_also=frozenset(each.ticket for each in untold if each.ticket is not None),
        )

    def _still_to_tell(self, strays: Sequence[Stray], seen: Snapshot) -> list[Stray]:
        causes = self.untold(seen, (each.cause for each in strays))
        is_linked = is_marked(seen, self.tag) and not has_told(self, seen, LINK)
        return [each for each in strays if each.cause in causes and not (is_linked and each.ticket is not None)]

    def _messages(self, seen: Snapshot) -> Iterator[Stray]:
        ticket = seen.ticket
        if not ticket.requester.is_customer:
            return
        messages = messages_of_requester(seen)
        began_by = messages[0].via if messages and _is_from_the_agents_interface(ticket) else ticket.via
        for message in messages:
            if not is_same(message.via, began_by, self.counts_as):
                moved = NewTicket(
                    requester=ticket.requester,
                    subject=ticket.subject,
                    text=f"{message.text}\n\n#{ticket.id}",
                    external_id=f"ronda:{ticket.id}:{message.id}",
                    group=ticket.group,
                    tags=frozenset({CONTINUED}),
                    attachments=message.attachments,
                )
                channel = channel_of(message.via)
                note = Note("note.continued", {"channel": channel, "reference": moved.external_id})
                yield Stray(Cause(f"comment-{message.id}", message.at), (note, moved), channel)

    def _answers(self, seen: Snapshot) -> Iterator[Stray]:
        for comment in seen.comments:
            if comment.via.channel not in CUSTOMER_FACING or not comment.author.is_agent:
                continue
            channel = channel_of(comment.via)
            is_heard = comment.public or channel in VOICE
            if is_heard and not is_same(comment.via, seen.ticket.via, self.counts_as):
                values = {"channel": channel_of(seen.ticket.via), "other": channel, "by": comment.author.name}
                note = Note("note.answered-elsewhere", values, mentions=(comment.author,))
                yield Stray(Cause(f"comment-{comment.id}", comment.at), (note,), channel)

    def _other_tickets(self, seen: Snapshot) -> Iterator[Stray]:
        ticket = seen.ticket
        for other in seen.requester_tickets:
            first, second = sorted((ticket, other), key=lambda each: (each.created_at, each.id))
            if self._is_asked_again(first, second):
                note = Note("note.linked", {"ticket": f"#{other.id}", "channel": channel_of(other.via)})
                mark = (AddTags(frozenset({self.tag})),) if ticket is second else ()
                cause = Cause(f"{LINK}{other.id}", second.created_at)
                yield Stray(cause, (*mark, note), channel_of(other.via), other.id)

    def _is_asked_again(self, first: Ticket, second: Ticket) -> bool:
        """Whether the second is a new ticket by its requester, on another channel, about the first, which is open."""
        return (
            second.submitter.is_customer
            and first.requester == second.requester
            and not is_same(first.via, second.via, self.counts_as)
            and not any(each.is_untouchable or CONTINUED in each.tags for each in (first, second))
            and not is_follow_up(second)
            and self._are_about_the_same(first, second)
        )

    def _are_about_the_same(self, first: Ticket, second: Ticket) -> bool:
        if references(first, self.references) & references(second, self.references):
            return True
        words = telling_words(first.subject)
        is_telling = len(words) >= self.telling_words and words == telling_words(second.subject)
        return is_telling and second.created_at - first.created_at <= self.within


def _is_from_the_agents_interface(ticket: Ticket) -> bool:
    """No customer can write there: the requester's first message says by which channel the ticket is handled."""
    return not ticket.submitter.is_customer and ticket.via.channel in ("web", "api")
