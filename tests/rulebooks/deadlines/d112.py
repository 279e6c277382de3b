"""Wervicq-Sud, Christmas holidays of 2024: booked from 25 November to 6 December, whole weeks only.

Chosen: late weeks, which cost 5 % more, are taken until the eve of the centre; once it is open they cost 10 % more and
1 € a meal. A week is given up until eight days before the centre opens (D113).
"""

from datetime import date, time

from plugins.rules.anchors import holidays_first_open_day
from plugins.rules.blocks import WholeWeeks
from plugins.rules.booking import BookingRules
from plugins.rules.calendar import SchoolCalendar
from plugins.rules.days import CALENDAR_DAYS, days_before
from plugins.rules.deadlines import END_OF_DAY, at
from plugins.rules.late import Accept, StillDue
from plugins.rules.windows import Window, windows

CALENDAR = SchoolCalendar("B")
CHRISTMAS = windows(
    Window(date(2024, 12, 23), date(2025, 1, 3), opens=date(2024, 11, 25), closes=date(2024, 12, 6)),
)
RULES = BookingRules(
    book=CHRISTMAS.closing(END_OF_DAY),
    cancel=at(days_before(8, CALENDAR_DAYS, of=holidays_first_open_day()), END_OF_DAY),
    late=Accept(
        at(days_before(1, CALENDAR_DAYS, of=holidays_first_open_day()), END_OF_DAY),
        "Accepté avec une majoration de 5 %",
    ),
    late_cancel=StillDue("La semaine réservée est facturée."),
    opens=CHRISTMAS.opening(time(0)),
    block=WholeWeeks(),
)
