"""Veyras, canteen: booked and cancelled until Tuesday 23 h 59 for the week after, holidays or not."""

from plugins.rules.booking import BookingRules
from plugins.rules.calendar import TUESDAY
from plugins.rules.days import weekday_of_week_before
from plugins.rules.deadlines import END_OF_DAY, at
from plugins.rules.late import Refuse

TUESDAY_MIDNIGHT = at(weekday_of_week_before(TUESDAY), END_OF_DAY)
RULES = BookingRules(
    book=TUESDAY_MIDNIGHT,
    cancel=TUESDAY_MIDNIGHT,
    late=Refuse("Aucune réservation ni annulation hors délai."),
)
