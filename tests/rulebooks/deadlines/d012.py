"""Bertholène, canteen: booked until Tuesday 12 h of the week before; changed until the Monday 12 h of that week."""

from plugins.rules.booking import BookingRules
from plugins.rules.calendar import MONDAY, TUESDAY
from plugins.rules.days import weekday_of_week_before
from plugins.rules.deadlines import at, until
from plugins.rules.late import Refuse

RULES = BookingRules(
    book=at(weekday_of_week_before(TUESDAY), until(12)),
    cancel=at(weekday_of_week_before(MONDAY), until(12)),
    late=Refuse("Ni téléphone ni courriel : seules les réservations du portail comptent."),
)
