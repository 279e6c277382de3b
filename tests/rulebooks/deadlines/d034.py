"""Vauréal, Wednesday: booked and cancelled by the Monday of the same week before noon, a public holiday or not."""

from plugins.rules.booking import BookingRules
from plugins.rules.calendar import MONDAY
from plugins.rules.days import previous_weekday
from plugins.rules.deadlines import at, before
from plugins.rules.late import Refuse, StillDue

MONDAY_BEFORE_NOON = at(previous_weekday(MONDAY), before(12))
RULES = BookingRules(
    book=MONDAY_BEFORE_NOON,
    cancel=MONDAY_BEFORE_NOON,
    late=Refuse("L'enfant n'est pas pris en charge."),
    late_cancel=StillDue(),
)
