"""Paris 11e, canteen of 2024-2025: registered from 1 June to 23 August 2024; later, at the highest price.

Chosen: both days are whole; later registrations are taken until the eve; a meal is given up as it is booked.
"""

from datetime import date, time

from plugins.rules.booking import BookingRules
from plugins.rules.calendar import SchoolCalendar
from plugins.rules.days import CALENDAR_DAYS, days_before
from plugins.rules.deadlines import END_OF_DAY, at
from plugins.rules.late import Accept, StillDue
from plugins.rules.windows import Window, windows

CALENDAR = SchoolCalendar("C")
THE_YEAR = windows(
    Window(date(2024, 9, 2), date(2025, 7, 4), opens=date(2024, 6, 1), closes=date(2024, 8, 23)),
)
RULES = BookingRules(
    book=THE_YEAR.closing(END_OF_DAY),
    cancel=THE_YEAR.closing(END_OF_DAY),
    late=Accept(
        at(days_before(1, CALENDAR_DAYS), END_OF_DAY), "Accepté au tarif maximal (tarif 10) jusqu'à régularisation"
    ),
    late_cancel=StillDue("Le repas réservé est facturé."),
    opens=THE_YEAR.opening(time(0)),
)
