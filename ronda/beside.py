"""Beside a running service: its data file, read and written by the command line while the service works on it."""

from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from config.settings import DataSettings, read_data_settings
from enforcement.agenda import Agenda
from enforcement.anew import ask_anew
from enforcement.clock import Clock, spelt_time
from enforcement.embedded import EmbeddedAgenda
from enforcement.ledger import Ledger
from enforcement.ledger_rows import Fuse, LookRow, Pause, Word
from enforcement.store import StoreMissing, open_store
from enforcement.worker_lock import worker_of
from ronda.emulated_clock import clock_of

LAST_LOOKS = 5
EVERYTHING = 1_000_000  # entries: more than any agenda holds


@dataclass(frozen=True)
class Beside:
    """What a command shares with the service: its settings, its file, opened, and its clock."""

    settings: DataSettings
    ledger: Ledger
    agenda: Agenda
    clock: Clock


@contextmanager
def service(env_file: Path) -> Iterator[Beside]:
    """Open the data file that a service works on or has worked on. Raises UnusableSettings, AgendaError."""
    settings = read_data_settings(env_file)
    if not settings.data.is_file():
        raise StoreMissing(f"{settings.data}: no service keeps its data here; RONDA_DATA names the file")
    store = open_store(settings.data)
    with (
        clock_of(settings.clock_url) as clock,
        closing(Ledger.open(store)) as ledger,
        EmbeddedAgenda(store) as agenda,
    ):
        yield Beside(settings, ledger, agenda, clock)


@dataclass(frozen=True)
class Status:
    """How a service is. ``waiting`` counts tickets on the agenda, ``could_not_tell`` tickets by rule."""

    running: bool
    waiting: int
    next_due: datetime | None
    paused: Pause | None
    fuses: list[Fuse]
    could_not_tell: dict[str, int]
    last_looks: list[LookRow]


def status_of(here: Beside) -> Status:
    ledger, agenda = here.ledger, here.agenda
    counts = ledger.counts_by_rule().items()
    return Status(
        running=bool(worker_of(here.settings.data)),
        waiting=len(agenda.entries(limit=EVERYTHING)),
        next_due=agenda.next_due(),
        paused=ledger.paused(),
        fuses=ledger.fuses(),
        could_not_tell={rule: words[Word.COULD_NOT_TELL] for rule, words in counts if Word.COULD_NOT_TELL in words},
        last_looks=ledger.recent_looks(limit=LAST_LOOKS),
    )


def lines_of(status: Status) -> Iterator[str]:
    """A status for people."""
    paused, due = status.paused, status.next_due
    yield f"service   {'running' if status.running else 'not running'}"
    yield f"writing   {f'paused since {spelt_time(paused.at)}: {paused}' if paused else 'goes on'}"
    yield f"agenda    {status.waiting} waiting{f', the next due {spelt_time(due)}' if due else ''}"
    for fuse in status.fuses:
        yield f"fuse      ticket {fuse.ticket_id} since {spelt_time(fuse.tripped_at)}: {fuse.why}"
    for rule, tickets in status.could_not_tell.items():
        yield f"unclear   {rule} could not tell on {tickets} ticket{'s' if tickets > 1 else ''}"
    for look in status.last_looks:
        yield f"look      ticket {look.ticket_id} at {spelt_time(look.at)} for {look.reason}: {look.outcome}"


def pause(here: Beside, reason: str) -> str:
    """Stop looking and writing; what to tell about it."""
    before = here.ledger.paused()
    if before is not None:
        return f"already paused since {spelt_time(before.at)}: {before}"
    here.ledger.pause(reason, by="ronda pause", at=here.clock.now())
    return f"paused: {reason}. `ronda resume` goes on."


def resume(here: Beside) -> str:
    """Go on after a pause; what to tell about it."""
    before = here.ledger.paused()
    if before is None:
        return "nothing is paused"
    here.ledger.resume(by="ronda resume", at=here.clock.now())
    return f"resumed; it was paused since {spelt_time(before.at)}: {before}"


def resume_ticket(here: Beside, ticket: int) -> str:
    """Go on with a ticket after its fuse tripped, and have it looked at now; what to tell about it."""
    now = here.clock.now()
    is_tripped = any(fuse.ticket_id == ticket for fuse in here.ledger.fuses())
    if is_tripped:
        here.ledger.reset_fuse(ticket, by="ronda resume", at=now)
    ask_anew(here.ledger, here.agenda, ticket, now, "ronda resume")
    return f"ticket {ticket}: {'its fuse is reset' if is_tripped else 'no fuse was tripped'}; it is due now"


def look(here: Beside, ticket: int) -> str:
    """Have a ticket looked at now and judged anew; what to tell about it."""
    ask_anew(here.ledger, here.agenda, ticket, here.clock.now(), "ronda look")
    return f"ticket {ticket}: it is due now"
