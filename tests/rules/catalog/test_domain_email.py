"""A technical ticket about domain or e-mail goes straight to the analyst who looks after both."""

import pytest

from ronda.packs import load_pack
from rules.catalog.domain_email import DomainEmail
from rules.verdict import Complies, CouldNotTell, DoesNotApply
from tests.rules.chats import handed_over
from tests.rules.tools import BRYAN, CARLA, ERICK, JENYFER, PAULO, ROBSON, TEAM, WEBSITE, Story, check, cured

TOPIC = load_pack("website").desk.topics["domain-email"]
rule = DomainEmail(id="website.domain-email", cites="A7", team=TEAM, topic=TOPIC, analyst="Robson")


def test_ticket_outside_the_group_is_left_alone() -> None:
    assert check(rule, Story(group="Suporte", subject="O domínio caiu")) == DoesNotApply("in the team's group")


def test_chat_that_was_handed_over_is_left_to_the_team() -> None:
    assert check(rule, handed_over((CARLA, "O domínio caiu"))) == DoesNotApply("not a chat hand-off")


@pytest.mark.parametrize(
    "description",
    [
        "Mandei as fotos por e-mail.",
        "Recebi um e-mail do cliente sobre o banner.",
        "Escrevam a contato@dominio.example ou vejam www.dominio.com.br",
        "Troquem o banner.\n\n> o domínio caiu",
        "Troquem o banner.\n\nAtenciosamente,\nLoja Azul, domínio e e-mail próprios",
        "O campo de e-mail do formulário está torto.",
    ],
)
def test_e_mail_and_domain_in_passing_are_no_topic(description: str) -> None:
    assert check(rule, Story(group=WEBSITE, description=description)) == DoesNotApply("topic")


@pytest.mark.parametrize(
    "fields",
    [
        {"subject": "Domínio não aponta para a loja"},
        {"subject": "Configurar contas de e-mail"},
        {"description": "Meu email parou, nada chega. Mandei prints por e-mail."},
        {"tags": {"dominio"}},
        {"description": "O registro MX está errado"},
    ],
)
def test_matter_of_domain_or_e_mail_goes_straight_to_robson(fields: dict[str, object]) -> None:
    assert cured(rule, Story(group=WEBSITE, **fields)).assignee == ROBSON  # type: ignore[arg-type] # a ticket's fields


def test_default_analyst_set_at_the_opening_is_no_choice() -> None:
    assert cured(rule, Story(group=WEBSITE, assignee=JENYFER, subject="O domínio caiu")).assignee == ROBSON


def test_member_chosen_later_is_kept() -> None:
    assert check(rule, Story(group=WEBSITE, subject="O domínio caiu").then(PAULO, assignee=BRYAN)) == Complies()


def test_chat_that_a_member_pulled_goes_to_robson_too() -> None:
    story = handed_over((CARLA, "Oi"), by=ERICK, subject="O domínio caiu")
    assert cured(rule, story).assignee == ROBSON


def test_robson_who_left_raises_an_alarm() -> None:
    verdict = check(rule, Story(group=WEBSITE, subject="O domínio caiu").seen(people={}))
    assert verdict == CouldNotTell("Robson left the team", alarm=True)
