"""Le Rove, canteen: who enrols during a month starts the month after, and a month that has begun is due.

So a month is asked for, and given up, by the last day of the month before.
"""

from plugins.rules.booking import BookingRules
from plugins.rules.days import day_of_month_before
from plugins.rules.deadlines import END_OF_DAY, at
from plugins.rules.late import Refuse, StillDue

LAST_OF_MONTH_BEFORE = at(day_of_month_before(31), END_OF_DAY)
RULES = BookingRules(
    book=LAST_OF_MONTH_BEFORE,
    cancel=LAST_OF_MONTH_BEFORE,
    late=Refuse("L'inscription prend effet le mois suivant."),
    late_cancel=StillDue("Tout mois commencé est dû."),
)
