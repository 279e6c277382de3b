"""Vauréal, canteen and care: 24 hours before the date and before noon.

Of a Monday that is Sunday noon (A) or Friday noon (B); chosen: A.
"""

from plugins.rules.booking import BookingRules
from plugins.rules.days import CALENDAR_DAYS, WORKING_DAYS, days_before
from plugins.rules.deadlines import at, before
from plugins.rules.late import Refuse, StillDue

READINGS = {
    "A": at(days_before(1, CALENDAR_DAYS), before(12)),
    "B": at(days_before(1, WORKING_DAYS), before(12)),
}
RULES = BookingRules(
    book=READINGS["A"],
    cancel=READINGS["A"],
    late=Refuse("L'enfant n'est pas pris en charge."),
    late_cancel=StillDue(),
)
