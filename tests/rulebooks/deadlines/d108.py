"""Dammarie-les-Lys, holidays: each is booked from a day to another of the school year, both printed.

Chosen: the page writes no year, so the dates hold every school year; both days are whole; a day is given up as booked.
"""

from datetime import time

from plugins.rules.booking import BookingRules
from plugins.rules.calendar import SchoolCalendar
from plugins.rules.dates import day_of_school_year
from plugins.rules.deadlines import END_OF_DAY, Opens, at
from plugins.rules.late import Refuse
from plugins.rules.tables import by_holidays

CALENDAR = SchoolCalendar("C")
CLOSES = by_holidays(
    {
        "Vacances de la Toussaint": day_of_school_year(month=10, day=7),
        "Vacances de Noël": day_of_school_year(month=12, day=2),
        "Vacances d'hiver": day_of_school_year(month=2, day=3),
        "Vacances de printemps": day_of_school_year(month=4, day=7),
        "Vacances d'été": day_of_school_year(month=6, day=15),
    }
)
OPENS = by_holidays(
    {
        "Vacances de la Toussaint": day_of_school_year(month=9, day=1),
        "Vacances de Noël": day_of_school_year(month=11, day=7),
        "Vacances d'hiver": day_of_school_year(month=1, day=3),
        "Vacances de printemps": day_of_school_year(month=3, day=6),
        "Vacances d'été": day_of_school_year(month=5, day=9),
    }
)
RULES = BookingRules(
    book=at(CLOSES, END_OF_DAY),
    cancel=at(CLOSES, END_OF_DAY),
    late=Refuse("Contactez le service."),
    opens=Opens(OPENS, time(0)),
)
