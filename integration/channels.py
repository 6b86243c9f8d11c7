"""Channel words: the via types of webhooks and audits and the numbers of trigger definitions, all as REST says them.

https://developer.zendesk.com/documentation/ticketing/reference-guides/via-types
"""

_BY_TYPE = {
    "web_form": "web",
    "mail": "email",
    "web_service": "api",
    "dropbox": "web",
    "batch": "web",
    "closed_ticket": "web",
    "twitter_favorite": "twitter",
    "twitter_dm": "twitter",
    "topic": "forum",
    "ticket_sharing": "api",
    "voicemail": "voice",
    "phone_call_inbound": "voice",
    "phone_call_outbound": "voice",
    "api_voicemail": "voice",
    "api_phone_call_inbound": "voice",
    "api_phone_call_outbound": "voice",
    "blog": "api",
    "import": "api",
    "github": "api",
    "facebook_post": "facebook",
    "facebook_message": "facebook",
    "connect_mail": "email",
}

_BY_NUMBER = {
    0: "web",
    4: "email",
    5: "api",
    8: "rule",
    9: "linked_problem",
    17: "web",
    19: "merge",
    20: "web",
    23: "twitter",
    24: "forum",
    26: "twitter",
    27: "web",
    29: "chat",
    30: "twitter",
    31: "api",
    33: "voice",
    34: "voice",
    35: "voice",
    36: "api",
    37: "text_message",
    38: "facebook",
    39: "api",
    40: "api",
    41: "facebook",
}


def rest_word(channel: str | int | None) -> str:
    """``mail``, ``4``, ``"4"`` and ``email`` are all ``email``; an unknown word stays as it is, lower case."""
    if isinstance(channel, int):
        return _BY_NUMBER.get(channel, f"via-{channel}")
    if channel is None:
        return ""
    word = channel.strip().lower()
    if word.isdigit():
        return rest_word(int(word))
    return _BY_TYPE.get(word, word)
