"""Cournon-d'Auvergne, Wednesday: booked by the Sunday evening before; due, but for a proof within 8 days.

Chosen: « dimanche soir » has no hour, so the whole Sunday is in time; a cancellation is taken 72 hours before 8 h.
"""

from datetime import time

from plugins.rules.absences import AbsenceRules, Notice
from plugins.rules.booking import BookingRules
from plugins.rules.calendar import SUNDAY
from plugins.rules.days import CALENDAR_DAYS, weekday_of_week_before
from plugins.rules.deadlines import END_OF_DAY, at, hours_before
from plugins.rules.excuses import FAMILY_EVENT, ILLNESS, NO_CARENCE, DaysAfter, Edge, Excuse, Tier
from plugins.rules.late import Refuse, StillDue

RULES = BookingRules(
    book=at(weekday_of_week_before(SUNDAY), END_OF_DAY),
    cancel=hours_before(72, start=time(8)),
    late=Refuse("Contactez le service."),
    late_cancel=StillDue("Un justificatif reçu sous 8 jours l'excuse."),
)
ABSENCES = AbsenceRules(
    notice=Notice(hours_before(72, start=time(8)), each_day=True),
    excuses=(
        Excuse(
            (ILLNESS, FAMILY_EVENT),
            ("certificat médical", "justificatif"),
            (Tier(DaysAfter(8, CALENDAR_DAYS, Edge.FIRST_DAY), NO_CARENCE),),
        ),
    ),
)
