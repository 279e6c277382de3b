"""AMAQY, leisure centre: a Wednesday is cancelled without charge « le lundi pour le mercredi 8 jours après ».

Read as the Monday of the week before, nine days (A), or as eight days before, a Tuesday (B); chosen: A, the weekday is
written. A day is booked as it is cancelled.
"""

from plugins.rules.booking import BookingRules
from plugins.rules.calendar import MONDAY
from plugins.rules.days import CALENDAR_DAYS, days_before, weekday_of_week_before
from plugins.rules.deadlines import END_OF_DAY, at
from plugins.rules.late import Refuse, StillDue

READINGS = {
    "A": at(weekday_of_week_before(MONDAY), END_OF_DAY),
    "B": at(days_before(8, CALENDAR_DAYS), END_OF_DAY),
}
RULES = BookingRules(
    book=READINGS["A"],
    cancel=READINGS["A"],
    late=Refuse("Contactez le service."),
    late_cancel=StillDue("Sauf santé justifiée, rupture de contrat de travail ou deuil."),
)
