"""What a bank answers to collections: the codes of its rejects in words, and how many it takes to stop."""

from collections.abc import Iterable
from dataclasses import dataclass

from plugins.rules.direct_debits import DirectDebitPolicy
from plugins.rules.errors import RuleError

OTHER = "MS03"  # « reason not specified »

_REASONS = {
    "AC01": "numéro de compte incorrect",
    "AC04": "compte clôturé",
    "AC06": "compte bloqué",
    "AC13": "compte qui n'est pas celui d'un particulier",
    "AG01": "compte qui n'accepte pas les prélèvements",
    "AG02": "code d'opération bancaire incorrect",
    "AM04": "provision insuffisante",
    "AM05": "prélèvement présenté deux fois",
    "BE05": "créancier inconnu de la banque",
    "DNOR": "banque qui n'accepte pas les prélèvements",
    "FF01": "fichier mal formé",
    "MD01": "aucun mandat",
    "MD06": "remboursement demandé par le titulaire du compte",
    "MD07": "titulaire du compte décédé",
    "MS02": "refus du titulaire du compte",
    "MS03": "motif non communiqué",
    "RC01": "banque inconnue",
    "RR01": "identité du titulaire manquante",
    "RR02": "nom ou adresse du titulaire manquant",
    "RR03": "nom ou adresse du créancier manquant",
    "RR04": "raison réglementaire",
    "SL01": "refus de la banque du titulaire, à sa demande",
}


@dataclass(frozen=True, slots=True)
class BankWord:
    """What a bank says of one collection, named by its reference: collected, or rejected for the reason of ``code``.

    ``message_id`` is the file it answers and ``cents`` the amount it speaks of, where it tells them. A file that is
    refused whole is its own reference. ``raw`` is the entry as received: it may hold an account, so it is never logged.
    """

    reference: str
    code: str  # of ISO 20022; empty when the collection went well
    cents: int | None = None
    message_id: str = ""
    raw: str = ""

    def __post_init__(self) -> None:
        if not 1 <= len(self.reference) <= 35 or not self.reference.isprintable():
            raise RuleError("A bank's answer names no collection of ours.")
        if len(self.code) > 8 or not ((self.code.isalnum() and self.code.isascii()) or self.code == ""):
            raise RuleError(f"Reject code {self.code!r}: write letters and digits, such as AM04.")

    @property
    def is_reject(self) -> bool:
        """True when the collection bounced."""
        return self.code != ""

    @property
    def is_of_file(self) -> bool:
        """True when the bank refused the whole file, and collects nothing of it."""
        return self.is_reject and self.reference == self.message_id

    @property
    def identity(self) -> str:
        """What makes it another answer than those heard before."""
        return f"{self.reference}:{self.code}:{'' if self.cents is None else self.cents}"

    def __repr__(self) -> str:
        """Without what was received."""
        return f"BankWord({self.reference}, {self.code or 'collected'})"

    def say(self) -> str:
        """« SDD-20261205-001-00001 : provision insuffisante (AM04) »."""
        return f"{self.reference} : {say_reject(self.code) if self.is_reject else 'prélevé'}"


def say_reject(code: str) -> str:
    """« provision insuffisante (AM04) »; the code alone when it is not known."""
    reason = _REASONS.get(code)
    return f"{reason} ({code})" if reason else f"motif {code}"


def count_rejects(policy: DirectDebitPolicy, before: int, latest: Iterable[str]) -> int:
    """How many rejects count towards the suspension of a mandate after one more that counts.

    ``before`` is how many did since it was last in force, ``latest`` the codes of its collections, the last one first:
    empty for one that went well. Rejects that do not count neither add to those in a row nor break them.
    """
    if not policy.consecutive:
        return before + 1
    in_a_row = 0
    for code in latest:
        if not code:
            break
        in_a_row += policy.counts(code)
    return min(before + 1, in_a_row)
