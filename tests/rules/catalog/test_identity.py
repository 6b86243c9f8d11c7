"""Who asks by e-mail for something delicate writes from the store's own address."""

from dataclasses import replace

import pytest

from rules.identity import DOUBTFUL
from rules.snapshot import Snapshot
from rules.verdict import Complies, DoesNotApply, Violates
from tests.rules.commerce import DORA, asked, shipped
from tests.rules.tools import CARLA, HOUR, PAULO, Story, check, cured, planned

rule = shipped("identity")
CHANGE = "Por favor, alterem o telefone da loja para o número novo."
TAG = "nao-identificado"


def flagged(story: Story, flag: int) -> Snapshot:
    """The same with a flag on the last comment."""
    seen = story.seen()
    last = seen.history[-1]
    assert last.comment is not None
    audit = replace(last, comment=replace(last.comment, flags=frozenset({flag})))
    return replace(seen, history=(*seen.history[:-1], audit))


def test_other_channels_are_left_alone() -> None:
    assert check(rule, asked(DORA, channel="chat", description=CHANGE)) == DoesNotApply("by e-mail")


def test_ticket_without_a_word_by_the_requester_is_left_alone() -> None:
    assert check(rule, asked(PAULO, requester=DORA, description=CHANGE)) == DoesNotApply("a message of the requester")


def test_harmless_question_is_left_alone() -> None:
    assert check(rule, asked(DORA)) == DoesNotApply("topic")


def test_identified_requester_complies() -> None:
    assert check(rule, asked(description=CHANGE)) == Complies()


@pytest.mark.parametrize("missing", [{"verified": False}, {"organization": None}])
def test_half_a_proof_is_none(missing: dict[str, object]) -> None:
    requester = replace(CARLA, **missing)  # type: ignore[arg-type] # one field or the other
    assert isinstance(check(rule, asked(requester, description=CHANGE)), Violates)


def test_who_writes_by_the_admin_is_logged_in() -> None:
    assert check(rule, asked(DORA).then(DORA, reply=CHANGE, channel="web_widget")) == Complies()


@pytest.mark.parametrize("flag", sorted(DOUBTFUL))
def test_doubtful_author_is_not_identified(flag: int) -> None:
    assert isinstance(check(rule, flagged(asked(description=CHANGE), flag)), Violates)


def test_automatic_answer_is_no_message() -> None:
    seen = flagged(asked(DORA).then(DORA, reply=CHANGE), 4)
    assert check(rule, seen) == DoesNotApply("topic")


def test_subject_belongs_to_the_first_message_only() -> None:
    story = asked(DORA, subject="Esqueci a senha")
    assert isinstance(check(rule, story), Violates)
    assert check(rule, story.then(DORA, reply="Obrigada!")) == DoesNotApply("topic")


def test_requester_is_asked_publicly_and_marked_once() -> None:
    story = asked(DORA, description=CHANGE)
    assert cured(rule, story).tags == {TAG}
    (update,) = planned(rule, story).updates
    assert update.comment is not None
    assert update.comment.public


def test_nothing_is_asked_again_after_another_request() -> None:
    story = asked(DORA, description=CHANGE).then(PAULO, told=frozenset({"commerce.identity:asked"}))
    assert planned(rule, story.then(DORA, reply="Mas alterem o telefone, por favor.", after=HOUR)).is_empty


def test_a_mark_inherited_by_a_follow_up_does_not_count_as_asked() -> None:
    seen = asked(DORA, description=CHANGE, tags={TAG}).seen()
    assert planned(rule, seen).is_empty
    follow_up = replace(seen, ticket=replace(seen.ticket, followup_of=5))
    assert not planned(rule, follow_up).is_empty


def test_mark_comes_off_with_the_proof() -> None:
    assert cured(rule, asked(tags={TAG}, description=CHANGE)).tags == frozenset()
