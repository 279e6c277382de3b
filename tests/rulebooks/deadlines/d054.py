"""Villes Sœurs, leisure centre without a meal: a day or a half-day is bought by the eve.

Chosen: no hour is written, so the whole eve is in time; cancelling as booking.
"""

from plugins.rules.booking import BookingRules, Prepayment
from plugins.rules.days import CALENDAR_DAYS, days_before
from plugins.rules.deadlines import END_OF_DAY, at
from plugins.rules.late import Refuse

THE_EVE = at(days_before(1, CALENDAR_DAYS), END_OF_DAY)
RULES = BookingRules(
    book=THE_EVE,
    cancel=THE_EVE,
    late=Refuse("Aucune réservation hors délai."),
    prepayment=Prepayment(hold_minutes=60),
)
