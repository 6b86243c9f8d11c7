"""The benchmark of audits on a small desk."""

import pytest

from benchmarks import audit


@pytest.mark.process
def test_an_audit_is_measured_and_one_after_a_change_reads_the_change_alone() -> None:
    found = {figure.name: figure for figure in audit.measure(tickets=200)}

    assert found["full audit: tickets read"].value > 150
    assert found["full audit: memory (RSS)"].value > 10
    assert found["audit with 2 changed: tickets read"].value == 2
    assert found["audit with 2 changed: API calls for 1,000 tickets"].value > 0
