"""Since when rules may act."""

from datetime import timedelta

from enforcement.in_force import acting, in_force
from rules.mode import Mode
from tests.enforcement.desk import GROUP, NOW, TELLS, pack_of
from tests.rules.tools import OPENED

HOUR = timedelta(hours=1)
SAID = GROUP.model_copy(update={"id": "desk.said", "effective_from": OPENED})


def test_rules_act_since_they_were_first_enforced_and_else_since_a_moment() -> None:
    enforced = {("desk.group", Mode.ENFORCE): NOW}
    pack = in_force(pack_of(GROUP, TELLS, SAID), enforced, Mode.ENFORCE, NOW + HOUR)

    assert [rule.effective_from for rule in pack.rules] == [NOW, NOW + HOUR, OPENED]


def test_what_happened_while_a_rule_only_told_is_a_backlog_for_its_cures() -> None:
    told = {("desk.group", Mode.WARN): NOW}

    assert in_force(pack_of(GROUP), told, Mode.WARN, NOW + HOUR).rules[0].effective_from == NOW
    assert in_force(pack_of(GROUP), told, Mode.ENFORCE, NOW + HOUR).rules[0].effective_from == NOW + HOUR


def test_what_only_records_finds_what_happened_before_too() -> None:
    assert in_force(pack_of(GROUP), {}, Mode.AUDIT, NOW).rules == (GROUP,)


def test_without_any_moment_rules_act_on_everything() -> None:
    assert in_force(pack_of(GROUP), {}, Mode.ENFORCE).rules == (GROUP,)


def test_who_only_records_does_not_act() -> None:
    audited = TELLS.model_copy(update={"mode": Mode.AUDIT})

    assert acting(pack_of(GROUP, audited), Mode.ENFORCE) == {GROUP.id: Mode.ENFORCE}
    assert acting(pack_of(GROUP, audited), Mode.WARN) == {GROUP.id: Mode.WARN}
    assert acting(pack_of(GROUP, audited), Mode.AUDIT) == {}
