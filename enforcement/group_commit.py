"""Many asks, one commit: a thread that takes all that is waiting, writes it in one transaction, and answers everyone.

The cost of an ask is a queue and a future; the statements and the one flush to disk are shared by all who came
meanwhile. Python's own ``sqlite3`` is used rather than SQLAlchemy, and a batch travels as one JSON parameter: each
statement is one step, so that the interpreter's lock changes hands a few times a batch, not a few times an ask, and
an event loop is woken once a batch. That is what the web route beside it feels.
"""

import asyncio
import json
import sqlite3
import time
from collections import defaultdict
from collections.abc import Callable, Sequence
from concurrent.futures import Future
from contextlib import suppress
from datetime import timedelta
from queue import Empty, SimpleQueue
from threading import Lock, Thread
from typing import NamedTuple

from enforcement.agenda import AgendaError
from enforcement.clock import MICROSECOND
from enforcement.store import Store, explain

DELIVERIES_KEPT = timedelta(days=4)  # and up to twice that; a replay after it is only one more look
GATHER = 0.002  # seconds for others to join when the last batch was shared: a third off a busy route's cost an answer
_PERIOD = DELIVERIES_KEPT // MICROSECOND
_PRUNE_AT_ONCE = 500  # rows a batch: well under a millisecond

# Counts only what is new: when that is everything, as nearly always, no second statement is needed.
_REMEMBER = """
INSERT OR IGNORE INTO deliveries (period, id)
SELECT :period, value FROM json_each(:ids)
WHERE NOT EXISTS (SELECT 1 FROM deliveries WHERE period = :period - 1 AND id = value)
"""

_SEEN = """
SELECT json_group_array(id) FROM deliveries
WHERE period IN (:period - 1, :period) AND id IN (SELECT value FROM json_each(:ids))
"""

_PRUNE = """
DELETE FROM deliveries WHERE (period, id) IN (SELECT period, id FROM deliveries WHERE period < :period - 1 LIMIT :most)
"""

# The earlier of old and new, no sooner than the spacing allows. During a look ``due`` holds what was asked meanwhile.
# A round brings forward what somebody did, and that keeps its turn. Where nothing changes nothing is written.
_ASK = """
INSERT INTO entries (ticket_id, due, reason, event_at)
SELECT json_extract(value, '$[0]'), json_extract(value, '$[1]'), json_extract(value, '$[2]'),
       json_extract(value, '$[3]')
FROM json_each(?) WHERE true
ON CONFLICT (ticket_id) DO UPDATE SET
    due = CASE WHEN due <= max(excluded.due, not_before) THEN due ELSE max(excluded.due, not_before) END,
    reason = CASE
        WHEN due <= max(excluded.due, not_before) THEN reason
        WHEN excluded.reason = 'round' AND reason IS NOT NULL AND kind = 0 THEN reason
        ELSE excluded.reason
    END,
    event_at = coalesce(max(event_at, excluded.event_at), event_at, excluded.event_at)
WHERE due IS NULL OR due > max(excluded.due, not_before)
    OR coalesce(event_at < excluded.event_at, excluded.event_at IS NOT NULL)
"""

Answer = bool | AgendaError


class Ask(NamedTuple):
    """One ask on its way to the file; times in microseconds since 1970."""

    ticket_id: int
    at: int
    reason: str
    event_at: int | None
    delivery: str | None
    answer: "Future[bool] | asyncio.Future[bool]"


class GroupCommit:
    """``committed`` is called after each commit, before its asks are answered. May be shared by threads."""

    def __init__(self, store: Store, committed: Callable[[], None]) -> None:
        self._store = store
        self._committed = committed
        self._connection = store.connect(synchronous="FULL")
        self._queue: SimpleQueue[Ask | None] = SimpleQueue()
        self._closing = Lock()
        self._closed = False
        self._pruned_period = 0
        self._thread = Thread(target=self._write_until_closed, name="ronda-agenda-commit", daemon=True)
        self._thread.start()

    def put(self, ask: Ask) -> None:
        """Have it written with the next batch and answered after the commit. Raises AgendaError once closed."""
        with self._closing:
            if self._closed:
                raise AgendaError(f"{self._store.path}: the agenda is closed; nothing more can be asked of it")
            self._queue.put(ask)

    def close(self) -> None:
        """Commit what is waiting, answer it, and end."""
        with self._closing:
            if not self._closed:
                self._closed = True
                self._queue.put(None)
        self._thread.join()
        self._connection.close()

    def _write_until_closed(self) -> None:
        was_shared = False
        while (first := self._queue.get()) is not None:
            if was_shared:
                time.sleep(GATHER)
            batch = [first]
            is_last = not self._take_all(batch)
            was_shared = len(batch) > 1
            self._commit(batch)
            if is_last:
                return

    def _take_all(self, batch: list[Ask]) -> bool:
        """Move what is waiting into the batch; False when the end was among it."""
        try:
            while (ask := self._queue.get_nowait()) is not None:
                batch.append(ask)
        except Empty:
            return True
        return False

    def _commit(self, batch: list[Ask]) -> None:
        answers: Sequence[Answer]
        try:
            with self._store.writing:
                answers = self._write(batch)
        except Exception as error:  # whatever it is, those who asked must hear of it and the thread must live on
            failure = explain(error, self._store.path) if isinstance(error, sqlite3.Error) else AgendaError(repr(error))
            failure.__cause__ = error
            answers = [failure] * len(batch)
        else:
            self._committed()
        _give(batch, answers)

    def _write(self, batch: list[Ask]) -> list[bool]:
        connection = self._connection
        connection.execute("BEGIN IMMEDIATE")
        try:
            answers = self._remember_deliveries(batch)
            asked = [ask[:4] for ask, is_new in zip(batch, answers, strict=True) if is_new]
            if asked:
                connection.execute(_ASK, (json.dumps(asked),))
            connection.execute("COMMIT")
        finally:
            if connection.in_transaction:
                connection.execute("ROLLBACK")
        return answers

    def _remember_deliveries(self, batch: list[Ask]) -> list[bool]:
        """For each ask whether it is new, that is: its delivery was not seen before, nor earlier in this batch."""
        ids = [ask.delivery for ask in batch if ask.delivery is not None]
        if not ids:
            return [True] * len(batch)
        period = max(ask.at for ask in batch if ask.delivery is not None) // _PERIOD
        values = {"period": period, "ids": json.dumps(ids)}
        connection = self._connection
        if connection.execute(_REMEMBER, values).rowcount == len(ids):
            answers = [True] * len(batch)
        else:
            connection.execute("ROLLBACK")
            connection.execute("BEGIN IMMEDIATE")
            answers = self._unseen(batch, values)
            connection.execute(_REMEMBER, values)
        self._prune(period)
        return answers

    def _unseen(self, batch: list[Ask], values: dict[str, object]) -> list[bool]:
        seen = set(json.loads(self._connection.execute(_SEEN, values).fetchone()[0]))
        answers = []
        for ask in batch:
            answers.append(ask.delivery not in seen)
            if ask.delivery is not None:
                seen.add(ask.delivery)
        return answers

    def _prune(self, period: int) -> None:
        """Forget old deliveries, a few at a time, so that no ask waits long for it."""
        if period != self._pruned_period:
            removed = self._connection.execute(_PRUNE, {"period": period, "most": _PRUNE_AT_ONCE}).rowcount
            if removed < _PRUNE_AT_ONCE:
                self._pruned_period = period


def _give(batch: Sequence[Ask], answers: Sequence[Answer]) -> None:
    """Answer everyone; an event loop is woken once for all who wait in it."""
    in_loops: dict[asyncio.AbstractEventLoop, list[tuple[asyncio.Future[bool], Answer]]] = defaultdict(list)
    for ask, answer in zip(batch, answers, strict=True):
        if isinstance(ask.answer, asyncio.Future):
            in_loops[ask.answer.get_loop()].append((ask.answer, answer))
        else:
            _resolve(ask.answer, answer)
    for loop, waiting in in_loops.items():
        with suppress(RuntimeError):  # the loop is closed: nobody waits any more, and what was asked stands
            loop.call_soon_threadsafe(_resolve_all, waiting)


def _resolve_all(waiting: Sequence["tuple[asyncio.Future[bool], Answer]"]) -> None:
    for future, answer in waiting:
        if not future.done():  # it may have been cancelled
            _resolve(future, answer)


def _resolve(future: "Future[bool] | asyncio.Future[bool]", answer: Answer) -> None:
    if isinstance(answer, bool):
        future.set_result(answer)
    else:
        future.set_exception(answer)
