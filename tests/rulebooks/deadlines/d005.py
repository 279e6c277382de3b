"""Espondeilhan, canteen: booked before Monday midnight of the week before the meal; the page dates the example.

Chosen: the page tells nothing of cancelling nor of who is late, so a meal is cancelled as it is booked.
"""

from plugins.rules.booking import BookingRules
from plugins.rules.calendar import MONDAY
from plugins.rules.days import weekday_of_week_before
from plugins.rules.deadlines import END_OF_DAY, at
from plugins.rules.late import Refuse

MONDAY_MIDNIGHT = at(weekday_of_week_before(MONDAY), END_OF_DAY)
RULES = BookingRules(book=MONDAY_MIDNIGHT, cancel=MONDAY_MIDNIGHT, late=Refuse("Contactez la mairie."))
