"""What commands need that only read: packs, an account that cannot be written to, and a service's records if any."""

from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass
from pathlib import Path

from config.settings import Settings, read_settings
from enforcement.clock import Clock
from enforcement.embedded import EmbeddedAgenda
from enforcement.explain import Records
from enforcement.in_force import Enforced, in_force
from enforcement.ledger import Ledger
from enforcement.read_only import ReadOnlyGateway
from enforcement.store import open_store
from ronda.emulated_clock import clock_of
from ronda.packs import load_pack
from ronda.wiring import ceiling_of, gateway_of
from rules.pack import Pack


@dataclass(frozen=True)
class Reading:
    """``pack`` as the service has it: its rules act since they were first enforced, as ``enforced`` says. ``packs``:
    the others, as they are written."""

    settings: Settings
    clock: Clock
    gateway: ReadOnlyGateway
    records: Records | None
    pack: Pack
    packs: tuple[Pack, ...]
    enforced: Enforced


@contextmanager
def reading(env_file: Path, pack: str | None = None, *others: str) -> Iterator[Reading]:
    """Read packs (the settings' one if none is named) and reach the account.

    Raises UnusableSettings, Unusable, GatewayError, AgendaError, ClockUnreachable.
    """
    settings = read_settings(env_file)
    present = load_pack(pack or settings.pack)
    packs = tuple(load_pack(each) for each in others)
    with ExitStack() as ending:
        clock = ending.enter_context(clock_of(settings.clock_url))
        records = ending.enter_context(_records(settings.data)) if settings.data.is_file() else None
        gateway = ending.enter_context(closing(gateway_of(settings, present, clock, *packs)))
        gateway.check()
        enforced = records.ledger.enforced_since() if records is not None else {}
        in_service = in_force(present, enforced, ceiling_of(settings))
        yield Reading(settings, clock, ReadOnlyGateway(gateway), records, in_service, packs, enforced)


@contextmanager
def _records(path: Path) -> Iterator[Records]:
    store = open_store(path)
    with closing(Ledger.open(store)) as ledger, EmbeddedAgenda(store) as agenda:
        yield Records(ledger, agenda)
