"""Veigy-Foncenex, care by the hour: two prices on either side of a quotient that the commune computes itself.

Its parts are 2 for a couple as for a parent alone, 0,5 for the first and the second child, 1 for the third, 0,5 for
each that follows. An hour begun is due, the quotient keeps its cents, rounded half up, and who gives no resources pays
the highest price: the page does not say it.
"""

from plugins.rules.quotients import quotient_formula
from plugins.rules.tariffs import Rounding, Tariff, above, brackets, by_time

QUOTIENT = quotient_formula(
    couple="2", lone_parent="2", children=("0.5", "0.5", "1", "0.5"), decimals=2, rounding=Rounding.HALF_UP
)

HOUR = brackets((0, 750, 230), (above(750), None, 350), without_qf=350)

TARIFF = Tariff({"accueil": by_time(HOUR, per=60, step=60)})
