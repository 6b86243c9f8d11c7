"""Running scenarios: tell the story, judge it, plan, and compare with what was expected. Pure: text in, results out."""

from collections.abc import Iterator
from typing import assert_never

from rules.cast import Cast
from rules.expectation import differences_between
from rules.look_in_memory import Look, look_at
from rules.mode import Mode
from rules.outcome import Result, outcome_of
from rules.pack import Pack
from rules.queue import judge_queue
from rules.report_expectation import differences_in_report
from rules.scenario import Scenario
from rules.scenario_file import parse_scenarios
from rules.scenario_values import EVERY_RULE
from rules.surroundings import queue_of, snapshot_of
from rules.verdict import Complies, CouldNotTell, DoesNotApply, Exempt, Verdict, Violates


def run_scenarios(text: str, source: str, pack: Pack, only: str = "") -> tuple[Result, ...]:
    """Run a file's scenarios whose name holds ``only``. Raises Unusable where the file is wrong."""
    stories = parse_scenarios(text, source, pack)
    return tuple(
        run(scenario, with_modes(pack, scenario.modes or stories.modes), stories.cast, line)
        for scenario, line in zip(stories.scenarios, stories.lines, strict=True)
        if only.casefold() in scenario.name.casefold()
    )


def run(scenario: Scenario, pack: Pack, cast: Cast, line: int = 1) -> Result:
    """Judge one scenario by the pack, whose rules have their modes already."""
    if scenario.opened is None:
        reports = judge_queue(pack.rules, queue_of(scenario, pack, cast), pack.desk.exemptions)
        ids = {other.name: number for number, other in enumerate(scenario.queue, 1)}
        called = {
            word: frozenset({getattr(cast.by_name.get(word), "name", None), ids.get(word)} - {None})
            for word in ids.keys() | cast.by_name.keys()
        }
        differences = tuple(differences_in_report(scenario.expect.report, reports, called))
        return Result(scenario.name, line, outcome_of(differences, scenario.todo), differences, (), scenario.todo)
    look = look_at(snapshot_of(scenario, scenario.opened, pack, cast), pack)
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
