"""Villes Sœurs, leisure centre with a meal: three working days before, in the evening, and paid within the hour.

Chosen: « le soir » has no hour, so the whole day is in time. A sale is firm: what is booked is never cancelled later.
"""

from plugins.rules.booking import BookingRules, Prepayment
from plugins.rules.days import WORKING_DAYS, days_before
from plugins.rules.deadlines import END_OF_DAY, at
from plugins.rules.late import Refuse, StillDue

THREE_WORKING_DAYS = at(days_before(3, WORKING_DAYS), END_OF_DAY)
RULES = BookingRules(
    book=THREE_WORKING_DAYS,
    cancel=THREE_WORKING_DAYS,
    late=Refuse("Aucune commande de repas hors délai."),
    late_cancel=StillDue("La vente est ferme : ni annulation ni remboursement."),
    prepayment=Prepayment(hold_minutes=60),
)
