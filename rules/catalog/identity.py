"""
Who asks by e-mail for something confidential, or for a change in the store, writes from the store's own address.

The newest message counts. The requester is asked once; the mark comes off when the identity is proven.
"""

from typing import ClassVar

from rules.actions import AddTags, Reply
from rules.identity import Proof
from rules.marks import is_marked, unmark
from rules.names import TopicRef
from rules.rule import Rule
from rules.said import messages_of_requester
from rules.snapshot import Need, Snapshot
from rules.ticket import Comment
from rules.verdict import Cause, Complies, DoesNotApply, Verdict, Violates


class Identity(Rule):
    needs: ClassVar[frozenset[Need]] = frozenset({Need.HISTORY})

    proof: Proof = Proof()
    topics: tuple[TopicRef, ...]
    tag: str = "nao-identificado"

    def check(self, seen: Snapshot) -> Verdict:
        if seen.ticket.via.channel != "email":
            return DoesNotApply("by e-mail")
        messages = messages_of_requester(seen)
        if not messages:
            return DoesNotApply("a message of the requester")
        newest = messages[-1]
        if self.proof.is_given_with(newest):
            return Complies(asides=unmark(seen, self.tag))
        if not self._is_delicate(newest, seen):
            return DoesNotApply("topic")
        causes = (Cause("asked", newest.at),)
        is_told = is_marked(seen, self.tag) or not self.untold(seen, causes)
        cures = () if is_told else (AddTags(frozenset({self.tag})), Reply("reply.identity"))
        return Violates("violation.identity", cures=cures, causes=causes)

    def _is_delicate(self, message: Comment, seen: Snapshot) -> bool:
        is_first = bool(seen.history) and message == seen.history[0].comment
        texts = (seen.ticket.subject, message.text) if is_first else (message.text,)
        return any(topic.is_in(text) for topic in self.topics for text in texts)
