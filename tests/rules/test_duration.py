"""Lengths of time as people write them."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import TypeAdapter, ValidationError

from rules.duration import Duration, parse_duration, spelt


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("90s", 90),
        ("5m", 300),
        ("2h", 7200),
        ("47h50m", 172_200),
        ("1d 2h", 93_600),
        ("3d", 259_200),
        ("1w", 604_800),
        ("0m", 0),
    ],
)
def test_length_is_the_sum_of_its_parts(text: str, seconds: int) -> None:
    assert parse_duration(text) == timedelta(seconds=seconds)


@pytest.mark.parametrize("text", ["", "5", "5x", "h5", "5m2h", "-5m", "1.5h", "99999999999h"])
def test_anything_else_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="write 90s"):
        parse_duration(text)


@pytest.mark.parametrize(
    ("length", "text"),
    [
        (timedelta(hours=47, minutes=50), "47h50m"),
        (timedelta(days=2), "48h"),
        (timedelta(days=3, seconds=1), "3d1s"),
        (timedelta(), "0m"),
        (timedelta(minutes=-5), "-5m"),
    ],
)
def test_spelling(length: timedelta, text: str) -> None:
    assert spelt(length) == text


@given(st.timedeltas(min_value=timedelta(), max_value=timedelta(days=3650)))
def test_what_is_spelt_is_read_as_the_same_seconds(length: timedelta) -> None:
    assert parse_duration(spelt(length)) == timedelta(seconds=int(length.total_seconds()))


def test_a_field_reads_texts_lengths_and_zero() -> None:
    field = TypeAdapter(Duration)
    assert field.validate_python("2h") == field.validate_python(timedelta(hours=2))
    assert field.validate_python(0) == timedelta()
    with pytest.raises(ValidationError, match="'5' is no length of time"):
        field.validate_python(5)
