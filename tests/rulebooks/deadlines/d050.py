"""Les Voyageurs, Derval, canteen: the exact number is wanted on the morning of the last day of school before.

Chosen: « le matin » lasts until noon; bridges and holidays are days without school.
"""

from plugins.rules.booking import BookingRules
from plugins.rules.calendar import SchoolCalendar
from plugins.rules.days import SCHOOL_DAYS, days_before
from plugins.rules.deadlines import at, until
from plugins.rules.late import Refuse

CALENDAR = SchoolCalendar("B")
THAT_MORNING = at(days_before(1, SCHOOL_DAYS), until(12))
RULES = BookingRules(book=THAT_MORNING, cancel=THAT_MORNING, late=Refuse("Contactez l'association."))
