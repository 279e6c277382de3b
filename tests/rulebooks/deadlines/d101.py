"""Vauréal, holidays: booked 15 days before the first day of the holidays.

That day is the official one, a Saturday (A), or the first day the centre opens (B); chosen: A, the earlier one. A day
is given up a week before the same day (D102).
"""

from plugins.rules.anchors import holidays_first_open_day, holidays_start
from plugins.rules.booking import BookingRules
from plugins.rules.calendar import SchoolCalendar
from plugins.rules.days import CALENDAR_DAYS, days_before, weeks_before
from plugins.rules.deadlines import END_OF_DAY, at
from plugins.rules.late import Refuse, StillDue

CALENDAR = SchoolCalendar("C")
READINGS = {
    "A": at(days_before(15, CALENDAR_DAYS, of=holidays_start()), END_OF_DAY),
    "B": at(days_before(15, CALENDAR_DAYS, of=holidays_first_open_day()), END_OF_DAY),
}
RULES = BookingRules(
    book=READINGS["A"],
    cancel=at(weeks_before(1, of=holidays_start()), END_OF_DAY),
    late=Refuse("L'enfant n'est pas pris en charge."),
    late_cancel=StillDue("La journée réservée est facturée."),
)
