"""Questions to the person who sets Ronda up. What a script does not answer beforehand is an error that says how to."""

from collections.abc import Sequence
from dataclasses import dataclass, field

import typer


class MissingAnswer(Exception):
    """Nobody is there to answer; ``how``: the options or variables that do."""

    def __init__(self, question: str, how: str) -> None:
        super().__init__(f"{question}: nobody answered; give {how}")


@dataclass
class Asking:
    """``yes``: suggestions and plans are accepted unasked. ``at_terminal``: what is known already may be asked again.

    ``asked``: whether any question was put.
    """

    yes: bool = False
    at_terminal: bool = False
    asked: bool = field(default=False, init=False)

    def text(self, question: str, how: str, *, default: str | None = None, secret: bool = False) -> str:
        """An answer in words; what is secret is not shown. Raises MissingAnswer."""
        self.asked = True
        try:
            return str(typer.prompt(question, default=default, hide_input=secret, err=True)).strip()
        except typer.Abort as gone:
            raise _unanswered(gone, question, how) from gone

    def choice(self, question: str, choices: Sequence[str], how: str, *, default: int | None = None) -> int:
        """The place of one of several, from 0; with ``yes`` the default. ``name: about`` may be answered by its name.

        Raises MissingAnswer.
        """
        if self.yes and default is not None:
            return default
        for place, each in enumerate(choices, 1):
            typer.echo(f"  {place}) {each}", err=True)
        shown = None if default is None else str(default + 1)
        while True:
            answer = self.text(question, how, default=shown)
            if answer.isdecimal() and 0 < int(answer) <= len(choices):
                return int(answer) - 1
            named = [place for place, each in enumerate(choices) if _name_of(each) == answer.casefold()]
            if len(named) == 1:
                return named[0]
            typer.echo(f"a number from 1 to {len(choices)}, or a name, please", err=True)

    def agreed(self, question: str, how: str) -> bool:
        """Raises MissingAnswer."""
        if self.yes:
            return True
        self.asked = True
        try:
            return typer.confirm(question, default=False, err=True)
        except typer.Abort as gone:
            raise _unanswered(gone, question, how) from gone


def _name_of(choice: str) -> str:
    """What stands before the words about it."""
    return choice.partition(":")[0].casefold()


def _unanswered(gone: typer.Abort, question: str, how: str) -> BaseException:
    """Ctrl-C stays Ctrl-C; typer makes one thing of it and of the end of what is typed."""
    return KeyboardInterrupt() if isinstance(gone.__context__, KeyboardInterrupt) else MissingAnswer(question, how)
