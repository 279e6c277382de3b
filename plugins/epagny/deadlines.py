"""Until when a day may be booked or cancelled in Épagny Metz-Tessy. The guide prints no delay: every one is ours."""

from datetime import time

from plugins.hookspecs import hookimpl
from plugins.rules.booking import BookingRules, Refuse
from plugins.rules.calendar import WEDNESDAY
from plugins.rules.catalogue import Activity
from plugins.rules.days import (
    SAME_DAY,
    SCHOOL_DAYS,
    day_of_month_before,
    days_before,
    weekday_of_week_before,
)
from plugins.rules.deadlines import END_OF_DAY, Deadline, at, before, hours_before

LATE = Refuse("Hors délai, écrivez à enfance-jeunesse@epagnymetztesy.fr ou appelez le 04 50 22 98 19.")

DELAYS: dict[str, Deadline] = {
    "accueil": at(days_before(1, SCHOOL_DAYS), before(9)),
    "restauration": hours_before(48, start=time(11, 30)),
    "etudes": at(days_before(1, SCHOOL_DAYS), before(9)),
    "croc-loisirs": at(weekday_of_week_before(WEDNESDAY), END_OF_DAY),
    "croc-vacances": at(day_of_month_before(15), END_OF_DAY),
    "espace-jeunes": at(SAME_DAY, before(12)),
}


@hookimpl
def booking_rules(activity: Activity) -> BookingRules | None:
    """One delay per activity, to book and to cancel alike; no opinion on the crèches, which are not booked online."""
    delay = DELAYS.get(activity.code)
    return None if delay is None else BookingRules(book=delay, cancel=delay, late=LATE)
