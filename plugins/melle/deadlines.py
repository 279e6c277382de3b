"""Until when a day may be booked or cancelled in Mellois en Poitou. The guide prints no delay: every one is ours."""

from plugins.hookspecs import hookimpl
from plugins.rules.booking import Accept, BookingRules, Refuse
from plugins.rules.calendar import THURSDAY
from plugins.rules.catalogue import Activity
from plugins.rules.days import (
    CALENDAR_DAYS,
    SAME_DAY,
    WORKING_DAYS,
    day_of_month_before,
    days_before,
    weekday_of_week_before,
)
from plugins.rules.deadlines import END_OF_DAY, Deadline, at, before, earliest, until
from plugins.rules.late import LatePolicy

WRITE = Refuse("Hors délai, appelez le 05 49 27 56 84 ou écrivez à education@melloisenpoitou.fr.")
LATE_MEAL = Accept(at(SAME_DAY, before(9)), "Le repas réservé hors délai est majoré d'un quart")

DELAYS: dict[str, tuple[Deadline, LatePolicy]] = {
    "restauration": (at(days_before(2, WORKING_DAYS), before(10)), LATE_MEAL),
    "garderie": (at(days_before(1, CALENDAR_DAYS), until(18)), WRITE),
    "tap": (at(day_of_month_before(25), END_OF_DAY), WRITE),
    "halte-garderie": (at(days_before(1, WORKING_DAYS), until(17)), WRITE),
    "acm-mercredis": (at(weekday_of_week_before(THURSDAY), until(18)), WRITE),
    "acm-vacances": (
        earliest(at(days_before(10, CALENDAR_DAYS), END_OF_DAY), at(weekday_of_week_before(THURSDAY, 2), until(18))),
        WRITE,
    ),
    "accueil-jeunes": (at(SAME_DAY, before(10)), WRITE),
}


@hookimpl
def booking_rules(activity: Activity) -> BookingRules:
    """One delay per activity, to book and to cancel alike."""
    delay, late = DELAYS[activity.code]
    return BookingRules(book=delay, cancel=delay, late=late)
