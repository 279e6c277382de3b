"""« 1 - Gérer les activités de vos enfants ([…] justifier une absence, …) »: which absences are not charged.

The guide prints neither causes, documents nor delays: every one here is ours.
"""

from datetime import time

from plugins.hookspecs import hookimpl
from plugins.rules.absences import AbsenceRules, Notice
from plugins.rules.catalogue import Activity
from plugins.rules.days import CALENDAR_DAYS, days_before
from plugins.rules.deadlines import at, until
from plugins.rules.excuses import ILLNESS, NO_CARENCE, Carence, CarenceDays, Edge, Excuse, HoursAfter, Tier

THE_EVE = Notice(at(days_before(1, CALENDAR_DAYS), until(12)), each_day=True)
TWO_DAYS = HoursAfter(48, time(8), Edge.FIRST_DAY)
TWO_BOOKED = Carence(2, CarenceDays.BOOKED)

RULES = AbsenceRules(
    notice=THE_EVE,
    excuses=(Excuse((ILLNESS,), ("certificat médical",), (Tier(TWO_DAYS, NO_CARENCE),), without_proof=TWO_BOOKED),),
    when_due="le repas ou l'accueil a été préparé pour votre enfant",
)


@hookimpl
def absence_rules(activity: Activity) -> AbsenceRules:
    """The same for every activity: told the eve, or ill with a certificate within 48 hours."""
    return RULES
