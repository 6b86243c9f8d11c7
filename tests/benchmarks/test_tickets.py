"""Generated tickets: the same by the same seed, plausible, and of the promised length."""

from statistics import mean

import pytest

from benchmarks.tickets import snapshots
from ronda.packs import load_pack


def test_the_same_seed_gives_the_same_tickets() -> None:
    desk = load_pack("website").desk

    assert list(snapshots(desk, 5, seed=7)) == list(snapshots(desk, 5, seed=7))
    assert list(snapshots(desk, 5, seed=7)) != list(snapshots(desk, 5, seed=8))


@pytest.mark.parametrize("pack", ["website", "commerce"])
def test_a_ticket_is_what_its_history_made_of_it(pack: str) -> None:
    for seen in snapshots(load_pack(pack).desk, 50, seed=1):
        for name in ("group", "assignee", "status", "priority"):
            last = seen.last_change(name)
            assert getattr(seen.ticket, name) == (last[1].after if last else None)
        assert not seen.ticket.is_untouchable
        assert [audit.at for audit in seen.history] == sorted(audit.at for audit in seen.history)
        assert seen.as_of >= seen.ticket.updated_at


def test_tickets_hold_about_two_thousand_characters_of_text() -> None:
    found = [
        sum(len(comment.text) for comment in seen.comments) for seen in snapshots(load_pack("website").desk, 300, 1)
    ]

    assert 1800 < mean(found) < 2500
