"""Who is mentioned in a comment, and what a mention does."""

import re
import unicodedata

from emulator.account import Account
from emulator.model import User


def mentioned(account: Account, text: str) -> list[User]:
    """The agents whose `@Full Name` or `@alias` stands in the text; the longest name wins."""
    remaining = _fold(text)
    if "@" not in remaining:
        return []
    names = [(_fold(name), user) for user in account.staff for name in (user.name, user.alias) if name]
    found: list[User] = []
    for name, user in sorted(names, key=lambda pair: -len(pair[0])):
        remaining, times = re.subn(rf"@{re.escape(name)}(?!\w)", " ", remaining)
        if times and user not in found:
            found.append(user)
    return found


def _fold(text: str) -> str:
    return unicodedata.normalize("NFC", text).casefold()
