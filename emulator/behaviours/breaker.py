"""The circuit breaker of one webhook: open after too many errors in five minutes."""

from collections import deque

from emulator.switches import Switches

WINDOW = 300.0
MOST_ERRORS = 1_000
SHARE = 0.7


class Breaker:
    def __init__(self) -> None:
        self._outcomes: deque[tuple[float, bool]] = deque()
        self._open_until = 0.0

    def is_open(self, now: float) -> bool:
        return now < self._open_until

    def record(self, now: float, *, failed: bool, switches: Switches) -> None:
        """Note an outcome; open the circuit if errors are too many or too large a share."""
        self._outcomes.append((now, failed))
        while self._outcomes and self._outcomes[0][0] < now - WINDOW:
            self._outcomes.popleft()
        errors = sum(failed for _, failed in self._outcomes)
        total = len(self._outcomes)
        too_many = errors > MOST_ERRORS or (total >= switches.breaker_floor and errors / total >= SHARE)
        if failed and too_many and switches.breaker_enabled:
            self._open_until = now + switches.breaker_pause
            self._outcomes.clear()
