"""Ourton, canteen: before 11 h on the last day the town hall is open, which is not on Thursdays.

The page lists the weekdays; they are the opening days of the town hall, and the day before a Friday is a Wednesday.
Chosen: the town hall is closed on public holidays too; a meal is cancelled as it is booked.
"""

from plugins.rules.booking import BookingRules
from plugins.rules.calendar import FRIDAY, MONDAY, TUESDAY, WEDNESDAY
from plugins.rules.days import days_before, opening_days
from plugins.rules.deadlines import at, before
from plugins.rules.late import Refuse

TOWN_HALL = opening_days("de la mairie", MONDAY, TUESDAY, WEDNESDAY, FRIDAY, on_public_holidays=False)
BEFORE_ELEVEN = at(days_before(1, TOWN_HALL), before(11))
RULES = BookingRules(book=BEFORE_ELEVEN, cancel=BEFORE_ELEVEN, late=Refuse("Le repas n'est pas servi."))
