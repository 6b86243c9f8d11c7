"""Channels as a pack speaks of them: a word such as ``email`` or ``web_widget``, or a way in described more closely."""

from collections.abc import Mapping, Sequence
from typing import Annotated, TypeAlias

from pydantic import AfterValidator, BaseModel, ConfigDict, Field

from rules.names import nearest
from rules.ticket import CHAT_CHANNELS, MESSAGING_CHANNELS, Via

WIDGET = "web_widget"
VOICE = frozenset({"voice", "phone", "phone_call_inbound", "phone_call_outbound", "voicemail"})
CUSTOMER_FACING = VOICE | CHAT_CHANNELS | MESSAGING_CHANNELS | {"sms", "text_message", "any_channel"}

# The words of tickets. Zendesk adds to them, so that another one may be right, unless it looks like one of these:
# https://developer.zendesk.com/documentation/ticketing/reference-guides/via-types
KNOWN = CUSTOMER_FACING | {
    "answer_bot",
    "answer_bot_api",
    "answer_bot_for_agents",
    "answer_bot_for_sdk",
    "answer_bot_for_slack",
    "answer_bot_for_web_widget",
    "api",
    "chat_offline_message",
    "chat_transcript",
    "email",
    "forum",
    "helpcenter",
    "linked_problem",
    "lotus",
    "merge",
    "messagebird_sms",
    "mobile",
    "rule",
    "sample_ticket",
    "side_conversation",
    "twilio_sms",
    "web",
    WIDGET,
}
_MISSPELT = 0.7  # how like a known word an unknown one is that was meant as it

# How a ticket from the web widget says so: https://developer.zendesk.com/documentation/ticketing/reference-guides/via-object-reference
_WIDGET_RELS = frozenset({WIDGET, "zendesk_widget"})


class WayIn(BaseModel):
    """Everything said must hold. ``rel`` is ``via.source.rel``, ``recipient`` the support addresses written to."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    channel: str
    rel: str | None = None
    recipient: tuple[str, ...] = Field(default=(), description="any of these addresses")

    def is_of(self, via: Via) -> bool:
        return (
            self.channel in (via.channel, channel_of(via))
            and self.rel in (None, via.rel)
            and (not self.recipient or (via.recipient or "").casefold() in (each.casefold() for each in self.recipient))
        )


def _spelt(word: str) -> str:
    if word not in KNOWN and (near := nearest(word, KNOWN, _MISSPELT)):
        raise ValueError(f"no channel is called {word!r}{near}")
    return word


def _all_spelt(channels: tuple[str | WayIn, ...]) -> tuple[str | WayIn, ...]:
    for each in channels:
        _spelt(each if isinstance(each, str) else each.channel)
    return channels


Channel: TypeAlias = Annotated[str, AfterValidator(_spelt)]
Channels: TypeAlias = Annotated[tuple[str | WayIn, ...], AfterValidator(_all_spelt)]


def channel_of(via: Via) -> str:
    """The channel's word; the web widget is a channel of its own, whichever way Zendesk spells it."""
    return WIDGET if via.rel in _WIDGET_RELS else via.channel


def is_one_of(via: Via, channels: Sequence[str | WayIn]) -> bool:
    return any(
        each in (via.channel, channel_of(via)) if isinstance(each, str) else each.is_of(via) for each in channels
    )


def is_same(one: Via, other: Via, counts_as: Mapping[str, str]) -> bool:
    """Whether two messages came the same way. ``counts_as``: a channel's word to the one that it passes for."""
    if one == other:
        return True
    words = [{counts_as.get(word, word) for word in (via.channel, channel_of(via))} for via in (one, other)]
    return not words[0].isdisjoint(words[1])
