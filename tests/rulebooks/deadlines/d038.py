"""Cunac, canteen: Monday and Tuesday by the Thursday before, Thursday and Friday by the Tuesday before, at 10 h."""

from plugins.rules.booking import BookingRules
from plugins.rules.calendar import FRIDAY, MONDAY, THURSDAY, TUESDAY
from plugins.rules.days import previous_weekday
from plugins.rules.deadlines import at, before
from plugins.rules.late import Refuse, StillDue
from plugins.rules.tables import by_weekday

THURSDAY_AT_TEN = at(previous_weekday(THURSDAY), before(10))
TUESDAY_AT_TEN = at(previous_weekday(TUESDAY), before(10))
TABLE = by_weekday(
    {MONDAY: THURSDAY_AT_TEN, TUESDAY: THURSDAY_AT_TEN, THURSDAY: TUESDAY_AT_TEN, FRIDAY: TUESDAY_AT_TEN}
)
RULES = BookingRules(
    book=TABLE,
    cancel=TABLE,
    late=Refuse("Contactez la mairie."),
    late_cancel=StillDue("Le repas est facturé."),
)
