"""What `ronda doctor` sees of the service on its data file: does one run, is it paused, which tickets it leaves."""

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

from enforcement.agenda import AgendaError
from enforcement.clock import spelt_time
from enforcement.ledger import Ledger
from enforcement.ledger_rows import Fuse, Pause
from enforcement.store import open_store
from enforcement.worker_lock import worker_of
from ronda.check import Check, State, ok, warning

SHOWN = 10  # tickets


def service_checks(data: Path) -> Iterator[Check]:
    """Of a data file that is ours, or not there yet."""
    try:
        who, (paused, fuses) = worker_of(data), _brakes(data)
    except AgendaError as error:
        yield from (Check(name, State.SKIPPED, str(error)) for name in ("service", "paused", "fuses"))
        return
    if who:
        yield ok("service", f"running ({who})")
    else:
        yield warning("service", f"none is running on {data}", "ronda serve, or start its unit")
    if paused is None:
        yield ok("paused", "nothing is")
    else:
        yield warning("paused", f"since {spelt_time(paused.at)}: {paused}", "ronda resume")
    if not fuses:
        yield ok("fuses", "no ticket is left alone")
    else:
        tickets = ", ".join(str(fuse.ticket_id) for fuse in fuses[:SHOWN])
        more = f" and {len(fuses) - SHOWN} more" if len(fuses) > SHOWN else ""
        yield warning("fuses", f"left alone: {tickets}{more} (`ronda status` says why)", "ronda resume TICKET")


def _brakes(data: Path) -> tuple[Pause | None, list[Fuse]]:
    if not data.is_file():
        return None, []
    with closing(Ledger.open(open_store(data))) as ledger:
        return ledger.paused(), ledger.fuses()
