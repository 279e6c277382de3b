"""The days of class of a school year, from the « rentrée » to the summer holidays."""

from datetime import date
from typing import NamedTuple

from plugins.rules.calendar import DayKind, SchoolCalendar, SchoolYear


class SchoolTerm(NamedTuple):
    """The first and the last day of class."""

    first_day: date
    last_day: date


def school_term(calendar: SchoolCalendar, year: SchoolYear) -> SchoolTerm | None:
    """When class starts and ends that year; None when the official calendar does not know the year to its end."""
    if year.last_day > calendar.horizon:
        return None
    days = [known.day for known in calendar.days(year.first_day, year.last_day) if known.kind is DayKind.SCHOOL]
    return SchoolTerm(days[0], days[-1]) if days else None
