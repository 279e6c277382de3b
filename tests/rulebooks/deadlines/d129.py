"""Saint-Leu, La Réunion, canteen: refunded from four days of school in a row, with a medical certificate.

Strikes, cyclones and closings are deducted by themselves, on the next invoice. Chosen: the certificate is received by
the end of the month. The academy has no zone: its holidays of 2025-2026 are written here.
"""

from datetime import date
from zoneinfo import ZoneInfo

from plugins.rules.absences import AbsenceRules
from plugins.rules.calendar import Holiday, OwnHolidays, SchoolCalendar
from plugins.rules.days import SCHOOL_DAYS
from plugins.rules.excuses import (
    CLOSING,
    ILLNESS,
    NO_CARENCE,
    STRIKE,
    WEATHER,
    Edge,
    Excuse,
    MinimumLength,
    MonthEnd,
    Tier,
    automatic,
)

TZ = ZoneInfo("Indian/Reunion")
CALENDAR = SchoolCalendar(
    OwnHolidays(
        date(2025, 8, 19),
        date(2026, 8, 17),
        (
            Holiday("Vacances après la 1re période", date(2025, 10, 11), date(2025, 10, 26)),
            Holiday("Vacances d'été austral", date(2025, 12, 20), date(2026, 1, 20)),
            Holiday("Vacances après la 3e période", date(2026, 2, 28), date(2026, 3, 15)),
            Holiday("Vacances après la 4e période", date(2026, 5, 2), date(2026, 5, 17)),
            Holiday("Vacances d'hiver austral", date(2026, 7, 4), date(2026, 8, 17)),
        ),
    ),
    region="La Réunion",
)
ABSENCES = AbsenceRules(
    excuses=(
        automatic(STRIKE, WEATHER, CLOSING),
        Excuse(
            (ILLNESS,),
            ("certificat médical",),
            (Tier(MonthEnd(Edge.LAST_DAY), NO_CARENCE),),
            minimum=MinimumLength(4, SCHOOL_DAYS),
        ),
    )
)
