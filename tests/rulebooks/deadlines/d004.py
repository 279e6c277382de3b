"""Saint-Julien, canteen: families without fixed days book and change by the Thursday evening before the week.

Chosen: « jeudi soir » has no hour, so the whole Thursday is in time. A meal without booking has its own tariff.
"""

from plugins.rules.absences import AbsenceRules
from plugins.rules.booking import BookingRules
from plugins.rules.calendar import THURSDAY
from plugins.rules.days import weekday_of_week_before
from plugins.rules.deadlines import END_OF_DAY, at
from plugins.rules.excuses import OUTING, STRIKE, TEACHER_ABSENT, automatic
from plugins.rules.late import Refuse, StillDue

THURSDAY_EVENING = at(weekday_of_week_before(THURSDAY), END_OF_DAY)
RULES = BookingRules(
    book=THURSDAY_EVENING,
    cancel=THURSDAY_EVENING,
    late=Refuse("Un repas pris sans réservation est facturé au tarif « sans réservation »."),
    late_cancel=StillDue(),
)
ABSENCES = AbsenceRules(excuses=(automatic(OUTING, TEACHER_ABSENT, STRIKE),))
