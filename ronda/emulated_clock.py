"""The clock of an emulator, for a service that runs on it: simulations advance it and wait."""

from datetime import UTC, datetime

import httpx


class ClockUnreachable(Exception):
    """No emulator answers where RONDA_CLOCK_URL says."""


class EmulatedClock:
    """``url``: the emulator's address. Every ``now()`` is one request, so that the clock is nobody's copy."""

    def __init__(self, url: str) -> None:
        self._url = url
        self._client = httpx.Client(base_url=url, trust_env=False, timeout=10.0)

    def now(self) -> datetime:
        """Raises ClockUnreachable."""
        try:
            answer = self._client.get("/emulator/clock").raise_for_status()
            return datetime.fromtimestamp(answer.json()["seconds"], UTC)
        except (httpx.HTTPError, ValueError, KeyError) as error:
            raise ClockUnreachable(f"RONDA_CLOCK_URL: no emulator's clock at {self._url} ({error})") from error

    def close(self) -> None:
        self._client.close()
