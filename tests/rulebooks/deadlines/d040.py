"""Mametz, canteen: absences are told on Monday before 9 h for the rest of the week; Monday is never refunded.

Chosen: « le lundi » is the Monday of the week of the meal. Booking follows another rule (D039).
"""

from plugins.rules.booking import BookingRules
from plugins.rules.calendar import FRIDAY, MONDAY, THURSDAY, TUESDAY
from plugins.rules.days import previous_weekday, weekday_of_week
from plugins.rules.deadlines import at, before, never
from plugins.rules.late import Refuse, StillDue
from plugins.rules.tables import by_weekday

FRIDAY_AT_NINE = at(previous_weekday(FRIDAY), before(9))
TUESDAY_AT_NINE = at(previous_weekday(TUESDAY), before(9))
MONDAY_AT_NINE = at(weekday_of_week(MONDAY), before(9))
RULES = BookingRules(
    book=by_weekday(
        {MONDAY: FRIDAY_AT_NINE, TUESDAY: FRIDAY_AT_NINE, THURSDAY: TUESDAY_AT_NINE, FRIDAY: TUESDAY_AT_NINE}
    ),
    cancel=by_weekday(
        {
            MONDAY: never("le lundi n'est jamais remboursé"),
            TUESDAY: MONDAY_AT_NINE,
            THURSDAY: MONDAY_AT_NINE,
            FRIDAY: MONDAY_AT_NINE,
        }
    ),
    late=Refuse("L'enfant n'est pas accueilli."),
    late_cancel=StillDue("Le repas n'est pas remboursé."),
)
