"""Saint-Lager, canteen of an association: the monthly form comes back, paid, « avant le 20 du mois précédent ».

Read without the 20th (A) or with it (B); chosen: A, the words themselves. A meal is cancelled as it is booked.
"""

from plugins.rules.booking import BookingRules, Prepayment
from plugins.rules.days import CALENDAR_DAYS, day_of_month_before, days_before
from plugins.rules.deadlines import END_OF_DAY, at
from plugins.rules.late import Refuse

TWENTIETH = day_of_month_before(20)
READINGS = {
    "A": at(days_before(1, CALENDAR_DAYS, of=TWENTIETH), END_OF_DAY),
    "B": at(TWENTIETH, END_OF_DAY),
}
RULES = BookingRules(
    book=READINGS["A"], cancel=READINGS["A"], late=Refuse("Contactez l'association."), prepayment=Prepayment()
)
