"""Savigny-sur-Orge, crèche: leave of the child is told at least fifteen days ahead to be deducted.

Chosen: the days are counted from the first day of leave, and the fifteenth is in time until its end.
"""

from plugins.rules.absences import AbsenceRules, Notice
from plugins.rules.days import CALENDAR_DAYS, days_before
from plugins.rules.deadlines import END_OF_DAY, at

ABSENCES = AbsenceRules(notice=Notice(at(days_before(15, CALENDAR_DAYS), END_OF_DAY), each_day=False))
