"""The clock of an emulator, for a service that runs on it: simulations advance it and wait."""

from datetime import UTC, datetime

import httpx


class EmulatedClock:
    """``url``: the emulator's address. Every ``now()`` is one request, so that the clock is nobody's copy."""

    def __init__(self, url: str) -> None:
        self._client = httpx.Client(base_url=url, trust_env=False, timeout=10.0)

    def now(self) -> datetime:
        return datetime.fromtimestamp(self._client.get("/emulator/clock").json()["seconds"], UTC)

    def close(self) -> None:
        self._client.close()
