"""Every code of PayFiP: what it means, what becomes of the payment, and what the family can do.

Sources: the guide of the DGFiP's web service, and the faults that the bank was recorded to give (R3, A2, P1, P5). What
is not here was unknown when this was written: such a payment stays pending, and the agents are told.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from plugins.rules.french import euros
from resolvers.ports import BY_DEBIT, PaymentOutcome

OTHER_WAY = "Réglez cette somme par un autre moyen."
OTHER_EMAIL = "Changez l'adresse électronique de votre compte, puis réessayez."
START_AGAIN = "Recommencez le paiement."


@dataclass(frozen=True, slots=True)
class Result:
    """A letter of ``resultrans``: what it means in French, what becomes of the payment, by what means it was made."""

    meaning: str
    outcome: PaymentOutcome
    means: str = "card"


@dataclass(frozen=True, slots=True)
class Anomaly:
    """A functional fault, by what it means in French.

    ``remedy`` is what the family can do; empty when only the service can. ``outcome`` is what the fault says of a
    payment whose result is asked; None when it says nothing of it.
    """

    meaning: str
    remedy: str = ""
    outcome: PaymentOutcome | None = None


RESULTS: Mapping[str, Result] = MappingProxyType(
    {
        "P": Result("payé par carte bancaire", PaymentOutcome.PAID),
        "V": Result("ordre de prélèvement accepté, en attente d'encaissement", PaymentOutcome.PAID, BY_DEBIT),
        "R": Result("carte bancaire refusée", PaymentOutcome.REFUSED),
        "Z": Result("prélèvement refusé", PaymentOutcome.REFUSED, BY_DEBIT),
        "A": Result("abandonné sur la page de paiement", PaymentOutcome.CANCELLED),
    }
)

ANOMALIES: Mapping[str, Anomaly] = MappingProxyType(
    {
        "A1": Anomaly("l'adresse électronique manque", OTHER_EMAIL),
        "A2": Anomaly("l'adresse électronique n'est pas acceptée", OTHER_EMAIL),
        "D1": Anomaly("l'adresse de retour n'est pas acceptée"),
        "EXER": Anomaly("l'exercice n'est pas une année à 4 chiffres"),  # ours: the bank has no code for it
        "M1": Anomaly("le montant est mal écrit"),
        "M3": Anomaly(f"le montant doit être d'au moins {euros(100)}", OTHER_WAY),
        "M5": Anomaly("le montant dépasse ce que PayFiP accepte", OTHER_WAY),
        "N1": Anomaly("l'adresse de notification n'est pas acceptée"),
        "P1": Anomaly("l'opération est inconnue ou effacée", START_AGAIN, PaymentOutcome.EXPIRED),
        "P3": Anomaly("l'opération a déjà servi", START_AGAIN),
        "P4": Anomaly("l'opération a plus de 15 minutes", START_AGAIN, PaymentOutcome.PENDING),
        "P5": Anomaly("le résultat n'est pas encore connu", outcome=PaymentOutcome.PENDING),
        "R3": Anomaly("la référence ne compte pas 6 à 30 lettres sans accent ou chiffres"),
        "S1": Anomaly("le mode n'est ni T (test), ni X (activation), ni W (production)"),
        "T1": Anomaly("le numéro de client de la régie ne compte pas 6 chiffres"),
        "T2": Anomaly("PayFiP ne connaît pas ce numéro de client"),
        "T4": Anomaly("la régie n'a pas accès au service sécurisé de PayFiP"),
    }
)
"""The faults called ``FonctionnelleErreur``; the others (``Tech…Erreur``) mean that the bank cannot work now."""

UNKNOWN = Anomaly("motif inconnu du portail")


def anomaly(code: str) -> Anomaly:
    """What a fault means; :data:`UNKNOWN` for a code that nobody knew."""
    return ANOMALIES.get(code, UNKNOWN)
