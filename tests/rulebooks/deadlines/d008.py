"""Veyras, after-school workshops: the first period of 2019 is booked until 17 August, written on the page.

Chosen: the whole of 17 August is in time; a place is given up as it is taken. Only that period has a date.
"""

from datetime import date

from plugins.rules.booking import BookingRules
from plugins.rules.dates import on
from plugins.rules.deadlines import END_OF_DAY, at
from plugins.rules.late import Refuse
from plugins.rules.tables import by_period

PRINTED = at(by_period((date(2019, 9, 2), date(2019, 10, 18), on(date(2019, 8, 17)))), END_OF_DAY)
RULES = BookingRules(book=PRINTED, cancel=PRINTED, late=Refuse("Contactez la mairie."))
