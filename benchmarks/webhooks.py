"""Webhook answers with the durable commit, beside the same route with the commit left out."""

import contextlib
import json
import os
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from statistics import median

import psutil

from benchmarks.figures import Aim, Figure, middle
from benchmarks.places import ROOT, working_folder
from emulator.server import serve
from ronda.demo import DEMO

SECRET = "for-the-benchmark-only"  # noqa: S105 # signs nothing but our own deliveries
VARIANTS = ("durable", "forgetful")
CONNECTIONS = {1: 800, 32: 4000}  # and how many deliveries a run
RATIO_AT_32 = Aim(0.8, at_least=True)


@dataclass(frozen=True, slots=True)
class Run:
    """One run of the load generator."""

    rate: float  # answers per second
    p50: float  # milliseconds
    p99: float
    busy: float  # share of one processor that the load generator needed
    cost: float = 0.0  # milliseconds of processor time an answer, in the server


@dataclass(frozen=True, slots=True)
class Server:
    port: int
    process: psutil.Process

    def processor_time(self) -> float:
        """Seconds so far, of all threads."""
        times = self.process.cpu_times()
        return float(times.user + times.system)


def measure(*, runs: int = 7, share: float = 1.0) -> Iterator[Figure]:
    """Durable and forgetful take turns in the same minute; ``share`` of the usual number of deliveries a run."""
    with contextlib.ExitStack() as ending:
        folder = ending.enter_context(working_folder())
        zendesk = ending.enter_context(serve((DEMO / "desk.yaml").read_text(encoding="utf-8")))
        servers = {name: ending.enter_context(_server(name, zendesk.url, folder)) for name in VARIANTS}
        yield middle("one flush of 4 kB to this disk (fsync)", _flushes(folder), "ms")
        sent = 0
        for connections, usual in CONNECTIONS.items():
            count = max(int(usual * share), connections)
            found: dict[str, list[Run]] = {name: [] for name in VARIANTS}
            for turn in range(runs + 1):
                for name in VARIANTS:
                    run = _load(servers[name], connections, count, seed=1000 * connections + turn)
                    if turn:  # the first one warms up
                        found[name].append(run)
                sent += count
            yield from _figures(connections, found)
        stored = _stored(folder / "durable.sqlite")
        if stored != sent:
            raise RuntimeError(f"{sent} deliveries were answered and {stored} are in the file")


def _figures(connections: int, found: dict[str, list[Run]]) -> Iterator[Figure]:
    durable, forgetful = found["durable"], found["forgetful"]
    at = f"{connections} connection{'s' if connections > 1 else ''}"
    busy = f"load generator busy {median(run.busy for run in durable + forgetful):.0%}"
    yield middle(f"{at}: answers with the commit", [run.rate for run in durable], "/s", note=busy)
    yield middle(f"{at}: answers without it", [run.rate for run in forgetful], "/s")
    ratios = [one.rate / other.rate for one, other in zip(durable, forgetful, strict=True)]
    yield middle(f"{at}: ratio", ratios, "", RATIO_AT_32 if connections == 32 else None)
    yield middle(f"{at}: processor time an answer, with the commit", [run.cost for run in durable], "ms")
    yield middle(f"{at}: processor time an answer, without it", [run.cost for run in forgetful], "ms")
    yield middle(f"{at}: p50 with the commit", [run.p50 for run in durable], "ms")
    yield middle(f"{at}: p99 with the commit", [run.p99 for run in durable], "ms")
    yield middle(f"{at}: p50 without it", [run.p50 for run in forgetful], "ms")
    yield middle(f"{at}: p99 without it", [run.p99 for run in forgetful], "ms")


@contextlib.contextmanager
def _server(variant: str, zendesk: str, folder: Path) -> Iterator[Server]:
    """The process that answers."""
    environment = {
        "RONDA_ZENDESK_URL": zendesk,
        "RONDA_OAUTH_CLIENT_ID": "ronda",
        "RONDA_OAUTH_CLIENT_SECRET": "demo-only",
        "RONDA_WEBHOOK_SECRET": SECRET,
        "RONDA_DATA": str(folder / f"{variant}.sqlite"),
        "RONDA_LOG_LEVEL": "warning",
    }
    with subprocess.Popen(
        [sys.executable, "-m", "benchmarks.webhook_server", variant],
        stdout=subprocess.PIPE,
        text=True,
        cwd=ROOT,
        env={**{key: value for key, value in os.environ.items() if not key.startswith("RONDA_")}, **environment},
    ) as process:
        try:
            assert process.stdout is not None  # noqa: S101 # it is a pipe
            said = process.stdout.readline()
            if not said.startswith("webhooks: "):
                raise RuntimeError(f"the {variant} server did not start")
            yield Server(int(said.split()[1]), psutil.Process(process.pid))
        finally:
            process.terminate()


def _load(server: Server, connections: int, count: int, seed: int) -> Run:
    arguments = ["127.0.0.1", str(server.port), SECRET, str(connections), str(count), str(seed)]
    before = server.processor_time()
    done = subprocess.run(
        [sys.executable, "-m", "benchmarks.load", *arguments], check=True, stdout=subprocess.PIPE, timeout=60, cwd=ROOT
    )
    worked = server.processor_time() - before
    return Run(**json.loads(done.stdout), cost=worked / count * 1000)


def _flushes(folder: Path) -> list[float]:
    """Milliseconds that a small write takes to reach the disk: what a commit costs at the least."""
    took = []
    with (folder / "flush").open("wb", buffering=0) as file:
        for _ in range(50):
            began = time.perf_counter()
            file.write(bytes(4096))
            os.fsync(file.fileno())
            took.append((time.perf_counter() - began) * 1000)
    return took


def _stored(path: Path) -> int:
    with contextlib.closing(sqlite3.connect(path)) as connection:
        return int(connection.execute("SELECT count(*) FROM deliveries").fetchone()[0])
