"""Argenteuil, small holidays: cancelled three weeks before the period, and booked four.

The period starts on the official Saturday (A) or on the Monday the centre opens (B); chosen: A, the earlier one.
"""

from plugins.rules.anchors import holidays_first_open_day, holidays_start
from plugins.rules.booking import BookingRules
from plugins.rules.calendar import SchoolCalendar
from plugins.rules.days import weeks_before
from plugins.rules.deadlines import END_OF_DAY, at
from plugins.rules.late import StillDue, WaitingList

CALENDAR = SchoolCalendar("C")
READINGS = {
    "A": at(weeks_before(3, of=holidays_start()), END_OF_DAY),
    "B": at(weeks_before(3, of=holidays_first_open_day()), END_OF_DAY),
}
RULES = BookingRules(
    book=at(weeks_before(4, of=holidays_start()), END_OF_DAY),
    cancel=READINGS["A"],
    late=WaitingList("Contactez le centre de loisirs."),
    late_cancel=StillDue("La journée réservée est facturée."),
)
