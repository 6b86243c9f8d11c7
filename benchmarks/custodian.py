"""The conditions of packs beside Cloud Custodian's filters: the same tickets, the same questions, the same answers.

Custodian (https://cloudcustodian.io) gets an environment of its own, made at first use from requirements/c7n.txt, and
runs in a process of its own (`custodian_process.py`). Its tickets are plain resources, as JSON gives them; ours are
the values that the gateway makes. Both are asked condition after condition over all tickets, and must find the same.
"""

import json
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from typing import Any

from benchmarks.figures import Aim, Figure, middle
from benchmarks.places import ROOT, working_folder
from benchmarks.tickets import snapshots
from ronda.packs import load_pack
from rules.condition import Condition
from rules.snapshot import Snapshot
from rules.ticket import Person, Value

ENVIRONMENT = ROOT / ".venv-c7n"
PINNED = ROOT / "requirements" / "c7n.txt"
PROGRAM = Path(__file__).parent / "custodian_process.py"
INSTALL_WITHIN = 120  # seconds
NOT_SLOWER = Aim(1, at_least=True)


class NoCustodian(Exception):
    """Its environment could not be made; the text says why."""


@dataclass(frozen=True, slots=True)
class Question:
    """One condition as a pack says it (``when``), and as a policy of Custodian's says it."""

    when: Mapping[str, Any]
    filter: Mapping[str, Any]


def _value(key: str, value: object, op: str | None = None) -> dict[str, Any]:
    return {"type": "value", "key": key, "value": value} | ({"op": op} if op else {})


QUESTIONS = (
    Question({"group": "Suporte"}, _value("group", "Suporte")),
    Question({"status": ["new", "open"]}, _value("status", ["new", "open"], "in")),
    Question({"assignee": None}, _value("assignee", "absent")),
    Question({"tags": "vip"}, _value("tags", "vip", "contains")),
    Question({"fields": {"standby_reason": "waiting-it"}}, _value("fields.standby_reason", "waiting-it")),
    Question(
        {
            "group": "Suporte",
            "status": ["open", "pending"],
            "channel": ["email", "web"],
            "priority": ["high", "urgent"],
        },
        {
            "and": [
                _value("group", "Suporte"),
                _value("status", ["open", "pending"], "in"),
                _value("channel", ["email", "web"], "in"),
                _value("priority", ["high", "urgent"], "in"),
            ]
        },
    ),
    Question(
        {"any": [{"tags": "vip"}, {"priority": "urgent"}, {"group": "Financeiro"}], "not": {"status": "hold"}},
        {
            "and": [
                {
                    "or": [
                        _value("tags", "vip", "contains"),
                        _value("priority", "urgent"),
                        _value("group", "Financeiro"),
                    ]
                },
                {"not": [_value("status", "hold")]},
            ]
        },
    ),
)


def measure(*, tickets: int, runs: int) -> Iterator[Figure]:
    """Raises NoCustodian."""
    python = _environment()
    seen = list(snapshots(load_pack("commerce").desk, tickets, seed=1))
    ours, found = answered(seen, runs)
    with working_folder() as folder:
        theirs, answer = _theirs(python, seen, runs, folder)
    if answer["ids"] != found:
        raise RuntimeError("the two find different tickets: the questions are not the same")
    what = f"{len(QUESTIONS)} conditions, {tickets:,} tickets"
    yield middle(f"conditions on fields, Ronda: {what}", ours, "tickets/s")
    yield middle(f"conditions on fields, Custodian {answer['version']}", theirs, "tickets/s")
    yield Figure("conditions on fields, Ronda to Custodian", median(ours) / median(theirs), "", NOT_SLOWER)


def answered(seen: Sequence[Snapshot], runs: int) -> tuple[list[float], list[list[int]]]:
    """Tickets per second, run by run, and the ids of those for which each condition holds."""
    conditions = [Condition.model_validate(question.when) for question in QUESTIONS]
    rates = []
    for _ in range(runs):
        began = time.process_time()
        found = [[each for each in seen if condition.failing(each) is None] for condition in conditions]
        rates.append(len(seen) / (time.process_time() - began))
    return rates, [[each.ticket.id for each in matching] for matching in found]


def _theirs(python: Path, seen: Sequence[Snapshot], runs: int, folder: Path) -> tuple[list[float], dict[str, Any]]:
    resources, filters = folder / "tickets.json", folder / "filters.json"
    resources.write_text(json.dumps([_resource(each) for each in seen]), encoding="utf-8")
    filters.write_text(json.dumps([question.filter for question in QUESTIONS]), encoding="utf-8")
    done = subprocess.run(
        [python, PROGRAM, resources, filters, str(runs)], check=True, stdout=subprocess.PIPE, timeout=120
    )
    answer: dict[str, Any] = json.loads(done.stdout)
    return [len(seen) / seconds for seconds in answer["seconds"]], answer


def _resource(seen: Snapshot) -> dict[str, Any]:
    ticket = seen.ticket
    return {
        "id": ticket.id,
        "subject": ticket.subject,
        "description": ticket.description,
        "status": ticket.status,
        "priority": ticket.priority,
        "type": ticket.type,
        "group": ticket.group,
        "assignee": _plain(ticket.assignee),
        "requester": _plain(ticket.requester),
        "channel": ticket.via.channel,
        "tags": sorted(ticket.tags),
        "fields": {name: _plain(value) for name, value in ticket.fields.items()},
        "form": ticket.form,
        "brand": ticket.brand,
        "organization": ticket.organization,
    }


def _plain(value: Value) -> object:
    return value.name if isinstance(value, Person) else value


def _environment() -> Path:
    """Custodian's Python; the environment is made if it is not there or was made from other pins."""
    python = ENVIRONMENT / "bin" / "python"
    made_from = ENVIRONMENT / "made-from.txt"
    pins = PINNED.read_text(encoding="utf-8")
    if made_from.is_file() and made_from.read_text(encoding="utf-8") == pins:
        return python
    try:
        for arguments in (
            ["venv", "--quiet", "--clear", "--python", sys.executable, str(ENVIRONMENT)],
            ["pip", "sync", "--quiet", "--require-hashes", "--python", str(python), str(PINNED)],
        ):
            subprocess.run(
                [sys.executable, "-m", "uv", *arguments],
                check=True,
                capture_output=True,
                text=True,
                timeout=INSTALL_WITHIN,
            )
    except subprocess.CalledProcessError as error:
        raise NoCustodian(f"Cloud Custodian cannot be installed: {error.stderr.strip()}") from error
    except subprocess.TimeoutExpired as error:
        raise NoCustodian(f"Cloud Custodian was not installed within {INSTALL_WITHIN} s") from error
    made_from.write_text(pins, encoding="utf-8")
    return python
