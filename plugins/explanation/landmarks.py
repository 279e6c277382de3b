"""The dates around which deadlines surprise: public holidays, the « rentrée », a bridge, both clock changes."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from itertools import count

from jours_feries_france import JoursFeries

from plugins.rules.calendar import ONE_DAY, SchoolCalendar, SchoolYear
from plugins.rules.school_term import school_term

ONE_YEAR = 366


@dataclass(frozen=True, slots=True)
class Landmark:
    """The next such date, and its name; ``day`` is None when the official calendar does not go that far."""

    name: str
    day: date | None


def landmarks(calendar: SchoolCalendar, tz: tzinfo, on: date) -> tuple[Landmark, ...]:
    """The next of each from a day on, in the order they come; those that are not known yet stand last."""
    years = (on.year, on.year + 1)
    found = [
        Landmark("11 novembre", min(day for day in (date(year, 11, 11) for year in years) if day >= on)),
        Landmark("lundi de Pâques", min(day for day in map(JoursFeries.lundi_paques, years) if day >= on)),
        Landmark("pont de l'Ascension", min(day for day in map(_bridge, years) if day >= on)),
        _return_to_school(calendar, on),
        *_clock_changes(tz, on),
    ]
    return tuple(sorted(found, key=lambda landmark: landmark.day or date.max))


def _bridge(year: int) -> date:
    ascension: date = JoursFeries.ascension(year)
    return ascension + ONE_DAY


def _return_to_school(calendar: SchoolCalendar, on: date) -> Landmark:
    for start in count(SchoolYear.of(on).start):
        term = school_term(calendar, SchoolYear(start))
        if term is None or term.first_day >= on:
            return Landmark(f"rentrée {start}", None if term is None else term.first_day)
    raise AssertionError("school years go on for ever")


def _clock_changes(tz: tzinfo, on: date) -> list[Landmark]:
    """The next change to summer time and the next to winter time; none where clocks never change."""
    found: dict[str, date] = {}
    for day in (on + timedelta(days=n) for n in range(ONE_YEAR)):
        before, after = _offset(day, tz), _offset(day + ONE_DAY, tz)
        if before != after:
            name = "passage à l'heure d'été" if after > before else "passage à l'heure d'hiver"
            found.setdefault(name, day)
    return [Landmark(name, day) for name, day in found.items()]


def _offset(day: date, tz: tzinfo) -> timedelta:
    """How far midnight at the start of the day is from UTC."""
    midnight = datetime.combine(day, time(), tz)
    return midnight.replace(tzinfo=UTC) - midnight.astimezone(UTC)
