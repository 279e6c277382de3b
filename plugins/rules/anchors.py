"""Days of the school calendar that rules are counted from: the start of the holidays, the first and last day of class.

They take ``of`` as relative days do: the first day of class before the holidays that a service is in is
``first_class_day(of=days_before(1, SCHOOL_DAYS))``.
"""

from dataclasses import dataclass
from datetime import date
from enum import Enum
from typing import assert_never

from plugins.rules.calendar import FRIDAY, DayKind, SchoolCalendar
from plugins.rules.days import SAME_DAY, Day, RelativeDay, join


class Anchor(Enum):
    """A day of the holidays or of the school period that a day is in; the value is its name in French."""

    HOLIDAYS_START = "le premier jour officiel des vacances"
    HOLIDAYS_FIRST_OPEN_DAY = "le premier jour d'ouverture des vacances"
    HOLIDAYS_END = "le dernier jour officiel des vacances"
    FIRST_CLASS_DAY = "le premier jour de classe de la période"
    LAST_CLASS_DAY = "le dernier jour de classe de la période"


@dataclass(frozen=True, slots=True)
class AnchorDay(RelativeDay):
    """An anchor of the day of the service, or of a day reached from it."""

    anchor: Anchor

    def shift(self, start: date, calendar: SchoolCalendar) -> date | None:
        """The day meant; None in term for a day of the holidays, in the holidays for a day of the period."""
        match self.anchor:
            case Anchor.HOLIDAYS_START:
                return holiday.first if (holiday := calendar.holiday_on(start)) else None
            case Anchor.HOLIDAYS_END:
                return holiday.last if (holiday := calendar.holiday_on(start)) else None
            case Anchor.HOLIDAYS_FIRST_OPEN_DAY:
                return _first_open_day(start, calendar)
            case Anchor.FIRST_CLASS_DAY:
                return _class_days(start, calendar)[0]
            case Anchor.LAST_CLASS_DAY:
                return _class_days(start, calendar)[1]
        assert_never(self.anchor)

    def say(self, moment: str = "") -> str:
        """« le premier jour officiel des vacances à 18 h »."""
        beside = "" if self.of is SAME_DAY else f"où tombe {self.of.say()}"
        return join(self.anchor.value, beside, "à" if moment else "", moment)


def holidays_start(of: Day = SAME_DAY) -> AnchorDay:
    """The official first day of the school holidays the service is in, a Saturday as a rule; none in term."""
    return AnchorDay(Anchor.HOLIDAYS_START, of=of)


def holidays_first_open_day(of: Day = SAME_DAY) -> AnchorDay:
    """The first day, Monday to Friday, of the holidays the service is in, that is neither closed nor a public holiday.

    None in term, and in holidays that are closed from end to end.
    """
    return AnchorDay(Anchor.HOLIDAYS_FIRST_OPEN_DAY, of=of)


def holidays_end(of: Day = SAME_DAY) -> AnchorDay:
    """The official last day of the school holidays the service is in, a Sunday as a rule; none in term."""
    return AnchorDay(Anchor.HOLIDAYS_END, of=of)


def first_class_day(of: Day = SAME_DAY) -> AnchorDay:
    """The first day of class of the school period, from holidays to holidays; none in holidays of a week or more.

    It is the day of class that follows the previous holidays; the last day of class of the previous period is
    ``days_before(1, SCHOOL_DAYS, of=first_class_day())``.
    """
    return AnchorDay(Anchor.FIRST_CLASS_DAY, of=of)


def last_class_day(of: Day = SAME_DAY) -> AnchorDay:
    """The last day of class of the school period; none in holidays of a week or more."""
    return AnchorDay(Anchor.LAST_CLASS_DAY, of=of)


def _first_open_day(day: date, calendar: SchoolCalendar) -> date | None:
    holiday = calendar.holiday_on(day)
    days = calendar.days(holiday.first, holiday.last) if holiday else ()
    return next((near.day for near in days if near.kind is DayKind.HOLIDAY and near.day.isoweekday() <= FRIDAY), None)


def _class_days(day: date, calendar: SchoolCalendar) -> tuple[date, date] | tuple[None, None]:
    period = calendar.period_on(day)
    days = [near.day for near in calendar.days(*period) if near.kind is DayKind.SCHOOL] if period else []
    return (days[0], days[-1]) if days else (None, None)
