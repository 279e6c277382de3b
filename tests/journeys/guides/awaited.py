"""« À venir »: the sentences that no step replays yet, each with the function it waits for. This list only shrinks."""

AWAITED = {
    "chailles-16": "le courriel « votre compte a bien été créé »",
    "chailles-35": "l'adhésion au prélèvement automatique",
    "chailles-38": "le paiement d'un titre par PayFiP",
    "chailles-39": "l'état d'encaissement pour le comptable",
    "chailles-40": "l'état des retards de paiement pour le comptable",
    "chavagne-50": "l'adhésion à la facture en ligne",
    "chavagne-51": "l'adhésion à la facture en ligne",
    "chavagne-52": "l'adhésion au prélèvement automatique",
    "chavagne-53": "l'adhésion au prélèvement automatique",
    "chavagne-54": "l'adhésion au prélèvement automatique",
    "chavagne-55": "l'adhésion au prélèvement automatique",
    "chavagne-56": "l'adhésion au prélèvement automatique",
    "epagny-11": "l'adhésion à la facture en ligne",
    "epagny-28": "la boîte aux lettres de la structure de l'enfant",
    "epagny-43": "l'adhésion au prélèvement automatique",
    "epagny-44": "l'adhésion au prélèvement automatique",
    "epagny-45": "l'adhésion au prélèvement automatique",
    "epagny-46": "l'adhésion au prélèvement automatique",
    "mesnil-10": "l'adhésion au prélèvement automatique",
    "mesnil-18": "l'adhésion au prélèvement automatique",
}
