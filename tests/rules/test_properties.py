"""What holds for every ticket and both desks, every rule enforced: on stories that hypothesis makes up."""

from dataclasses import dataclass, replace
from datetime import timedelta
from functools import cache

import pytest
from hypothesis import given, note, settings
from hypothesis import strategies as st

from ronda.packs import load_pack
from rules.cast import Cast, ScenarioPerson, cast_of
from rules.check_search import written
from rules.exemption import exempting_tags
from rules.judge import judge
from rules.look_in_memory import carried_out, look_at
from rules.mode import Mode
from rules.pack import Pack
from rules.plan import Plan
from rules.planner import plan
from rules.sample_stories import Story, Vocabulary, story, vocabulary_of
from rules.scenario import Opened, Scenario
from rules.scenario_run import with_modes
from rules.snapshot import Snapshot
from rules.surroundings import snapshot_of
from rules.verdict import DoesNotApply, Exempt

# The rules whose document has them write to the customer; every other rule that tells, tells agents.
WRITES_TO_CUSTOMERS = {"commerce.identity", "commerce.complete", "commerce.stand-by"}

EXAMPLES = settings(max_examples=50)  # `ronda check` searches through more, on every run of its own tests
PACKS = pytest.mark.parametrize("name", ["website", "commerce"])


@dataclass(frozen=True)
class Desk:
    pack: Pack
    words: Vocabulary
    cast: Cast


@cache
def desk(name: str) -> Desk:
    """A shipped desk with every rule enforced, those that ship off too."""
    shipped = load_pack(name)
    pack = with_modes(shipped, {rule.id: Mode.ENFORCE for rule in shipped.rules})
    words = vocabulary_of(pack)
    return Desk(pack, words, cast_of(pack, {k: ScenarioPerson.model_validate(v) for k, v in words.people.items()}))


@dataclass(frozen=True)
class Told:
    """A made-up story, which may be told again and again."""

    desk: Desk
    story: Story

    def seen(self) -> Snapshot:
        opened = Opened.model_validate(self.story["opened"], context=self.desk.cast)
        scenario = Scenario.model_validate(self.story, context=self.desk.cast)
        return snapshot_of(scenario, opened, self.desk.pack, self.desk.cast)

    def __repr__(self) -> str:
        return written(self.story, self.desk.words)


def stories_of(name: str) -> st.SearchStrategy[Told]:
    return st.randoms(use_true_random=False).map(lambda random: Told(desk(name), story(desk(name).words, random)))


def planned(pack: Pack, seen: Snapshot) -> Plan:
    return plan(judge(pack.rules, seen, pack.desk.exemptions), pack.messages, pack.desk.language)


def what_it_does(some: Plan) -> object:
    """A plan apart from the order of sentences in its comments."""
    updates = [
        (
            dict(update.fields),
            update.add_tags,
            update.remove_tags,
            update.followers,
            update.told,
            update.comment
            and (update.comment.public, sorted(update.comment.text.split()), set(update.comment.mentions)),
        )
        for update in some.updates
    ]
    return updates, sorted(ticket.external_id for ticket in some.tickets)


@PACKS
@EXAMPLES
@given(data=st.data())
def test_cures_converge(name: str, data: st.DataObject) -> None:
    look = look_at(data.draw(stories_of(name)).seen(), desk(name).pack)
    note(str(look.plan))
    assert look.plan_again.is_empty


@PACKS
@EXAMPLES
@given(data=st.data(), later=st.timedeltas(timedelta(), timedelta(days=9)))
def test_no_cause_is_told_twice(name: str, data: st.DataObject, later: timedelta) -> None:
    seen, pack = data.draw(stories_of(name)).seen(), desk(name).pack
    first = planned(pack, seen)
    afterwards = carried_out(seen, first)
    second = planned(pack, replace(afterwards, as_of=seen.as_of + later))
    assert not all_told(first) & all_told(second)


def all_told(some: Plan) -> frozenset[str]:
    return frozenset().union(*(update.told for update in some.updates))


@PACKS
@EXAMPLES
@given(data=st.data())
def test_same_input_gives_the_same_verdicts(name: str, data: st.DataObject) -> None:
    told = data.draw(stories_of(name))
    rules = desk(name).pack.rules
    assert judge(rules, told.seen()).all == judge(rules, told.seen()).all


@PACKS
@EXAMPLES
@given(data=st.data())
def test_order_of_rules_does_not_matter(name: str, data: st.DataObject) -> None:
    seen, pack = data.draw(stories_of(name)).seen(), desk(name).pack
    order = data.draw(st.permutations(range(len(pack.rules))))
    mixed = pack.model_copy(update={"rules": tuple(pack.rules[place] for place in order)})
    verdicts = {each.rule.id: each.verdict for each in judge(pack.rules, seen).all}
    assert {each.rule.id: each.verdict for each in judge(mixed.rules, seen).all} == verdicts
    assert what_it_does(planned(mixed, seen)) == what_it_does(planned(pack, seen))


@PACKS
@EXAMPLES
@given(data=st.data())
def test_exempt_ticket_is_never_touched(name: str, data: st.DataObject) -> None:
    seen, pack = data.draw(stories_of(name)).seen(), desk(name).pack
    assert planned(pack, tagged(seen, exempting_tags("any.rule")[0])).is_empty


@PACKS
@EXAMPLES
@given(data=st.data())
def test_ticket_exempt_from_one_rule_is_not_touched_by_it(name: str, data: st.DataObject) -> None:
    seen, pack = data.draw(stories_of(name)).seen(), desk(name).pack
    rule = pack.rules[data.draw(st.integers(0, len(pack.rules) - 1))]
    excused = tagged(seen, exempting_tags(rule.id)[1])
    verdict = next(each.verdict for each in judge(pack.rules, excused).all if each.rule == rule)
    assert isinstance(verdict, Exempt | DoesNotApply)
    assert all(rule.id not in update.rules for update in planned(pack, excused).updates)


def tagged(seen: Snapshot, tag: str) -> Snapshot:
    return replace(seen, ticket=replace(seen.ticket, tags=seen.ticket.tags | {tag}))


@PACKS
@EXAMPLES
@given(data=st.data())
def test_no_plan_contradicts_itself(name: str, data: st.DataObject) -> None:
    seen, pack = data.draw(stories_of(name)).seen(), desk(name).pack
    made = planned(pack, seen)
    note(str(made))
    assert made.conflicts == ()
    assert len(made.updates) <= 2
    comments = [update.comment for update in made.updates if update.comment]
    assert len({comment.public for comment in comments}) == len(comments)
    for update in made.updates[1:]:
        assert not update.fields
        assert not update.add_tags | update.remove_tags
    for update in made.updates:
        assert not update.add_tags & update.remove_tags
        for field, value in update.fields.items():
            assert getattr(seen.ticket, field) != value


@PACKS
@EXAMPLES
@given(data=st.data())
def test_who_is_assigned_is_in_the_group(name: str, data: st.DataObject) -> None:
    """Zendesk refuses anything else."""
    seen, pack = data.draw(stories_of(name)).seen(), desk(name).pack
    made = planned(pack, seen)
    if any("assignee" in update.fields for update in made.updates):
        after = carried_out(seen, made).ticket
        assert after.assignee is None or after.group is None or after.group in after.assignee.groups


@PACKS
@EXAMPLES
@given(data=st.data())
def test_nothing_public_is_planned_by_a_rule_that_tells_agents(name: str, data: st.DataObject) -> None:
    seen, pack = data.draw(stories_of(name)).seen(), desk(name).pack
    for update in planned(pack, seen).updates:
        if update.comment and update.comment.public:
            assert {told.partition(":")[0] for told in update.told} <= WRITES_TO_CUSTOMERS


@PACKS
@EXAMPLES
@given(data=st.data(), status=st.sampled_from(["solved", "closed", "deleted"]))
def test_solved_closed_and_deleted_tickets_are_left_alone(name: str, data: st.DataObject, status: str) -> None:
    seen, pack = data.draw(stories_of(name)).seen(), desk(name).pack
    assert planned(pack, replace(seen, ticket=replace(seen.ticket, status=status))).is_empty
