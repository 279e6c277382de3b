"""Boissy-Saint-Léger, Wednesday: booked from 1 June until the eve at 12 h; later at the exceptional tariff.

Chosen: 1 June 2024, for the school year 2024-2025; late children are taken until 9 h; cancelling as booking.
"""

from datetime import date

from plugins.rules.booking import BookingRules
from plugins.rules.days import CALENDAR_DAYS, SAME_DAY, days_before
from plugins.rules.deadlines import at, until
from plugins.rules.late import Accept, StillDue

THE_EVE_AT_NOON = at(days_before(1, CALENDAR_DAYS), until(12))
RULES = BookingRules(
    book=THE_EVE_AT_NOON,
    cancel=THE_EVE_AT_NOON,
    late=Accept(at(SAME_DAY, until(9)), "Accepté au tarif exceptionnel"),
    late_cancel=StillDue(),
    opens=date(2024, 6, 1),
)
