"""An emulated Zendesk for each module, as it was at its start for each test."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from ronda.wiring import parts_of
from tests.ronda.running import Stepped, Zendesk, emulated, settings_of
from tests.ronda.setting_up import ACCOUNT, Terminal


@pytest.fixture(scope="module")
def served() -> Iterator[Zendesk]:
    with emulated() as zendesk:
        yield zendesk


@pytest.fixture
def zendesk(served: Zendesk) -> Zendesk:
    """With no ticket, no webhook and no fault."""
    served.reset()
    return served


@pytest.fixture
def ronda(zendesk: Zendesk, tmp_path: Path) -> Iterator[Stepped]:
    """On the emulator's clock, which stands still; a call to Zendesk may take half a second."""
    zendesk.control("POST", "clock", running=False)
    with parts_of(settings_of(zendesk, tmp_path, clock_url=zendesk.url, timeout=0.5)) as parts:
        yield Stepped(zendesk, parts)
    zendesk.control("POST", "clock", running=True)


@pytest.fixture(scope="module")
def strict_account() -> Iterator[Zendesk]:
    with emulated(ACCOUNT) as zendesk:
        yield zendesk


@pytest.fixture
def terminal(strict_account: Zendesk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Terminal:
    """Somebody in an empty folder, before the account in its strictest settings."""
    monkeypatch.chdir(tmp_path)
    terminal = Terminal(tmp_path, strict_account)
    terminal.account()
    strict_account.control("DELETE", "faults")
    return terminal
