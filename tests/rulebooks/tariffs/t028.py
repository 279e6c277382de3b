"""Civray-de-Touraine, care: morning and evening or one of them, less from the third child on; late pick-up.

A quarter of an hour begun after 18 h 30 is due.
"""

from plugins.rules.tariffs import Tariff, by_child_rank, by_time, constant

TARIFF = Tariff(
    {
        "matin-et-soir": by_child_rank(constant(260), constant(260), constant(200)),
        "matin-ou-soir": by_child_rank(constant(130), constant(130), constant(100)),
    },
    extras={"retard": by_time(constant(1000), per=15, step=15)},
    extra_names={"retard": "Retard après la fermeture"},
)
