"""Baincthun, canteen, at the last minute: two days of school before, until midnight.

Monday from Thursday, Tuesday from Friday, Thursday from Monday, Friday from Tuesday.
"""

from plugins.rules.booking import BookingRules
from plugins.rules.calendar import SchoolCalendar
from plugins.rules.days import SAME_DAY, SCHOOL_DAYS, days_before
from plugins.rules.deadlines import END_OF_DAY, at, before
from plugins.rules.late import Channel, OtherChannel, StillDue, Way

CALENDAR = SchoolCalendar("B")
TWO_SCHOOL_DAYS = at(days_before(2, SCHOOL_DAYS), END_OF_DAY)
RULES = BookingRules(
    book=TWO_SCHOOL_DAYS,
    cancel=TWO_SCHOOL_DAYS,
    late=OtherChannel(
        (Way(Channel.PHONE, at(SAME_DAY, before(9))),),
        "en urgence seulement, le menu n'est pas garanti.",
    ),
    late_cancel=StillDue(),
)
