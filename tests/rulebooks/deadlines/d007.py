"""Veyras, care: booked or cancelled until the eve at 18 h.

« La veille » of a Monday is read as the Sunday (A) or as the last day of school (B); chosen: A, the words themselves.
"""

from plugins.rules.booking import BookingRules
from plugins.rules.days import CALENDAR_DAYS, SCHOOL_DAYS, days_before
from plugins.rules.deadlines import at, until
from plugins.rules.late import Refuse

READINGS = {
    "A": at(days_before(1, CALENDAR_DAYS), until(18)),
    "B": at(days_before(1, SCHOOL_DAYS), until(18)),
}
RULES = BookingRules(
    book=READINGS["A"],
    cancel=READINGS["A"],
    late=Refuse("Aucune réservation ni annulation hors délai."),
)
