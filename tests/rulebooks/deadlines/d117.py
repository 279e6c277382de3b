"""Mayenne, summer of 2017: booked online from Wednesday 14 June at 8 h 30 to Wednesday 28 June.

Only families of the town and of partner towns may book, which is a matter of accounts. Chosen: the last day is whole;
a day is given up as it is booked.
"""

from datetime import date, time

from plugins.rules.booking import BookingRules
from plugins.rules.calendar import SchoolCalendar
from plugins.rules.deadlines import END_OF_DAY
from plugins.rules.french import read_date
from plugins.rules.late import Refuse
from plugins.rules.windows import Window, windows

CALENDAR = SchoolCalendar("B")
SUMMER = windows(
    Window(
        date(2017, 7, 10),
        date(2017, 9, 1),
        opens=read_date("mercredi 14 juin 2017"),
        closes=read_date("mercredi 28 juin 2017"),
    ),
)
RULES = BookingRules(
    book=SUMMER.closing(END_OF_DAY),
    cancel=SUMMER.closing(END_OF_DAY),
    late=Refuse("Contactez le centre de loisirs."),
    opens=SUMMER.opening(time(8, 30)),
)
