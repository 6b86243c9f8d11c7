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


def test_what_is_missing_is_named(tmp_path: Path) -> None:
    with pytest.raises(UnusableSettings, match=r"RONDA_ZENDESK_URL: is not set"):
        read_settings(tmp_path / "none.env")


@pytest.mark.parametrize(
    ("name", "value", "said"),
    [
        ("RONDA_ZENDESK_URL", "http://acme.zendesk.com", "must begin with https://"),
        ("RONDA_MODE", "enfroce", "RONDA_MODE: "),
        ("RONDA_PORT", "70000", "RONDA_PORT: "),
        ("RONDA_OAUTH_CLIENT_ID", "ronda", "go together"),
        ("RONDA_API_TOKEN", "", "go together"),
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
