"""SIVOM 05, canteen of La Meije: a whole period is booked by the last day of class of the period before.

The first period of 2024 has a date, « avant le 23/08/2024 »; chosen: the 22nd is its last day, and a period is given
up as it is booked. Then four meals a period may still be added, which D090 tells.
"""

from datetime import date

from plugins.rules.anchors import first_class_day
from plugins.rules.booking import Action, BookingRules
from plugins.rules.calendar import SchoolCalendar
from plugins.rules.dates import on
from plugins.rules.days import CALENDAR_DAYS, SAME_DAY, SCHOOL_DAYS, days_before
from plugins.rules.deadlines import END_OF_DAY, at, before
from plugins.rules.late import Channel, OtherChannel, Way
from plugins.rules.quotas import Quota, QuotaSpan
from plugins.rules.service_days import between
from plugins.rules.tables import by_case

CALENDAR = SchoolCalendar("B")
PERIOD_BEFORE = by_case(
    (
        between(date(2024, 9, 2), date(2024, 10, 18)),
        at(days_before(1, CALENDAR_DAYS, of=on(date(2024, 8, 23))), END_OF_DAY),
    ),
    otherwise=at(days_before(1, SCHOOL_DAYS, of=first_class_day()), END_OF_DAY),
)
RULES = BookingRules(
    book=PERIOD_BEFORE,
    cancel=PERIOD_BEFORE,
    late=OtherChannel((Way(Channel.EMAIL, at(SAME_DAY, before(8))),), "au-delà de 4 fois, dérogation du syndicat."),
    quotas=(
        Quota(4, QuotaSpan.SCHOOL_PERIOD, Action.BOOK),
        Quota(4, QuotaSpan.SCHOOL_PERIOD, Action.CANCEL),
    ),
)
