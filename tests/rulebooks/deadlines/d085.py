"""Éragny, canteen, care and Wednesdays: closed « 72 h avant ».

Read as 72 hours before the day begins (A) or as three days before, until the evening (B); chosen: B, the most generous.
Late days, which cost more, are taken until the eve.
"""

from datetime import time

from plugins.rules.booking import BookingRules
from plugins.rules.days import CALENDAR_DAYS, days_before
from plugins.rules.deadlines import END_OF_DAY, EXCLUSIVE, at, hours_before
from plugins.rules.late import Accept, StillDue

READINGS = {
    "A": hours_before(72, start=time(0), boundary=EXCLUSIVE),
    "B": at(days_before(3, CALENDAR_DAYS), END_OF_DAY),
}
RULES = BookingRules(
    book=READINGS["B"],
    cancel=READINGS["B"],
    late=Accept(at(days_before(1, CALENDAR_DAYS), END_OF_DAY), "Accepté avec une majoration"),
    late_cancel=StillDue("La journée réservée est facturée."),
)
