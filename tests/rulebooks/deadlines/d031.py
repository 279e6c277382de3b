"""Montamisé, Wednesday and holidays: only an absence told in the week before is not charged.

« La semaine précédente » ends on Sunday (A) or when the office closes on Friday (B); chosen: A.
"""

from plugins.rules.absences import AbsenceRules, Notice
from plugins.rules.booking import BookingRules
from plugins.rules.calendar import FRIDAY, SUNDAY
from plugins.rules.days import weekday_of_week_before
from plugins.rules.deadlines import END_OF_DAY, at
from plugins.rules.late import Refuse, StillDue

READINGS = {
    "A": at(weekday_of_week_before(SUNDAY), END_OF_DAY),
    "B": at(weekday_of_week_before(FRIDAY), END_OF_DAY),
}
RULES = BookingRules(
    book=READINGS["A"],
    cancel=READINGS["A"],
    late=Refuse("Contactez le service."),
    late_cancel=StillDue(),
)
ABSENCES = AbsenceRules(notice=Notice(READINGS["A"], each_day=True))
