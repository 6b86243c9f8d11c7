"""The agenda: which ticket to look at next, when, and why. A port; one entry a ticket, durable.

- Two looks at one ticket never overlap: a claimed entry is under a lease until it is finished or the lease ends.
- Whatever is asked during a look causes another look.
- The first event looks at once; after that one look per ticket per ``SPACING``, and the last one always runs.
- A crash loses nothing: a claim is no removal, and a lease that ends makes the entry due again.
"""

import asyncio
from collections.abc import Sequence
from concurrent.futures import Future
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol

SPACING = timedelta(seconds=2)
LEASE = timedelta(minutes=10)  # longer than any look; what a killed service had claimed is due at the next start


class AgendaError(Exception):
    """The agenda could not be read or written: disk full, file locked, database gone."""


@dataclass(frozen=True, slots=True)
class Entry:
    """When to look at a ticket next, and why. ``attempts`` counts looks that failed in a row."""

    ticket_id: int
    at: datetime
    reason: str
    attempts: int = 0


@dataclass(frozen=True, slots=True)
class Claim:
    """The right to look at one ticket until ``until``. ``event_at`` is the newest time that an event told."""

    entry: Entry
    token: str
    until: datetime
    event_at: datetime | None = None

    @property
    def ticket_id(self) -> int:
        return self.entry.ticket_id


@dataclass(frozen=True, slots=True)
class Next:
    """When a finished look wants another one."""

    at: datetime
    reason: str
    attempts: int = 0


class Agenda(Protocol):
    """All times UTC. Implementations may be shared by threads. Every method may raise AgendaError."""

    def ask(
        self,
        ticket_id: int,
        at: datetime,
        reason: str,
        *,
        event_at: datetime | None = None,
        delivery: str | None = None,
    ) -> bool:
        """Look at the ticket at ``at`` or sooner: the earlier of old and new stands, no sooner than SPACING after the
        last look's start. Returns after the commit. A round that brings forward what somebody did takes it no turn.

        ``delivery`` is a webhook invocation's id: one that was seen before (in the last days) asks nothing, and False
        is returned. ``event_at`` is the ticket's ``updated_at`` as the event says; the newest is kept.
        """
        ...

    def ask_soon(
        self,
        ticket_id: int,
        at: datetime,
        reason: str,
        *,
        event_at: datetime | None = None,
        delivery: str | None = None,
    ) -> "Future[bool]":
        """As ``ask``, without blocking: the future is done after the commit, shared with others (group commit)."""
        ...

    def ask_async(
        self,
        ticket_id: int,
        at: datetime,
        reason: str,
        *,
        event_at: datetime | None = None,
        delivery: str | None = None,
    ) -> "asyncio.Future[bool]":
        """As ``ask_soon``, for a coroutine, in its event loop: cheaper, and awaited as it is."""
        ...

    def claim(self, now: datetime, *, limit: int = 1, lease: timedelta = LEASE) -> Sequence[Claim]:
        """What is due and not under a lease. The entries stay. ``now`` is when the looks start.

        What somebody did and what is due by itself (the reason ``timer``) take turns, each oldest due first: a thousand
        timers of one minute hold up no event, nor the other way round. What a round asked (the reason ``round``) comes
        after both, but for a small share of the turns, so that in the end it is looked at however much is due.

        An entry whose lease has ended is due as it was, with one more attempt that failed.
        """
        ...

    def finish(self, claim: Claim, next_look: Next | None, *, now: datetime) -> None:
        """End a look. The due time becomes ``next_look`` or nothing; if something was asked meanwhile, the earlier of
        the two (no sooner than SPACING after this look's start). A claim whose lease was lost changes nothing."""
        ...

    def wait_for_work(self, timeout: float) -> None:
        """Return when something may be due: at once if this agenda was asked since the calling thread last claimed or
        waited, else after ``timeout`` seconds at most. May return early; what other processes ask is noticed so,
        within about a second."""
        ...

    def wake(self) -> None:
        """Those who wait for work return: somebody moved the clock, or wants them to stop."""
        ...

    def forget(self, ticket_id: int) -> None:
        """A deleted ticket has no entry. A look at it that is under way ends without another, unless one is asked."""
        ...

    def next_due(self) -> datetime | None:
        """When the earliest entry that is not under a lease is due."""
        ...

    def entries(self, *, limit: int = 1000) -> Sequence[Entry]:
        """What stands on the agenda, earliest first."""
        ...
