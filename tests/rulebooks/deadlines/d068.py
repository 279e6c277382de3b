"""Saint-Martin-le-Vinoux, care: booked and paid until 7 h on the same day.

Chosen: the page tells nothing of cancelling: as booking.
"""

from plugins.rules.booking import BookingRules, Prepayment
from plugins.rules.days import SAME_DAY
from plugins.rules.deadlines import at, until
from plugins.rules.late import Refuse

THAT_MORNING = at(SAME_DAY, until(7))
RULES = BookingRules(
    book=THAT_MORNING, cancel=THAT_MORNING, late=Refuse("L'enfant n'est pas accueilli."), prepayment=Prepayment()
)
