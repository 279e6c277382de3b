"""Orches, care before and after school: 2 € an hour counted by quarters, at least 5 € a month for an occasional child.

A quarter that is begun is due, which the page does not say.
"""

from plugins.rules.aggregates import Per, minimum
from plugins.rules.spans import MONTH
from plugins.rules.tariffs import Tariff, When, by_time, constant

MONTHLY_MINIMUM = minimum(
    500, label="Minimum mensuel pour les occasionnels", per=Per.CHILD, spans=MONTH, when=When.OCCASIONAL
)

TARIFF = Tariff({"garderie": by_time(constant(200), per=60, step=15)}, aggregates=(MONTHLY_MINIMUM,))
