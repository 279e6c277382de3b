"""Les Copains d'abord, Saffré, Wednesday: an absence is told by the Thursday before; illness is excused with a proof.

Chosen: no hour is written, so the whole Thursday is in time; the proof is a medical certificate within 8 days.
"""

from plugins.rules.absences import AbsenceRules, Notice
from plugins.rules.booking import BookingRules
from plugins.rules.calendar import THURSDAY
from plugins.rules.days import CALENDAR_DAYS, weekday_of_week_before
from plugins.rules.deadlines import END_OF_DAY, at
from plugins.rules.excuses import ILLNESS, NO_CARENCE, DaysAfter, Edge, Excuse, Tier
from plugins.rules.late import Refuse, StillDue

THURSDAY_BEFORE = at(weekday_of_week_before(THURSDAY), END_OF_DAY)
RULES = BookingRules(
    book=THURSDAY_BEFORE,
    cancel=THURSDAY_BEFORE,
    late=Refuse("Contactez l'association."),
    late_cancel=StillDue("Envoyez un justificatif en cas de maladie."),
)
ABSENCES = AbsenceRules(
    notice=Notice(THURSDAY_BEFORE, each_day=True),
    excuses=(
        Excuse(
            (ILLNESS,),
            ("certificat médical",),
            (Tier(DaysAfter(8, CALENDAR_DAYS, Edge.FIRST_DAY), NO_CARENCE),),
        ),
    ),
)
