"""Vailhauquès, canteen: Monday and Tuesday by the Friday before, Thursday and Friday by the Tuesday before, at 9 h.

Chosen: a late booking, half as much again, is taken until 9 h the same day, as a late cancellation by phone is.
"""

from plugins.rules.booking import BookingRules
from plugins.rules.calendar import FRIDAY, MONDAY, THURSDAY, TUESDAY
from plugins.rules.days import SAME_DAY, previous_weekday
from plugins.rules.deadlines import at, before
from plugins.rules.late import Accept, Channel, OtherChannel, Way
from plugins.rules.tables import by_weekday

FRIDAY_AT_NINE = at(previous_weekday(FRIDAY), before(9))
TUESDAY_AT_NINE = at(previous_weekday(TUESDAY), before(9))
THE_MORNING = at(SAME_DAY, before(9))
TABLE = by_weekday(
    {MONDAY: FRIDAY_AT_NINE, TUESDAY: FRIDAY_AT_NINE, THURSDAY: TUESDAY_AT_NINE, FRIDAY: TUESDAY_AT_NINE}
)
RULES = BookingRules(
    book=TABLE,
    cancel=TABLE,
    late=Accept(THE_MORNING, "Accepté avec une majoration de 50 %"),
    late_cancel=OtherChannel(
        (Way(Channel.PHONE, THE_MORNING, then=Channel.LETTER),),
        "sans frais ; sinon l'absence injustifiée est facturée 2,99 €.",
    ),
)
