"""Which days of which activities soon close for booking: what a family is reminded of before it is too late."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta, tzinfo

from plugins.rules.actions import Action
from plugins.rules.booking import BookingRules
from plugins.rules.calendar import SchoolCalendar
from plugins.rules.catalogue import Activity
from plugins.rules.french import say_date, say_list, say_span

AHEAD = timedelta(days=150)  # deadlines of a holiday come weeks before it, those of a term months before
LISTED = 3  # days that are told one by one


@dataclass(frozen=True, slots=True)
class Closing:
    """The last instant at which a day of an activity is booked in time."""

    at: datetime
    activity: str
    day: date


def closing_soon(
    offered: Iterable[tuple[Activity, BookingRules]],
    calendar: SchoolCalendar,
    tz: tzinfo,
    now: datetime,
    within: timedelta,
) -> tuple[Closing, ...]:
    """Every day that is still booked in time, and not any more once ``within`` has passed, in order of the instants.

    A day on which nothing of the activity takes place has no deadline, nor has one that no rule ever closes.
    """
    first, until = now.astimezone(tz).date(), now + within
    days = [calendar.day(first + timedelta(days=offset)) for offset in range(AHEAD.days + 1)]
    found = []
    for activity, rules in offered:
        for day in days:
            if not any(activity.is_open(unit, day) for unit in activity.units):
                continue
            last = rules.last_instant(Action.BOOK, day.day, calendar, tz)
            if last.at is not None and last.is_open(now) and last.at <= until:
                found.append(Closing(last.at, activity.code, day.day))
    return tuple(sorted(found, key=lambda closing: (closing.at, closing.day, closing.activity)))


def say_days_left(days: Sequence[date]) -> str:
    """« lundi 12 octobre 2026 et mardi 13 octobre 2026 »; « 5 jours, du … au … » when there are more than three."""
    if len(days) > LISTED:
        return f"{len(days)} jours, {say_span(min(days), max(days))}"
    return say_list(say_date(day) for day in sorted(days))
