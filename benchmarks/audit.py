"""A full audit of 100,000 invented tickets within the limits of an Enterprise plan, and one when 1 % have changed.

The emulator's clock goes several times as fast as the wall's, so that the limits' hours fit into minutes. The time that
is told is by that clock, against the shortest time that the limits allow for the printed plan.
"""

import json
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx

from benchmarks.figures import Aim, Figure
from benchmarks.places import ROOT, working_folder

DESK = ROOT / "emulator" / "generator" / "desk.yaml"
PLAN = {"plan: suite-enterprise-plus": "plan: suite-enterprise", "high_volume: true": "high_volume: false"}
WITHIN = 900.0  # real seconds for a desk of this size to be invented, or loaded
MEGABYTE = 1_000_000


def measure(*, tickets: int = 100_000, pack: str = "website") -> Iterator[Figure]:
    with (
        working_folder() as folder,
        _zendesk(folder, tickets) as url,
        httpx.Client(base_url=url, timeout=60) as zendesk,
    ):
        zendesk.post("/emulator/clock", json={"running": False}).raise_for_status()
        full = _audit(folder, url, pack, "all")
        yield from _figures("full audit", full)
        changed = _change(zendesk, tickets, tickets // 100)
        zendesk.post("/emulator/clock", json={"advance": 3600}).raise_for_status()
        again = _audit(folder, url, pack, "changed")
        yield from _figures(f"audit with {changed:,} changed", again)
        share = again["calls"] / full["calls"]
        yield Figure("calls of the second audit", share * 100, "%", Aim(5), note="of the first one's")


def _figures(name: str, told: dict[str, Any]) -> Iterator[Figure]:
    plan, thousands = told["plan"], told["seen"] / 1000
    note = f"plan: {plan['calls']:,} calls, {plan['seconds']:,.0f} s; took {told['took']:,.0f} s"
    if plan["seconds"] >= 60:
        ratio = told["took"] / plan["seconds"]
        yield Figure(f"{name}: time by the shortest possible", ratio, "", Aim(1.05), note=note)
    yield Figure(f"{name}: tickets read", told["seen"], "", note=f"{told['real']:.0f} s of real time")
    refused = f"{told['calls']:,} calls, {told['refused']} refused"
    yield Figure(f"{name}: API calls for 1,000 tickets", told["calls"] / thousands, "", note=refused)
    aim = Aim(1) if thousands >= 10 else None  # of few tickets it is what every start costs
    yield Figure(f"{name}: processor time for 1,000 tickets", told["processor"] / thousands, "s", aim)
    yield Figure(f"{name}: memory (RSS)", told["memory"] / MEGABYTE, "MB", Aim(300))


def _audit(folder: Path, url: str, pack: str, scope: str) -> dict[str, Any]:
    command = [sys.executable, "-m", "benchmarks.audit_process", url, str(folder / "ronda.sqlite"), pack, scope]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    if done.returncode:
        raise RuntimeError(done.stderr.strip().splitlines()[-1])
    told: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return told


def _change(zendesk: httpx.Client, newest: int, wanted: int) -> int:
    """A note by an agent on so many tickets, the newest that are not closed; how many there are."""
    changed = 0
    for ticket in range(newest, 0, -1):
        if changed == wanted:
            break
        act = {"by": "paulo", "ticket": ticket, "note": "Vou verificar."}
        changed += zendesk.post("/emulator/act", json=act).is_success
    return changed


@contextmanager
def _zendesk(folder: Path, tickets: int) -> Iterator[str]:
    """An emulator with an invented desk, as a process; its address."""
    desk, ready = folder / "desk.yaml", folder / "address"
    text = DESK.read_text(encoding="utf-8")
    for before, after in PLAN.items():
        text = text.replace(before, after)
    desk.write_text(text, encoding="utf-8")
    command = [sys.executable, "-m", "emulator", "--desk", str(desk), "--generate", str(tickets)]
    process = subprocess.Popen([*command, "--ready-file", str(ready)], cwd=ROOT, stdout=subprocess.DEVNULL)
    try:
        deadline = time.monotonic() + WITHIN
        while not ready.exists() or not ready.read_text(encoding="utf-8"):
            if process.poll() is not None or time.monotonic() > deadline:
                raise RuntimeError("the emulator did not start")
            time.sleep(0.2)
        yield ready.read_text(encoding="utf-8").strip()
    finally:
        process.terminate()
        process.wait()
