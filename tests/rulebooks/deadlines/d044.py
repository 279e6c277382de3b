"""Rontalon, canteen and care: cancelled before 11 h on the school day before, across holidays too.

The page lists the weekdays. When the one it names is a public holiday, it is read as written (A) or as the school day
before (B); chosen: B, which is what it says of holidays. A day is booked as it is cancelled.
"""

from plugins.rules.anchors import first_class_day
from plugins.rules.booking import BookingRules
from plugins.rules.calendar import FRIDAY, MONDAY, THURSDAY, TUESDAY
from plugins.rules.days import SCHOOL_DAYS, days_before, previous_weekday
from plugins.rules.deadlines import NEVER, at, before
from plugins.rules.late import Refuse
from plugins.rules.service_days import on_weekdays, when_it_is
from plugins.rules.tables import by_case

SCHOOL_DAY_BEFORE = at(days_before(1, SCHOOL_DAYS), before(11))
READINGS = {
    "A": by_case(
        (when_it_is(first_class_day()), SCHOOL_DAY_BEFORE),
        (on_weekdays(MONDAY), at(previous_weekday(FRIDAY), before(11))),
        (on_weekdays(TUESDAY), at(previous_weekday(MONDAY), before(11))),
        (on_weekdays(THURSDAY), at(previous_weekday(TUESDAY), before(11))),
        (on_weekdays(FRIDAY), at(previous_weekday(THURSDAY), before(11))),
        otherwise=NEVER,
    ),
    "B": SCHOOL_DAY_BEFORE,
}
RULES = BookingRules(
    book=READINGS["B"],
    cancel=READINGS["B"],
    late=Refuse("Demande rejetée : les agents ne peuvent pas annuler à votre place."),
)
