"""Rows for a spreadsheet."""

import pytest

from console.spreadsheet import csv_of


def test_cells_are_parted_as_excel_in_portuguese_parts_them() -> None:
    assert csv_of([("a", 1, None), ("x;y", "“ç”", 'q"')]) == '\ufeffa;1;\r\n"x;y";“ç”;"q"""\r\n'


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@A1", "\tx", "\r\nx"])
def test_no_cell_is_a_formula(text: str) -> None:
    assert csv_of([(text,)]).removeprefix("\ufeff").lstrip('"').startswith("'")
