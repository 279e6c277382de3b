"""Andancette, canteen: cancelled until the eve at 12 h, booked until Friday 12 h of the week before.

« La veille » of a Monday is the Sunday (A) or the last working day (B); chosen: A, the words themselves.
"""

from plugins.rules.booking import BookingRules
from plugins.rules.calendar import FRIDAY
from plugins.rules.days import CALENDAR_DAYS, WORKING_DAYS, days_before, weekday_of_week_before
from plugins.rules.deadlines import at, until
from plugins.rules.late import Refuse

READINGS = {
    "A": at(days_before(1, CALENDAR_DAYS), until(12)),
    "B": at(days_before(1, WORKING_DAYS), until(12)),
}
RULES = BookingRules(
    book=at(weekday_of_week_before(FRIDAY), until(12)),
    cancel=READINGS["A"],
    late=Refuse("Aucune annulation hors délai."),
)
