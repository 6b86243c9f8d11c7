"""Whatever is asked, claimed, finished and forgotten in whatever order: every agenda agrees with a plain dictionary."""

import tempfile
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule, run_state_machine_as_test

from enforcement.agenda import SPACING, Claim, Entry, Next
from tests.contract.agendas import OPENERS

START = datetime(2026, 11, 21, 12, tzinfo=UTC)
LEASE = timedelta(seconds=30)

tickets = st.integers(1, 4)
soon = st.sampled_from([0, 1, 1, 3, 20, 60]).map(lambda seconds: timedelta(seconds=seconds))


@dataclass
class Known:
    """What a plain agenda knows of a ticket. ``until``: when the lease of the look under way ends."""

    due: datetime | None = None
    reason: str = ""
    attempts: int = 0
    event_at: datetime | None = None
    looked_at: datetime | None = None
    claimed: Entry | None = None
    until: datetime | None = None
    token: str = ""


class AgendaMachine(RuleBasedStateMachine):
    implementation = ""

    def __init__(self) -> None:
        super().__init__()
        self.stack = ExitStack()
        place = Path(self.stack.enter_context(tempfile.TemporaryDirectory()))
        self.agenda = self.stack.enter_context(OPENERS[self.implementation](place))
        self.now = START
        self.known: dict[int, Known] = {}
        self.claims: list[Claim] = []
        self.asks = 0

    def teardown(self) -> None:
        self.stack.close()

    def spaced(self, known: Known, at: datetime) -> datetime:
        return at if known.looked_at is None else max(at, known.looked_at + SPACING)

    @rule(ticket=tickets, ahead=soon, event=st.none() | soon)
    def ask(self, ticket: int, ahead: timedelta, event: timedelta | None) -> None:
        self.asks += 1
        reason = f"ask {self.asks}"
        event_at = None if event is None else self.now - event
        self.agenda.ask(ticket, self.now + ahead, reason, event_at=event_at)

        known = self.known.setdefault(ticket, Known())
        at = self.spaced(known, self.now + ahead)
        if known.due is None or at < known.due:
            known.due, known.reason = at, reason
        known.event_at = max(filter(None, (known.event_at, event_at)), default=None)

    @rule(by=soon)
    def time_passes(self, by: timedelta) -> None:
        self.now += by

    @rule(limit=st.integers(1, 3))
    def claim(self, limit: int) -> None:
        claims = self.agenda.claim(self.now, limit=limit, lease=LEASE)

        self.end_leases()
        due = [(known.due, n) for n, known in self.known.items() if known.until is None and known.due is not None]
        expected = [n for at, n in sorted(due) if at <= self.now][:limit]
        assert [claim.ticket_id for claim in claims] == expected
        for claim in claims:
            known = self.known[claim.ticket_id]
            assert known.due is not None
            assert claim.entry == Entry(claim.ticket_id, known.due, known.reason, known.attempts)
            assert (claim.until, claim.event_at) == (self.now + LEASE, known.event_at)
            known.claimed, known.until, known.token = claim.entry, claim.until, claim.token
            known.due, known.looked_at = None, self.now
        self.claims += claims

    def end_leases(self) -> None:
        for known in self.known.values():
            if known.until is not None and known.until <= self.now:
                if known.claimed is not None:
                    known.due, known.reason = known.claimed.at, known.claimed.reason
                    known.attempts += 1
                known.claimed, known.until = None, None

    @precondition(lambda self: self.claims)
    @rule(data=st.data(), again=st.none() | soon, attempts=st.integers(0, 3))
    def finish(self, data: st.DataObject, again: timedelta | None, attempts: int) -> None:
        claim = self.claims.pop(data.draw(st.integers(0, len(self.claims) - 1)))
        next_look = None if again is None else Next(self.now + again, f"after {claim.entry.reason}", attempts)
        self.agenda.finish(claim, next_look, now=self.now)

        known = self.known.get(claim.ticket_id)
        if known is None or known.until is None or known.token != claim.token:
            return  # the lease was lost
        known.attempts = 0
        if next_look is not None and known.claimed is not None:
            known.attempts = attempts
            at = self.spaced(known, next_look.at)
            if known.due is None or at < known.due:
                known.due, known.reason = at, next_look.reason
        if known.due is None:
            known.event_at = None
        known.claimed, known.until = None, None

    @rule(ticket=tickets)
    def forget(self, ticket: int) -> None:
        self.agenda.forget(ticket)

        known = self.known.get(ticket)
        if known is not None and known.until is not None:
            known.claimed, known.due, known.event_at, known.attempts = None, None, None, 0
        else:
            self.known.pop(ticket, None)

    @invariant()
    def what_stands_is_the_same(self) -> None:
        expected = []
        for ticket, known in self.known.items():
            if known.claimed is not None:
                expected.append(known.claimed)
            elif known.due is not None:
                expected.append(Entry(ticket, known.due, known.reason, known.attempts))
        assert list(self.agenda.entries()) == sorted(expected, key=lambda entry: (entry.at, entry.ticket_id))
        waiting = [known.due for known in self.known.values() if known.until is None and known.due is not None]
        assert self.agenda.next_due() == min(waiting, default=None)


@pytest.mark.parametrize("implementation", OPENERS)
def test_an_agenda_agrees_with_a_plain_dictionary(implementation: str) -> None:
    machine = type("AgendaMachine", (AgendaMachine,), {"implementation": implementation})

    run_state_machine_as_test(machine, settings=settings(max_examples=100, stateful_step_count=40, deadline=None))
