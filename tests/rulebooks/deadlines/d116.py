"""Romorantin-Lanthenay, winter holidays of 2026: booked from Tuesday 20 to Thursday 29 January, three days a week.

Chosen: three days in a week with a public holiday too; a day is given up as it is booked.
"""

from datetime import date, time

from plugins.rules.blocks import DaysAWeek
from plugins.rules.booking import BookingRules
from plugins.rules.calendar import SchoolCalendar
from plugins.rules.deadlines import END_OF_DAY
from plugins.rules.french import read_date
from plugins.rules.late import Refuse
from plugins.rules.windows import Window, windows

CALENDAR = SchoolCalendar("B")
WINTER = windows(
    Window(
        date(2026, 2, 16),
        date(2026, 2, 27),
        opens=read_date("mardi 20 janvier 2026"),
        closes=read_date("jeudi 29 janvier 2026"),
    ),
)
RULES = BookingRules(
    book=WINTER.closing(END_OF_DAY),
    cancel=WINTER.closing(END_OF_DAY),
    late=Refuse("Contactez le centre de loisirs."),
    opens=WINTER.opening(time(0)),
    block=DaysAWeek(3, with_public_holiday=3),
)
