"""CC Pyrénées Catalanes, canteen: occasional meals are booked 15 days before; at the third failure, no access.

Chosen: failures, a child who comes without booking, are counted by school year; the fifteenth day is in time.
"""

from plugins.rules.booking import BookingRules
from plugins.rules.days import CALENDAR_DAYS, days_before
from plugins.rules.deadlines import END_OF_DAY, at
from plugins.rules.late import Refuse
from plugins.rules.quotas import QuotaSpan, StrikeEvent, Strikes

FIFTEEN_DAYS = at(days_before(15, CALENDAR_DAYS), END_OF_DAY)
RULES = BookingRules(
    book=FIFTEEN_DAYS,
    cancel=FIFTEEN_DAYS,
    late=Refuse("Contactez le service."),
    strikes=Strikes(StrikeEvent.NOT_BOOKED, 3, QuotaSpan.SCHOOL_YEAR, "l'accès est refusé"),
)
