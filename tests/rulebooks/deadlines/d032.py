"""Argenteuil, Wednesday: cancelled by the Friday before the Wednesday; later it is due, but for three reasons.

Chosen: no hour is written, so the whole Friday is in time; the reasons are taken at the family's word.
"""

from plugins.rules.absences import AbsenceRules, Notice
from plugins.rules.booking import BookingRules
from plugins.rules.calendar import FRIDAY
from plugins.rules.days import weekday_of_week_before
from plugins.rules.deadlines import END_OF_DAY, at
from plugins.rules.excuses import FAMILY_EVENT, ILLNESS, WORK, automatic
from plugins.rules.late import Refuse, StillDue

FRIDAY_BEFORE = at(weekday_of_week_before(FRIDAY), END_OF_DAY)
RULES = BookingRules(
    book=FRIDAY_BEFORE,
    cancel=FRIDAY_BEFORE,
    late=Refuse("Contactez le service."),
    late_cancel=StillDue("Maladie, événement grave et obligation professionnelle sont excusés."),
)
ABSENCES = AbsenceRules(
    notice=Notice(FRIDAY_BEFORE, each_day=True),
    excuses=(automatic(ILLNESS, FAMILY_EVENT, WORK),),
)
