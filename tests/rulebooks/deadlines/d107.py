"""Boissy-Saint-Léger, holidays of 2022-2023: booked, paid and cancelled before a date printed for each.

« Avant le » is read without that day (A) or with it (B); chosen: A, the words themselves. Booking opens on the day of
class that follows the holidays before. Other holidays have no date yet.
"""

from datetime import date, time

from plugins.rules.anchors import first_class_day, holidays_start
from plugins.rules.booking import BookingRules, Prepayment
from plugins.rules.calendar import SchoolCalendar
from plugins.rules.dates import on
from plugins.rules.days import CALENDAR_DAYS, SAME_DAY, SCHOOL_DAYS, days_before
from plugins.rules.deadlines import END_OF_DAY, Opens, at
from plugins.rules.late import Accept, StillDue
from plugins.rules.tables import by_period

CALENDAR = SchoolCalendar("C")
PRINTED = by_period(
    (date(2022, 10, 22), date(2022, 11, 7), on(date(2022, 10, 7))),
    (date(2022, 12, 17), date(2023, 1, 3), on(date(2022, 12, 2))),
    (date(2023, 2, 18), date(2023, 3, 6), on(date(2023, 2, 3))),
    (date(2023, 4, 22), date(2023, 5, 9), on(date(2023, 4, 7))),
    (date(2023, 7, 8), date(2023, 9, 3), on(date(2023, 6, 16))),
)
READINGS = {
    "A": at(days_before(1, CALENDAR_DAYS, of=PRINTED), END_OF_DAY),
    "B": at(PRINTED, END_OF_DAY),
}
RULES = BookingRules(
    book=READINGS["A"],
    cancel=READINGS["A"],
    late=Accept(at(SAME_DAY, END_OF_DAY), "Accepté au tarif « non réservé »"),
    late_cancel=StillDue("La journée réservée est facturée."),
    opens=Opens(first_class_day(of=days_before(1, SCHOOL_DAYS, of=holidays_start())), time(0)),
    prepayment=Prepayment(),
)
