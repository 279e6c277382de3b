"""Saffré, leisure centre: fourteen brackets by three formulas; the bracket below from three children enrolled on.

The page prints « < 450 » then « 451 à 550 »; chosen: a quotient of 450 goes to the lower bracket. Chosen as well: the
highest row without quotient. The membership card is charged once a year.
"""

from plugins.rules.tariffs import Side, Tariff, When, add, below, choose, columns, constant, shift

SESSIONS = columns(
    ("journee", "demi-journee", "demi-journee-repas"),
    (0, below(450), (720, 360, 635)),
    (451, 550, (770, 385, 660)),
    (551, 650, (850, 425, 700)),
    (651, 750, (1005, 505, 770)),
    (751, 850, (1130, 565, 835)),
    (851, 950, (1235, 620, 915)),
    (951, 1050, (1420, 710, 980)),
    (1051, 1150, (1570, 785, 1055)),
    (1151, 1250, (1710, 855, 1120)),
    (1251, 1350, (1840, 920, 1195)),
    (1351, 1550, (1985, 995, 1260)),
    (1551, 1750, (2195, 1100, 1365)),
    (1751, 1950, (2305, 1155, 1425)),
    (1951, None, (2490, 1245, 1510)),
    without_qf=(2490, 1245, 1510),
    between=Side.LOWER,
)
MEMBERSHIP = choose(
    (When.case("adhésion d'association"), constant(1100)), (When.OUTSIDE, constant(2400)), otherwise=constant(2200)
)

TARIFF = Tariff(
    SESSIONS,
    (
        shift(-1, when=When.enrolled(3), label="Famille nombreuse"),
        add(200, when=When.OUTSIDE, label="Hors communauté de communes"),
    ),
    extras={"carte-adhesion": MEMBERSHIP},
    extra_names={"carte-adhesion": "Carte d'adhésion"},
)
