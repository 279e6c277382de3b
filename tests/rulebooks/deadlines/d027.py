"""Saint-Barnabé, canteen: regular meals are booked and paid before Thursday morning for the week after.

« Avant le jeudi matin » is the end of Wednesday (A) or Thursday noon (B); chosen: A. Cancelling: as booking.
"""

from plugins.rules.booking import BookingRules, Prepayment
from plugins.rules.calendar import THURSDAY, WEDNESDAY
from plugins.rules.days import weekday_of_week_before
from plugins.rules.deadlines import END_OF_DAY, at, until
from plugins.rules.late import Refuse

READINGS = {
    "A": at(weekday_of_week_before(WEDNESDAY), END_OF_DAY),
    "B": at(weekday_of_week_before(THURSDAY), until(12)),
}
RULES = BookingRules(
    book=READINGS["A"],
    cancel=READINGS["A"],
    late=Refuse("Aucun repas n'est commandé."),
    prepayment=Prepayment(),
)
