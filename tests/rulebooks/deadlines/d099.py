"""Dammarie-les-Lys, Wednesday: a change is asked by the 10th of the month before, earlier than a booking.

Chosen: no hour is written, so both days are in time until their end.
"""

from plugins.rules.booking import BookingRules
from plugins.rules.days import day_of_month_before
from plugins.rules.deadlines import END_OF_DAY, at
from plugins.rules.late import Refuse

RULES = BookingRules(
    book=at(day_of_month_before(15), END_OF_DAY),
    cancel=at(day_of_month_before(10), END_OF_DAY),
    late=Refuse("Contactez le service."),
)
