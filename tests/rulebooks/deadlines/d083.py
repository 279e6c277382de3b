"""L'Isle-sur-la-Sorgue, canteen: booked 48 h ahead to pay by quotient.

Read as two days before, until the evening (A), as 48 hours before noon (B), or before the day begins (C); chosen: A,
the most generous. Late meals, at the full price, are taken until the eve; a meal is cancelled as it is booked.
"""

from datetime import time

from plugins.rules.booking import BookingRules
from plugins.rules.days import CALENDAR_DAYS, days_before
from plugins.rules.deadlines import END_OF_DAY, EXCLUSIVE, at, hours_before
from plugins.rules.late import Accept, StillDue

READINGS = {
    "A": at(days_before(2, CALENDAR_DAYS), END_OF_DAY),
    "B": hours_before(48, start=time(12)),
    "C": hours_before(48, start=time(0), boundary=EXCLUSIVE),
}
RULES = BookingRules(
    book=READINGS["A"],
    cancel=READINGS["A"],
    late=Accept(at(days_before(1, CALENDAR_DAYS), END_OF_DAY), "Accepté sans le tarif au quotient"),
    late_cancel=StillDue("Le repas réservé est facturé."),
)
