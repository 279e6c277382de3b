"""Mametz, care: booked the eve before 11 h for the next day.

Chosen: the eve of a Monday is the Sunday; the page tells nothing of cancelling: as booking.
"""

from plugins.rules.booking import BookingRules
from plugins.rules.days import CALENDAR_DAYS, days_before
from plugins.rules.deadlines import at, before
from plugins.rules.late import Refuse

THE_EVE = at(days_before(1, CALENDAR_DAYS), before(11))
RULES = BookingRules(book=THE_EVE, cancel=THE_EVE, late=Refuse("L'enfant n'est pas accueilli."))
