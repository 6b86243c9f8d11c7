"""What a ticket is about, by subject, first message and tags."""

import pytest

from rules.about import is_about
from rules.topic import Topic
from tests.rules.tools import Story

DOMAIN = Topic(words=("domínio", "conta de e-mail"), unless=("por e-mail",))


@pytest.mark.parametrize(
    "fields",
    [
        {"subject": "O domínio caiu"},
        {"description": "Sobre o DOMINIO da loja"},
        {"tags": {"vip", "conta_de_email"}},
    ],
)
def test_subject_first_message_and_tags_tell(fields: dict[str, object]) -> None:
    assert is_about(Story(**fields).ticket, DOMAIN)  # type: ignore[arg-type] # the fields of a ticket


def test_later_messages_addresses_and_quotations_do_not() -> None:
    story = Story(description="veja loja-dominio.com.br\n\n> o domínio", tags={"vip"})
    assert not is_about(story.then(story.ticket.requester, reply="o domínio caiu").ticket, DOMAIN)
