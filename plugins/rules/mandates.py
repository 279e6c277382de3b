"""Mandates « mandats de prélèvement SEPA »: their reference, from when and until when they hold, what they print."""

from dataclasses import dataclass
from datetime import date, timedelta

from plugins.rules.direct_debits import SepaCreditor
from plugins.rules.errors import RuleError
from plugins.rules.french import say_date
from plugins.rules.ibans import is_iban
from plugins.rules.texts import require_line

LONGEST_REFERENCE = 35
YEARS_UNUSED = 3  # 36 months without a collection end a mandate (EPC, SEPA Core Direct Debit rulebook, §4.1)


def mandate_reference(prefix: str, year: int, sequence: int) -> str:
    """« ENF-2026-000123 », the « RUM »: at most 35 capital letters, digits and dashes, never used again.

    ``sequence`` counts from 1 in each year.
    """
    reference = f"{prefix}-{year}-{sequence:06}"
    if not (1000 <= year <= 9999 and 1 <= sequence <= 999_999) or len(reference) > LONGEST_REFERENCE:
        raise RuleError(f"Mandate reference {reference!r}: write a year of four digits and 1 to 999999.")
    return reference


def first_day_collected(signed_on: date, accepted_on: date) -> date:
    """The first day whose invoices are collected: the one after the mandate was both signed and accepted.

    « Effectif à compter de la prochaine facturation » (Épagny): what was issued before asked to be paid otherwise.
    """
    return max(signed_on, accepted_on) + timedelta(days=1)


def lapsed_before(today: date) -> date:
    """Mandates that were last used on this day or earlier hold no more: thirty-six months have passed."""
    try:
        return today.replace(year=today.year - YEARS_UNUSED)
    except ValueError:  # 29 February
        return date(today.year - YEARS_UNUSED, 2, 28)


@dataclass(frozen=True, slots=True)
class MandateDocument:
    """Everything printed on a mandate to sign. ``amends`` is the reference it replaces, if any."""

    reference: str
    creditor: SepaCreditor
    holder: str
    holder_address: tuple[str, ...]
    iban: str
    bic: str
    made_out_on: date
    conditions: str
    give_back: str
    amends: str = ""

    def __post_init__(self) -> None:
        for text in (self.reference, self.holder, self.give_back):
            require_line(text, f"Mandate {self.reference}")
        if not is_iban(self.iban):
            raise RuleError(f"Mandate {self.reference}: its account is no IBAN.")

    def __repr__(self) -> str:
        """Never the account: what is logged stays unknown."""
        return f"MandateDocument({self.reference})"

    @property
    def iban_in_groups(self) -> str:
        """The account by groups of four, as on a « RIB »."""
        return " ".join(self.iban[start : start + 4] for start in range(0, len(self.iban), 4))

    def say(self) -> str:
        """« Mandat ENF-2026-000123 du lundi 5 octobre 2026, en remplacement de ENF-2025-000007 »."""
        replaced = f", en remplacement de {self.amends}" if self.amends else ""
        return f"Mandat {self.reference} du {say_date(self.made_out_on)}{replaced}"

    def authorisation(self) -> tuple[str, ...]:
        """The sentences that every mandate bears (EPC, « core mandate », French version of the CFONB)."""
        name = self.creditor.name
        return (
            f"En signant ce formulaire de mandat, vous autorisez {name} à envoyer des instructions à votre banque "
            f"pour débiter votre compte, et votre banque à débiter votre compte conformément aux instructions de "
            f"{name}.",
            "Vous bénéficiez du droit d'être remboursé par votre banque selon les conditions décrites dans la "
            "convention que vous avez passée avec elle. Une demande de remboursement doit être présentée dans les "
            "8 semaines suivant la date de débit de votre compte pour un prélèvement autorisé.",
            "Vos droits concernant le présent mandat sont expliqués dans un document que vous pouvez obtenir auprès "
            "de votre banque.",
        )
