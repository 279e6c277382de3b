"""Vailhauquès, canteen: once the deadline is past, a meal is cancelled by telephone before 9 h, then by letter.

Monday and Tuesday are booked before Friday 9 h, Thursday and Friday before Tuesday 9 h; an absence that nobody told is
charged 2,99 €.
"""

from plugins.rules.booking import BookingRules
from plugins.rules.calendar import FRIDAY, MONDAY, THURSDAY, TUESDAY
from plugins.rules.days import SAME_DAY, previous_weekday
from plugins.rules.deadlines import at, before
from plugins.rules.late import Accept, Channel, OtherChannel, Way
from plugins.rules.tables import by_weekday

THE_FRIDAY_BEFORE = at(previous_weekday(FRIDAY), before(9))
THE_TUESDAY_BEFORE = at(previous_weekday(TUESDAY), before(9))
IN_TIME = by_weekday(
    {
        MONDAY: THE_FRIDAY_BEFORE,
        TUESDAY: THE_FRIDAY_BEFORE,
        THURSDAY: THE_TUESDAY_BEFORE,
        FRIDAY: THE_TUESDAY_BEFORE,
    }
)
RULES = BookingRules(
    book=IN_TIME,
    cancel=IN_TIME,
    late=Accept(at(SAME_DAY, before(9)), "Accepté avec une majoration de la moitié"),
    late_cancel=OtherChannel(
        (Way(Channel.PHONE, at(SAME_DAY, before(9)), then=Channel.LETTER),),
        "sans frais ; sinon l'absence est facturée.",
    ),
)
