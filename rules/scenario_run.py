"""Running scenarios: tell the story, judge it, plan, and compare with what was expected. Pure: text in, results out."""

from collections.abc import Iterator
from typing import assert_never
from zoneinfo import ZoneInfo

from rules.cast import Cast
from rules.expectation import differences_between
from rules.look_in_memory import Look, look_at
from rules.mode import Mode
from rules.outcome import Result, outcome_of
from rules.pack import Pack
from rules.scenario import Scenario
from rules.scenario_file import parse_scenarios
from rules.scenario_schedule import DEFAULT_ZONE
from rules.scenario_values import EVERY_RULE
from rules.snapshot import Snapshot
from rules.story import lived
from rules.verdict import Complies, CouldNotTell, DoesNotApply, Exempt, Verdict, Violates


def run_scenarios(text: str, source: str, pack: Pack, only: str = "") -> tuple[Result, ...]:
    """Run a file's scenarios whose name holds ``only``. Raises Unusable where the file is wrong."""
    file, cast, lines = parse_scenarios(text, source, pack)
    chosen = [
        (each, line) for each, line in zip(file.scenarios, lines, strict=True) if only.lower() in each.name.lower()
    ]
    return tuple(run(scenario, with_modes(pack, scenario.modes or file.modes), cast, line) for scenario, line in chosen)


def run(scenario: Scenario, pack: Pack, cast: Cast, line: int = 1) -> Result:
    """Judge one scenario by the pack, whose rules have their modes already."""
    look = look_at(snapshot_of(scenario, pack, cast), pack)
    differences = tuple(differences_between(scenario.expect, look))
    said = tuple(_said(scenario, look, pack)) if differences else ()
    return Result(scenario.name, line, outcome_of(differences, scenario.todo), differences, said, scenario.todo)


def with_modes(pack: Pack, modes: dict[str, Mode] | None) -> Pack:
    """The pack in these modes: one for every rule that it does not ship off, or a rule's own; all others enforce."""
    if modes is None:
        return pack
    every = modes.get(EVERY_RULE, Mode.ENFORCE)
    awake = {rule.id: every for rule in pack.rules if rule.mode is not Mode.OFF}
    chosen = {**awake, **{rule: mode for rule, mode in modes.items() if rule != EVERY_RULE}}
    return pack.with_rules({rule: {"mode": mode} for rule, mode in chosen.items()})


def snapshot_of(scenario: Scenario, pack: Pack, cast: Cast) -> Snapshot:
    """What a look would see at the moment the scenario is judged."""
    others = [lived(other.opened, other.then, number) for number, other in enumerate(scenario.others, 1)]
    life = lived(scenario.opened, scenario.then, 100 + len(others))
    as_of = life.at + scenario.judged
    schedule = scenario.schedule.schedule if scenario.schedule else None
    today = as_of.astimezone(ZoneInfo(schedule.zone if schedule else DEFAULT_ZONE)).date()
    idle = dict.fromkeys(cast.known, 0)
    return Snapshot(
        as_of=as_of,
        ticket=life.ticket,
        history=life.history,
        people=cast.known,
        requester_tickets=tuple(
            other.ticket
            for other in others
            if other.ticket.requester == life.ticket.requester and other.ticket.status != "closed"
        ),
        workload={**idle, **{person.name: count for person, count in scenario.workload.items()}},
        absent=pack.desk.absent_on(today) | {person.name for person in scenario.absent},
        schedule=schedule,
        read_at=as_of,
    )


def _said(scenario: Scenario, look: Look, pack: Pack) -> Iterator[tuple[str, str]]:
    """What the rules said on which expectation and finding differ, or which a failing plan comes from."""
    found = {rule.id for rule, _ in look.judgement.violations}
    wanted = set(scenario.expect.violations)
    for judged in look.judgement.all:
        if judged.rule.id in found | wanted:
            yield judged.rule.id, in_words(judged.verdict, pack)
    for rule in sorted(wanted - {judged.rule.id for judged in look.judgement.all}):
        yield rule, "off"
    for conflict in look.plan.conflicts:
        yield " and ".join(conflict.rules), f"want different values of {conflict.field}: neither is written"


def in_words(verdict: Verdict, pack: Pack) -> str:
    """A verdict as one line for people, in the pack's language where it is a sentence."""
    match verdict:
        case Complies():
            return "complies"
        case Violates(message, found):
            return f"violates: {pack.messages.text(message, pack.desk.language, found)}"
        case DoesNotApply(condition):
            return f"does not apply: {condition}"
        case Exempt(by):
            return f"exempt by {by}"
        case CouldNotTell(why):
            return f"could not tell: {why}"
        case never:
            assert_never(never)
