"""Saint-Romain-d'Ay, canteen and care: booked before Thursday 9 h for the week after; late, a meal costs 1,50 € more.

Chosen: late meals are taken until the eve at midnight, the page has no limit; a meal is cancelled as it is booked.
"""

from plugins.rules.booking import BookingRules
from plugins.rules.calendar import THURSDAY
from plugins.rules.days import CALENDAR_DAYS, days_before, weekday_of_week_before
from plugins.rules.deadlines import END_OF_DAY, at, before
from plugins.rules.late import Accept, StillDue

THURSDAY_AT_NINE = at(weekday_of_week_before(THURSDAY), before(9))
RULES = BookingRules(
    book=THURSDAY_AT_NINE,
    cancel=THURSDAY_AT_NINE,
    late=Accept(at(days_before(1, CALENDAR_DAYS), END_OF_DAY), "Accepté avec une majoration"),
    late_cancel=StillDue(),
)
