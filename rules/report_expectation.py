"""What a queue's report is expected to say beside what it says: only what is named is compared."""

from collections.abc import Iterator, Mapping
from typing import Any

from rules.outcome import Difference
from rules.queue import Report


def differences_in_report(
    expected: Mapping[str, Any], reports: Mapping[str, Report], called: Mapping[str, frozenset[Any]]
) -> Iterator[Difference]:
    """``expected`` holds values by rule id, or the values at once, of whichever rule reports them.

    ``called``: what a word may stand for beside itself: the id of the ticket of that name, the person of that handle.
    """
    found = {rule: report.values for rule, report in reports.items()}
    for key, value in expected.items():
        holders = [values for values in found.values() if key in values]
        either = found if key in found or not holders else holders[0]
        yield from _differences(f"report.{key}", value, either.get(key), called)


def _differences(key: str, expected: Any, found: Any, called: Mapping[str, frozenset[Any]]) -> Iterator[Difference]:
    if isinstance(expected, Mapping) and isinstance(found, Mapping):
        for name, value in expected.items():
            yield from _differences(f"{key}.{name}", value, _at(name, found, called), called)
    elif not _is_same(expected, found, called):
        yield Difference(key, str(expected), str(found))


def _at(name: Any, found: Mapping[Any, Any], called: Mapping[str, frozenset[Any]]) -> Any:
    meant = (name, *called.get(name, ()))
    return next((found[each] for each in meant if each in found), None)


def _is_same(expected: Any, found: Any, called: Mapping[str, frozenset[Any]]) -> bool:
    if isinstance(expected, Mapping) and isinstance(found, Mapping):
        return all(_is_same(value, _at(name, found, called), called) for name, value in expected.items())
    if isinstance(expected, list | tuple) and isinstance(found, list | tuple):
        left = list(found)
        for one in expected:  # lists are sets: their order is no promise
            same = next((place for place, other in enumerate(left) if _is_same(one, other, called)), None)
            if same is None:
                return False
            del left[same]
        return not left
    return bool(expected == found) or (
        isinstance(expected, str) and isinstance(found, str | int) and found in called.get(expected, ())
    )
