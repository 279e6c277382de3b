"""Grand Périgueux, leisure centre: by quotient, and up to 800 by scheme as well (general, or farm and others).

Chosen: the printed thresholds are the last quotient of their bracket. Without any paper the highest price holds. An
evening and a night have prices that the extract does not give: they are left out.
"""

from plugins.rules.tariffs import Regime, Tariff, When, choose, columns

GRID = columns(
    ("journee-repas", "journee-repas-autre", "journee", "journee-autre"),
    (0, 400, (200, 400, 100, 300)),
    (401, 700, (250, 450, 150, 350)),
    (701, 800, (300, 500, 200, 400)),
    (801, 1000, (700, 700, 600, 600)),
    (1001, 1250, (900, 900, 800, 800)),
    (1251, 1500, (1100, 1100, 1000, 1000)),
    (1501, None, (1400, 1400, 1300, 1300)),
    without_qf=(1400, 1400, 1300, 1300),
)
GENERAL = When.regime(Regime.GENERAL)

TARIFF = Tariff(
    {
        "journee-repas": choose((GENERAL, GRID["journee-repas"]), otherwise=GRID["journee-repas-autre"]),
        "journee": choose((GENERAL, GRID["journee"]), otherwise=GRID["journee-autre"]),
    }
)
