"""The desk that most tests of the look are about, and a way to one with other rules."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from tests.enforcement.desk import Desk, desk_of


@pytest.fixture
def open_desk(tmp_path: Path) -> Iterator[Callable[..., Desk]]:
    """Open a desk with these rules; it is closed when the test ends."""
    with ExitStack() as stack:
        yield lambda *rules, **more: stack.enter_context(desk_of(tmp_path / "ronda.sqlite", *rules, **more))


@pytest.fixture
def desk(open_desk: Callable[..., Desk]) -> Desk:
    """A desk with the rule of the team's group alone."""
    return open_desk()
