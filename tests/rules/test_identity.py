"""What proves who somebody is, as a pack may say it."""

from dataclasses import replace

import pytest

from rules.identity import Proof
from rules.ticket import Person
from tests.rules.commerce import DORA
from tests.rules.tools import CARLA


def test_shipped_proof_is_a_verified_identity_and_an_organization() -> None:
    assert Proof().is_given_by(CARLA)
    assert not Proof().is_given_by(DORA)


@pytest.mark.parametrize(
    ("proof", "known"),
    [
        (Proof(verified=False, organization=False, external_id=True), replace(DORA, external_id="loja-7")),
        (Proof(verified=False, organization=False, tags=("lojista",)), replace(DORA, tags=frozenset({"lojista"}))),
    ],
)
def test_pack_may_ask_for_something_else(proof: Proof, known: Person) -> None:
    assert proof.is_given_by(known)
    assert not proof.is_given_by(DORA)
