"""Rumilly, winter holidays of 2023: booked until Thursday 26 January.

Chosen: later bookings, at a higher price, are taken until the eve; a place given up without proof costs a penalty.
"""

from datetime import date

from plugins.rules.booking import BookingRules
from plugins.rules.dates import on
from plugins.rules.days import CALENDAR_DAYS, days_before
from plugins.rules.deadlines import END_OF_DAY, at
from plugins.rules.french import read_date
from plugins.rules.late import Accept, StillDue
from plugins.rules.tables import by_period

WINTER = by_period((date(2023, 2, 6), date(2023, 2, 17), on(read_date("jeudi 26 janvier 2023"))))
RULES = BookingRules(
    book=at(WINTER, END_OF_DAY),
    cancel=at(WINTER, END_OF_DAY),
    late=Accept(at(days_before(1, CALENDAR_DAYS), END_OF_DAY), "Accepté au tarif majoré"),
    late_cancel=StillDue("Sans justificatif, une pénalité forfaitaire est facturée."),
)
