"""Two packs on the same tickets as they are now: what would be different, ticket by ticket. Nothing is written."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from enforcement.ledger import Ledger
from enforcement.read_only import ReadOnlyGateway
from integration.gateway import TicketNotFound
from rules.informed import informed
from rules.mode import Mode
from rules.pack import Pack
from rules.preview import Difference, Doing, doing_of
from rules.snapshot import Need, Sent, Snapshot


@dataclass(frozen=True, slots=True)
class Packs:
    """The present pack and the new one, and how far both may go."""

    present: Pack
    new: Pack
    ceiling: Mode

    @property
    def needs(self) -> frozenset[Need]:
        return self.present.needs | self.new.needs


@dataclass
class Preview:
    """What was found so far. ``differences`` holds the tickets on which the packs differ or the new one acts."""

    looked_at: int = 0
    gone: int = 0
    calls_of_present: int = 0
    calls_of_new: int = 0
    differences: list[Difference] = field(default_factory=list)

    def add(self, difference: Difference) -> None:
        self.looked_at += 1
        self.calls_of_present += difference.present.calls
        self.calls_of_new += difference.new.calls
        if difference.is_any or difference.new.calls:
            self.differences.append(difference)


def look_through(
    tickets: Iterable[int], reading: ReadOnlyGateway, packs: Packs, ledger: Ledger | None, found: Preview
) -> Iterator[int]:
    """Look at one ticket after the other and add what it shows to ``found``; gives each ticket's id once it is done,
    so that whoever asks can stop in between. Raises GatewayError, AgendaError."""
    for number in tickets:
        try:
            seen = reading.fetch(number, packs.needs)
        except TicketNotFound:
            found.gone += 1
        else:
            sent = None
            if ledger is not None and Need.SENT in packs.needs:
                sent = ledger.sent(seen.ticket.requester.id, seen.as_of)
            found.add(compare(seen, packs, sent))
        yield number


def compare(seen: Snapshot, packs: Packs, sent: Sent | None = None) -> Difference:
    """One ticket by both packs."""

    def doing(pack: Pack) -> Doing:
        return doing_of(informed(seen, pack.desk, sent), pack, packs.ceiling)

    return Difference(seen.ticket.id, doing(packs.present), doing(packs.new))
