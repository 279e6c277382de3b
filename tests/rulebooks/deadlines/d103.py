"""Éragny, holidays: booked and paid « 15 jours francs » before the first day of the holidays, also written J-15.

Read as 15 whole days before the official Saturday (A), as the 15th day before it (B), or as 15 whole days before the
Monday the centre opens (C); chosen: A, « francs » is written and the Saturday is official. A day is given up as booked.
"""

from plugins.rules.anchors import holidays_first_open_day, holidays_start
from plugins.rules.booking import BookingRules, Prepayment
from plugins.rules.calendar import SchoolCalendar
from plugins.rules.days import CALENDAR_DAYS, clear_days_before, days_before
from plugins.rules.deadlines import END_OF_DAY, at
from plugins.rules.late import Refuse

CALENDAR = SchoolCalendar("C")
READINGS = {
    "A": at(clear_days_before(15, CALENDAR_DAYS, of=holidays_start()), END_OF_DAY),
    "B": at(days_before(15, CALENDAR_DAYS, of=holidays_start()), END_OF_DAY),
    "C": at(clear_days_before(15, CALENDAR_DAYS, of=holidays_first_open_day()), END_OF_DAY),
}
RULES = BookingRules(
    book=READINGS["A"],
    cancel=READINGS["A"],
    late=Refuse("Une réservation qui n'est pas payée avant la clôture n'est pas validée."),
    prepayment=Prepayment(),
)
