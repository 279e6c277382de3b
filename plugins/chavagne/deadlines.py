"""Until when a day may be booked or cancelled in Chavagne.

§8 of the guide says « dans la mesure où les modifications ou annulations sont réalisées dans les délais » and prints
none: every delay here is ours.
"""

from plugins.hookspecs import hookimpl
from plugins.rules.booking import BookingRules, Refuse
from plugins.rules.calendar import FRIDAY, THURSDAY
from plugins.rules.catalogue import Activity
from plugins.rules.days import CALENDAR_DAYS, WORKING_DAYS, days_before, weekday_of_week_before
from plugins.rules.deadlines import END_OF_DAY, Deadline, at, until

LATE = Refuse("Hors délai, appelez le service Enfance au 02 99 64 28 53.")

THURSDAY_BEFORE = at(weekday_of_week_before(THURSDAY), END_OF_DAY)
FRIDAY_BEFORE = at(weekday_of_week_before(FRIDAY), until(12))
EVE = at(days_before(1, WORKING_DAYS), until(10))

DELAYS: dict[str, tuple[Deadline, Deadline]] = {
    "periscolaire": (EVE, EVE),
    "restauration": (THURSDAY_BEFORE, THURSDAY_BEFORE),
    "alsh-mercredi": (FRIDAY_BEFORE, FRIDAY_BEFORE),
    "alsh-vacances": (at(days_before(15, CALENDAR_DAYS), END_OF_DAY), at(days_before(8, CALENDAR_DAYS), END_OF_DAY)),
}


@hookimpl
def booking_rules(activity: Activity) -> BookingRules:
    """One rule per activity; holidays are booked 15 days ahead and cancelled 8 days ahead."""
    book, cancel = DELAYS[activity.code]
    return BookingRules(book, cancel, LATE)
