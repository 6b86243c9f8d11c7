"""A small desk with rules that are easily predicted, for tests of what runs packs."""

from datetime import timedelta
from typing import Any

from rules.mode import Mode
from rules.outcome import Result
from rules.pack import Desk, Pack, PackField, PackPerson
from rules.rule import Rule
from rules.scenario import Opened
from rules.scenario_file import Stories
from rules.scenario_run import run_scenarios
from rules.snapshot import Snapshot
from rules.team import Team
from rules.verdict import Cause, Complies, DoesNotApply, Verdict, Violates
from tests.rules.tools import WEBSITE, messages


class OnTag(Rule):
    """Violated while a tag is set, unless a note or reply has told about it: answers with given actions."""

    tag: str
    actions: tuple[Any, ...] = ()
    again: timedelta | None = None

    def check(self, seen: Snapshot) -> Verdict:
        if self.tag not in seen.ticket.tags:
            return DoesNotApply("tag")
        causes = (Cause("tag", seen.ticket.created_at),)
        again = seen.as_of + self.again if self.again else None
        if not self.untold(seen, causes):
            return Violates("violation.group", {"found": "x"}, causes=causes, look_again_at=again)
        return Violates("violation.group", {"found": "x"}, self.actions, causes, again)


class WaitsADay(Rule):
    def check(self, seen: Snapshot) -> Verdict:
        return Complies(look_again_at=seen.ticket.created_at + timedelta(days=1))


DESK = Desk(
    pack="tiny",
    groups=(WEBSITE, "Suporte"),
    people={"Jenyfer Lima": None, "Bryan": PackPerson(id=7, absent=("2026-03-11/2026-03-12",))},
    fields={"standby_reason": PackField(values=("waiting-it", "propagation")), "note": None},
    teams={"website": Team(group=WEBSITE, members=("Jenyfer Lima",))},
)


def tiny_pack(*rules: Rule) -> Pack:
    return Pack(desk=DESK, rules=rules, messages=messages(), digest="0")


def on_tag(rule_id: str, *actions: object, mode: Mode = Mode.ENFORCE, **fields: Any) -> OnTag:
    """A rule that is violated on tickets with its own id's last word as a tag."""
    return OnTag(id=rule_id, cites="Z1", tag=rule_id.rpartition(".")[2], actions=actions, mode=mode, **fields)


HEAD = """\
pack: tiny
people:
  carla: {name: Carla Souza, locale: es-MX, organization: Loja Azul}
  paulo: {name: Paulo Dias, groups: [Suporte]}
  rita: {name: Rita Alves, role: agent}
"""


def results(pack: Pack, text: str, only: str = "") -> tuple[Result, ...]:
    """Run scenarios given without the head."""
    return run_scenarios(HEAD + text, "tiny.yaml", pack, only)


def scenario(text: str) -> str:
    """One scenario's keys as a whole list of scenarios."""
    lines = "".join(f"    {line}\n" for line in text.strip().splitlines())
    return "scenarios:\n  - name: one\n" + lines


def first_opened(stories: Stories) -> Opened:
    """How the first scenario's ticket began."""
    opened = stories.scenarios[0].opened
    assert opened is not None
    return opened
