"""« À venir »: the sentences that no step replays yet, each with the function it waits for. This list only shrinks."""

AWAITED = {
    "chailles-39": "l'état d'encaissement pour le comptable",
    "chailles-40": "l'état des retards de paiement pour le comptable",
    "chavagne-50": "l'adhésion à la facture en ligne",
    "chavagne-51": "l'adhésion à la facture en ligne",
    "epagny-11": "l'adhésion à la facture en ligne",
}
