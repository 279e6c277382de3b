"""« À venir »: the sentences that no step replays yet, each with the function it waits for. This list only shrinks."""

AWAITED = {
    "chailles-39": "l'état d'encaissement pour le comptable",
    "chailles-40": "l'état des retards de paiement pour le comptable",
}
