"""Who may be told confidential things: a requester whose identity is proven."""

from pydantic import BaseModel, ConfigDict, Field

from rules.channels import Channels, is_one_of
from rules.ticket import Comment, Person

# Flags of a comment whose author is doubtful, such as forged or unauthenticated mail:
# https://developer.zendesk.com/documentation/ticketing/reference-guides/comment-flags
DOUBTFUL = frozenset({2, 3, 14, 21, 22})


class Proof(BaseModel):
    """What proves a requester's identity. Everything asked for must be there; of ``tags`` any one."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    verified: bool = Field(default=True, description="a verified identity in Zendesk")
    organization: bool = Field(default=True, description="a member of an organisation")
    external_id: bool = Field(default=False, description="known to the store by an id of its own")
    tags: tuple[str, ...] = Field(default=(), description="one of these tags on the user")
    logged_in: Channels = Field(default=(), description="who writes by one of these is logged in, which proves enough")

    def is_given_by(self, person: Person) -> bool:
        return (
            (not self.verified or person.verified)
            and (not self.organization or person.organization is not None)
            and (not self.external_id or person.external_id is not None)
            and (not self.tags or not person.tags.isdisjoint(self.tags))
        )

    def is_given_with(self, message: Comment) -> bool:
        """Whether the author of a message is who it says. A doubtful message proves nothing, however it came."""
        if message.flags & DOUBTFUL:
            return False
        return is_one_of(message.via, self.logged_in) or self.is_given_by(message.author)
