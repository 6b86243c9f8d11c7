"""A desk that lives by seed on the emulator's clock, while its service is killed, starved and disturbed."""

import random
import signal
import sqlite3
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from heapq import heappop, heappush
from pathlib import Path
from typing import Any

import emulator
from emulator.model import Holiday
from emulator.server import Served
from emulator.shapes.history import audit_json
from enforcement.clock import from_microseconds, microseconds
from integration.provision import register_webhook
from ronda.emulated_clock import EmulatedClock
from ronda.rounding import SOON
from ronda.wiring import wire_of
from tests.ronda.running import Service, Zendesk, environment_of, free_port, settings_of, values_of
from tests.simulation.oracle import Counts, Disturbance, check_year

HERE = Path(__file__).parent
BEGIN = datetime(2027, 1, 4, 8, tzinfo=UTC)
SECOND, MINUTE, HOUR, DAY = (timedelta(seconds=1), timedelta(minutes=1), timedelta(hours=1), timedelta(days=1))
GROUPS = ("Suporte", "Suporte", "Noite", "Oficina")
AGENTS, CUSTOMERS = ("ana", "rui", "lia"), ("carla", "elena", "emma")
REASONS = ("waiting-it", "propagation", "long-analysis")
ROUNDS = 6 * HOUR
PATIENCE = 60.0  # real seconds for the service to come to rest
WAITS_FOR_TIME = 5.0  # real seconds after which what is not at rest is given some of the emulator's time
BRIEFLY = 2 * MINUTE  # to catch up after a moment's disturbance
CATCH_UP = 15 * MINUTE  # after a long one: a round, and as fast as the rate limit allows

# What goes wrong all along, each with the chance of each request or delivery.
FAULTS: tuple[dict[str, Any], ...] = (
    {"does": "time-out-after", "method": "PUT", "path": "/api/v2/tickets/*", "probability": 0.02},
    {"does": "time-out-before", "method": "PUT", "path": "/api/v2/tickets/*", "probability": 0.01},
    {"does": "answer", "method": "PUT", "path": "/api/v2/tickets/*", "status": 503, "probability": 0.02},
    {"does": "answer", "method": "PUT", "path": "/api/v2/tickets/*", "status": 429, "retry_after": 5, "probability": 0.04},
    {"does": "answer", "method": "GET", "path": "/api/v2/tickets/*", "status": 429, "retry_after": 2, "probability": 0.02},
    {"does": "duplicate", "probability": 0.1},
    {"does": "drop", "probability": 0.02},
    {"does": "late", "seconds": 45, "probability": 0.03},
    {"does": "late", "seconds": 5400, "probability": 0.03},
    {"does": "reorder", "probability": 0.05},
)  # fmt: skip


@dataclass
class Life:
    """One ticket: how it stands, as far as its people remember."""

    number: int
    requester: str
    ends: datetime
    waits: bool = False
    solved: bool = False
    exempt: bool = False


@dataclass
class Year:
    """``days`` of a desk with ``tickets`` in all."""

    zendesk: Zendesk
    served: Served
    service: Service
    days: float
    tickets: int
    seed: int
    say: Callable[[str], object]
    did: Counter[str] = field(default_factory=Counter)
    disturbances: list[Disturbance] = field(default_factory=list)
    deleted: dict[int, datetime] = field(default_factory=dict)
    groups: dict[int, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.random = random.Random(self.seed)
        self.end = BEGIN + self.days * DAY
        self.holidays: set[date] = {date(2027, 1, 6)}
        self._plans: list[tuple[datetime, int, Callable[[], None]]] = []
        self._next_round, self._has_just_started = BEGIN, True

    # --- how it goes ---

    def live(self) -> Counts:
        """Play it, then have it checked."""
        self._set_holidays()
        for fault in FAULTS:
            self.zendesk.control("POST", "faults", seed=self.seed, **fault)
        for _ in range(self.tickets):
            self._plan(BEGIN + self.random.random() * max(self.days - 3, 0.5) * DAY, self._open)
        for _ in range(round(self.days / 7) or 1):
            self._plan_within(self._be_killed)
            self._plan_within(self._storm)
        for _ in range(round(self.days / 14) or 1):
            self._plan_within(self._change_holidays)
            self._plan_within(self._put_many_in_stand_by)
        if self.days > 60:
            self._plan(BEGIN + self.days / 2 * DAY, self._be_away_for_a_week)
        began, told = time.monotonic(), 0
        while (moment := self._next_moment()) < self.end:
            self._go_to(moment)
            self._act_until(self._now())
            self._come_to_rest()
            days = (moment - BEGIN) // (30 * DAY)
            if days > told:
                told = days
                self.say(f"day {30 * days}: {sum(self.did.values())} acts, {time.monotonic() - began:.0f} s")
        self._go_to(self.end)
        self._come_to_rest()
        return self._checked()

    def _next_moment(self) -> datetime:
        """When somebody acts, a timer is due, a delivery goes on, or a round begins."""
        moments = [self._next_round, self.end, *self._deliveries_to_come()]
        if self._plans:
            moments.append(self._plans[0][0])
        due = self._query("SELECT min(due) FROM entries WHERE token IS NULL AND due IS NOT NULL")
        if due is not None:
            moments.append(from_microseconds(due))
        return min(moments)

    def _go_to(self, moment: datetime) -> None:
        if moment > self._now():
            self.zendesk.control("POST", "clock", at=moment.isoformat())

    def _now(self) -> datetime:
        return datetime.fromtimestamp(self.served.zendesk.clock.now(), UTC)

    def _act_until(self, moment: datetime) -> None:
        while self._plans and self._plans[0][0] <= moment:
            heappop(self._plans)[2]()

    def _deliveries_to_come(self) -> list[datetime]:
        """When those go on that are late, or repeated a little later."""
        moments = (datetime.fromtimestamp(at, UTC) for at in self.served.zendesk.deliveries.waiting_until)
        return [moment for moment in moments if moment > self._now()]

    def _people_act_until(self, moment: datetime) -> None:
        """While something goes wrong, what else would go wrong or be set anew is put off."""
        put_off = (self._be_killed, self._be_away_for_a_week, self._storm, self._change_holidays)
        while self._plans and self._plans[0][0] <= moment:
            at, number, act = heappop(self._plans)
            if act in put_off:
                heappush(self._plans, (at + 6 * HOUR, number, act))
            else:
                act()

    def _come_to_rest(self) -> None:
        """No delivery on its way, nothing due on the agenda, no round under way."""
        deadline, patient = time.monotonic() + PATIENCE, time.monotonic() + WAITS_FOR_TIME
        while not self._is_at_rest():
            if time.monotonic() > deadline:
                raise AssertionError(f"no rest at {self._now()}:\n{self.service.log.read_text()[-3000:]}")
            if time.monotonic() > patient:  # such as a call that waits for the rate limit
                self.zendesk.control("POST", "clock", advance=5)
                patient = time.monotonic() + WAITS_FOR_TIME
            time.sleep(0.002)

    def _is_at_rest(self) -> bool:
        if self._are_deliveries_under_way():
            return False
        now = self._now()
        if now >= self._next_round:
            ended = self._query("SELECT max(at) FROM rounds")
            if ended is None or from_microseconds(ended) < self._next_round:
                return False
            self._next_round = from_microseconds(ended) + (SOON if self._has_just_started else ROUNDS)
            self._has_just_started = False
        busy = "SELECT count(*) FROM entries WHERE token IS NOT NULL OR due <= ?"
        return self._query(busy, microseconds(now)) == 0 and not self._are_deliveries_under_way()

    def _are_deliveries_under_way(self) -> bool:
        return self.served.zendesk.deliveries.pending > len(self._deliveries_to_come())

    def _query(self, statement: str, *values: int) -> Any:
        return self._file.execute(statement, values).fetchone()[0]

    @contextmanager
    def watching(self, data: Path) -> Iterator["Year"]:
        """With the service's file open, to see when it is at rest and when it is due."""
        with closing(sqlite3.connect(f"file:{data}?mode=ro", uri=True, isolation_level=None)) as self._file:
            yield self

    # --- what people do ---

    def _plan(self, at: datetime, what: Callable[[], None]) -> None:
        heappush(self._plans, (at, len(self._plans) + self.random.randrange(10**9), what))

    def _plan_within(self, what: Callable[[], None]) -> None:
        self._plan(BEGIN + self.random.uniform(0.05, 0.95) * self.days * DAY, what)

    def _open(self) -> None:
        life = self._opened(lasts=self.random.expovariate(1 / 25) * DAY)
        self._plan_next(life, within=DAY)

    def _opened(self, lasts: timedelta) -> Life:
        group = self.random.choice(GROUPS)
        requester = self.random.choice(CUSTOMERS)
        number = self.zendesk.open(
            by=requester,
            requester=None,
            set={"group": group, "assignee": self.random.choice(AGENTS)},
        )
        self.groups[number] = group
        self.did["opened"] += 1
        return Life(number, requester, self._now() + lasts)

    def _plan_next(self, life: Life, within: timedelta = 2 * DAY) -> None:
        self._plan(self._now() + self.random.expovariate(1.0) * within + SECOND, lambda: self._do_something(life))

    def _do_something(self, life: Life) -> None:
        is_closed = self.served.zendesk.account.tickets[life.number].status == "closed"  # by Zendesk, after four weeks
        if is_closed or (self._now() > life.ends and not life.waits):
            return
        kinds: dict[Callable[[Life], None], int] = {
            self._enter: 0 if life.waits else 12,
            self._leave: 4 if life.waits else 0,
            self._answer: 3,
            self._say_something_else: 3,
            self._solve_or_reopen: 1,
            self._exempt: 1,
            self._delete: 1 if self._now() > life.ends else 0,
        }
        (kind,) = self.random.choices(list(kinds), list(kinds.values()))
        kind(life)
        self.did[kind.__name__.strip("_")] += 1
        if life.number not in self.deleted:
            self._plan_next(life)

    def _enter(self, life: Life) -> None:
        if life.solved:
            return
        life.waits = True
        if self.random.random() < 0.25:
            self._set(life, status="hold")
        else:
            self._set(life, status="open", fields={"standby_reason": self.random.choice(REASONS)})

    def _leave(self, life: Life) -> None:
        life.waits = False
        self._set(life, status="open", fields={"standby_reason": None})

    def _answer(self, life: Life) -> None:
        if not life.solved:
            self.zendesk.act(life.number, by=self.random.choice(AGENTS), reply="Seguimos vendo isso.")

    def _say_something_else(self, life: Life) -> None:
        """What resets nothing: a note, a field, another reason, the customer's own words."""
        what = self.random.randrange(4)
        if life.solved or what == 0:
            self.zendesk.act(life.number, by=self.random.choice(AGENTS), note="Cobrei.")
        elif what == 1:
            self._set(life, priority=self.random.choice(("low", "normal", "high")))
        elif what == 2 and life.waits:
            self._set(life, fields={"standby_reason": self.random.choice(REASONS)})
        else:
            self.zendesk.act(life.number, by=life.requester, reply="Alguma novidade?")

    def _solve_or_reopen(self, life: Life) -> None:
        """The reason stays as it is: a reopened ticket waits anew."""
        life.solved = not life.solved
        self._set(life, status="solved" if life.solved else "open")

    def _exempt(self, life: Life) -> None:
        life.exempt = not life.exempt
        key = "add_tags" if life.exempt else "remove_tags"
        self._set(life, **{key: ["ronda-exempt"]})

    def _delete(self, life: Life) -> None:
        self.zendesk.api("DELETE", f"tickets/{life.number}")
        self.deleted[life.number] = self._now()

    def _set(self, life: Life, **values: Any) -> None:
        self.zendesk.act(life.number, by=self.random.choice(AGENTS), set=values)

    def _put_many_in_stand_by(self) -> None:
        """Thirty tickets in one minute: thirty promises due in one minute."""
        for _ in range(min(30, self.tickets // 5)):
            life = self._opened(lasts=5 * DAY)
            self._enter(life)
            self._plan_next(life, within=4 * DAY)
        self.did["many at once"] += 1

    def _change_holidays(self) -> None:
        """One more, or one fewer, in the weeks to come; never today, so that the next round knows it in time."""
        today = self._now().date()
        coming = sorted(day for day in self.holidays if day > today + 2 * DAY)
        if coming and self.random.random() < 0.4:
            self.holidays.discard(self.random.choice(coming))
        else:
            self.holidays.add(today + self.random.randrange(3, 12) * DAY)
        self._set_holidays()
        self.did["holidays changed"] += 1

    def _set_holidays(self) -> None:
        (schedule,) = self.served.zendesk.account.schedules.values()
        days = (day.isoformat() for day in sorted(self.holidays))
        schedule.holidays = tuple(Holiday(number, "Feriado", day, day) for number, day in enumerate(days, 1))

    # --- what goes wrong ---

    def _be_killed(self) -> None:
        away = self.random.choice((timedelta(0), timedelta(0), 10 * MINUTE, 5 * HOUR))
        self._be_away(away)

    def _be_away_for_a_week(self) -> None:
        self._be_away(7 * DAY)

    def _be_away(self, away: timedelta) -> None:
        """kill -9 at whatever moment of its work, and a new start; meanwhile people go on."""
        time.sleep(self.random.random() * 0.03)
        self.service.stop(signal.SIGKILL)
        begins = self._now()
        while (moment := min([begins + away, *(plan[0] for plan in self._plans[:1])])) < begins + away:
            self._go_to(moment)
            self._people_act_until(moment)
        self._go_to(begins + away)
        self._next_round, self._has_just_started = self._now(), True
        self.service.start()
        self.disturbances.append(Disturbance(begins, self._now(), CATCH_UP if away else BRIEFLY))
        self._come_to_rest()
        self.did["killed"] += 1

    def _storm(self) -> None:
        """Nothing can be written for some minutes across the next moment that something is due."""
        due = self._query("SELECT min(due) FROM entries WHERE token IS NULL AND due IS NOT NULL")
        if due is None:
            return
        begins = max(from_microseconds(due) - 20 * SECOND, self._now())
        if self._plans and begins > self._plans[0][0]:
            return
        self._go_to(begins)
        self._come_to_rest()
        fault = {"does": "answer", "method": "PUT", "status": 429, "retry_after": 10, "probability": 1.0}
        storm = self.zendesk.control("POST", "faults", **fault)["id"]
        until = begins + self.random.choice((30 * SECOND, 90 * SECOND))
        while (moment := self._next_moment()) < until:
            self._go_to(moment)
            self._people_act_until(self._now())
            self._come_to_rest()
        self._go_to(until)
        self.zendesk.control("DELETE", f"faults/{storm}")
        self.disturbances.append(Disturbance(begins, self._now(), BRIEFLY))
        self.did["storms"] += 1

    # --- what it came to ---

    def _checked(self) -> Counts:
        """By the emulator's audits, as the API answers them."""
        self.zendesk.control("DELETE", "faults")
        account = self.served.zendesk.account
        histories = {number: (group, self._audits(number)) for number, group in self.groups.items()}
        people = {user.handle: user.id for user in account.users.values()}
        return check_year(
            histories,
            me=people["ronda"],
            customers={people[name] for name in CUSTOMERS},
            holidays=self.holidays,
            disturbances=self.disturbances,
            end=self._now(),
            deleted=self.deleted,
        )

    def _audits(self, number: int) -> list[dict[str, Any]]:
        account = self.served.zendesk.account
        return [audit_json(account, audit) for audit in account.audits[number]]


@contextmanager
def a_year(folder: Path, *, days: float, tickets: int, seed: int, say: Callable[[str], object]) -> Iterator[Year]:
    """An emulator whose clock stands still at the beginning, and a service on that clock."""
    desk = (HERE / "desk.yaml").read_text(encoding="utf-8")
    with emulator.serve(desk) as served, closing(Zendesk(served.url)) as zendesk:
        zendesk.control("POST", "clock", running=False, at=BEGIN.isoformat())
        port = free_port()
        settings: dict[str, Any] = {
            "pack": str(HERE / "pack.yaml"),
            "data": folder / "ronda.sqlite",
            "clock_url": served.url,
            "timeout": 0.5,
            "port": port,
            "rounds_every": ROUNDS.total_seconds(),
            "max_updates_per_hour": 100_000,
            "max_public_messages_per_hour": 100_000,
            "log_level": "warning",
        }
        setup = settings_of(zendesk, folder, oauth_scope="read webhooks:write", clock_url=served.url)
        with closing(EmulatedClock(served.url)) as clock, wire_of(setup, clock) as wire:
            secret = register_webhook(wire, "Ronda", f"http://127.0.0.1:{port}/webhooks/zendesk").secret
        environment = environment_of(values_of(zendesk, folder) | settings | {"webhook_secret": secret})
        service = Service(folder, environment).start()
        try:
            year = Year(zendesk, served, service, days, tickets, seed, say)
            with year.watching(folder / "ronda.sqlite"):
                yield year
        finally:
            service.stop()
