"""
A ticket goes to the analyst who has the skill it needs: site development, or the customer's language.

The first skill that fits counts. Another member whom a person chose is kept, one set at the opening too. Chats are
left to the team, which shares them out by itself.
"""

from typing import ClassVar, Literal, Self

from pydantic import BaseModel, ConfigDict, model_validator

from rules.language import is_spanish
from rules.names import PersonName, TeamRef, TopicRef
from rules.routing import is_with
from rules.rule import Rule
from rules.snapshot import Need, Snapshot
from rules.ticket import Ticket
from rules.verdict import DoesNotApply, Verdict


class Skill(BaseModel):
    """``analyst`` takes tickets whose subject is about a topic, or whose customer writes or reads a language."""

    model_config = ConfigDict(frozen=True, extra="forbid", arbitrary_types_allowed=True)

    analyst: PersonName
    subject: TopicRef | None = None
    language: Literal["es"] | None = None

    @model_validator(mode="after")
    def _one_sign(self) -> Self:
        if (self.subject is None) == (self.language is None):
            raise ValueError("a skill is told by either a subject or a language")
        return self

    def is_needed(self, ticket: Ticket) -> bool:
        if self.subject is not None:
            return self.subject.is_in(ticket.subject)
        return ticket.requester.locale.lower().startswith("es") or is_spanish(ticket.subject, ticket.description)


class BySkill(Rule):
    needs: ClassVar[frozenset[Need]] = frozenset({Need.HISTORY})

    team: TeamRef
    skills: tuple[Skill, ...]

    def check(self, seen: Snapshot) -> Verdict:
        if not self.team.holds(seen):
            return DoesNotApply("in the team's group")
        if seen.ticket.via.is_live:
            return DoesNotApply("not a chat")
        skill = next((skill for skill in self.skills if skill.is_needed(seen.ticket)), None)
        if skill is None:
            return DoesNotApply("skill")
        return is_with(skill.analyst, seen, self.team, "violation.by-skill", at_creation=True)
