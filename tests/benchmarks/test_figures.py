"""Figures: medians, percentiles, aims, and how they are told."""

import pytest

from benchmarks.figures import Aim, Figure, middle, percentile


def test_a_figure_of_several_runs_is_their_median() -> None:
    figure = middle("answers", [3.0, 1.0, 2.0], "/s")

    assert (figure.value, figure.runs) == (2.0, (3.0, 1.0, 2.0))


@pytest.mark.parametrize(
    ("aim", "value", "met"),
    [
        (Aim(0.8, at_least=True), 0.8, True),
        (Aim(0.8, at_least=True), 0.79, False),
        (Aim(150), 150, True),
        (Aim(150), 151, False),
        (None, 1, None),
    ],
)
def test_an_aim_is_met_on_its_own_side(aim: Aim | None, value: float, met: bool | None) -> None:
    assert Figure("ratio", value, "", aim).is_met is met


@pytest.mark.parametrize(("share", "found"), [(0.0, 1), (0.5, 5), (0.51, 6), (0.99, 10), (1.0, 10)])
def test_a_percentile_is_one_of_the_values(share: float, found: int) -> None:
    assert percentile([10, 9, 8, 7, 6, 5, 4, 3, 2, 1], share) == found


def test_a_line_tells_value_aim_and_spread() -> None:
    line = str(middle("event to cured: p99", [160.0, 170.0, 150.5], "ms", Aim(150), note="100 events"))

    assert " ".join(line.split()) == "event to cured: p99 160 ms aim ≤ 150 missed runs 150 to 170; 100 events"


def test_json_holds_what_the_line_says() -> None:
    assert Figure("ratio", 0.9, "", Aim(0.8, at_least=True)).as_json() == {
        "name": "ratio",
        "value": 0.9,
        "unit": "",
        "aim": {"limit": 0.8, "at_least": True},
        "met": True,
        "runs": [],
        "note": "",
    }
