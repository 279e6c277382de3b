"""Saint-Romain-d'Ay, care: once Thursday 9 h is past, only the town hall adds a child.

By e-mail until 8 h on the same day, or by telephone before 18 h on the eve.
"""

from plugins.rules.booking import BookingRules
from plugins.rules.calendar import THURSDAY
from plugins.rules.days import CALENDAR_DAYS, SAME_DAY, days_before, weekday_of_week_before
from plugins.rules.deadlines import at, before, until
from plugins.rules.late import Channel, OtherChannel, StillDue, Way

RULES = BookingRules(
    book=at(weekday_of_week_before(THURSDAY), before(9)),
    cancel=at(SAME_DAY, before(7)),
    late=OtherChannel(
        (
            Way(Channel.EMAIL, at(SAME_DAY, until(8))),
            Way(Channel.PHONE, at(days_before(1, CALENDAR_DAYS), before(18))),
        ),
        "contactez la mairie.",
    ),
    late_cancel=StillDue(),
)
