"""Who said what: the requester's own messages and the answers by people."""

from dataclasses import replace

import pytest

from rules.said import is_answer, is_machine_made, messages_of_requester, opening_words
from rules.ticket import RONDA, Audit, Comment, Line, Via
from tests.rules.commerce import ANA, DORA, asked
from tests.rules.tools import CARLA, OPENED


def comment(text: str, *flags: int) -> Comment:
    return Comment(1, OPENED, CARLA, True, text, Via("email"), flags=frozenset(flags))


@pytest.mark.parametrize(
    "text",
    [
        "Resposta automática: volto segunda.",
        "Olá! Estou de férias até o dia 10.",
        "No momento estou fora do escritório.",
        "Out of Office: back on Monday",
        "Hola, estoy fuera de la oficina.",
        "Obrigado pelo contato. Estou de férias até 20/03.",
        "Olá, encontro-me ausente do escritório.",
        "Agradecemos a sua mensagem, que será lida amanhã. Esta é uma mensagem automática.",
        "Thank you for your message. I am out of the office.",
    ],
)
def test_absence_notice_is_machine_made(text: str) -> None:
    assert is_machine_made(comment(text))


@pytest.mark.parametrize(
    "text",
    [
        "O cliente recebe a resposta automática errada.",
        "O frete automático está fora do ar.",
        "Segue o print.",
        "Obrigado pelo contato. O banner está ausente.",
    ],
)
def test_words_about_automatic_answers_are_a_persons(text: str) -> None:
    assert not is_machine_made(comment(text))


def test_flag_says_that_a_machine_wrote() -> None:
    assert is_machine_made(comment("Recebido.", 4))


def test_messages_are_the_requesters_own_and_a_conversation_is_one() -> None:
    seen = asked().then(DORA, reply="Eu também.").then(ANA, reply="Olá!").then(CARLA, reply="Oi").seen()
    chat = Audit(9, OPENED, CARLA, Via("chat"), transcript=(Line(OPENED, CARLA, "Um"), Line(OPENED, CARLA, "Dois")))
    with_chat = replace(seen, history=(*seen.history, chat))
    assert [message.text for message in messages_of_requester(with_chat)][1:] == ["Oi", "Um\nDois"]


def test_opening_of_a_conversation_is_what_the_requester_says() -> None:
    lines = (Line(OPENED, ANA, "Olá!"), Line(OPENED, CARLA, "O frete não calcula."))
    seen = asked(channel="chat", description="").seen()
    told = replace(seen, history=(replace(seen.history[0], transcript=lines),))
    assert opening_words(told) == "O frete não calcula."
    assert opening_words(asked(description="Oi").seen()) == "Oi"


def test_answer_is_a_public_comment_by_a_person_of_the_desk() -> None:
    seen = asked().then(ANA, reply="Olá!").then(ANA, note="…").then(RONDA, reply="…").then(ANA, status="open").seen()
    assert [is_answer(audit) for audit in seen.history] == [False, True, False, False, False]
