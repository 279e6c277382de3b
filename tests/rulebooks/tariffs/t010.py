"""Wavrin, day of the holiday centre: quotient × rank of the child, other prices from elsewhere.

Families under the conditions of the CCAS pay by rank only. Chosen: the highest row without quotient.
"""

from plugins.rules.tariffs import Tariff, When, brackets, by_child_rank, by_residency, choose, columns, constant

BY_RANK = columns(
    ("1er", "2e", "3e", "4e"),
    (0, 308, (377, 342, 310, 282)),
    ("308.01", 500, (553, 500, 453, 410)),
    ("500.01", 800, (786, 710, 642, 580)),
    ("800.01", 1100, (914, 825, 745, 673)),
    ("1100.01", 1400, (1019, 920, 830, 750)),
    ("1400.01", None, (1063, 960, 866, 782)),
    without_qf=(1063, 960, 866, 782),
)
OUTSIDE = brackets(
    (0, 308, 1200),
    ("308.01", 500, 1300),
    ("500.01", 800, 1400),
    ("800.01", 1100, 1500),
    ("1100.01", 1400, 1600),
    ("1400.01", None, 1700),
    without_qf=1700,
)
CCAS = by_child_rank(constant(200), constant(100), constant(50), constant(50))

TARIFF = Tariff(
    {
        "journee": choose(
            (When.case("conditions CCAS"), CCAS),
            otherwise=by_residency(resident=by_child_rank(*BY_RANK.values()), outside=OUTSIDE),
        )
    }
)
