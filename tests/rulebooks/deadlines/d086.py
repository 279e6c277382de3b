"""Pamiers, canteen, ALAE and ALSH: booked and paid on line at least 8 days before.

Chosen: the eighth day before is in time until its end; the page tells nothing of cancelling: as booking.
"""

from plugins.rules.booking import BookingRules, Prepayment
from plugins.rules.days import CALENDAR_DAYS, days_before
from plugins.rules.deadlines import END_OF_DAY, at
from plugins.rules.late import Refuse

EIGHT_DAYS = at(days_before(8, CALENDAR_DAYS), END_OF_DAY)
RULES = BookingRules(book=EIGHT_DAYS, cancel=EIGHT_DAYS, late=Refuse("Contactez le service."), prepayment=Prepayment())
