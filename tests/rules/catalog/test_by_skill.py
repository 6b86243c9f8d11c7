"""A ticket goes to the analyst who has the skill it needs: site development, or the customer's language."""

from dataclasses import replace

import pytest
from pydantic import ValidationError

from rules.catalog.by_skill import BySkill, Skill
from rules.topic import Topic
from rules.verdict import Complies, DoesNotApply
from tests.rules.chats import handed_over
from tests.rules.tools import BRYAN, CARLA, ERICK, JENYFER, PAULO, TEAM, VITORIA, WEBSITE, Story, check, cured

DEVELOPMENT = Skill(analyst="Erick", subject=Topic(words=("desenvolvimento", "desarrollo")))
SPANISH = Skill(analyst="Vitória", language="es")
rule = BySkill(id="website.by-skill", cites="A11", team=TEAM, skills=(DEVELOPMENT, SPANISH))
LUCIA = replace(CARLA, id=902, name="Lucía Pérez", locale="es-419")


def test_ticket_outside_the_group_is_left_alone() -> None:
    assert check(rule, Story(group="Suporte", requester=LUCIA)) == DoesNotApply("in the team's group")


def test_chat_is_left_to_the_team_even_if_a_member_pulled_it() -> None:
    for story in (handed_over(requester=LUCIA), handed_over(by=ERICK, requester=LUCIA)):
        assert check(rule, story) == DoesNotApply("not a chat")


def test_ticket_that_needs_no_skill_is_left_alone() -> None:
    assert check(rule, Story(group=WEBSITE, description="O desenvolvimento parou")) == DoesNotApply("skill")


def test_customer_whose_language_is_spanish_goes_to_vitoria() -> None:
    assert cured(rule, Story(group=WEBSITE, requester=LUCIA)).assignee == VITORIA


def test_spanish_text_goes_to_vitoria() -> None:
    story = Story(group=WEBSITE, description="Hola, necesito cambiar el banner de la tienda")
    assert cured(rule, story).assignee == VITORIA


def test_development_goes_to_erick_even_in_spanish() -> None:
    assert cured(rule, Story(group=WEBSITE, requester=LUCIA, subject="Desarrollo")).assignee == ERICK


def test_member_whom_a_person_chose_is_kept() -> None:
    assert check(rule, Story(group=WEBSITE, requester=LUCIA, assignee=JENYFER)) == Complies()
    assert check(rule, Story(group=WEBSITE, requester=LUCIA).then(PAULO, assignee=BRYAN)) == Complies()


@pytest.mark.parametrize("signs", [{}, {"language": "es", "subject": Topic(words=("x",))}])
def test_skill_is_told_by_one_sign(signs: dict[str, object]) -> None:
    with pytest.raises(ValidationError, match="either a subject or a language"):
        Skill.model_validate({"analyst": "Erick", **signs})
