"""Veyras, TAP: an absence is cancelled until the eve at 17 h.

Chosen: the eve of a Monday is the Sunday. Booking follows the fixed dates of each period and is not this rule.
"""

from plugins.rules.booking import BookingRules
from plugins.rules.days import CALENDAR_DAYS, days_before
from plugins.rules.deadlines import at, until
from plugins.rules.late import Refuse

THE_EVE = at(days_before(1, CALENDAR_DAYS), until(17))
RULES = BookingRules(book=THE_EVE, cancel=THE_EVE, late=Refuse("Aucune annulation hors délai."))
