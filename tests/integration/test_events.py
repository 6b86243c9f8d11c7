"""Updates of tickets as the event export tells them."""

from typing import Any

import pytest

from integration.account import Account, Known
from integration.events import updates_from
from integration.gateway import UnreadableAnswer
from rules.ticket import Change, Person

ANNA = Person(11, "Anna Reis", role="agent")
KNOWN = Known(Account(me=9, groups={7: "Site"}, agents={11: ANNA}))


def event(*children: dict[str, Any], **more: Any) -> dict[str, Any]:
    told = [{"id": 5, "via": "Web form", "via_reference_id": None, **child} for child in children]
    return {
        "id": 1,
        "ticket_id": 40,
        "timestamp": 1795262400,
        "updater_id": 11,
        "via": "Mail",
        "child_events": told,
    } | more


def test_a_change_goes_by_the_one_key_that_is_no_other() -> None:
    change = {"event_type": "Change", "group_id": 7, "previous_value": None}

    ((number, audit),), _ = updates_from([event(change)], KNOWN)

    assert (number, audit.author, audit.via.channel) == (40, ANNA, "email")
    assert audit.changes == (Change("group", None, "Site"),)
    assert audit.at.isoformat() == "2026-11-21T12:00:00+00:00"


def test_what_a_trigger_changed_is_no_persons_change() -> None:
    change = {"event_type": "Change", "status": "open", "previous_value": "new", "via": "Rule"}

    ((_, audit),), _ = updates_from([event(change)], KNOWN)

    assert audit.changes == (Change("status", "new", "open", by_rule=True),)


@pytest.mark.parametrize("said", [{"public": True, "body": "Oi", "author_id": 11}, {"comment_public": True}])
def test_a_comment_says_whether_it_was_public_and_nothing_else(said: dict[str, Any]) -> None:
    ((_, audit),), _ = updates_from([event({"event_type": "Comment", **said})], KNOWN)

    assert audit.comment is not None
    assert (audit.comment.public, audit.comment.author, audit.comment.text) == (True, ANNA, "")


@pytest.mark.parametrize("kind", ["CommentPrivacyChange", "VoiceComment"])
def test_a_ticket_of_which_it_does_not_tell_all_that_counts_is_unclear(kind: str) -> None:
    assert updates_from([event({"event_type": kind})], KNOWN)[1] == {40}


def test_an_event_that_is_not_as_documented_says_where() -> None:
    with pytest.raises(UnreadableAnswer, match="the ticket events"):
        updates_from([event({"public": True})], KNOWN)
    with pytest.raises(UnreadableAnswer, match="a channel that is no text"):
        updates_from([event(via=4)], KNOWN)
