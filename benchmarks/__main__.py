"""`python -m benchmarks [NAME ...] [--json FILE]`: figures of one run, as a table and if wanted as JSON.

The exit code is 0 whatever the figures are: they are read by people, on a machine that others may be using. It is 1
if a benchmark could not be run.
"""

import argparse
import json
import os
import platform
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

from benchmarks import audit, calls, history, idle, judge, latency, promises, webhooks
from benchmarks.figures import Figure
from ronda.logs import configure_logging

BENCHMARKS: dict[str, Callable[[], Iterator[Figure]]] = {
    "webhooks": webhooks.measure,
    "latency": latency.measure,
    "calls": calls.measure,
    "idle": idle.measure,
    "judge": judge.measure,
    "promises": promises.measure,
    "history": history.measure,
    "audit": audit.measure,
}


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser("python -m benchmarks", description="Figures, each with its aim beside it.")
    parser.add_argument("names", nargs="*", metavar="NAME", help=f"of {', '.join(BENCHMARKS)}; all by default")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the figures there too")
    wanted = parser.parse_args(arguments)
    unknown = [name for name in wanted.names if name not in BENCHMARKS]
    if unknown:
        parser.error(f"no benchmark is called {unknown[0]!r}; there are {', '.join(BENCHMARKS)}")
    configure_logging("text", "error")
    began = time.monotonic()
    print(_machine())
    found: dict[str, list[Figure]] = {}
    failed = False
    for name in wanted.names or BENCHMARKS:
        print(f"\n{name}", flush=True)
        found[name] = []
        try:
            for figure in BENCHMARKS[name]():
                found[name].append(figure)
                print(figure, flush=True)
        except Exception as error:  # the other benchmarks can still be run
            failed = True
            print(f"  {name} could not be run: {type(error).__name__}: {error}", file=sys.stderr, flush=True)
    print(f"\n{time.monotonic() - began:.0f} s")
    if wanted.json is not None:
        figures = {name: [figure.as_json() for figure in measured] for name, measured in found.items()}
        document = {"machine": _machine(), "figures": figures}
        wanted.json.write_text(json.dumps(document, ensure_ascii=False, indent=2) + "\n", encoding="utf-8")
    return 1 if failed else 0


def _machine() -> str:
    busy = f"load average {os.getloadavg()[0]:.1f}"
    return f"Python {platform.python_version()}, {os.cpu_count()} processors, {platform.machine()}, {busy}"


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
