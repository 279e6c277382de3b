"""Andancette, canteen: booked until Friday 12 h for the week after; a meal is cancelled until the eve at 12 h."""

from plugins.rules.booking import BookingRules
from plugins.rules.calendar import FRIDAY
from plugins.rules.days import CALENDAR_DAYS, days_before, weekday_of_week_before
from plugins.rules.deadlines import at, until
from plugins.rules.late import Refuse

RULES = BookingRules(
    book=at(weekday_of_week_before(FRIDAY), until(12)),
    cancel=at(days_before(1, CALENDAR_DAYS), until(12)),
    late=Refuse("Aucune réservation hors délai."),
)
