"""Centre social VHB, holiday meals: Thursday before at 15 h for Monday and Tuesday, Monday 15 h for the other days.

In a week whose Monday is a public holiday, Wednesday too is told on the Thursday before.
"""

from plugins.rules.booking import BookingRules
from plugins.rules.calendar import FRIDAY, MONDAY, THURSDAY, TUESDAY, WEDNESDAY
from plugins.rules.days import weekday_of_week, weekday_of_week_before
from plugins.rules.deadlines import NEVER, at, until
from plugins.rules.late import Refuse, StillDue
from plugins.rules.service_days import all_of, on_weekdays, when_public_holiday
from plugins.rules.tables import by_case

THURSDAY_BEFORE = at(weekday_of_week_before(THURSDAY), until(15))
MONDAY_AT_THREE = at(weekday_of_week(MONDAY), until(15))
MONDAY_OFF = when_public_holiday(weekday_of_week(MONDAY))
TABLE = by_case(
    (all_of(on_weekdays(WEDNESDAY), MONDAY_OFF), THURSDAY_BEFORE),
    (on_weekdays(MONDAY, TUESDAY), THURSDAY_BEFORE),
    (on_weekdays(WEDNESDAY, THURSDAY, FRIDAY), MONDAY_AT_THREE),
    otherwise=NEVER,
)
RULES = BookingRules(
    book=TABLE,
    cancel=TABLE,
    late=Refuse("Contactez le centre social."),
    late_cancel=StillDue("Motif sérieux : justificatif sous 5 jours, 10 % peuvent être retenus."),
)
