"""`.env`: what is set is read back as it was, everything else stays, and the file is its owner's alone."""

import stat
from pathlib import Path

import pytest
from dotenv import dotenv_values
from hypothesis import given
from hypothesis import strategies as st

from config.env_file import EXAMPLE, UnwritableValue, set_values, with_values
from config.writing import CannotWrite, write_file

PRINTABLE = st.text(st.characters(min_codepoint=32, max_codepoint=0x2FF).filter(str.isprintable)).filter(
    lambda text: "${" not in text
)


def read(path: Path) -> dict[str, str | None]:
    return dict(dotenv_values(path))


def test_a_new_file_holds_every_setting_with_its_comment(tmp_path: Path) -> None:
    env = tmp_path / ".env"
    assert set_values(env, {"RONDA_ZENDESK_URL": "https://acme.zendesk.com"})

    assert read(env)["RONDA_ZENDESK_URL"] == "https://acme.zendesk.com"
    assert read(env).keys() == read(EXAMPLE).keys()
    assert "# How to sign in" in env.read_text()


def test_the_file_is_its_owners_alone(tmp_path: Path) -> None:
    env = tmp_path / ".env"
    env.write_text("RONDA_PORT=1\n")
    env.chmod(0o644)

    assert set_values(env, {"RONDA_PORT": "1"})
    assert stat.S_IMODE(env.stat().st_mode) == 0o600


def test_what_is_right_is_left_alone(tmp_path: Path) -> None:
    env = tmp_path / ".env"
    set_values(env, {"RONDA_PORT": "8081"})
    written = env.stat().st_ino

    assert not set_values(env, {"RONDA_PORT": "8081"})
    assert env.stat().st_ino == written


def test_other_lines_stay_as_they_are() -> None:
    text = "# mine\n export RONDA_PORT = 1\nOTHER='x y'  # why\n"
    assert with_values(text, {"RONDA_PORT": "2", "RONDA_HOST": "::1"}) == (
        "# mine\nRONDA_PORT=2\nOTHER='x y'  # why\nRONDA_HOST=::1\n"
    )


@given(PRINTABLE)
def test_any_printable_value_is_read_back_as_it_was(tmp_path_factory: pytest.TempPathFactory, value: str) -> None:
    env = tmp_path_factory.mktemp("env") / ".env"
    env.write_text(with_values("A=1\n", {"SECRET": value, "B": "2"}), encoding="utf-8")

    assert read(env) == {"A": "1", "SECRET": value, "B": "2"}


@pytest.mark.parametrize("value", ["two\nlines", "${HOME}", "\0"])
def test_what_the_format_cannot_hold_is_refused_without_being_repeated(value: str) -> None:
    with pytest.raises(UnwritableValue, match=r"^SECRET: this value cannot stand in \.env") as refused:
        with_values("", {"SECRET": value})
    assert value not in str(refused.value)


def test_a_folder_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(CannotWrite, match=r"cannot be written \(Not a directory\); give this user the right"):
        set_values(tmp_path / "file" / ".env", {"RONDA_PORT": "1"})


def test_a_write_that_fails_leaves_the_old_text_and_no_rest(tmp_path: Path) -> None:
    target = tmp_path / ".env"
    target.mkdir()  # a file cannot replace it
    with pytest.raises(CannotWrite):
        write_file(target, "RONDA_PORT=1\n")
    assert list(tmp_path.iterdir()) == [target]
