"""Rate limits in two layers: the account's by plan, and those of single endpoints, with their headers (RATE)."""

from dataclasses import dataclass

from emulator.account import Account
from emulator.refusals import Refusal

BY_PLAN = {
    "suite-team": 200,
    "suite-growth": 400,
    "suite-professional": 400,
    "suite-enterprise": 700,
    "suite-enterprise-plus": 2_500,
    "support-essential": 10,
    "support-team": 200,
    "support-professional": 400,
    "support-enterprise": 700,
}
HIGH_VOLUME = 2_500
UPDATES_OF_ONE_TICKET = 30  # by one user in ten minutes

# bucket -> (per minute, with High Volume, on a sandbox)
ENDPOINTS: dict[str, tuple[int, int, int]] = {
    "tickets-update": (100, 300, 20),
    "incremental-exports": (10, 30, 10),
    "search-index": (2_500, 2_500, 2_500),
    "search-export": (100, 100, 100),
    "ticket-audits": (500, 500, 500),
    "ticket-fields": (300, 300, 40),
    "tickets-delete": (400, 400, 400),
    "deleted-tickets": (10, 10, 10),
}
OWN_BUCKET_ONLY = frozenset({"search-index", "search-export"})  # these do not count for the account
WORDS = {
    "incremental-exports": "incremental export API",
    "tickets-update": "ticket update API",
    "search-index": "search API",
    "search-export": "search export API",
}


@dataclass(slots=True)
class Window:
    """Requests of one bucket since `began`."""

    began: float
    length: float
    used: int = 0

    def resets(self, now: float) -> int:
        return max(1, int(self.began + self.length - now + 0.999))


class Limits:
    """Counts requests in fixed windows of the emulator's clock."""

    def __init__(self, account: Account, *, enabled: bool = True) -> None:
        self.account = account
        self.enabled = enabled
        self._windows: dict[object, Window] = {}

    @property
    def account_limit(self) -> int:
        limit = BY_PLAN[self.account.plan]
        return max(limit, HIGH_VOLUME) if self.account.high_volume else limit

    def limit_of(self, bucket: str) -> int:
        usual, high_volume, sandbox = ENDPOINTS[bucket]
        if self.account.sandbox:
            return sandbox
        return high_volume if self.account.high_volume else usual

    def take(self, bucket: str | None, user_id: int | None, ticket_id: int | None) -> dict[str, str]:
        """Count one request; the headers of its answer. Raises Refusal (429) when a bucket is empty."""
        headers: dict[str, str] = {}
        if bucket not in OWN_BUCKET_ONLY:
            headers |= self._take_general()
        if bucket is not None:
            headers |= self._take_endpoint(bucket, headers)
        if bucket == "tickets-update" and ticket_id is not None:
            window = self._window(("ticket", user_id, ticket_id), 600)
            if self.enabled and window.used >= UPDATES_OF_ONE_TICKET:
                raise self._refusal(window, "ticket update API", headers, "10 minutes")
            window.used += 1
        return headers

    def _take_general(self) -> dict[str, str]:
        window, limit = self._window("account", 60), self.account_limit
        full = self.enabled and window.used >= limit
        window.used += not full
        remaining, resets = max(0, limit - window.used), window.resets(self.account.clock.now())
        headers = {
            "X-Rate-Limit": str(limit),
            "X-Rate-Limit-Remaining": str(remaining),
            "ratelimit-limit": str(limit),
            "ratelimit-remaining": str(remaining),
            "ratelimit-reset": str(resets),
        }
        if full:
            raise self._refusal(window, "API", headers)
        return headers

    def _take_endpoint(self, bucket: str, headers: dict[str, str]) -> dict[str, str]:
        window, limit = self._window(bucket, 60), self.limit_of(bucket)
        full = self.enabled and window.used >= limit
        window.used += not full
        resets = window.resets(self.account.clock.now())
        own = {
            f"zendesk-ratelimit-{bucket}": f"total={limit}; remaining={max(0, limit - window.used)}; resets={resets}"
        }
        if full:
            raise self._refusal(window, WORDS.get(bucket, "API"), headers | own)
        return own

    def _window(self, key: object, length: float) -> Window:
        now = self.account.clock.now()
        window = self._windows.get(key)
        if window is None or not window.began <= now < window.began + length:
            window = self._windows[key] = Window(now, length)
        return window

    def _refusal(self, window: Window, what: str, headers: dict[str, str], span: str = "minute") -> Refusal:
        text = f"Number of allowed {what} requests per {span} exceeded"
        after = {"Retry-After": str(window.resets(self.account.clock.now()))}
        plain = self.account.switches.limit_body == "text"
        body = text if plain else {"error": "APIRateLimitExceeded", "description": text}
        return Refusal(429, body, headers | after)
