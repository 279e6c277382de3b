"""Rovon, canteen: booked 4 days before the meal.

The days are those of the calendar (A) or of school (B); chosen: A. A meal is cancelled by the eve of school at noon.
"""

from plugins.rules.booking import BookingRules
from plugins.rules.days import CALENDAR_DAYS, SCHOOL_DAYS, days_before
from plugins.rules.deadlines import END_OF_DAY, at, before
from plugins.rules.late import Refuse

READINGS = {
    "A": at(days_before(4, CALENDAR_DAYS), END_OF_DAY),
    "B": at(days_before(4, SCHOOL_DAYS), END_OF_DAY),
}
RULES = BookingRules(
    book=READINGS["A"],
    cancel=at(days_before(1, SCHOOL_DAYS), before(12)),
    late=Refuse("Contactez la mairie."),
)
