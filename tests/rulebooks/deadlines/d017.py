"""Montagnac, canteen: booked until Wednesday midnight for the week after, and paid by card within the hour.

Chosen: « mercredi minuit » is the end of Wednesday. The page tells nothing of cancelling: as booking.
"""

from plugins.rules.booking import BookingRules, Prepayment
from plugins.rules.calendar import WEDNESDAY
from plugins.rules.days import weekday_of_week_before
from plugins.rules.deadlines import END_OF_DAY, at
from plugins.rules.late import Refuse

WEDNESDAY_MIDNIGHT = at(weekday_of_week_before(WEDNESDAY), END_OF_DAY)
RULES = BookingRules(
    book=WEDNESDAY_MIDNIGHT,
    cancel=WEDNESDAY_MIDNIGHT,
    late=Refuse("Un panier expiré n'est pas enregistré."),
    prepayment=Prepayment(hold_minutes=60),
)
