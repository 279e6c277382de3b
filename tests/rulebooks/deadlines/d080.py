"""CC Pyrénées Catalanes, canteen: another plan (full, half, occasional) is asked in writing 15 days before it holds.

Chosen: the day of service is the first day of the new plan; the fifteenth day before is in time until its end.
"""

from plugins.rules.booking import BookingRules
from plugins.rules.days import CALENDAR_DAYS, days_before
from plugins.rules.deadlines import END_OF_DAY, at
from plugins.rules.late import Refuse

FIFTEEN_DAYS = at(days_before(15, CALENDAR_DAYS), END_OF_DAY)
RULES = BookingRules(book=FIFTEEN_DAYS, cancel=FIFTEEN_DAYS, late=Refuse("Le changement de régime est refusé."))
