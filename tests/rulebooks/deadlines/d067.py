"""Saint-Martin-le-Vinoux, canteen: booked or cancelled at least a week ahead, and paid at once.

Chosen: the seventh day before is in time until its end.
"""

from plugins.rules.booking import BookingRules, Prepayment
from plugins.rules.days import CALENDAR_DAYS, days_before
from plugins.rules.deadlines import END_OF_DAY, at
from plugins.rules.late import Refuse

A_WEEK_AHEAD = at(days_before(7, CALENDAR_DAYS), END_OF_DAY)
RULES = BookingRules(
    book=A_WEEK_AHEAD, cancel=A_WEEK_AHEAD, late=Refuse("Contactez le service."), prepayment=Prepayment()
)
