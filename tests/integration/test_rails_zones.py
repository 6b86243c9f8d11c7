"""Every name that Zendesk may give a schedule's time zone."""

from zoneinfo import available_timezones

import pytest

from integration.rails_zones import RAILS_ZONES, iana_zone


def test_each_of_rails_zones_is_one_that_zoneinfo_has() -> None:
    assert {name: iana_zone(name) for name in RAILS_ZONES} == RAILS_ZONES


@pytest.mark.parametrize(
    ("name", "zone"),
    [
        ("Brasilia", "America/Sao_Paulo"),
        ("Quito", "America/Lima"),
        ("Berlin", "Europe/Berlin"),
        ("Caracas", "America/Caracas"),
        ("Buenos Aires", "America/Argentina/Buenos_Aires"),
        ("Kuala Lumpur", "Asia/Kuala_Lumpur"),
        ("Eastern Time (US & Canada)", "America/New_York"),
        ("UTC", "UTC"),
    ],
)
def test_a_zone_goes_by_rails_name(name: str, zone: str) -> None:
    assert iana_zone(name) == zone


def test_a_zone_goes_by_the_ianas_name() -> None:
    regional = {name for name in available_timezones() if "/" in name}

    assert {iana_zone(name) for name in regional} == regional


@pytest.mark.parametrize("name", ["Atlantis", "America/Atlantis", "America", "", "../etc/localtime", "/etc/localtime"])
def test_any_other_name_is_no_zone(name: str) -> None:
    assert iana_zone(name) is None
