"""One finding of `ronda doctor`: what was looked at, how it is, and how to mend it."""

from dataclasses import dataclass
from enum import StrEnum


class State(StrEnum):
    OK = "ok"
    WARNING = "warning"  # works, and will not for long, or not as somebody thinks
    WRONG = "wrong"
    SKIPPED = "skipped"  # cannot be looked at before something else is mended


@dataclass(frozen=True, slots=True)
class Check:
    name: str
    state: State
    said: str
    mend: str = ""

    def __str__(self) -> str:
        return f"{self.state:<8} {self.name:<12} {self.said}{f'; to mend: {self.mend}' if self.mend else ''}"


def ok(name: str, said: str) -> Check:
    return Check(name, State.OK, said)


def warning(name: str, said: str, mend: str) -> Check:
    return Check(name, State.WARNING, said, mend)


def wrong(name: str, said: str, mend: str) -> Check:
    return Check(name, State.WRONG, said, mend)
