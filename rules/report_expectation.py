"""What a queue's report is expected to say beside what it says: only what is named is compared."""

from collections.abc import Iterator, Mapping
from typing import Any

from rules.outcome import Difference
from rules.queue import Report


def differences_in_report(
    expected: Mapping[str, Any], reports: Mapping[str, Report], ids: Mapping[str, int]
) -> Iterator[Difference]:
    """``expected`` holds values by rule id, or the values at once, of whichever rule reports them.

    ``ids``: a ticket may be called by its name.
    """
    found = {rule: report.values for rule, report in reports.items()}
    for key, value in expected.items():
        holders = [values for values in found.values() if key in values]
        either = found if key in found or not holders else holders[0]
        yield from _differences(f"report.{key}", value, either.get(key), ids)


def _differences(key: str, expected: Any, found: Any, ids: Mapping[str, int]) -> Iterator[Difference]:
    if isinstance(expected, Mapping) and isinstance(found, Mapping):
        for name, value in expected.items():
            yield from _differences(f"{key}.{name}", value, found.get(name), ids)
    elif not _is_same(expected, found, ids):
        yield Difference(key, str(expected), str(found))


def _is_same(expected: Any, found: Any, ids: Mapping[str, int]) -> bool:
    if isinstance(expected, Mapping) and isinstance(found, Mapping):
        return all(_is_same(value, found.get(name), ids) for name, value in expected.items())
    if isinstance(expected, list | tuple) and isinstance(found, list | tuple):
        return len(expected) == len(found) and all(map(lambda one, other: _is_same(one, other, ids), expected, found))
    return bool(expected == found) or (isinstance(expected, str) and found is not None and ids.get(expected) == found)
