"""Histories of many tickets on disk, while a round that reads them in bulk goes on. They hold no texts.

A file of its own beside the ledger, readable by us alone, deleted when the round has ended.
"""

import pickle
import sqlite3
from collections.abc import Iterable
from datetime import datetime
from pathlib import Path

from enforcement.clock import from_microseconds, microseconds
from integration.gateway import EventPage
from rules.ticket import Audit

SCHEMA = """
CREATE TABLE IF NOT EXISTS audits (ticket_id INTEGER, id INTEGER, body BLOB, PRIMARY KEY (ticket_id, id)) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS unclear (ticket_id INTEGER PRIMARY KEY);
CREATE TABLE IF NOT EXISTS reached (one INTEGER PRIMARY KEY CHECK (one = 1), until INTEGER, is_all INTEGER);
"""


class KeptHistories:
    """For one thread at a time. ``path`` is created where it is not there."""

    def __init__(self, path: Path) -> None:
        self._path = path
        path.touch(mode=0o600)
        self._connection = sqlite3.connect(path, check_same_thread=False)
        self._connection.executescript("PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL;" + SCHEMA)

    def close(self) -> None:
        self._connection.close()

    def delete(self) -> None:
        """Close it and leave nothing behind."""
        self.close()
        for suffix in ("", "-wal", "-shm"):
            self._path.with_name(self._path.name + suffix).unlink(missing_ok=True)

    @property
    def until(self) -> datetime | None:
        """Where the next page begins; None before the first."""
        row = self._connection.execute("SELECT until FROM reached").fetchone()
        return None if row is None else from_microseconds(row[0])

    @property
    def is_complete(self) -> bool:
        row = self._connection.execute("SELECT is_all FROM reached").fetchone()
        return row is not None and bool(row[0])

    def add(self, page: EventPage) -> None:
        """Keep a page; what came before comes in place of itself."""
        rows = ((number, audit.id, pickle.dumps(audit, pickle.HIGHEST_PROTOCOL)) for number, audit in page.audits)
        with self._connection as connection:
            connection.executemany("INSERT OR REPLACE INTO audits VALUES (?, ?, ?)", rows)
            connection.executemany("INSERT OR IGNORE INTO unclear VALUES (?)", ((each,) for each in page.unclear))
            reached = (microseconds(page.until), page.is_last)
            connection.execute("INSERT OR REPLACE INTO reached VALUES (1, ?, ?)", reached)

    def of(self, ids: Iterable[int]) -> dict[int, tuple[Audit, ...]]:
        """The histories of these tickets, oldest update first; an unclear one has none."""
        execute, found = self._connection.execute, {}
        for number in ids:
            if execute("SELECT 1 FROM unclear WHERE ticket_id = ?", (number,)).fetchone():
                continue
            rows = execute("SELECT body FROM audits WHERE ticket_id = ? ORDER BY id", (number,)).fetchall()
            if rows:
                found[number] = tuple(pickle.loads(body) for (body,) in rows)  # noqa: S301 # we wrote it, for us alone
        return found
