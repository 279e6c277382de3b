"""« Justifier une absence » (§5, §8): which absences are not charged in Chavagne.

The guide prints neither causes, documents nor delays: every one here is ours.
"""

from plugins.hookspecs import hookimpl
from plugins.rules.absences import AbsenceRules
from plugins.rules.catalogue import Activity
from plugins.rules.days import CALENDAR_DAYS
from plugins.rules.excuses import (
    HOSPITAL,
    ILLNESS,
    NO_CARENCE,
    OUTING,
    TEACHER_ABSENT,
    Carence,
    CarenceDays,
    DaysAfter,
    Edge,
    Excuse,
    Tier,
    automatic,
)

A_WEEK = DaysAfter(7, CALENDAR_DAYS, Edge.FIRST_DAY)

RULES = AbsenceRules(
    excuses=(
        Excuse((ILLNESS,), ("certificat médical",), (Tier(A_WEEK, Carence(1, CarenceDays.BOOKED)),)),
        Excuse((HOSPITAL,), ("bulletin d'hospitalisation", "certificat médical"), (Tier(A_WEEK, NO_CARENCE),)),
        automatic(OUTING, TEACHER_ABSENT),
    )
)


@hookimpl
def absence_rules(activity: Activity) -> AbsenceRules:
    """The same for every activity: a proof within a week, the first booked day of an illness stays due."""
    return RULES
