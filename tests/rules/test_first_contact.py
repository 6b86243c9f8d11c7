"""Whether a customer states a matter in the first words, and whether an agent asks for it."""

import time

import pytest

from rules.first_contact import asks, states_a_matter


@pytest.mark.parametrize(
    "text",
    [
        "",
        "👋",
        "Oi",
        "Bom dia!",
        "Oi, tudo bem?",
        "Olá! Tem alguém aí?",
        "Boa tarde, alguém pode me ajudar, por favor?",
        "Preciso de ajuda",
        "Opa, quem pode me atender?",
        "Oi, você é robô?",
        "Tenho uma dúvida",
        "Olá, aqui é a Carla da Loja Azul.",
        "Meu nome é Ana Reis",
        "Gostaria de falar com a equipe do site",
        "Hola, ¿cómo están?",
        "Hello, is anyone there?",
        "12345",
        "Meu nome é Carla, da Loja Azul",
        "Sou a Carla, da loja Azul. Tudo bem?",
        "Soy Carla, de la Tienda Azul",
        "Bom dia, quem fala?",
        "Oi, é do suporte da loja?",
        "carla@loja.example",
    ],
)
def test_greeting_introduction_and_wish_for_help_state_nothing(text: str) -> None:
    assert not states_a_matter(text)


@pytest.mark.parametrize(
    "text",
    [
        "O banner sumiu",
        "Oi, tudo bem? O menu não abre.",
        "Sou a Carla e preciso trocar o logo",
        "Me chamo Ana, o rodapé está cortado",
        "Sou a Carla, da Loja Azul, o rodapé está cortado",
        "Sou a Carla, da Loja Azul e o rodapé está cortado",
        "carla@loja.example: o rodapé está cortado",
        "Tenho uma dúvida sobre o checkout",
        "Gostaria de falar sobre o layout",
        "Estou com um problema no site",
        "El banner no aparece",
    ],
)
def test_matter_is_what_is_left(text: str) -> None:
    assert states_a_matter(text)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "Olá!",
        "Olá Carla, tudo bem?",
        "Tudo bem, Carla Souza?",
        "Pode aguardar um momento?",
        "Vou transferir você 😊",
        "Já volto.",
    ],
)
def test_agent_who_greets_or_asks_to_wait_does_not_ask(text: str) -> None:
    assert not asks(text, of="Carla Souza")


@pytest.mark.parametrize(
    "text",
    [
        "Em que posso ajudar?",
        "Oi Carla! Qual página está com erro?",
        "Me conte o que aconteceu",
        "Qual seria o motivo do contato",
        "How can I help?",
    ],
)
def test_agent_who_asks_for_the_matter_asks(text: str) -> None:
    assert asks(text, of="Carla Souza")


def test_long_message_does_not_slow_a_look() -> None:
    started = time.process_time()
    assert not states_a_matter("oi " * 400_000)
    assert not asks("oi? " * 300_000)
    assert time.process_time() - started < 2
