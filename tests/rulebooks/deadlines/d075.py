"""Argenteuil, Wednesday: the page says « le 7 du mois précédent » (A) in a table and « 7 jours avant » (B) below.

Chosen: A, the table. Cancelled by the Friday of the week before.
"""

from plugins.rules.booking import BookingRules
from plugins.rules.calendar import FRIDAY
from plugins.rules.days import CALENDAR_DAYS, day_of_month_before, days_before, weekday_of_week_before
from plugins.rules.deadlines import END_OF_DAY, at
from plugins.rules.late import StillDue, WaitingList

READINGS = {
    "A": at(day_of_month_before(7), END_OF_DAY),
    "B": at(days_before(7, CALENDAR_DAYS), END_OF_DAY),
}
RULES = BookingRules(
    book=READINGS["A"],
    cancel=at(weekday_of_week_before(FRIDAY), END_OF_DAY),
    late=WaitingList("Le service répond selon les places qui restent."),
    late_cancel=StillDue(),
)
