"""
Passwords, the payment module and all that is confidential: for identified requesters on official channels only.

A later message that comes by the right way and proves who writes unblocks the ticket.
"""

from collections.abc import Sequence
from typing import ClassVar

from rules.actions import Action, AddTags, Note
from rules.channels import Channels, is_one_of
from rules.identity import Proof
from rules.marks import is_marked, unmark
from rules.names import TopicRef
from rules.rule import Rule
from rules.said import messages_of_requester, opening_words
from rules.snapshot import Need, Snapshot
from rules.ticket import Comment
from rules.verdict import Cause, Complies, DoesNotApply, Verdict, Violates


class Confidential(Rule):
    """``tag`` marks a blocked ticket; it comes off with the tags ``also_off`` when the requester is identified."""

    needs: ClassVar[frozenset[Need]] = frozenset({Need.HISTORY})

    official: Channels
    proof: Proof = Proof()
    topic: TopicRef
    tag: str = "confidencial-bloqueado"
    also_off: frozenset[str] = frozenset({"nao-identificado"})

    def check(self, seen: Snapshot) -> Verdict:
        messages = messages_of_requester(seen)
        if messages and all(self._may_be_answered(message) for message in messages):
            return Complies(asides=self._unmark(messages, seen))
        since = self._newest_confidential(messages, seen)
        if since is None:
            return DoesNotApply("topic")
        if any(self._may_be_answered(message) for message in messages[since:]):
            return Complies(asides=self._unmark(messages, seen))
        at = messages[since] if messages else None
        causes = (Cause(f"comment-{at.id}", at.at) if at else Cause("opened", seen.ticket.created_at),)
        is_told = is_marked(seen, self.tag) or not self.untold(seen, causes)
        cures = () if is_told else (AddTags(frozenset({self.tag})), Note("note.confidential"))
        return Violates("violation.confidential", cures=cures, causes=causes)

    def _newest_confidential(self, messages: Sequence[Comment], seen: Snapshot) -> int | None:
        """The place of the newest confidential message; 0 where the ticket began as one."""
        for place in range(len(messages) - 1, -1, -1):
            if self.topic.is_in(messages[place].text):
                return place
        opening = (seen.ticket.subject, opening_words(seen))
        return 0 if any(self.topic.is_in(text) for text in opening) else None

    def _may_be_answered(self, message: Comment) -> bool:
        return is_one_of(message.via, self.official) and self.proof.is_given_with(message)

    def _unmark(self, messages: Sequence[Comment], seen: Snapshot) -> tuple[Action, ...]:
        return unmark(seen, self.tag, *self.also_off) if self.proof.is_given_with(messages[-1]) else ()
