"""`make promise-year`: the whole year, and what was counted."""

import argparse
import sys
import tempfile
import time
from pathlib import Path

from tests.simulation.year import a_year


def main() -> int:
    """0 if nothing was missed, doubled, or sent to who does not wait; else 1."""
    parser = argparse.ArgumentParser(prog="promise-year", description=__doc__)
    parser.add_argument("--days", type=float, default=365)
    parser.add_argument("--tickets", type=int, default=500)
    parser.add_argument("--seed", type=int, default=7)
    said = parser.parse_args()
    began = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="promise-year-") as folder:
        tell = lambda line: print(line, file=sys.stderr, flush=True)  # noqa: E731, T201 # progress
        with a_year(Path(folder), days=said.days, tickets=said.tickets, seed=said.seed, say=tell) as year:
            counts = year.live()
            did = ", ".join(f"{name} {count}" for name, count in sorted(year.did.items()))
    for where in (*counts.missed, *counts.doubled, *counts.to_nobody_waiting, *counts.at_night):
        print(where)  # noqa: T201 # what is wrong
    print(f"promise-year: {said.days:g} days, seed {said.seed}, {time.monotonic() - began:.0f} s; {did}")  # noqa: T201
    print(f"promise-year: {counts}")  # noqa: T201 # the result
    return 0 if counts.is_clean else 1


if __name__ == "__main__":
    sys.exit(main())
