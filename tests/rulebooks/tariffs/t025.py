"""Froidfond, care and leisure centre: by quotient for the general and farm schemes, one column for the others.

Hours are charged by the quarter. Chosen: a started quarter is due; the highest row without quotient; a household whose
scheme is unknown pays by its quotient. The snack, or breakfast, costs 0,50 €.
"""

from plugins.rules.tariffs import Regime, Tariff, When, by_time, choose, columns, constant

GRID = columns(
    ("heure-periscolaire", "heure-alsh", "demi-journee", "demi-journee-repas", "journee"),
    (0, 300, (90, 36, 126, 547, 673)),
    (301, 500, (96, 41, 144, 570, 713)),
    (501, 700, (124, 69, 242, 696, 937)),
    (701, 900, (150, 95, 333, 813, 1145)),
    (901, 1100, (236, 143, 501, 1029, 1529)),
    (1101, None, (275, 161, 564, 1110, 1673)),
    without_qf=(275, 161, 564, 1110, 1673),
)
OTHER = When.regime(Regime.OTHER)

TARIFF = Tariff(
    {
        "heure-periscolaire": by_time(
            choose((OTHER, constant(314)), otherwise=GRID["heure-periscolaire"]), per=60, step=15
        ),
        "heure-alsh": by_time(choose((OTHER, constant(188)), otherwise=GRID["heure-alsh"]), per=60, step=15),
        "demi-journee": choose((OTHER, constant(658)), otherwise=GRID["demi-journee"]),
        "demi-journee-repas": choose((OTHER, constant(1231)), otherwise=GRID["demi-journee-repas"]),
        "journee": choose((OTHER, constant(1889)), otherwise=GRID["journee"]),
    },
    extras={"gouter": constant(50)},
    extra_names={"gouter": "Goûter"},
)
