"""Mentions are read from a note's text: full names, first names where they are unique, the longest name first."""

import time

import pytest

from rules.mentions import first_name, mentioned

NAMES = frozenset({"Jenyfer Lima", "Bryan", "Robson", "Erick", "Vitória", "Ana Reis", "Ana Sá"})


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Jenyfer Lima e Bryan, podem ver?", set()),
        ("escreva a paulo@bryan.example", set()),
        ("os e-mails @robson.com.br não chegam", set()),
        ("@Bryanna pode ver?", set()),
        ("@Ana pode ver?", set()),
        ("", set()),
        ("@Jenyfer Lima @Bryan", {"Jenyfer Lima", "Bryan"}),
        ("@jenyfer, @BRYAN: vejam", {"Jenyfer Lima", "Bryan"}),
        ("@vitoria e @VITÓRIA", {"Vitória"}),
        ("(@Erick)\n@Jenyfer\u00a0Lima.Obrigado", {"Erick", "Jenyfer Lima"}),
        ("@Ana Reis pode ver?", {"Ana Reis"}),
        ("@Jenyfer Limeira pode ver?", {"Jenyfer Lima"}),
    ],
)
def test_names_after_an_at_sign_are_mentions(text: str, found: set[str]) -> None:
    assert mentioned(text, NAMES) == found


def test_longest_name_wins() -> None:
    names = NAMES | {"Bryan Costa"}
    assert mentioned("@Bryan Costa pode ver?", names) == {"Bryan Costa"}
    assert mentioned("@Bryan Pode ver?", names) == {"Bryan"}


def test_stranger_is_told_apart_by_the_full_name_and_makes_no_first_name_unclear() -> None:
    strangers = frozenset({"Bryan Costa", "Jenyfer Sousa"})
    assert mentioned("@Bryan Costa e @Jenyfer", NAMES, strangers) == {"Jenyfer Lima"}


def test_long_text_full_of_at_signs_does_not_slow_a_look() -> None:
    started = time.process_time()
    assert mentioned("@jenyfer @" * 100_000, NAMES) == {"Jenyfer Lima"}
    assert mentioned(" ".join(f"@a{number}" for number in range(100_000)), NAMES) == frozenset()
    assert time.process_time() - started < 1


def test_first_name_is_the_first_word_without_accents_and_case() -> None:
    assert [first_name(name) for name in ("Érica  Lima", "Bryan", "")] == ["erica", "bryan", ""]
