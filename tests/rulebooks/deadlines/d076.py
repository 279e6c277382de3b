"""AMAQY, leisure centre: booked at once until 9 days before, never later.

Chosen: the ninth day before is in time until its end; cancelling as booking.
"""

from plugins.rules.booking import BookingRules
from plugins.rules.days import CALENDAR_DAYS, days_before
from plugins.rules.deadlines import END_OF_DAY, at
from plugins.rules.late import Refuse

NINE_DAYS = at(days_before(9, CALENDAR_DAYS), END_OF_DAY)
RULES = BookingRules(book=NINE_DAYS, cancel=NINE_DAYS, late=Refuse("Aucune réservation hors délai."))
