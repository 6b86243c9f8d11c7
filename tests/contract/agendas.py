"""The implementations of the agenda that the contract is tried on: a name, and how to open one in a fresh place."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from pathlib import Path

from enforcement.agenda import Agenda
from enforcement.embedded import EmbeddedAgenda


def open_embedded(place: Path) -> AbstractContextManager[Agenda]:
    return EmbeddedAgenda.open(place / "ronda.sqlite")


# Opening the same place again, also from another process, must give the same agenda.
OPENERS: dict[str, Callable[[Path], AbstractContextManager[Agenda]]] = {"embedded": open_embedded}
