"""Direct debit « prélèvement » as a commune offers it: its creditor, its conditions, and when it stops."""

import re
from dataclasses import dataclass
from typing import ClassVar

from plugins.rules.bank_files import BankFile
from plugins.rules.errors import RuleError
from plugins.rules.ibans import is_bic, is_iban
from plugins.rules.joining import JoiningTerms
from plugins.rules.texts import require_line

_ICS = re.compile(r"FR[0-9]{2}[A-Z0-9]{3}[A-Z0-9]{6}")
_PREFIX = re.compile(r"[A-Z0-9]{1,16}")
_REJECT_CODE = re.compile(r"[A-Z]{2}[0-9]{2}")
LONGEST_NAME = 70  # characters of a name in a SEPA message
DEFAULT_FILE = BankFile()


@dataclass(frozen=True, slots=True)
class SepaCreditor:
    """Who collects: the name, postal lines and « ICS » of its mandates, and the account that is credited.

    ``rum_prefix`` starts the reference of each mandate (``plugins.rules.mandates.mandate_reference``). The « ICS » is
    the creditor's identifier, given by the Banque de France; its two check digits are those of ISO 7064, without the
    three characters of the business code (EPC, « Creditor Identifier Overview »).
    """

    name: str
    ics: str
    address: tuple[str, ...]
    rum_prefix: str
    iban: str
    bic: str

    def __post_init__(self) -> None:
        for text in (self.name, *self.address):
            require_line(text, "SEPA creditor")
        if len(self.name) > LONGEST_NAME:
            raise RuleError(f"SEPA creditor {self.name!r}: write at most {LONGEST_NAME} characters.")
        if not _ICS.fullmatch(self.ics) or _remainder(f"{self.ics[7:]}{self.ics[:4]}") != 1:
            raise RuleError(f"ICS {self.ics!r}: write the 13 characters given by the Banque de France.")
        if not _PREFIX.fullmatch(self.rum_prefix):
            raise RuleError(f"RUM prefix {self.rum_prefix!r}: write 1 to 16 capital letters and digits.")
        if not is_iban(self.iban):
            raise RuleError(f"IBAN of the creditor {self.name}: it is not one; write it without spaces.")
        if not is_bic(self.bic):
            raise RuleError(f"BIC {self.bic!r} of the creditor {self.name}: write the 8 or 11 characters of its bank.")

    def say(self) -> str:
        """« Mairie de Chavagne (ICS FR10ZZZ535076) »."""
        return f"{self.name} (ICS {self.ics})"


CONDITIONS = JoiningTerms(
    "1",
    "Le montant et la date de chaque prélèvement figurent sur la facture. Vous pouvez suspendre ou arrêter le "
    "prélèvement à tout moment, et vous signalez tout changement de compte bancaire. Un prélèvement se conteste auprès "
    "de votre banque dans les huit semaines, ou dans les treize mois s'il n'était pas autorisé.",
)
"""The portal's own conditions; the delays are those of articles L. 133-24 and L. 133-25 of the « code monétaire et
financier »."""


@dataclass(frozen=True, slots=True)
class DirectDebitPolicy:
    """Whether the commune collects by direct debit, how one joins, and after how many rejected collections it stops.

    Without ``creditor`` somebody else collects, such as the treasury: the portal makes no mandate. ``joined_online``
    is False where families write to the service, which records their account. A family is told of a debit
    ``told_days_before`` at least, by its invoice (SEPA: 14 unless agreed otherwise). ``suspended_after_rejects`` None:
    never; only ``counted_rejects`` count (codes of ISO 20022; empty: all of them), and a debit that goes well starts
    the count again when they are ``consecutive``. A mandate takes effect at the next invoicing, strictly after its
    signature. Collections are sent as ``bank_file`` says, and booked as paid ``booked_after_days`` after
    their day, unless the bank rejected them before (None: when an agent or the bank says so).
    """

    enabled: bool
    suspended_after_rejects: int | None = None
    creditor: SepaCreditor | None = None
    joined_online: bool = True
    conditions: JoiningTerms = CONDITIONS
    told_days_before: int = 14
    counted_rejects: frozenset[str] = frozenset()
    consecutive: bool = False
    bank_file: BankFile = DEFAULT_FILE
    booked_after_days: int | None = None

    LONGEST_NOTICE: ClassVar[int] = 60

    def __post_init__(self) -> None:
        if self.suspended_after_rejects is not None and self.suspended_after_rejects < 1:
            raise RuleError(f"Suspension after {self.suspended_after_rejects} rejects: write at least 1, or None.")
        if self.creditor is not None and not self.enabled:
            raise RuleError("A creditor, yet no direct debit: drop the creditor, or write enabled=True.")
        if not 1 <= self.told_days_before <= self.LONGEST_NOTICE:
            raise RuleError(f"Debit told {self.told_days_before} days before: write 1 to {self.LONGEST_NOTICE}.")
        if self.booked_after_days is not None and not 0 <= self.booked_after_days <= self.LONGEST_NOTICE:
            raise RuleError(
                f"Debit booked {self.booked_after_days} days after: write 0 to {self.LONGEST_NOTICE}, or None."
            )
        for code in sorted(self.counted_rejects):
            if not _REJECT_CODE.fullmatch(code):
                raise RuleError(f"Reject code {code!r}: write two capital letters and two digits, such as AM04.")

    def counts(self, code: str) -> bool:
        """True when a collection rejected with this code counts towards the suspension."""
        return not self.counted_rejects or code in self.counted_rejects

    def is_suspended(self, rejects: int) -> bool:
        """True when that many rejected collections stop the direct debit."""
        return self.suspended_after_rejects is not None and rejects >= self.suspended_after_rejects

    def say(self) -> str:
        """The policy in French."""
        if not self.enabled:
            return "Le prélèvement automatique n'est pas proposé."
        start = "Le prélèvement prend effet à la prochaine facturation ; il peut être suspendu à votre demande"
        if self.suspended_after_rejects is None:
            return f"{start}."
        plural = "s" if self.suspended_after_rejects > 1 else ""
        following = " de suite" if self.consecutive and plural else ""
        return f"{start} ou au bout de {self.suspended_after_rejects} rejet{plural} de prélèvement{following}."


def _remainder(text: str) -> int:
    """The remainder by 97 of a text whose letters count 10 to 35 (ISO 7064, MOD 97-10)."""
    return int("".join(str(int(letter, 36)) for letter in text)) % 97
