"""Wervicq-Sud, holidays: cancelled without charge until eight days before the centre opens.

Chosen: the centre opens on the first weekday of the holidays that is not closed, and the eighth day is in time until
its end. A week is booked as it is cancelled where no window is printed (D112).
"""

from plugins.rules.anchors import holidays_first_open_day
from plugins.rules.booking import BookingRules
from plugins.rules.calendar import SchoolCalendar
from plugins.rules.days import CALENDAR_DAYS, days_before
from plugins.rules.deadlines import END_OF_DAY, at
from plugins.rules.late import Refuse, StillDue

CALENDAR = SchoolCalendar("B")
EIGHT_DAYS = at(days_before(8, CALENDAR_DAYS, of=holidays_first_open_day()), END_OF_DAY)
RULES = BookingRules(
    book=EIGHT_DAYS,
    cancel=EIGHT_DAYS,
    late=Refuse("Contactez le centre de loisirs."),
    late_cancel=StillDue("La semaine réservée est facturée."),
)
