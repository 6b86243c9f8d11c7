"""How many calls of Zendesk's API an event costs, counted by the emulator."""

import time
from collections.abc import Iterator

from benchmarks.figures import Aim, Figure
from benchmarks.installation import Installation, installation

TICKET = {
    "by": "paulo",
    "requester": "carla",
    "subject": "Página de preços",
    "description": "Atualizar a tabela de preços da página.",
}
READ = "GET /api/v2/tickets/{ticket_id}"
IN_ONE_SECOND = 20


def measure() -> Iterator[Figure]:
    with installation() as here:
        good = here.act(**TICKET, set={"group": "Design / Website", "assignee": "Jenyfer Lima"})
        here.settle()
        here.forget_calls()
        here.act(by="paulo", ticket=good, set={"priority": "high"})
        here.settle()
        yield _figure("a compliant ticket's event", here, Aim(2))

        here.forget_calls()
        here.act(by="paulo", ticket=good, set={"status": "pending"})
        here.settle()
        yield _figure("a violated ticket's event, its echo included", here, Aim(4))

        here.forget_calls()
        here.act(**TICKET, set={"group": "Suporte", "tags": ["website"], "assignee": "Paulo Dias"})
        here.settle()
        yield _figure("a violated ticket is opened", here)

        here.forget_calls()
        for number in range(IN_ONE_SECOND):
            here.act(by="paulo", ticket=good, set={"priority": ("low", "high")[number % 2]})
            time.sleep(1 / IN_ONE_SECOND)
        here.settle()
        looks = sum(number for route, number in here.calls().items() if route == READ)
        yield Figure(
            f"{IN_ONE_SECOND} events within a second on one ticket", looks, "looks", Aim(2), note=_routes(here)
        )


def _figure(name: str, here: Installation, aim: Aim | None = None) -> Figure:
    return Figure(name, here.calls().total(), "calls", aim, note=_routes(here))


def _routes(here: Installation) -> str:
    return ", ".join(f"{number} {route.replace('/api/v2', '')}" for route, number in sorted(here.calls().items()))
