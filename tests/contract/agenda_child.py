"""A process that works on an agenda until it is killed, and says on stdout what it may be held to.

``ask``: asks for one ticket after the other, by several threads; a line for each after its commit.
``claim``: claims what is due and says what it holds, then only waits.
``look``: claims and finishes until nothing is left; a line at the start and at the end of each look.
"""

import sys
import threading
from datetime import UTC, datetime, timedelta
from pathlib import Path

from enforcement.agenda import Agenda
from tests.contract.agendas import OPENERS

NOW = datetime(2026, 11, 21, 12, tzinfo=UTC)
WRITERS = 4


def say(*words: object) -> None:
    sys.stdout.write(" ".join(map(str, words)) + "\n")
    sys.stdout.flush()


def ask(agenda: Agenda, number: int) -> None:
    ticket = number + 1
    while True:
        agenda.ask(ticket, NOW + timedelta(seconds=ticket), "child", delivery=f"delivery-{ticket}")
        say(ticket)
        ticket += WRITERS


def look(agenda: Agenda) -> None:
    while claims := agenda.claim(NOW + timedelta(hours=1), limit=3):
        for claim in claims:
            say("start", claim.ticket_id)
        for claim in claims:
            say("end", claim.ticket_id)
            agenda.finish(claim, None, now=NOW + timedelta(hours=1))


def main(implementation: str, place: str, work: str) -> None:
    with OPENERS[implementation](Path(place)) as agenda:
        match work:
            case "ask":
                threads = [threading.Thread(target=ask, args=(agenda, number)) for number in range(WRITERS)]
                for thread in threads:
                    thread.start()
                for thread in threads:
                    thread.join()
            case "claim":
                say(*(claim.ticket_id for claim in agenda.claim(NOW, limit=10)))
                threading.Event().wait()
            case "look":
                look(agenda)


if __name__ == "__main__":
    main(*sys.argv[1:])
