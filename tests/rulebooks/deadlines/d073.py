"""Argenteuil, evening care: booked 7 days before the date; later, a waiting list. Cancelled the last day of school.

Chosen: the seventh day before is in time until its end.
"""

from plugins.rules.booking import BookingRules
from plugins.rules.calendar import SchoolCalendar
from plugins.rules.days import CALENDAR_DAYS, SCHOOL_DAYS, days_before
from plugins.rules.deadlines import END_OF_DAY, at
from plugins.rules.late import StillDue, WaitingList

CALENDAR = SchoolCalendar("C")
RULES = BookingRules(
    book=at(days_before(7, CALENDAR_DAYS), END_OF_DAY),
    cancel=at(days_before(1, SCHOOL_DAYS), END_OF_DAY),
    late=WaitingList("Le service répond selon les places qui restent."),
    late_cancel=StillDue(),
)
