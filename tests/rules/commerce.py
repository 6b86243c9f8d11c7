"""The commerce desk for tests: its shipped rules, and the people around it."""

from functools import cache
from typing import Any

from ronda.packs import load_pack
from rules.pack import Pack
from rules.rule import Rule
from rules.ticket import Person
from tests.rules.tools import CARLA, PAULO, RITA, Story

ENVIO, PAGAMENTO, MARKETING = "Módulo de Envio", "Módulo de Pagamento", "Marketing"
FINANCEIRO, SUPORTE = "Financeiro", "Suporte"

ANA = Person(301, "Ana Prado", "agent", frozenset({ENVIO}))
BETO = Person(302, "Beto Lins", "agent", frozenset({ENVIO}))
CAIO = Person(303, "Caio Nunes", "agent", frozenset({ENVIO}))
LIA = Person(304, "Lia Torres", "agent", frozenset({SUPORTE}))
DORA = Person(902, "Dora Reis", locale="pt-BR")  # nobody knows who she is

DESK = {person.name: person for person in (ANA, BETO, CAIO, LIA, PAULO, RITA)}
LONG = "Ao salvar o cadastro de um produto novo aparece uma tela em branco."


@cache
def commerce() -> Pack:
    return load_pack("commerce")


def shipped(name: str, **changes: Any) -> Rule:
    """A rule of the shipped pack by the second half of its id."""
    return commerce().rule(f"commerce.{name}").model_copy(update=changes)


def asked(by: Person = CARLA, **opening: Any) -> Story:
    """A requester's own ticket: by e-mail, in Suporte, about nothing in particular."""
    told = {"channel": "email", "group": SUPORTE, "subject": "Cadastro de produto", "description": LONG, **opening}
    return Story(by=by, requester=told.pop("requester", by), **told)
