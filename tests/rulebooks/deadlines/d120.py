"""Strasbourg, Wednesdays of 2024-2025: enrolment for the year closed on 15 May 2024, then it depends on places.

Chosen: 15 May is whole; a Wednesday is given up as it is booked. Alsace has two more public holidays.
"""

from datetime import date

from plugins.rules.booking import BookingRules
from plugins.rules.calendar import SchoolCalendar
from plugins.rules.dates import on
from plugins.rules.deadlines import END_OF_DAY, at
from plugins.rules.late import Refuse
from plugins.rules.tables import by_period

CALENDAR = SchoolCalendar("B", region="Alsace-Moselle")
THE_YEAR = at(by_period((date(2024, 9, 1), date(2025, 8, 31), on(date(2024, 5, 15)))), END_OF_DAY)
RULES = BookingRules(
    book=THE_YEAR, cancel=THE_YEAR, late=Refuse("Au cas par cas, selon les places : contactez la structure.")
)
