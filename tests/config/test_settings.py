"""Settings: each has its line in the example, what is wrong is named without its value, nothing is guessed."""

import re
from pathlib import Path

import pytest

from config.settings import Settings, UnusableSettings, read_settings

EXAMPLE = Path(__file__).parents[2] / "config" / "example.env"
LINES = dict(re.findall(r"^RONDA_(\w+)=(.*)$", EXAMPLE.read_text(encoding="utf-8"), re.MULTILINE))
ENOUGH = {"RONDA_ZENDESK_URL": "https://acme.zendesk.com", "RONDA_EMAIL": "a@acme.example", "RONDA_API_TOKEN": "t0ken"}


@pytest.fixture(autouse=True)
def _clean(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in Settings.model_fields:
        monkeypatch.delenv(f"RONDA_{name.upper()}", raising=False)


def given(monkeypatch: pytest.MonkeyPatch, **values: str) -> Settings:
    for name, value in {**ENOUGH, **values}.items():
        monkeypatch.setenv(name, value)
    return read_settings(None)


def test_every_setting_has_its_line_in_the_example_and_no_line_is_left_over() -> None:
    assert set(LINES) == {name.upper() for name in Settings.model_fields}


def test_the_examples_values_are_the_defaults(monkeypatch: pytest.MonkeyPatch) -> None:
    defaults = given(monkeypatch)
    as_written = {f"RONDA_{name}": value for name, value in LINES.items() if value}
    assert given(monkeypatch, **as_written | ENOUGH) == defaults


def test_first_start_writes_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    assert given(monkeypatch).mode == "audit"


def test_what_is_missing_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    with pytest.raises(UnusableSettings, match=r"RONDA_ZENDESK_URL: is not set"):
        read_settings()


@pytest.mark.parametrize(
    ("name", "value", "said"),
    [
        ("RONDA_ZENDESK_URL", "http://acme.zendesk.com", "must begin with https://"),
        ("RONDA_MODE", "enfroce", "RONDA_MODE: "),
        ("RONDA_PORT", "70000", "RONDA_PORT: "),
        ("RONDA_OAUTH_CLIENT_ID", "ronda", "go together"),
        ("RONDA_API_TOKEN", "", "go together"),
        ("RONDA_TRUSTED_PROXIES", "127.0.0.1, nginx", "'nginx' is neither an address nor a network"),
        ("RONDA_TRUSTED_PROXIES", "10.0.0.1/8", "'10.0.0.1/8' is neither an address nor a network"),
        ("RONDA_TRUSTED_PROXIES", "*", "'*' is neither an address nor a network"),
    ],
)
def test_what_is_wrong_is_named_and_no_secret_repeated(
    monkeypatch: pytest.MonkeyPatch, name: str, value: str, said: str
) -> None:
    with pytest.raises(UnusableSettings) as wrong:
        given(monkeypatch, **{name: value})
    assert said in str(wrong.value)
    assert "t0ken" not in str(wrong.value)


def test_emulator_on_this_machine_may_be_plain(monkeypatch: pytest.MonkeyPatch) -> None:
    assert given(monkeypatch, RONDA_ZENDESK_URL="http://127.0.0.1:9000").zendesk_url.port == 9000


def test_old_signing_secret_stands_behind_the_new_one(monkeypatch: pytest.MonkeyPatch) -> None:
    settings = given(monkeypatch, RONDA_WEBHOOK_SECRET="new", RONDA_WEBHOOK_SECRET_OLD="old")
    assert settings.webhook_secrets == ("new", "old")
    assert "new" not in repr(settings)


# What would be passed over without a word


def refused(path: Path, text: str | bytes) -> str:
    """Why a file of settings is refused, without its folder."""
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    with pytest.raises(UnusableSettings) as wrong:
        read_settings(path)
    return str(wrong.value).replace(f"{path.parent}/", "")


def test_the_example_itself_and_other_programs_lines_are_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    env = tmp_path / ".env"
    key = "KEY='-----BEGIN\nabc\n-----END'\nexport PATH_OF_MINE=\"/x\" # mine\n"
    env.write_text(f"{EXAMPLE.read_text(encoding='utf-8')}{key}", encoding="utf-8-sig")
    for name, value in ENOUGH.items():
        monkeypatch.setenv(name, value)

    assert read_settings(env).mode == "audit"


def test_an_unknown_setting_in_the_file_is_named_with_the_nearest(tmp_path: Path) -> None:
    said = refused(tmp_path / ".env", "RONDA_MDOE=enforce\nronda_xyzzy=\n")
    assert said == "RONDA_MDOE: no such setting; did you mean RONDA_MODE?\nronda_xyzzy: no such setting"


def test_an_unknown_setting_in_the_environment_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(UnusableSettings, match=r"^RONDA_DTAA: no such setting; did you mean RONDA_DATA\?$"):
        given(monkeypatch, RONDA_DTAA="x")


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("# mine\n\nRONDA_PORT 8081\n", 3),
        ("RONDA_PORT: 8081\n", 1),
        ("OTHER=1\nRONDA_PORT\n", 2),
        ("\n\nRONDA_PACK='desk.yaml\nRONDA_PORT=1\n", 3),
        ('RONDA_PACK="desk.yaml\n', 1),
    ],
)
def test_a_line_that_sets_nothing_is_named(text: str, line: int, tmp_path: Path) -> None:
    assert refused(tmp_path / ".env", text).startswith(f".env:{line}: not a setting; write NAME=value")


def test_a_quote_that_swallows_other_settings_is_named(tmp_path: Path) -> None:
    said = refused(tmp_path / ".env", "RONDA_PACK='desk.yaml\nRONDA_MODE=enforce\nRONDA_HOST=::1'\n")
    assert said == ".env:1: its quote is closed some lines later only; write NAME='value' on one line"


def test_a_setting_that_stands_twice_is_named_with_both_lines(tmp_path: Path) -> None:
    said = refused(tmp_path / ".env", "RONDA_MODE=audit\n# and\nronda_mode=enforce\n")
    assert said == ".env:3: ronda_mode stands on line 1 already; keep one of them"


def test_what_is_not_utf_8_is_named_with_its_line(tmp_path: Path) -> None:
    said = refused(tmp_path / ".env", "RONDA_PORT=1\nRONDA_AUDIT_TICKET_FOR=João\n".encode("latin-1"))
    assert said == ".env: line 2 is not written in UTF-8"


def test_a_file_that_was_named_and_is_not_there_is_told(tmp_path: Path) -> None:
    (tmp_path / "folder").mkdir()
    for name, why in (("nope.env", "No such file or directory"), ("folder", "it is no file")):
        with pytest.raises(UnusableSettings, match=rf"{name}: cannot be read \({why}\)"):
            read_settings(tmp_path / name)
