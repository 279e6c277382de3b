"""Babilou, crèches: leave is told a month ahead, and leave in July and August « avant le 30 avril ».

The 30th is left out (A) or in (B); chosen: A, the words themselves. The month is counted from the first day of leave.
"""

from plugins.rules.absences import AbsenceRules, Notice
from plugins.rules.dates import day_of_civil_year
from plugins.rules.days import CALENDAR_DAYS, days_before, months_before
from plugins.rules.deadlines import END_OF_DAY, at
from plugins.rules.service_days import in_months
from plugins.rules.tables import by_case

SUMMER = in_months(7, 8)
END_OF_APRIL = day_of_civil_year(month=4, day=30)
A_MONTH = at(months_before(1), END_OF_DAY)
READINGS = {
    "A": by_case((SUMMER, at(days_before(1, CALENDAR_DAYS, of=END_OF_APRIL), END_OF_DAY)), otherwise=A_MONTH),
    "B": by_case((SUMMER, at(END_OF_APRIL, END_OF_DAY)), otherwise=A_MONTH),
}
ABSENCES = AbsenceRules(notice=Notice(READINGS["A"], each_day=False))
