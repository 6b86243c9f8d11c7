"""What every rule says unless it knows better."""

from tests.rules.desk import on_tag
from tests.rules.tools import Story


def test_most_rules_wait_for_nothing_and_count_no_working_time() -> None:
    rule = on_tag("tiny.rule")

    assert not rule.watches(Story().ticket)
    assert not rule.counts_working_time
