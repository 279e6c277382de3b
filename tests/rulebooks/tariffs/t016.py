"""Saint-Romain-d'Ay, canteen and care: one price each; a meal booked after the deadline costs 1,50 € more."""

from plugins.rules.tariffs import Tariff, When, add, constant

TARIFF = Tariff(
    {"repas": constant(400), "garderie-matin": constant(130), "garderie-soir": constant(195)},
    (add(150, when=When.LATE, label="Réservation après la date butoir", units=frozenset({"repas"})),),
)
