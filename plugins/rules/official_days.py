"""The official days: school holidays by zone (the ministry's open data) and public holidays by region (computed)."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache
from typing import Literal

from jours_feries_france import JoursFeries
from vacances_scolaires_france import SchoolHolidayDates

Zone = Literal["A", "B", "C"]
Region = Literal[
    "Métropole",
    "Alsace-Moselle",
    "Guadeloupe",
    "Guyane",
    "Martinique",
    "Mayotte",
    "Nouvelle-Calédonie",
    "La Réunion",
    "Polynésie Française",
    "Saint-Barthélémy",
    "Saint-Martin",
    "Wallis-et-Futuna",
    "Saint-Pierre-et-Miquelon",
]

# Official calendars close schools from Ascension Thursday to Saturday; the open data lacks these years' bridges.
FORGOTTEN_BRIDGES = range(2023, 2027)


@dataclass(frozen=True, slots=True)
class SchoolHolidays:
    """The name of each day of holidays of a zone; nothing is known before the first nor after the last."""

    names: Mapping[date, str]
    first: date
    last: date


@lru_cache(maxsize=3)
def school_holidays(zone: Zone) -> SchoolHolidays:
    """The school holidays of a zone, as the open data has them."""
    ministry = _ministry()
    names = {
        day: row["nom_vacances"]
        for year in range(ministry.min_year, ministry.max_year + 1)
        for day, row in ministry.holidays_for_year_and_zone(year, zone).items()
    }
    names |= {bridge: "Pont de l'Ascension" for year in FORGOTTEN_BRIDGES for bridge in _ascension_bridge(year)}
    return SchoolHolidays(names, min(names), max(names))


@lru_cache(maxsize=1024)
def public_holidays(year: int, region: Region) -> Mapping[date, str]:
    """The public holidays of a year, by day, in order."""
    return {day: name.replace("2ème", "2e") for name, day in JoursFeries.for_year(year, region).items()}


@lru_cache(maxsize=1)
def _ministry() -> SchoolHolidayDates:
    return SchoolHolidayDates()


def _ascension_bridge(year: int) -> list[date]:
    return [JoursFeries.ascension(year) + timedelta(days=n) for n in range(3)]
