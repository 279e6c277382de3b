"""Savigny-sur-Orge, crèche: three days of illness stay due until 2025, then two as the town proposed.

The day on which two days hold is not known; chosen: 1 September 2025. Days are those of the calendar, with a medical
certificate by the end of the month; hospital, eviction and closing are deducted from the first day.
"""

from datetime import date

from plugins.rules.absences import AbsenceRules
from plugins.rules.excuses import (
    CLOSING,
    CONTAGION,
    HOSPITAL,
    ILLNESS,
    Carence,
    CarenceDays,
    Edge,
    Excuse,
    MonthEnd,
    Tier,
    automatic,
)
from plugins.rules.versions import versions

MONTH = MonthEnd(Edge.LAST_DAY)
FROM_THE_FIRST_DAY = automatic(HOSPITAL, CONTAGION, CLOSING)
THREE_DAYS = Excuse((ILLNESS,), ("certificat médical",), (Tier(MONTH, Carence(3, CarenceDays.CALENDAR)),))
TWO_DAYS = Excuse((ILLNESS,), ("certificat médical",), (Tier(MONTH, Carence(2, CarenceDays.CALENDAR)),))
ABSENCES = AbsenceRules(
    excuses=versions(
        (FROM_THE_FIRST_DAY, THREE_DAYS),
        (date(2025, 9, 1), (FROM_THE_FIRST_DAY, TWO_DAYS)),
    )
)
