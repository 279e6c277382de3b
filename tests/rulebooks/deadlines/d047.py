"""Voulangis, canteen: cancelled before 9 h 30 on the last day of school before the meal.

Friday for Monday, the eve for Tuesday and Friday, Tuesday for Thursday; public holidays are « cas particuliers »,
read here as days without school. Chosen: booking as cancelling.
"""

from plugins.rules.booking import BookingRules
from plugins.rules.calendar import SchoolCalendar
from plugins.rules.days import SCHOOL_DAYS, days_before
from plugins.rules.deadlines import at, before
from plugins.rules.late import Refuse, StillDue

CALENDAR = SchoolCalendar("C")
LAST_SCHOOL_DAY = at(days_before(1, SCHOOL_DAYS), before(9, 30))
RULES = BookingRules(
    book=LAST_SCHOOL_DAY,
    cancel=LAST_SCHOOL_DAY,
    late=Refuse("Contactez la mairie."),
    late_cancel=StillDue("Le repas n'est pas reporté."),
)
