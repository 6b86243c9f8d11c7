"""Who and what an account has, read by zenpy at start and again when an unknown id or name turns up.

Groups, agents with their groups, ticket fields, custom statuses, brands and forms: some thousand values at most.
"""

import difflib
import threading
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import structlog

from integration.account import Account, Known, Status
from integration.bridge import ZenpyBridge
from integration.gateway import AccessDenied, GatewayError, PackNames, TryLater, UnknownNames
from integration.names import key_of
from integration.parse import person_from, reading
from integration.refusal import ABSENT
from integration.wire import Wire, json_of
from rules.mentions import first_name
from rules.ticket import Person

FRESH = timedelta(minutes=15)  # after this the account is read again
SPARE = timedelta(seconds=60)  # unknown ids and names cause one reading in this time, no more
REMEMBERED = 20_000  # customers whose properties are kept between tickets
PAGE = 100  # ids in one show_many

_log = structlog.get_logger(__name__)

_PERSON = ("id", "name", "role", "locale", "verified", "organization_id", "external_id", "tags", "active", "suspended")


class Directory:
    """The account as last read, and the people met so far. Shared by threads; what it hands out never changes."""

    def __init__(self, wire: Wire, zenpy: ZenpyBridge, names: PackNames, now: Callable[[], datetime]) -> None:
        self._wire = wire
        self._zenpy = zenpy
        self._names = names
        self._now = now
        self._account = Account()
        self._met: dict[int, Person] = {}
        self._organizations: dict[int, str] = {}
        self._read_at: datetime | None = None  # when what is used now was read
        self._tried_at: datetime | None = None
        self._problems: tuple[str, ...] = ()
        self._lock = threading.Lock()
        self._refreshing = threading.Lock()
        self.stale = ""  # why the account cannot be read again, where a person has to mend that

    def account(self) -> Account:
        """The account, read again where that is due. Once it was read, what was read last is used on for as long as it
        cannot be read again; before, raises AccessDenied, TryLater, WrongAccount, UnreadableAnswer, Refusal."""
        if self._is_older_than(FRESH):
            self._refresh()
        return self._account

    def again(self) -> Account:
        """The account for somebody who missed a name or an id in it: read again, unless that was done just now."""
        if self._is_older_than(SPARE):
            self._refresh()
        return self._account

    def check(self) -> None:
        """Raises UnknownNames if the pack names what the account has not, or has twice."""
        self.account()
        if self._problems:
            raise UnknownNames(self._problems)

    def known(self, ids: Iterable[int], answer: Mapping[str, Any]) -> Known:
        """All that is needed to read an answer that mentions these users: sideloads first, then /users/show_many."""
        account = self.account()
        with reading("the sideloads"):
            groups = {int(each["id"]) for each in answer.get("groups") or ()}
            if not groups <= account.groups.keys():
                account = self.again()
            self._meet(account, answer)
        missing = {number for number in ids if number > 0} - account.agents.keys() - self._met.keys()
        for page in _pages(sorted(missing)):
            target, query = "/api/v2/users/show_many", {"ids": ",".join(map(str, page)), "include": "organizations"}
            self._meet(account, json_of(self._wire.read(target, query)))
            self._miss(page)
        with self._lock:
            met = {number: self._met[number] for number in ids if number in self._met}
            return Known(account, met, dict(self._organizations))

    def _meet(self, account: Account, answer: Mapping[str, Any]) -> None:
        """Remember the users of an answer."""
        with reading("the users"), self._lock:
            for each in answer.get("organizations") or ():
                self._organizations[int(each["id"])] = str(each["name"])
            known = Known(account, organizations=self._organizations)
            for user in answer.get("users") or ():
                person = person_from(user, known)
                self._met[person.id] = person
            while len(self._met) > REMEMBERED:
                del self._met[next(iter(self._met))]

    def _miss(self, ids: Iterable[int]) -> None:
        """Who was asked for and not given is gone for good."""
        with self._lock:
            for number in ids:
                self._met.setdefault(number, Known(Account()).person(number))

    def _is_older_than(self, age: timedelta) -> bool:
        return self._read_at is None or self._now() - self._read_at >= age

    def _refresh(self) -> None:
        with self._refreshing:
            if self._tried_at is not None and self._read_at is not None and self._now() - self._tried_at < SPARE:
                return  # another thread was faster, or it failed just now
            try:
                with reading("the account"):
                    account, problems = _with_pack(self._read(), self._names, self._fields())
            except GatewayError as error:
                if self._read_at is None:
                    raise
                self._use_on(error)
                return
            finally:
                self._tried_at = self._now()
            self._account, self._problems, self._read_at, self.stale = account, problems, self._now(), ""
        _log.info("account read", groups=len(account.groups), agents=len(account.agents), problems=len(problems))

    def _use_on(self, error: GatewayError) -> None:
        """What was read before is better than no look at all; whatever does not pass by itself is told to a person."""
        if isinstance(error, TryLater):
            _log.warning("account not read again", why=str(error))
            return
        if self.stale != str(error):
            _log.error("account not read again", why=str(error))
        self.stale = str(error)

    def _read(self) -> Account:
        listed = self._zenpy.listed
        groups = {
            each["id"]: each["name"] for each in listed("groups", ("id", "name", "deleted")) if not each["deleted"]
        }
        memberships: dict[int, set[str]] = defaultdict(set)
        for each in listed("group_memberships", ("user_id", "group_id")):
            if each["group_id"] in groups:
                memberships[each["user_id"]].add(groups[each["group_id"]])
        me = self._me()
        bare = Known(Account(me=me))
        users = [user for role in ("agent", "admin") for user in listed("users", (*_PERSON, "email"), role=role)]
        agents = [person_from(user, bare) for user in users]
        return Account(
            me=me,
            groups=groups,
            agents={person.id: replace(person, groups=frozenset(memberships[person.id])) for person in agents},
            statuses={
                each["id"]: Status(each["status_category"], each["agent_label"], bool(each["default"]))
                for each in self._if_on_plan("custom_statuses", ("id", "status_category", "agent_label", "default"))
            },
            brands={each["id"]: each["name"] for each in self._if_on_plan("brands", ("id", "name"))},
            forms={each["id"]: each["name"] for each in self._if_on_plan("ticket_forms", ("id", "name"))},
            addresses={user["email"].casefold(): user["id"] for user in users if user["email"]},
        )

    def _fields(self) -> list[dict[str, Any]]:
        return self._zenpy.listed("ticket_fields", ("id", "title", "key", "removable"))

    def _if_on_plan(self, what: str, attributes: Iterable[str]) -> list[dict[str, Any]]:
        """An account on whose plan this is not has none of it."""
        try:
            return self._zenpy.listed(what, attributes)
        except ABSENT:
            return []

    def _me(self) -> int:
        """Our own user. Bad credentials are answered 200 here, with nobody in it."""
        with reading("/users/me"):
            user = json_of(self._wire.read("/api/v2/users/me"))["user"]
            if not user.get("id"):
                raise AccessDenied(f"{self._wire.origin.host} does not know our credentials")
            if user.get("role") != "admin":
                _log.warning("the service user is no admin", role=user.get("role"), needs="incremental exports")
            return int(user["id"])


def _with_pack(account: Account, names: PackNames, fields: list[dict[str, Any]]) -> tuple[Account, tuple[str, ...]]:
    """The account with the pack's names found in it, and what is wrong with those names."""
    renamed = _as_pack_writes(account, names)
    problems = [*_doubtful("group", names.groups, renamed.groups.values())]
    problems += _doubtful("person", names.people, (person.name for person in renamed.agents.values()))
    called = {each["id"]: _field_name(each, names) for each in fields if each["removable"] is not False}
    problems += _doubtful("ticket field", names.fields, called.values())
    found = {number: name for number, name in called.items() if name in names.fields}
    return replace(renamed, fields=found, people=_people(renamed, names)), tuple(problems)


def _field_name(field: dict[str, Any], names: PackNames) -> str:
    """A custom field goes by the pack's name for its id, its title or its key; else by its title."""
    by_id = {number: name for name, number in names.field_ids.items()}
    if field["id"] in by_id:
        return by_id[field["id"]]
    unplaced = [name for name in names.fields if name not in names.field_ids]
    written = {key_of(name): name for name in unplaced} | {key_of(names.field_titles.get(n, n)): n for n in unplaced}
    key, title = str(field["key"] or ""), str(field["title"] or "")
    return written.get(key_of(key)) or written.get(key_of(title)) or title


def _as_pack_writes(account: Account, names: PackNames) -> Account:
    """Groups and agents go by the pack's spelling of their names, where letters' case or composition differ; whom the
    pack names by an id goes by that name alone."""
    groups = {key_of(name): name for name in names.groups}
    people = {key_of(name): name for name in names.people}
    by_id = {number: name for name, number in names.person_ids.items()}

    def name_of(person: Person) -> str:
        name = by_id.get(person.id) or people.get(key_of(person.name), person.name)
        is_namesake = name in names.person_ids and person.id not in by_id
        return f"{person.name} #{person.id}" if is_namesake else name

    return replace(
        account,
        groups={number: groups.get(key_of(name), name) for number, name in account.groups.items()},
        agents={
            number: replace(
                person,
                name=name_of(person),
                groups=frozenset(groups.get(key_of(name), name) for name in person.groups),
            )
            for number, person in account.agents.items()
        },
    )


def _people(account: Account, names: PackNames) -> dict[str, Person]:
    """Everyone the pack names, the members of its groups, and who shares a first name with somebody the pack names:
    ``@Bryan Costa`` is not Bryan. Of people with one full name only those outside the pack."""
    firsts = {first_name(name) for name in names.people}
    shown = [
        person
        for person in account.agents.values()
        if person.name in names.people or person.groups & names.groups or first_name(person.name) in firsts
        if not person.is_ronda
    ]
    bearers = Counter(person.name for person in shown)
    people: dict[str, Person] = {}
    for person in sorted(shown, key=lambda person: person.id):
        if bearers[person.name] == 1:
            people[person.name] = person
        elif person.name not in names.people:
            people[f"{person.name} #{person.id}"] = person
    return people


def _doubtful(kind: str, wanted: Iterable[str], existing: Iterable[str]) -> list[str]:
    """A sentence for each name that the account has not, or more than once."""
    present = list(existing)
    bearers = Counter(key_of(name) for name in present)
    problems = []
    for name in sorted(wanted):
        if bearers[key_of(name)] > 1:
            problems.append(f"{kind} {name!r}: the account has {bearers[key_of(name)]} of this name")
        elif not bearers[key_of(name)]:
            near = difflib.get_close_matches(name, present, n=1, cutoff=0.6)
            hint = f"; did you mean {near[0]!r}?" if near else ""
            problems.append(f"{kind} {name!r}: the account has none of this name{hint}")
    return problems


def _pages(ids: list[int]) -> Iterable[list[int]]:
    return (ids[start : start + PAGE] for start in range(0, len(ids), PAGE))
