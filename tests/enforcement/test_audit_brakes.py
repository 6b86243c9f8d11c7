"""The brakes of a round: which limits would be passed, in sentences that name the setting."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from enforcement.audit_book import CureRow
from enforcement.audit_brakes import FEW, AuditLimits, passed_limits

SHIPPED = AuditLimits()


def cures(count: int, public: int = 0, requester: int | None = None) -> list[CureRow]:
    return [CureRow(number, requester or number, ("desk.group",), public) for number in range(1, count + 1)]


def passed(found: list[CureRow], judged: int = 10_000, sent: int = 0, limits: AuditLimits = SHIPPED) -> list[str]:
    return list(passed_limits(found, judged, limits, lambda _: sent))


def test_within_all_limits_nothing_is_said() -> None:
    assert passed(cures(200)) == []
    assert passed([]) == []


def test_too_many_tickets_too_great_a_share_and_too_many_messages_are_told_with_their_setting() -> None:
    assert "RONDA_AUDIT_MAX_TICKETS" in passed(cures(201))[0]
    assert "12 of 100 tickets would be touched, 12%" in passed(cures(12), judged=100)[0]
    assert "RONDA_AUDIT_MAX_PUBLIC_MESSAGES" in passed(cures(21, public=1))[0]


def test_a_share_says_nothing_of_a_few_tickets() -> None:
    assert passed(cures(FEW), judged=FEW) == []


@pytest.mark.parametrize(("already", "told"), [(0, 0), (1, 1), (2, 1)])
def test_what_a_requester_was_sent_today_counts(already: int, told: int) -> None:
    assert len(passed(cures(2, public=1, requester=901), sent=already)) == told


def test_a_requester_to_whom_nothing_is_written_passes_no_limit() -> None:
    assert passed(cures(2), sent=99) == []


@given(count=st.integers(0, 30), more=st.integers(1, 30), public=st.integers(0, 2))
def test_more_cures_never_pass_fewer_limits(count: int, more: int, public: int) -> None:
    limits = AuditLimits(tickets=20, share=0.2, public_messages=10)

    fewer, all_of_them = cures(count, public), cures(count + more, public)

    assert len(passed(fewer, 100, limits=limits)) <= len(passed(all_of_them, 100, limits=limits))
