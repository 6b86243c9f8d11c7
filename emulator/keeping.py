"""Keeps an account in one SQLite file, so that a desk is still there after a restart (`--data FILE.sqlite`)."""

import json
import sqlite3
import time
from functools import cache
from pathlib import Path
from typing import Any

from pydantic import TypeAdapter, ValidationError

from emulator.account import ID_BASES, Account
from emulator.model import (
    Attachment,
    Audit,
    Brand,
    CustomStatus,
    Group,
    Identity,
    Invocation,
    Json,
    Mail,
    Membership,
    OAuthClient,
    Organization,
    Rule,
    Schedule,
    Ticket,
    TicketField,
    TicketForm,
    Token,
    User,
    Webhook,
)
from emulator.sharing import Shared, not_collecting

# attribute of Account -> its type; written whole when it changed
TABLES: dict[str, Any] = {
    "users": dict[int, User],
    "identities": dict[int, Identity],
    "organizations": dict[int, Organization],
    "groups": dict[int, Group],
    "memberships": dict[int, Membership],
    "fields": dict[int, TicketField],
    "forms": dict[int, TicketForm],
    "statuses": dict[int, CustomStatus],
    "brands": dict[int, Brand],
    "schedules": dict[int, Schedule],
    "triggers": dict[int, Rule],
    "automations": dict[int, Rule],
    "api_tokens": set[str],
    "clients": dict[str, OAuthClient],
    "tokens": dict[str, Token],
    "webhooks": dict[str, Webhook],
    "settings": dict[str, dict[str, Json]],
}
PIECES: dict[str, Any] = {
    "ticket": Ticket,
    "history": list[Audit],
    "attachment": Attachment,
    "invocations": dict[str, Invocation],
    "mails": list[Mail],
}
SCHEMA = """
CREATE TABLE IF NOT EXISTS parts (name TEXT PRIMARY KEY, content BLOB NOT NULL);
CREATE TABLE IF NOT EXISTS tickets (id INTEGER PRIMARY KEY, ticket BLOB NOT NULL, history BLOB NOT NULL);
CREATE TABLE IF NOT EXISTS attachments (id INTEGER PRIMARY KEY, content BLOB NOT NULL);
"""
FORMAT = 1
PEOPLE = {"users", "identities"}  # there may be very many: written only if `people_changed` was said
OURS = 0x5A44454D  # the application id of our files
LOGGED = 200  # invocations and mails that are kept, the last ones: the whole log would be written at every request


class UnusableData(Exception):
    """The data file is none of ours, or broken."""


@cache
def _adapter(name: str) -> TypeAdapter[Any]:
    return TypeAdapter((TABLES | PIECES)[name])


def _dumped(name: str, value: Any) -> bytes:
    return _adapter(name).dump_json(value, warnings=False)


class Keeper:
    """One data file. Everything is written in the thread that opened it, after each request that changed something."""

    def __init__(self, path: Path) -> None:
        try:
            self._file = sqlite3.connect(path, isolation_level=None)
            (tables,) = self._file.execute("SELECT count(*) FROM sqlite_master").fetchone()
            (application,) = self._file.execute("PRAGMA application_id").fetchone()
            if tables and application != OURS:
                raise UnusableData(f"{path}: this is no emulator's data file")
            pragmas = f"PRAGMA application_id={OURS}; PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL;"
            self._file.executescript(pragmas + SCHEMA)
        except sqlite3.Error as error:
            raise UnusableData(f"{path}: {error}") from error
        self.path = path
        self._written: dict[str, bytes] = {}
        self._attachments: dict[int, Attachment] = {}

    def close(self) -> None:
        self._file.close()

    @property
    def is_empty(self) -> bool:
        return self._file.execute("SELECT 1 FROM parts").fetchone() is None

    def clear(self) -> None:
        """Forget everything."""
        self._file.executescript("DELETE FROM tickets; DELETE FROM attachments; DELETE FROM parts;")
        self._written.clear()
        self._attachments.clear()

    def load(self, account: Account) -> None:
        """Replace what the account holds by what is kept. Raises UnusableData."""
        try:
            self._load(account)
        except (sqlite3.Error, ValidationError, KeyError, ValueError) as error:
            raise UnusableData(f"{self.path}: {error}") from error

    def _load(self, account: Account) -> None:
        parts: dict[str, bytes] = dict(self._file.execute("SELECT name, content FROM parts"))
        account_part = json.loads(parts["account"])
        if account_part["format"] != FORMAT:
            raise ValueError(f"format {account_part['format']} is not {FORMAT}")
        for name in (*TABLES, "invocations", "mails"):
            setattr(account, name, _adapter(name).validate_json(parts[name]))
        for number, content in self._file.execute("SELECT id, content FROM attachments"):
            account.attachments[number] = _adapter("attachment").validate_json(content)
        self._attachments = dict(account.attachments)
        account.know_emails()
        for name in ("number", "subdomain", "locale", "time_zone", "plan", "high_volume", "sandbox", "owner_id"):
            setattr(account, name, account_part[name])
        for name, value in account_part["switches"].items():
            setattr(account.switches, name, value)
        account.clock.set(time.time() + account_part["ahead"])
        if not account_part["running"]:
            account.clock.stop()
        with not_collecting():
            self._load_tickets(account)
        for kind, last in account_part["ids"].items():
            account.ids.start_at(kind, last)

    def _load_tickets(self, account: Account) -> None:
        shared = Shared()
        for ticket_row, history_row in self._file.execute("SELECT ticket, history FROM tickets ORDER BY id"):
            ticket = _adapter("ticket").validate_json(ticket_row)
            history = _adapter("history").validate_json(history_row)
            shared.share(ticket, history)
            account.restore(ticket, history)
        account.finish_restoring()

    def save(self, account: Account) -> None:
        """Write what changed since the last time, in one transaction."""
        changed, account.unsaved = account.unsaved, set()
        self._file.execute("BEGIN")
        for number in changed:
            ticket, history = account.tickets[number], account.audits[number]
            row = (number, _dumped("ticket", ticket), _dumped("history", history))
            self._file.execute("INSERT OR REPLACE INTO tickets VALUES (?, ?, ?)", row)
        self._save_attachments(account)
        known = () if account.unsaved_people else PEOPLE & self._written.keys()
        account.unsaved_people = False
        parts = {name: _dumped(name, getattr(account, name)) for name in TABLES if name not in known}
        last = list(account.invocations)[-LOGGED:]
        parts["invocations"] = _dumped("invocations", {key: account.invocations[key] for key in last})
        parts["mails"] = _dumped("mails", account.mails[-LOGGED:])
        parts["account"] = _account_part(account)
        for name, content in parts.items():
            if self._written.get(name) != content:
                self._file.execute("INSERT OR REPLACE INTO parts VALUES (?, ?)", (name, content))
                self._written[name] = content
        self._file.execute("COMMIT")

    def _save_attachments(self, account: Account) -> None:
        """Files are replaced, never changed in place: what is the same object was written already."""
        for number in self._attachments.keys() - account.attachments.keys():
            self._file.execute("DELETE FROM attachments WHERE id = ?", (number,))
        for number, attachment in account.attachments.items():
            if self._attachments.get(number) is not attachment:
                content = _dumped("attachment", attachment)
                self._file.execute("INSERT OR REPLACE INTO attachments VALUES (?, ?)", (number, content))
        self._attachments = dict(account.attachments)


def _account_part(account: Account) -> bytes:
    names = ("number", "subdomain", "locale", "time_zone", "plan", "high_volume", "sandbox", "owner_id")
    kept = {name: getattr(account, name) for name in names}
    kept |= {
        "format": FORMAT,
        "switches": account.switches.model_dump(),
        "ahead": round(account.clock.now() - time.time()),
        "running": account.clock.running,
        "ids": {kind: account.ids.last(kind) for kind in ID_BASES},
    }
    return json.dumps(kept).encode()
