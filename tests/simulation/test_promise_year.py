"""Some weeks of the simulated year; all of it: `make promise-year`."""

from pathlib import Path

import pytest

from tests.simulation.year import a_year


@pytest.mark.process
def test_weeks_of_promises_are_kept_once_each_through_crashes_and_storms(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with a_year(tmp_path, days=14, tickets=24, seed=11, say=print) as year:
        counts = year.live()
    with capsys.disabled():
        print(f"\npromise-year, 14 days: {counts}")  # noqa: T201 # the counts are what this is about

    assert counts.is_clean, [*counts.missed, *counts.doubled, *counts.to_nobody_waiting, *counts.at_night]
    assert counts.messages >= 15
    assert year.did["killed"] >= 1
    assert year.did["storms"] >= 1
