"""The official days: what the two libraries say, and what they leave out."""

from datetime import date
from typing import get_args

import pytest
from jours_feries_france import JoursFeries

from plugins.rules.official_days import Region, public_holidays, school_holidays


@pytest.mark.parametrize(
    ("region", "own"),
    [
        ("Métropole", {}),
        ("Alsace-Moselle", {date(2027, 3, 26): "Vendredi saint", date(2027, 12, 26): "2e jour de Noël"}),
        ("Guadeloupe", {date(2027, 5, 27): "Abolition de l'esclavage"}),
        ("Martinique", {date(2027, 5, 22): "Abolition de l'esclavage"}),
        ("Guyane", {date(2027, 6, 10): "Abolition de l'esclavage"}),
        ("La Réunion", {date(2027, 12, 20): "Abolition de l'esclavage"}),
        ("Mayotte", {date(2027, 4, 27): "Abolition de l'esclavage"}),
    ],
)
def test_a_region_has_its_own_public_holidays(region: Region, own: dict[date, str]) -> None:
    everywhere = public_holidays(2027, "Métropole")
    assert len(everywhere) == 11
    assert public_holidays(2027, region) == {**everywhere, **own}


def test_every_region_of_the_library_can_be_written() -> None:
    assert get_args(Region) == tuple(JoursFeries.ZONES)


def test_the_school_holidays_are_known_until_the_last_published_summer() -> None:
    known = school_holidays("B")
    assert known.names[known.last] == "Vacances d'été"
    assert known.last == date(2028, 8, 31)
    assert known.names[date(2025, 5, 30)] == "Pont de l'Ascension"
