"""Rows for a spreadsheet: a CSV that opens in Excel as it is in Portuguese, and computes nothing."""

import csv
import io
from collections.abc import Iterable, Sequence

FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n")  # what a spreadsheet takes a cell for a formula by


def csv_of(rows: Iterable[Sequence[object]]) -> str:
    """UTF-8 is announced by a mark, cells are parted by semicolons; None is an empty cell."""
    written = io.StringIO(newline="")
    writer = csv.writer(written, delimiter=";", lineterminator="\r\n")
    for row in rows:
        writer.writerow([safe("" if cell is None else str(cell)) for cell in row])
    return "\ufeff" + written.getvalue()


def safe(text: str) -> str:
    """A cell's text that no spreadsheet takes for a formula."""
    return f"'{text}" if text.startswith(FORMULA) else text
