"""Channels as a pack speaks of them."""

import pytest

from rules.channels import WayIn, channel_of, is_one_of, is_same
from rules.ticket import Via

WIDGET = Via("web", "zendesk_widget")


def test_widget_is_a_channel_of_its_own_however_it_is_spelt() -> None:
    assert {channel_of(via) for via in (WIDGET, Via("web", "web_widget"), Via("web_widget"))} == {"web_widget"}
    assert channel_of(Via("web")) == "web"


@pytest.mark.parametrize(
    ("via", "is_official"),
    [(Via("email"), True), (WIDGET, True), (Via("web"), False), (Via("api", "admin"), True), (Via("api"), False)],
)
def test_channel_is_one_of_those_listed(via: Via, is_official: bool) -> None:
    assert is_one_of(via, ("email", "web_widget", WayIn(channel="api", rel="admin"))) is is_official


def test_address_narrows_a_way_in() -> None:
    ours = WayIn(channel="email", recipient=("ajuda@loja.example",))
    assert is_one_of(Via("email", recipient="AJUDA@loja.example"), (ours,))
    assert not is_one_of(Via("email", recipient="vendas@loja.example"), (ours,))
    assert not is_one_of(Via("email"), (ours,))


def test_same_is_the_same_word_or_what_passes_for_it() -> None:
    assert is_same(Via("web", "web_widget"), WIDGET, {})
    assert not is_same(Via("email"), WIDGET, {})
    assert is_same(Via("email"), WIDGET, {"email": "web_widget"})
