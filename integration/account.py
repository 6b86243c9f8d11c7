"""What an account calls its things: groups, agents, fields, statuses, brands and forms, by id, in one frozen value."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

from rules.frozen import empty_mapping
from rules.ticket import NOBODY, Person


@dataclass(frozen=True, slots=True)
class Status:
    """A custom status: which category it belongs to, and whether it is that category's default."""

    category: str
    label: str
    default: bool = False


@dataclass(frozen=True, slots=True)
class Account:
    """Names by id. ``fields`` holds the custom fields that the pack names; ``people`` is what snapshots show."""

    me: int = 0
    groups: Mapping[int, str] = empty_mapping()
    agents: Mapping[int, Person] = empty_mapping()
    fields: Mapping[int, str] = empty_mapping()
    statuses: Mapping[int, Status] = empty_mapping()
    brands: Mapping[int, str] = empty_mapping()
    forms: Mapping[int, str] = empty_mapping()
    people: Mapping[str, Person] = empty_mapping()
    addresses: Mapping[str, int] = field(
        default_factory=lambda: MappingProxyType({}), repr=False
    )  # agents by e-mail address


@dataclass(frozen=True, slots=True)
class Known:
    """Everything an answer's ids can be read with: the account, and the people and organizations met so far."""

    account: Account
    people: Mapping[int, Person] = empty_mapping()
    organizations: Mapping[int, str] = empty_mapping()

    def person(self, number: int | None) -> Person:
        """Zendesk itself for -1 and 0; somebody gone, by the id, where nobody is known."""
        if number is None or number <= 0:
            return NOBODY
        found = self.account.agents.get(number) or self.people.get(number)
        return found or Person(id=number, name=f"#{number}", available=False, is_ronda=number == self.account.me)

    def agent_at(self, address: str) -> Person | None:
        """The agent with this e-mail address, if there still is one."""
        number = self.account.addresses.get(address.casefold())
        return None if number is None else self.account.agents.get(number)

    def knows(self, number: int) -> bool:
        return number <= 0 or number in self.account.agents or number in self.people

    def group(self, number: int | None) -> str | None:
        return _named(self.account.groups, number)

    def brand(self, number: int | None) -> str | None:
        return _named(self.account.brands, number)

    def form(self, number: int | None) -> str | None:
        return _named(self.account.forms, number)

    def organization(self, number: int | None) -> str | None:
        return _named(self.organizations, number)

    def field(self, number: int) -> str | None:
        return self.account.fields.get(number)

    def status(self, number: int | None) -> Status | None:
        return None if number is None else self.account.statuses.get(number)


def _named(names: Mapping[int, str], number: int | None) -> str | None:
    """The name, or the id where the account has none (any more): such a thing is still not nothing."""
    return None if number is None else names.get(number, f"#{number}")
