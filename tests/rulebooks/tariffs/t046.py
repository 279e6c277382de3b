"""Wervicq-Sud, holiday centre by the week: 5 % of the base price more after the window, 10 % once the centre is open.

Then each meal of the day of the late enrolment and of the four next ones costs 1,00 € more: five extras at most, which
the agent adds. The price of the week is not in the source: 50,00 € is the base of the illustrations.
"""

from plugins.rules.tariffs import Tariff, When, add_share, constant

DURING = When.case("inscription pendant le centre")

TARIFF = Tariff(
    {"semaine": constant(5000)},
    (
        add_share("0.05", when=When.LATE & ~DURING, label="Réservation après la fenêtre"),
        add_share("0.1", when=DURING, label="Réservation pendant les premiers jours du centre"),
    ),
    extras={"supplement-repas": constant(100)},
    extra_names={"supplement-repas": "Supplément par repas"},
)
