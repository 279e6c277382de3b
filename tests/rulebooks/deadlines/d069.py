"""Milly-sur-Thérain and Bonnières, canteen: the town hall is told the eve before 10 h.

The eve of a Monday is the Sunday (A) or the last day the town hall was open, Monday to Friday (B); chosen: A.
"""

from plugins.rules.booking import BookingRules
from plugins.rules.days import CALENDAR_DAYS, WORKING_DAYS, days_before
from plugins.rules.deadlines import at, before
from plugins.rules.late import Refuse, StillDue

READINGS = {
    "A": at(days_before(1, CALENDAR_DAYS), before(10)),
    "B": at(days_before(1, WORKING_DAYS), before(10)),
}
RULES = BookingRules(
    book=READINGS["A"],
    cancel=READINGS["A"],
    late=Refuse("Contactez la mairie."),
    late_cancel=StillDue(),
)
