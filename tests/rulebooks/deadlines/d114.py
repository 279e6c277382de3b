"""Wavrin, autumn holidays of 2025: booked from 13 to 22 September, both included.

Chosen: a day is given up as it is booked.
"""

from datetime import date, time

from plugins.rules.booking import BookingRules
from plugins.rules.calendar import SchoolCalendar
from plugins.rules.deadlines import END_OF_DAY
from plugins.rules.late import Refuse
from plugins.rules.windows import Window, windows

CALENDAR = SchoolCalendar("B")
AUTUMN = windows(
    Window(date(2025, 10, 20), date(2025, 10, 31), opens=date(2025, 9, 13), closes=date(2025, 9, 22)),
)
RULES = BookingRules(
    book=AUTUMN.closing(END_OF_DAY),
    cancel=AUTUMN.closing(END_OF_DAY),
    late=Refuse("Contactez le centre de loisirs."),
    opens=AUTUMN.opening(time(0)),
)
