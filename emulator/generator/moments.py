"""When things happen on an invented desk: customers at all hours, agents from nine to six on working days."""

import random

HOUR = 3600
DAY = 24 * HOUR
OFFSET = -3 * HOUR  # local time in São Paulo
_BY_WEEKDAY = (1.0, 1.0, 0.95, 0.95, 0.9, 0.35, 0.25)  # Monday first: how busy a day is
OPENS, SHUTS = 9 * HOUR, 18 * HOUR


def weekday(at: float) -> int:
    """0 is Monday, in local time."""
    return int((at + OFFSET) // DAY + 3) % 7


def opening_moments(rng: random.Random, count: int, begin: float, until: float) -> list[int]:
    """So many moments between two times, in order: more on working days, most of them in the daytime."""
    first, days = int(begin + OFFSET) // DAY, max(1, int((until - begin) // DAY))
    moments: list[int] = []
    while len(moments) < count:
        day = (first + rng.randrange(days)) * DAY - OFFSET
        if rng.random() > _BY_WEEKDAY[weekday(day)]:
            continue
        hour = rng.gauss(10.5, 1.8) if rng.random() < 0.55 else rng.gauss(15.5, 3.0)
        at = int(day + hour % 24 * HOUR)
        if begin <= at < until:
            moments.append(at)
    moments.sort()
    return moments


def working(rng: random.Random, at: float) -> float:
    """This moment if agents work then, else one in the first hour in which they do."""
    local = at + OFFSET
    midnight = local - local % DAY
    if weekday(at) < 5 and OPENS <= local % DAY < SHUTS:
        return at
    if local % DAY >= SHUTS or weekday(at) >= 5:
        midnight += DAY
    while weekday(midnight - OFFSET) >= 5:
        midnight += DAY
    return midnight - OFFSET + OPENS + rng.random() * HOUR


def after(rng: random.Random, at: float, hours: float) -> float:
    """Some time later: half of the times before `hours`, seldom long after."""
    return at + max(60.0, hours * HOUR * rng.lognormvariate(0.0, 0.8))
