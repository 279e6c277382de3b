"""Vigneux-de-Bretagne, canteen: days that vary are booked or cancelled by the Thursday before the week of the meal.

Chosen: no hour is written, so the whole Thursday is in time. Illness and school outings are deducted by themselves.
"""

from plugins.rules.absences import AbsenceRules
from plugins.rules.booking import BookingRules
from plugins.rules.calendar import THURSDAY
from plugins.rules.days import weekday_of_week_before
from plugins.rules.deadlines import END_OF_DAY, at
from plugins.rules.excuses import ILLNESS, OUTING, automatic
from plugins.rules.late import Refuse, StillDue

THURSDAY_BEFORE = at(weekday_of_week_before(THURSDAY), END_OF_DAY)
RULES = BookingRules(
    book=THURSDAY_BEFORE,
    cancel=THURSDAY_BEFORE,
    late=Refuse("Les repas de la semaine sont déjà commandés."),
    late_cancel=StillDue("Le repas est facturé plein tarif."),
)
ABSENCES = AbsenceRules(excuses=(automatic(ILLNESS, OUTING),))
