"""The agenda on one SQLite file: nothing else to install, a few threads, and a commit shared by all who ask at once.

What is asked is flushed to disk before the answer. What is claimed or finished is not (``synchronous = NORMAL``): after
a power cut the file is as it was a moment ago, and the worst of that is a look too many.
"""

import asyncio
import secrets
import sqlite3
from collections import deque
from collections.abc import Iterator, Sequence
from concurrent.futures import Future
from contextlib import contextmanager
from datetime import datetime, timedelta
from itertools import cycle
from pathlib import Path
from threading import Condition, Lock, local
from types import TracebackType
from typing import Any

from enforcement.agenda import LEASE, SPACING, Claim, Entry, Next
from enforcement.clock import MICROSECOND, from_microseconds, microseconds
from enforcement.group_commit import Ask, GroupCommit
from enforcement.store import Store, explained, open_store
from enforcement.worker_lock import WorkerLock

NOTICE = 1.0  # seconds after which what another process asked is noticed
_LARGEST = 2**63 - 1
_SPACING = SPACING // MICROSECOND
_EVENTS, _TIMERS, _ROUNDS = range(3)  # the column ``kind``
_TURNS = (_EVENTS, _TIMERS) * 8 + (_ROUNDS,)  # what a round asked waits for the others, and not for ever

_SOMETHING_TO_CLAIM = """
SELECT EXISTS (SELECT 1 FROM entries WHERE token IS NULL AND due <= :now AND kind = 0)
    OR EXISTS (SELECT 1 FROM entries WHERE token IS NULL AND due <= :now AND kind = 1)
    OR EXISTS (SELECT 1 FROM entries WHERE token IS NULL AND due <= :now AND kind = 2)
    OR EXISTS (SELECT 1 FROM entries WHERE token IS NOT NULL AND lease_until <= :now)
"""

# A look that never ended counts as one that failed. Forgotten meanwhile: only what was asked since is left.
_END_LEASES = """
UPDATE entries SET
    token = NULL, lease_until = NULL, claimed_due = NULL, claimed_reason = NULL,
    due = coalesce(claimed_due, due), reason = CASE WHEN claimed_due IS NULL THEN reason ELSE claimed_reason END,
    attempts = CASE WHEN claimed_due IS NULL THEN 0 ELSE attempts + 1 END
WHERE token IS NOT NULL AND lease_until <= ?
"""

_DUE = """
SELECT ticket_id, due, reason, attempts, event_at FROM entries
WHERE token IS NULL AND kind = ? AND due <= ? ORDER BY due, ticket_id LIMIT ?
"""

_CLAIM = """
UPDATE entries SET
    token = ?, lease_until = ?, not_before = ?, claimed_due = due, claimed_reason = reason, due = NULL, reason = NULL
WHERE ticket_id = ?
"""

_UNDER_WAY = "SELECT due, reason, claimed_due, not_before FROM entries WHERE ticket_id = ? AND token = ?"

_FINISH = """
UPDATE entries SET
    token = NULL, lease_until = NULL, claimed_due = NULL, claimed_reason = NULL,
    due = :due, reason = :reason, attempts = :attempts, event_at = CASE WHEN :due IS NULL THEN NULL ELSE event_at END
WHERE ticket_id = :ticket_id
"""

_DROP_DONE = "DELETE FROM entries WHERE due IS NULL AND token IS NULL AND not_before <= ?"

_FORGET_UNDER_WAY = """
UPDATE entries SET due = NULL, claimed_due = NULL, claimed_reason = NULL, event_at = NULL, attempts = 0
WHERE ticket_id = ?
"""

_NEXT_DUE = """
SELECT min(due) FROM (
    SELECT min(due) AS due FROM entries WHERE due IS NOT NULL AND token IS NULL AND kind = 0
    UNION ALL SELECT min(due) FROM entries WHERE due IS NOT NULL AND token IS NULL AND kind = 1
    UNION ALL SELECT min(due) FROM entries WHERE due IS NOT NULL AND token IS NULL AND kind = 2
)
"""

_ENTRIES = """
SELECT ticket_id, coalesce(claimed_due, due) AS at, coalesce(claimed_reason, reason), attempts FROM entries
WHERE at IS NOT NULL ORDER BY at, ticket_id LIMIT ?
"""


class EmbeddedAgenda:
    """The port ``enforcement.agenda.Agenda`` on a store. May be shared by threads; close it when done."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._connection = store.connect(synchronous="NORMAL")
        self._using = Lock()  # the connection
        self._news = Condition()
        self._news_count = 0
        self._seen = local()
        self._asks = GroupCommit(store, self.wake)
        self._worker: WorkerLock | None = None
        self._turns = cycle(_TURNS)

    @classmethod
    def open(cls, path: Path) -> "EmbeddedAgenda":
        """Open the file, or create it. Raises AgendaError."""
        return cls(open_store(path))

    def __enter__(self) -> "EmbeddedAgenda":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, where: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Commit what was asked, let go of the worker's lock. Those who wait for work return."""
        self._asks.close()
        self.wake()
        with self._using:
            self._connection.close()
        if self._worker is not None:
            self._worker.release()

    def become_worker(self) -> None:
        """Be the one service that works on this file, until closed. What a worker that died had claimed is due again.

        Raises AnotherWorkerRuns.
        """
        self._worker = WorkerLock(self._store.path)
        with self._writing() as connection:
            connection.execute(_END_LEASES, (_LARGEST,))
        self.wake()

    def ask(
        self,
        ticket_id: int,
        at: datetime,
        reason: str,
        *,
        event_at: datetime | None = None,
        delivery: str | None = None,
    ) -> bool:
        return self.ask_soon(ticket_id, at, reason, event_at=event_at, delivery=delivery).result()

    def ask_soon(
        self,
        ticket_id: int,
        at: datetime,
        reason: str,
        *,
        event_at: datetime | None = None,
        delivery: str | None = None,
    ) -> "Future[bool]":
        answer: Future[bool] = Future()
        answer.set_running_or_notify_cancel()  # who no longer waits for the answer has asked all the same
        self._put(ticket_id, at, reason, event_at, delivery, answer)
        return answer

    def ask_async(
        self,
        ticket_id: int,
        at: datetime,
        reason: str,
        *,
        event_at: datetime | None = None,
        delivery: str | None = None,
    ) -> "asyncio.Future[bool]":
        answer = asyncio.get_running_loop().create_future()
        self._put(ticket_id, at, reason, event_at, delivery, answer)
        return answer

    def _put(
        self,
        ticket_id: int,
        at: datetime,
        reason: str,
        event_at: datetime | None,
        delivery: str | None,
        answer: "Future[bool] | asyncio.Future[bool]",
    ) -> None:
        if not 0 < ticket_id <= _LARGEST:
            raise ValueError(f"{ticket_id} is no ticket id")
        told = None if event_at is None else microseconds(event_at)
        self._asks.put(Ask(ticket_id, microseconds(at), reason, told, delivery, answer))

    def claim(self, now: datetime, *, limit: int = 1, lease: timedelta = LEASE) -> Sequence[Claim]:
        with self._news:
            self._seen.count = self._news_count
        moment, until = microseconds(now), microseconds(now + lease)
        with self._reading() as connection:
            if not connection.execute(_SOMETHING_TO_CLAIM, {"now": moment}).fetchone()[0]:
                return []
        with self._writing() as connection:
            connection.execute(_END_LEASES, (moment,))
            rows = self._due(connection, moment, limit)
            tokens = [secrets.token_hex(8) for _ in rows]
            connection.executemany(
                _CLAIM, [(token, until, moment + _SPACING, row[0]) for token, row in zip(tokens, rows, strict=True)]
            )
        return [
            Claim(
                entry=Entry(ticket_id=ticket_id, at=from_microseconds(due), reason=reason, attempts=attempts),
                token=token,
                until=from_microseconds(until),
                event_at=None if event_at is None else from_microseconds(event_at),
            )
            for token, (ticket_id, due, reason, attempts, event_at) in zip(tokens, rows, strict=True)
        ]

    def _due(self, connection: sqlite3.Connection, moment: int, limit: int) -> list[tuple[Any, ...]]:
        """By turns one of each kind; whose turn comes while nothing of it is due, is passed over."""
        kinds = (_EVENTS, _TIMERS, _ROUNDS)
        due = [deque(connection.execute(_DUE, (kind, moment, limit)).fetchall()) for kind in kinds]
        by_turns: list[tuple[Any, ...]] = []
        while len(by_turns) < limit and (due[_EVENTS] or due[_TIMERS]):
            if kind := due[next(self._turns)]:
                by_turns.append(kind.popleft())
        return [*by_turns, *due[_ROUNDS]][:limit]

    def finish(self, claim: Claim, next_look: Next | None, *, now: datetime) -> None:
        with self._writing() as connection:
            row = connection.execute(_UNDER_WAY, (claim.ticket_id, claim.token)).fetchone()
            if row is None:
                return
            due, reason, claimed_due, not_before = row
            was_forgotten = claimed_due is None
            if next_look is not None and not was_forgotten:
                wanted = max(microseconds(next_look.at), not_before)
                if due is None or wanted < due:
                    due, reason = wanted, next_look.reason
            attempts = 0 if next_look is None or was_forgotten else next_look.attempts
            connection.execute(
                _FINISH, {"due": due, "reason": reason, "attempts": attempts, "ticket_id": claim.ticket_id}
            )
            connection.execute(_DROP_DONE, (microseconds(now),))
        self.wake()

    def forget(self, ticket_id: int) -> None:
        with self._writing() as connection:
            connection.execute("DELETE FROM entries WHERE ticket_id = ? AND token IS NULL", (ticket_id,))
            connection.execute(_FORGET_UNDER_WAY, (ticket_id,))

    def next_due(self) -> datetime | None:
        with self._reading() as connection:
            due = connection.execute(_NEXT_DUE).fetchone()[0]
        return None if due is None else from_microseconds(due)

    def entries(self, *, limit: int = 1000) -> Sequence[Entry]:
        with self._reading() as connection:
            rows = connection.execute(_ENTRIES, (limit,)).fetchall()
        return [Entry(ticket, from_microseconds(due), reason, attempts) for ticket, due, reason, attempts in rows]

    def wait_for_work(self, timeout: float) -> None:
        with self._news:
            self._news.wait_for(self._has_news, min(timeout, NOTICE))
            self._seen.count = self._news_count

    def wake(self) -> None:
        with self._news:
            self._news_count += 1
            self._news.notify_all()

    def _has_news(self) -> bool:
        return getattr(self._seen, "count", None) != self._news_count

    @contextmanager
    def _reading(self) -> Iterator[sqlite3.Connection]:
        with self._using, explained(self._store.path):
            yield self._connection

    @contextmanager
    def _writing(self) -> Iterator[sqlite3.Connection]:
        """A transaction of its own, which locks at its start and is undone by any error."""
        with self._using, self._store.writing, explained(self._store.path):
            self._connection.execute("BEGIN IMMEDIATE")
            try:
                yield self._connection
                self._connection.execute("COMMIT")
            finally:
                if self._connection.in_transaction:
                    self._connection.execute("ROLLBACK")
