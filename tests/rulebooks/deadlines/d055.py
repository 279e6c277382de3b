"""Béthisy-Saint-Pierre, canteen: booked on the portal « 48 h ouvrées » ahead.

Read as two working days, until the evening (A) or the hour of the meal (B), or as two whole working days in between
(C); chosen: A, the most generous. A meal is cancelled as it is booked.
"""

from plugins.rules.booking import BookingRules
from plugins.rules.days import WORKING_DAYS, clear_days_before, days_before
from plugins.rules.deadlines import END_OF_DAY, at, until
from plugins.rules.late import Refuse

READINGS = {
    "A": at(days_before(2, WORKING_DAYS), END_OF_DAY),
    "B": at(days_before(2, WORKING_DAYS), until(11, 30)),
    "C": at(clear_days_before(2, WORKING_DAYS), END_OF_DAY),
}
RULES = BookingRules(book=READINGS["A"], cancel=READINGS["A"], late=Refuse("Contactez la mairie."))
