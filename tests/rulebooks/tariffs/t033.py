"""RPI du Val, care: two brackets, « < 799 » and « > 800 »; 1 € more from outside the group of schools.

Chosen: a quotient from 799 to 800 goes to the lower bracket; the highest row without quotient.
"""

from plugins.rules.tariffs import Side, Tariff, When, above, add, below, columns

TARIFF = Tariff(
    columns(
        ("matin", "soir"),
        (0, below(799), (200, 300)),
        (above(800), None, (220, 320)),
        without_qf=(220, 320),
        between=Side.LOWER,
    ),
    (add(100, when=When.OUTSIDE, label="Hors regroupement"),),
)
