"""What came of a scenario: passed, failed with what differs, or still to do."""

from dataclasses import dataclass
from enum import StrEnum


class Outcome(StrEnum):
    PASSED = "passed"
    FAILED = "failed"
    TODO = "todo"  # it failed, as its ``todo`` says
    DONE = "done"  # its ``todo`` says that it fails, and it passed: a failure


@dataclass(frozen=True, slots=True)
class Difference:
    """One key of ``expect`` that came out otherwise, in words."""

    key: str
    expected: str
    found: str


@dataclass(frozen=True, slots=True)
class Result:
    """One scenario's outcome. ``said``: for each rule in question, its id and what it said."""

    name: str
    line: int
    outcome: Outcome
    differences: tuple[Difference, ...] = ()
    said: tuple[tuple[str, str], ...] = ()
    todo: str | None = None

    @property
    def is_failure(self) -> bool:
        return self.outcome in (Outcome.FAILED, Outcome.DONE)


def outcome_of(differences: tuple[Difference, ...], todo: str | None) -> Outcome:
    if todo is not None:
        return Outcome.TODO if differences else Outcome.DONE
    return Outcome.FAILED if differences else Outcome.PASSED
