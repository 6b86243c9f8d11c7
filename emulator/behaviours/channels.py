"""The two vocabularies of channels: the word of REST, and the via type of events, triggers and exports (VIATYPES)."""

# REST word -> via type, where they differ
VIA_TYPES = {
    "web": "web_form",
    "email": "mail",
    "api": "web_service",
    "voice": "phone_call_inbound",
    "forum": "topic",
    "facebook": "facebook_post",
}

# via type -> its number, where a page gives one
VIA_IDS = {
    "web_form": 0,
    "mail": 4,
    "web_service": 5,
    "rule": 8,
    "linked_problem": 9,
    "group_deletion": 10,
    "user_change": 11,
    "user_deletion": 12,
    "group_change": 13,
    "dropbox": 17,
    "merge": 19,
    "batch": 20,
    "topic": 24,
    "user_merge": 25,
    "twitter_dm": 26,
    "closed_ticket": 27,
    "chat": 29,
    "twitter": 30,
    "ticket_sharing": 31,
    "macro_reference": 32,
    "voicemail": 33,
    "phone_call_inbound": 34,
    "phone_call_outbound": 35,
    "text_message": 37,
    "facebook_post": 38,
    "facebook_message": 41,
}

LABELS = {
    "web": "Web Form",
    "email": "Mail",
    "api": "Web Service",
    "chat": "Chat",
    "voice": "Phone Call (incoming)",
    "native_messaging": "Messaging",
    "web_widget": "Web Widget",
}


def via_type(channel: str) -> str:
    return VIA_TYPES.get(channel, channel)


def via_id(channel: str) -> int | None:
    return VIA_IDS.get(via_type(channel))


def label(channel: str, style: str) -> str:
    """What `{{ticket.via}}` shows; the exact labels are unconfirmed."""
    return LABELS.get(channel, channel.replace("_", " ").title()) if style == "human" else channel
