"""Saint-Barnabé, canteen: a meal is added until noon for the next day, Friday for Monday, Tuesday for Thursday."""

from plugins.rules.booking import BookingRules
from plugins.rules.calendar import SchoolCalendar
from plugins.rules.days import CALENDAR_DAYS, SCHOOL_DAYS, days_before
from plugins.rules.deadlines import at, before, until
from plugins.rules.late import Refuse

CALENDAR = SchoolCalendar("B")
RULES = BookingRules(
    book=at(days_before(1, SCHOOL_DAYS), until(12)),
    cancel=at(days_before(1, CALENDAR_DAYS), before(11)),
    late=Refuse("Aucun ajout hors délai."),
)
