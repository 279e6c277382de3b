"""Pays Basque, Wednesdays of 2023-2024: each block of Wednesdays opens on a printed Monday; places go by criteria.

Chosen: the page has no last day, so a Wednesday is booked and given up until the eve.
"""

from datetime import date, time

from plugins.rules.booking import BookingRules
from plugins.rules.dates import on
from plugins.rules.days import CALENDAR_DAYS, days_before
from plugins.rules.deadlines import END_OF_DAY, Opens, at
from plugins.rules.french import read_date
from plugins.rules.late import Refuse
from plugins.rules.tables import by_period

BLOCKS = by_period(
    (date(2023, 9, 6), date(2023, 10, 18), on(read_date("lundi 7 août 2023"))),
    (date(2023, 11, 8), date(2023, 12, 20), on(read_date("lundi 9 octobre 2023"))),
    (date(2024, 1, 10), date(2024, 2, 14), on(read_date("lundi 11 décembre 2023"))),
    (date(2024, 3, 6), date(2024, 4, 10), on(read_date("lundi 5 février 2024"))),
    (date(2024, 5, 15), date(2024, 7, 3), on(read_date("lundi 15 avril 2024"))),
)
THE_EVE = at(days_before(1, CALENDAR_DAYS), END_OF_DAY)
RULES = BookingRules(
    book=THE_EVE, cancel=THE_EVE, late=Refuse("Contactez l'accueil de loisirs."), opens=Opens(BLOCKS, time(0))
)
