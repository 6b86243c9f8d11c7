"""What an account calls its groups, agents, custom fields and statuses: what a pack's names are compared with."""

import unicodedata
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from integration.bridge import ZenpyBridge
from integration.parse import reading
from integration.refusal import ABSENT
from integration.wire import Wire


@dataclass(frozen=True, slots=True)
class Named:
    """One thing of the account. ``also`` is another name it goes by, ``about`` tells namesakes apart."""

    id: int
    name: str
    also: str = ""
    about: str = ""

    def is_called(self, name: str) -> bool:
        return key_of(name) in {key_of(each) for each in (self.name, self.also) if each}


@dataclass(frozen=True, slots=True)
class AccountNames:
    groups: tuple[Named, ...] = ()
    people: tuple[Named, ...] = ()
    fields: tuple[Named, ...] = ()
    statuses: tuple[Named, ...] = ()


def names_in(wire: Wire) -> AccountNames:
    """Read all names. Raises AccessDenied, TryLater, WrongAccount, UnreadableAnswer."""
    listed = ZenpyBridge(wire).listed
    with reading("the names"):
        groups = [each for each in listed("groups", ("id", "name", "deleted")) if not each["deleted"]]
        name_of = {each["id"]: str(each["name"]) for each in groups}
        within: dict[int, list[str]] = defaultdict(list)
        for each in listed("group_memberships", ("user_id", "group_id")):
            if each["group_id"] in name_of:
                within[each["user_id"]].append(name_of[each["group_id"]])
        agents = [user for role in ("agent", "admin") for user in listed("users", ("id", "name"), role=role)]
        try:
            statuses = listed("custom_statuses", ("id", "agent_label"))
        except ABSENT:
            statuses = []
        fields = listed("ticket_fields", ("id", "title", "key", "type", "removable"))
        return AccountNames(
            groups=_sorted(Named(int(each["id"]), str(each["name"])) for each in groups),
            people=_sorted(
                Named(int(each["id"]), str(each["name"]), about=", ".join(sorted(within[each["id"]])))
                for each in agents
            ),
            fields=_sorted(
                Named(int(each["id"]), str(each["title"]), str(each["key"] or ""), str(each["type"]))
                for each in fields
                if each["removable"] is not False
            ),
            statuses=_sorted(Named(int(each["id"]), str(each["agent_label"])) for each in statuses),
        )


def key_of(name: str) -> str:
    """Names are the same whatever their case, spaces and composition of accents."""
    return " ".join(unicodedata.normalize("NFC", name).casefold().split())


def _sorted(found: Iterable[Named]) -> tuple[Named, ...]:
    return tuple(sorted(found, key=lambda each: (key_of(each.name), each.id)))
