"""The one file of an installation: an SQLite database that the agenda and the ledger share.

AgendaError
+-- StoreFull           free some space; nothing was written
+-- StoreReadOnly       mend the rights of the file or its folder
+-- StoreMissing        the folder is not there, or the file cannot be opened
+-- StoreDamaged        no database, not ours, or a broken one: restore a copy
+-- StoreNewer          a later Ronda wrote it: run that one
+-- StoreBusy           another process keeps it locked
+-- AnotherWorkerRuns   one service a file (``worker_lock.py``)
"""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from threading import Lock

from sqlalchemy import URL, Engine, create_engine, event

from enforcement.agenda import AgendaError

BUSY_TIMEOUT = 5.0  # seconds to wait for another process, such as the command line
APPLICATION_ID = (
    0x526F6E64  # "Rond": says whose file this is (https://www.sqlite.org/pragma.html#pragma_application_id)
)

# One script a version, in order; a file's ``user_version`` counts those it has had.
SCHEMA = (
    """
    CREATE TABLE entries (
        ticket_id   INTEGER PRIMARY KEY,
        due         INTEGER,                     -- when to look; NULL: only remembered for the spacing
        reason      TEXT,
        attempts    INTEGER NOT NULL DEFAULT 0,
        event_at    INTEGER,                     -- the newest updated_at that an event told
        not_before  INTEGER NOT NULL DEFAULT 0,  -- the last look's start and the spacing
        token       TEXT,                        -- whose look is under way; NULL: nobody's
        lease_until INTEGER,
        claimed_due INTEGER,                     -- what that look is for; what is asked meanwhile goes to due
        claimed_reason TEXT,
        kind        INTEGER GENERATED ALWAYS AS (CASE reason WHEN 'timer' THEN 1 WHEN 'round' THEN 2 ELSE 0 END) VIRTUAL
    );
    CREATE INDEX entries_waiting ON entries (kind, due, ticket_id) WHERE due IS NOT NULL AND token IS NULL;
    CREATE INDEX entries_leased ON entries (lease_until) WHERE token IS NOT NULL;
    CREATE INDEX entries_done ON entries (not_before) WHERE due IS NULL AND token IS NULL;
    CREATE TABLE deliveries (
        period INTEGER NOT NULL,  -- so that old ones go without an index by age
        id     TEXT    NOT NULL,
        PRIMARY KEY (period, id)
    ) WITHOUT ROWID;
    """,
)


class StoreFull(AgendaError):
    pass


class StoreReadOnly(AgendaError):
    pass


class StoreMissing(AgendaError):
    pass


class StoreDamaged(AgendaError):
    pass


class StoreNewer(AgendaError):
    pass


class StoreBusy(AgendaError):
    pass


@dataclass(frozen=True)
class Store:
    """An opened and migrated file. ``writing`` is held by whoever of this process writes: SQLite lets one write at a
    time, and a lock hands over at once where SQLite would sleep and ask again."""

    path: Path
    writing: Lock = field(default_factory=Lock, compare=False)

    def connect(self, *, synchronous: str = "FULL") -> sqlite3.Connection:
        """A connection in autocommit mode that any one thread at a time may use.

        ``FULL``: what is committed outlives a power cut. ``NORMAL``: it outlives a crash of the process, and after
        a power cut all commits up to some moment are there (https://www.sqlite.org/pragma.html#pragma_synchronous).
        """
        with explained(self.path):
            return _connect(self.path, synchronous)

    def engine(self) -> Engine:
        """A new SQLAlchemy engine on the file, for the ledger. Every transaction that starts by writing locks first."""
        engine = create_engine(
            URL.create("sqlite", database=str(self.path)),
            connect_args={"isolation_level": "IMMEDIATE", "timeout": BUSY_TIMEOUT},
        )
        event.listen(engine, "connect", lambda connection, _: connection.execute("PRAGMA synchronous = FULL"))
        return engine


def open_store(path: Path) -> Store:
    """Open the file, create it where there is none, bring its tables up to date. Raises AgendaError."""
    path = path.absolute()
    if not path.parent.is_dir():
        raise StoreMissing(f"{path}: the folder {path.parent} is not there; create it or name another file")
    with suppress(OSError):  # what cannot be created, SQLite explains
        path.touch(mode=0o600)  # for this user alone: who did what to which ticket is nobody else's business
    with explained(path):
        connection = _connect(path, "FULL")
        try:
            _migrate(connection, path)
        finally:
            connection.close()
    return Store(path)


@contextmanager
def explained(path: Path) -> Iterator[None]:
    """SQLite's errors about the file as ours."""
    try:
        yield
    except sqlite3.Error as error:
        raise explain(error, path) from error


def explain(error: sqlite3.Error, path: Path) -> AgendaError:
    """Our error for SQLite's: what is the matter with the file and how to mend it (https://www.sqlite.org/rescode.html)."""
    name = getattr(error, "sqlite_errorname", "") or ""
    if name == "SQLITE_FULL" or name.startswith("SQLITE_IOERR_WRITE"):
        return StoreFull(f"{path}: the disk is full, or a limit on file sizes is reached; make room and try again")
    if name.startswith("SQLITE_READONLY"):
        return StoreReadOnly(f"{path}: may not be written; give this user the right to write the file and its folder")
    if name.startswith("SQLITE_CANTOPEN"):
        return StoreMissing(f"{path}: cannot be opened; see that it is a file and that this user may read and write it")
    if name.startswith(("SQLITE_CORRUPT", "SQLITE_NOTADB")):
        return StoreDamaged(f"{path}: is damaged or no SQLite database; move it away and restore a copy")
    if name.startswith(("SQLITE_BUSY", "SQLITE_LOCKED")):
        return StoreBusy(f"{path}: another process kept it locked for {BUSY_TIMEOUT:g} s; see what else has it open")
    return AgendaError(f"{path}: {error} ({name or type(error).__name__})")


def _connect(path: Path, synchronous: str) -> sqlite3.Connection:
    connection = sqlite3.connect(path, timeout=BUSY_TIMEOUT, isolation_level=None, check_same_thread=False)
    try:
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute(f"PRAGMA synchronous = {synchronous}")
        connection.execute("PRAGMA temp_store = MEMORY")  # a batch's statement journal outgrows SQLite's own buffer
    except sqlite3.Error:
        connection.close()
        raise
    return connection


def _migrate(connection: sqlite3.Connection, path: Path) -> None:
    if _version(connection) == len(SCHEMA) and _is_ours(connection):
        return
    connection.execute("BEGIN IMMEDIATE")  # two processes may start at once
    try:
        version = _version(connection)
        if version > len(SCHEMA):
            raise StoreNewer(f"{path}: was written by a later Ronda (version {version}, known {len(SCHEMA)}); update")
        if not _is_ours(connection):
            raise StoreDamaged(f"{path}: is another program's database; name another file")
        for script in SCHEMA[version:]:
            for statement in filter(str.strip, script.split(";\n")):
                connection.execute(statement)
        connection.execute(f"PRAGMA application_id = {APPLICATION_ID}")
        connection.execute(f"PRAGMA user_version = {len(SCHEMA)}")
        connection.execute("COMMIT")
    finally:
        if connection.in_transaction:
            connection.execute("ROLLBACK")


def _version(connection: sqlite3.Connection) -> int:
    return int(connection.execute("PRAGMA user_version").fetchone()[0])


def _is_ours(connection: sqlite3.Connection) -> bool:
    if connection.execute("PRAGMA application_id").fetchone()[0] == APPLICATION_ID:
        return True
    return not connection.execute("SELECT 1 FROM sqlite_master").fetchall()
