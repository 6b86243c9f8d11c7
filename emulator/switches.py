"""What no page confirms: each open question is a switch with a stated default."""

from typing import Literal

from pydantic import BaseModel, ConfigDict, Field


class Switches(BaseModel):
    """The facts' open questions, and where pages contradict each other. The description says what each value does."""

    model_config = ConfigDict(extra="forbid", validate_assignment=True, use_attribute_docstrings=True)

    followers_enabled: bool = True
    """CCs-and-followers is on: mentioned agents become followers, `follower_ids` and `email_cc_ids` are honoured."""
    api_mentions_follow: bool = True
    """An `@Full Name` written through the API adds a follower, as one typed by an agent does."""
    mention_markup: Literal["plain", "span"] = "plain"
    """How a mention looks in `html_body`: the bare text, or wrapped in `<span class="mention">`."""
    chat_public_comment: Literal["stored", "refused"] = "stored"
    """A public comment by the API on a chat or messaging ticket is stored (never delivered), or answered 422."""
    chat_history: Literal["at-end", "running"] = "at-end"
    """When the transcript of a chat can be read in the audits: once the chat ended, or while it runs."""
    chat_transcript_comment: bool = False
    """Public transcripts are on: the whole chat is appended as a second comment when it ends."""
    group_without_assignee: Literal["clear", "refuse"] = "clear"
    """`group_id` alone, and the assignee is no member: the assignee is cleared, or the update is answered 422."""
    agent_left_group: Literal["unassigned", "remover"] = "unassigned"
    """Working tickets of an agent who leaves their group: nobody's, or the remover's if they are a member."""
    assignee_moves_group: Literal["always", "unless-member"] = "always"
    """`assignee_id` alone moves the ticket to the agent's default group always, or only from a foreign group."""
    back_to_new: Literal["ignore", "refuse"] = "ignore"
    """`status: new` on a ticket that has left new: left as it is, or answered 422."""
    closed_accepts: Literal["nothing", "tags-subject-priority"] = "nothing"
    """What an update by the API may still change on a closed ticket."""
    additional_tags_on_one_ticket: bool = True
    """`additional_tags` and `remove_tags` work in the update of one ticket too, not only in update_many."""
    stamp_precision: Literal["second", "exact-text"] = "second"
    """`updated_stamp` is compared as a time of whole seconds, or as text."""
    audit_ids: Literal["string", "integer"] = "string"
    """Values of id fields in Create and Change events: texts, or numbers as in the ticket."""
    light_agent_public: Literal["private", "refuse"] = "private"
    """A public comment by a light agent becomes a note, or is answered 403."""
    one_group_takes_all: bool = False
    """In an account with one group every ticket goes to it (a page of 2008 says so)."""
    one_agent_group_assigns: bool = False
    """A ticket of a group with one agent goes to that agent (the same page)."""
    via_channel_of_oauth: str = "api"
    """The channel of audits made with an OAuth token."""
    created_adds_comment_event: bool = False
    """A new ticket sends `comment_added` for its first comment beside `created`."""
    event_meta: bool = True
    """`event.meta.sequence` is present; accounts captured in January 2025 had none."""
    event_comment_body: Literal["plain", "html"] = "plain"
    """What `comment_added` carries as `event.comment.body`."""
    via_label: Literal["human", "rest"] = "human"
    """What `{{ticket.via}}` renders: `Web Form`, or the word of REST."""
    suppress_client_placeholders: bool = False
    """Comment placeholders stay empty in webhooks of tickets that a client opened."""
    webhook_timeout: float = Field(default=10.0, gt=0)
    """Seconds a receiver has to answer (10 or 12 by different pages)."""
    retry_delay: float = Field(default=5.0, ge=0)
    """Seconds between the attempts of one invocation."""
    retry_fresh_timestamp: bool = True
    """Each attempt is signed anew with the time it is sent, or carries the first attempt's timestamp."""
    retry_same_invocation: bool = True
    """All attempts carry one invocation id."""
    retry_after_ceiling: int = 60
    """The longest Retry-After in seconds for which 429 and 503 are tried again."""
    breaker_pause: float = 5.0
    """Seconds for which the circuit breaker stays open."""
    breaker_enabled: bool = True
    """The circuit breaker (70 % errors or more than 1,000 in five minutes) is on."""
    breaker_floor: int = 100
    """Invocations in five minutes below which a share of errors opens nothing; no page gives a floor."""
    rotation_overlap: float = 0.0
    """Seconds for which the old signing secret stays in use after a rotation; none is documented."""
    job_seconds: float = Field(default=0.0, ge=0)
    """Seconds until a background job runs."""
    search_lag: float = 60.0
    """Seconds until a change can be found by search ("up to minutes")."""
    limit_body: Literal["json", "text"] = "json"
    """The body of a 429: the JSON seen in a log, or plain text."""
    triggers_fire_again: bool = True
    """After a trigger changed the ticket the list is walked again, each trigger once."""
