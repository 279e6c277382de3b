"""Baincthun, canteen: the town asks for bookings by Tuesday midnight for the week after.

Later, the rule of the last minute holds: two days of school before, until midnight.
"""

from plugins.rules.booking import BookingRules
from plugins.rules.calendar import TUESDAY, SchoolCalendar
from plugins.rules.days import SCHOOL_DAYS, days_before, weekday_of_week_before
from plugins.rules.deadlines import END_OF_DAY, at
from plugins.rules.late import Accept, StillDue

CALENDAR = SchoolCalendar("B")
RULES = BookingRules(
    book=at(weekday_of_week_before(TUESDAY), END_OF_DAY),
    cancel=at(days_before(2, SCHOOL_DAYS), END_OF_DAY),
    late=Accept(at(days_before(2, SCHOOL_DAYS), END_OF_DAY), "Accepté en dernière minute"),
    late_cancel=StillDue(),
)
