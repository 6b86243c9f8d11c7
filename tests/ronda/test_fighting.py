"""Which triggers and automations fight a rule, by their conditions and actions."""

from typing import Any

import pytest

from integration.names import AccountNames, Named
from ronda.fighting import fights, mails_comments
from ronda.packs import load_pack

TEAM, OTHER = 1, 2
ACCOUNT = AccountNames(
    groups=(Named(TEAM, "Design / Website"), Named(OTHER, "Suporte")),
    people=(Named(11, "Bryan", about="Design / Website"), Named(12, "Paulo Dias", about="Suporte")),
)
WEBSITE, COMMERCE = load_pack("website"), load_pack("commerce")


def native(*actions: tuple[str, Any], **conditions: list[tuple[str, str, str]]) -> dict[str, Any]:
    named = {
        kind: [dict(zip(("field", "operator", "value"), each, strict=True)) for each in listed]
        for kind, listed in conditions.items()
    }
    return {
        "id": 5,
        "title": "T",
        "conditions": named,
        "actions": [{"field": field, "value": value} for field, value in actions],
    }


def rules_fought(rule: dict[str, Any], pack: Any = WEBSITE, kind: str = "trigger") -> set[str]:
    return {fight.rule for fight in fights(pack, ACCOUNT, kind, [rule])}


@pytest.mark.parametrize(
    ("action", "fought"),
    [
        (("priority", "high"), set()),
        (("current_tags", "x"), set()),
        (("group_id", str(TEAM)), set()),
        (("group_id", str(OTHER)), {"website.group"}),
        (("group_id", OTHER), {"website.group"}),
        (("status", "open"), set()),
        (("status", "pending"), {"website.open"}),
        (("assignee_id", "11"), set()),
    ],
)
def test_only_what_a_rule_would_undo_fights_it(action: tuple[str, Any], fought: set[str]) -> None:
    assert rules_fought(native(action)) == fought


def test_an_assignee_from_outside_fights_every_rule_that_assigns() -> None:
    assert rules_fought(native(("assignee_id", "12"))) == {
        "website.analyst",
        "website.by-skill",
        "website.chat-group-only",
        "website.domain-email",
    }


@pytest.mark.parametrize(
    ("condition", "fought"),
    [
        (("group_id", "is", str(OTHER)), set()),
        (("group_id", "is", ""), set()),
        (("group_id", "is_not", str(TEAM)), set()),
        (("group_id", "is", str(TEAM)), {"website.group"}),
        (("group_id", "is_not", str(OTHER)), {"website.group"}),
        (("status", "is", "new"), {"website.group"}),
    ],
)
def test_a_trigger_that_cannot_meet_the_teams_tickets_fights_nobody(
    condition: tuple[str, str, str], fought: set[str]
) -> None:
    assert rules_fought(native(("group_id", str(OTHER)), all=[condition])) == fought


@pytest.mark.parametrize(
    ("rule", "fought"),
    [
        (native(("status", "solved"), all=[("PENDING", "greater_than", "72")]), {"commerce.stand-by"}),
        (native(("status", "open"), all=[("status", "is", "hold")]), {"commerce.stand-by"}),
        (native(("status", "closed"), all=[("SOLVED", "greater_than", "96")]), set()),
        (native(("notification_user", ["requester_id", "s", "b"]), all=[("status", "is", "pending")]), {"commerce.stand-by"}),
        (native(("notification_user", ["requester_id", "s", "b"]), all=[("status", "is", "open")]), set()),
        (native(("set_tags", "a b")), {"commerce.official-channel", "commerce.identity", "commerce.confidential", "commerce.same-channel", "commerce.complete"}),
        (native(("remove_tags", "x nao-identificado")), {"commerce.identity"}),
        (native(("current_tags", "nao-identificado")), set()),
    ],
)  # fmt: skip
def test_waiting_and_tags_are_the_shops_matter(rule: dict[str, Any], fought: set[str]) -> None:
    assert rules_fought(rule, COMMERCE, "automation") == fought


def test_a_rule_that_is_off_is_fought_by_nobody() -> None:
    asleep = WEBSITE.with_rules({rule.id: {"mode": 0} for rule in WEBSITE.rules})

    assert rules_fought(native(("status", "pending")), asleep) == set()


def test_who_fights_whom_is_a_sentence() -> None:
    [fight] = fights(WEBSITE, ACCOUNT, "automation", [native(("status", "hold"))])

    assert str(fight) == "automation 'T' (5) sets tickets to hold, against rule website.open"
    assert fight.mend == "give it the condition: Group, is not, Design / Website"


@pytest.mark.parametrize(
    ("trigger", "mails"),
    [
        (native(("notification_user", ["requester_id", "s", "b"]), all=[("comment_is_public", "is", "true")]), True),
        (native(("notification_user", ["requester_and_ccs", "s", "b"]), any=[("update_type", "is", "Change")]), True),
        (native(("notification_user", ["assignee_id", "s", "b"]), all=[("comment_is_public", "is", "true")]), False),
        (native(("notification_user", ["requester_id", "s", "b"]), all=[("status", "is", "solved")]), False),
        (native(("status", "open"), all=[("comment_is_public", "is", "true")]), False),
    ],
)
def test_which_triggers_mail_comments_to_requesters(trigger: dict[str, Any], mails: bool) -> None:
    assert mails_comments(trigger) == mails
