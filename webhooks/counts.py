"""What came in since the start, in numbers: the service shows them as metrics."""

from collections import Counter
from dataclasses import dataclass, field
from datetime import datetime


@dataclass(slots=True)
class Counts:
    """Changed by the event loop's thread only; any thread may read.

    ``answers`` counts by HTTP status. The others are parts of the 200s: ``old`` were looked at like new ones,
    ``replayed`` had been seen before, ``without_ticket`` told of nothing to look at, ``by_second_secret`` came while a
    secret was being rotated (when it stands still, the old secret can go), ``tests`` were signed with the public
    test secret.
    """

    answers: Counter[int] = field(default_factory=Counter)
    old: int = 0
    replayed: int = 0
    without_ticket: int = 0
    by_second_secret: int = 0
    tests: int = 0
    last_verified_at: datetime | None = None
