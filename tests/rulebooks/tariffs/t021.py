"""SIVOM 05, canteen: by quotient with a column for the PAI.

The extract stops after the second bracket, whose PAI price is missing. Filled: 2,60 € there, 4,90 € and 2,70 € above,
and these highest prices without quotient.
"""

from plugins.rules.tariffs import Tariff, When, choose, columns

MEAL = columns(
    ("repas", "pai"),
    (0, 300, (450, 250)),
    (301, 500, (470, 260)),
    (501, None, (490, 270)),
    without_qf=(490, 270),
)

TARIFF = Tariff({"repas": choose((When.case("PAI panier-repas"), MEAL["pai"]), otherwise=MEAL["repas"])})
