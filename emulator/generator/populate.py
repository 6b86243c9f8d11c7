"""Fills an account with invented tickets by living through months of them on the account's own clock."""

import heapq
import random
import time
from collections.abc import Callable, Iterator
from pathlib import Path

from emulator.account import Account
from emulator.desk import Desk
from emulator.desk_file import read_desk
from emulator.generator.lives import life
from emulator.generator.moments import DAY, opening_moments
from emulator.generator.world import World
from emulator.sharing import not_collecting

BUILT_IN = Path(__file__).with_name("desk.yaml")
MONTHS = 6
TICKETS_A_MONTH = 600  # of a small desk; a small number of tickets is spread over fewer months


def built_in_desk() -> Desk:
    """The desk for those who bring none: a commerce platform's support, and a Website team."""
    return read_desk(BUILT_IN)


def last_midnight() -> int:
    """When today began, UTC: the usual end of invented histories."""
    return int(time.time()) // DAY * DAY


def populate(
    account: Account, tickets: int, seed: int, until: float, say: Callable[[int], None] = lambda _: None
) -> None:
    """Invent so many tickets that were opened before `until` (seconds since 1970), with all that became of them.

    The account has no tickets yet; its clock is stopped, and stands at `until` afterwards. `say` hears now and then
    how many there are. The same account, number, seed and time always give the same tickets, ids included.
    """
    rng = random.Random(seed)
    days = min(MONTHS * 30, max(30, tickets // (TICKETS_A_MONTH // 30)))
    begin = until - days * DAY
    account.clock.stop()
    account.clock.set(begin)
    _existed_since(account, int(begin))
    with not_collecting():
        _live(World(account, rng, tickets), tickets, begin, until, say)
    account.clock.set(until)


def _existed_since(account: Account, at: int) -> None:
    """Nothing on the desk may be younger than its first ticket."""
    for table in (account.users, account.identities, account.groups, account.memberships, account.organizations,
                  account.fields, account.forms, account.statuses, account.brands, account.schedules,
                  account.triggers, account.automations):  # fmt: skip
        for row in table.values():
            row.created_at = at
            if hasattr(row, "updated_at"):
                row.updated_at = at


def _live(world: World, tickets: int, begin: float, until: float, say: Callable[[int], None]) -> None:
    clock, account = world.account.clock, world.account
    waiting: list[tuple[float, int, Iterator[float]]] = []

    def happen(at: float, order: int, course: Iterator[float]) -> None:
        clock.set(at)
        following = next(course, None)
        if following is not None and following < until:
            heapq.heappush(waiting, (max(at, following), order, course))

    for order, at in enumerate(opening_moments(world.rng, tickets, begin, until)):
        while waiting and waiting[0][0] <= at:
            happen(*heapq.heappop(waiting))
        if not world.has_room:
            break  # some customers opened more than one
        happen(at, order, life(world, at))
        if order % 5_000 == 4_999:
            say(len(account.tickets))
    while waiting:
        happen(*heapq.heappop(waiting))
