"""A search for tickets on which a pack's rules work against each other: shown as the shortest story that still does.

Every rule that is not off is judged in ``enforce``, as it may be one day.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from io import StringIO
from typing import Any

from ruamel.yaml import YAML

from rules.actions import Note, Reply
from rules.cast import Cast, ScenarioPerson, cast_of
from rules.checks import Finding, Level
from rules.look_in_memory import Look, look_at
from rules.mode import Mode
from rules.pack import Pack
from rules.plan import Plan
from rules.queue import QueueRule
from rules.sample_stories import Story, Vocabulary, stories, vocabulary_of
from rules.scenario import Opened, Scenario
from rules.scenario_run import with_modes
from rules.scenario_values import EVERY_RULE
from rules.surroundings import snapshot_of
from rules.verdict import Complies, DoesNotApply, Verdict, Violates

STORIES = 1_500


@dataclass(frozen=True, slots=True)
class Fight:
    """Rules that want different values of a field, or that another look would have act again."""

    rules: frozenset[str]
    message: str


def check_by_search(pack: Pack, seed: int = 0, count: int = STORIES) -> Iterator[Finding]:
    """Look for fights in seeded stories; each is told once, with a story of what is needed for it.

    A message that nobody wrote is told as well.
    """
    enforced = with_modes(pack, {EVERY_RULE: Mode.ENFORCE})
    words = vocabulary_of(pack)
    cast = cast_of(pack, {handle: ScenarioPerson.model_validate(entry) for handle, entry in words.people.items()})
    told: set[Fight] = set()
    keys: dict[str, str] = {}
    idle = {rule.id for rule in enforced.rules if rule.mode > Mode.OFF and not isinstance(rule, QueueRule)}
    for tried in stories(words, seed, count):
        look = look_at_story(tried, enforced, cast)
        idle -= {each.rule.id for each in look.judgement.all if not isinstance(each.verdict, DoesNotApply)}
        for each in look.judgement.all:
            keys |= dict.fromkeys(_keys_of(each.verdict), each.rule.id)
        for fight in sorted(set(_fights(look)) - told, key=lambda fight: fight.message):
            told.add(fight)
            shortest = written(_shortest(tried, fight, enforced, cast), words)
            yield Finding(Level.ERROR, fight.message, min(fight.rules, default=None), story=shortest)
    for key, rule in sorted(keys.items()):
        if lacking := pack.messages.lacking(key):
            yield Finding(Level.ERROR, f"nobody wrote the message {key!r} in {', '.join(lacking)}", rule)
    for rule in sorted(idle):
        yield Finding(Level.WARNING, f"none of {count} tickets that were tried made it apply", rule)


def _keys_of(verdict: Verdict) -> Iterator[str]:
    """The keys of all that a verdict may say."""
    match verdict:
        case Violates(message=message, cures=actions):
            yield message
        case Complies(asides=actions):
            pass
        case _:
            return
    yield from (action.message for action in actions if isinstance(action, Note | Reply))


def look_at_story(story: Story, pack: Pack, cast: Cast) -> Look:
    """Judge and plan a story that is not in a file."""
    opened = Opened.model_validate(story["opened"], context=cast)
    scenario = Scenario.model_validate(story, context=cast)
    return look_at(snapshot_of(scenario, opened, pack, cast), pack)


def _fights(look: Look) -> Iterator[Fight]:
    for conflict in look.plan.conflicts:
        names = " and ".join(conflict.rules)
        yield Fight(
            frozenset(conflict.rules),
            f"{names} want different values of {conflict.field} on one ticket: say which gives way (gives_way_to)",
        )
    if look.converges:
        return
    again = frozenset(rule for update in look.plan_again.updates for rule in update.rules)
    first = frozenset(rule for update in look.plan.updates for rule in update.rules)
    undone = _fields_in(look.plan) & _fields_in(look.plan_again)
    what = f"change {', '.join(sorted(undone))} twice" if undone else "are not done after one update"
    yield Fight(first | again, f"{', '.join(sorted(first | again))}: {what} on one ticket")


def _fields_in(plan: Plan) -> frozenset[str]:
    return frozenset(field for update in plan.updates for field in update.fields)


def _shortest(story: Story, fight: Fight, pack: Pack, cast: Cast) -> Story:
    """Take away whatever can go while the same fight is still seen."""
    for candidate in _smaller(story):
        if fight in _fights(look_at_story(candidate, pack, cast)):
            return _shortest(candidate, fight, pack, cast)
    return story


def _smaller(story: Story) -> Iterator[Story]:
    for key in ("then", "others"):
        for index in range(len(story.get(key, ()))):
            yield {**story, key: [*story[key][:index], *story[key][index + 1 :]]}
    for key in story["opened"]:
        if key not in ("by", "channel"):
            yield {**story, "opened": {name: value for name, value in story["opened"].items() if name != key}}
    for index, line in enumerate(story["then"]):
        for key in line.get("set", ()):
            fewer = {**line, "set": {name: value for name, value in line["set"].items() if name != key}}
            yield {**story, "then": [*story["then"][:index], fewer, *story["then"][index + 1 :]]}
    if story["judged"] != "1m":
        yield {**story, "judged": "1m"}


def written(story: Story, words: Vocabulary) -> str:
    """The story as it would stand in a scenario file."""
    people = {handle: entry for handle, entry in words.people.items() if _names(story, handle)}
    kept = {key: value for key, value in story.items() if value not in ([], "1m")}
    stream = StringIO()
    yaml = YAML()
    yaml.width = 110
    yaml.representer.ignore_aliases = lambda _: True
    yaml.dump({"people": people, "scenarios": [kept]}, stream)
    return stream.getvalue()


def _names(node: Any, handle: str) -> bool:
    if isinstance(node, Mapping):
        return any(_names(value, handle) for value in node.values())
    return any(_names(item, handle) for item in node) if isinstance(node, list) else node == handle
