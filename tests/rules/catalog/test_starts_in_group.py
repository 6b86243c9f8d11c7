"""A ticket that a requester opens enters the queue of the general group."""

from dataclasses import replace

from rules.marks import CONTINUED
from rules.ticket import NOBODY, RONDA
from rules.verdict import Complies, DoesNotApply, Exempt
from tests.rules.commerce import ENVIO, FINANCEIRO, SUPORTE, asked, shipped
from tests.rules.tools import PAULO, Story, check, cured

rule = shipped("start-in-support")


def test_ticket_by_staff_is_left_alone() -> None:
    assert check(rule, Story(by=PAULO)) == DoesNotApply("opened by a requester")


def test_ticket_that_continues_another_is_excused() -> None:
    assert check(rule, asked(group=None, tags={CONTINUED})) == Exempt(by=CONTINUED)


def test_ticket_in_the_general_group_complies() -> None:
    assert check(rule, asked()) == Complies()


def test_ticket_in_the_sector_of_its_matter_complies() -> None:
    assert check(rule, asked(group=ENVIO, subject="Frete")) == Complies()


def test_ticket_that_somebody_moved_is_left_alone() -> None:
    for mover in (PAULO, NOBODY, RONDA):
        assert check(rule, asked().then(mover, group=FINANCEIRO)) == DoesNotApply("not moved since")


def test_trigger_that_moved_it_at_its_opening_has_moved_it() -> None:
    seen = asked(group=FINANCEIRO).seen()
    first = seen.history[0]
    changes = tuple(replace(change, by_rule=change.field == "group") for change in first.changes)
    assert check(rule, replace(seen, history=(replace(first, changes=changes),))) == DoesNotApply("not moved since")


def test_ticket_without_a_group_or_in_another_enters_the_general_one() -> None:
    assert cured(rule, asked(group=None)).group == SUPORTE
    assert cured(rule, asked(group=FINANCEIRO)).group == SUPORTE
