"""SIVOM 05, school of La Meije, canteen: a period is booked whole; now and then, an e-mail before 8 h changes a day.

Four additions and four removals from holidays to holidays; beyond, only the syndicate may agree.
"""

from plugins.rules.actions import Action
from plugins.rules.anchors import first_class_day
from plugins.rules.booking import BookingRules
from plugins.rules.calendar import SchoolCalendar
from plugins.rules.days import SAME_DAY, SCHOOL_DAYS, days_before
from plugins.rules.deadlines import END_OF_DAY, at, before
from plugins.rules.late import Channel, OtherChannel, Way
from plugins.rules.quotas import Quota, QuotaSpan

CALENDAR = SchoolCalendar("B")
BEFORE_THE_PERIOD = at(days_before(1, SCHOOL_DAYS, of=first_class_day()), END_OF_DAY)
BY_EMAIL = OtherChannel(
    (Way(Channel.EMAIL, at(SAME_DAY, before(8))),),
    "écrivez au syndicat, qui seul peut déroger au-delà.",
)
RULES = BookingRules(
    book=BEFORE_THE_PERIOD,
    cancel=BEFORE_THE_PERIOD,
    late=BY_EMAIL,
    late_cancel=BY_EMAIL,
    quotas=(
        Quota(4, QuotaSpan.SCHOOL_PERIOD, Action.BOOK),
        Quota(4, QuotaSpan.SCHOOL_PERIOD, Action.CANCEL),
    ),
)
