"""Rovon, canteen: cancelled by the eve of school before noon, Tuesday for Thursday and Friday for Monday.

Chosen: a meal is booked 4 days of the calendar before.
"""

from plugins.rules.booking import BookingRules
from plugins.rules.days import CALENDAR_DAYS, SCHOOL_DAYS, days_before
from plugins.rules.deadlines import END_OF_DAY, at, before
from plugins.rules.late import Refuse, StillDue

RULES = BookingRules(
    book=at(days_before(4, CALENDAR_DAYS), END_OF_DAY),
    cancel=at(days_before(1, SCHOOL_DAYS), before(12)),
    late=Refuse("Contactez la mairie."),
    late_cancel=StillDue(),
)
