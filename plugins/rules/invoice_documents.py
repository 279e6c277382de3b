"""What is printed on an invoice, its reminders and its credit notes, tested without drawing; amounts in cents."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from plugins.rules.errors import RuleError
from plugins.rules.french import say_date
from plugins.rules.invoicing import InvoiceLineItem, Issuer, say_collected
from plugins.rules.payment_plans import PaymentPlan
from plugins.rules.texts import require_line
from plugins.rules.titres import TitreNotice


@dataclass(frozen=True, slots=True)
class Letterhead:
    """Who writes, to which household, and the lines of its address: the names of its adults first."""

    issuer: Issuer
    household_name: str
    addressee_lines: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class DebitNotice:
    """The collection that an invoice announces: its day, the mandate « RUM », the creditor « ICS », the account's end.

    A SEPA collection is told to the debtor with its date and amount (rulebook of the EPC, « pre-notification »).
    """

    on: date
    rum: str
    ics: str
    account_end: str

    def __post_init__(self) -> None:
        for text in (self.rum, self.ics, self.account_end):
            require_line(text, "Notice of a direct debit")

    def say(self) -> str:
        """What happens, and that nothing is left to do."""
        return (
            f"{say_collected(self.on)} sur votre compte terminé par {self.account_end} (référence unique du mandat "
            f"{self.rum}, identifiant créancier SEPA {self.ics})."
        )


@dataclass(frozen=True, slots=True)
class Reminder:
    """The how-manieth reminder « rappel » of an invoice, and the day it was sent."""

    rank: int
    on: date

    def __post_init__(self) -> None:
        if self.rank < 1:
            raise RuleError(f"Reminder number {self.rank}: the first is 1.")

    def say(self) -> str:
        """« Rappel n° 1 envoyé le lundi 11 janvier 2027 : … »."""
        return (
            f"Rappel n° {self.rank} envoyé le {say_date(self.on)} : cette facture reste à régler. "
            "Si vous venez de la payer, ne tenez pas compte de ce rappel."
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class InvoiceDocument:
    """Everything printed on an invoice.

    ``cleared_cents`` is what credit notes and write-offs took off it. ``pay_online_at`` is the address printed as a QR
    code, empty when the invoice cannot be paid online; ``debit`` replaces every other way to pay, ``plan`` the dates.
    ``titre`` is how the treasury collects it, among the ``payment_notes``.
    """

    number: str
    letterhead: Letterhead
    period_label: str
    issued_on: date
    due_on: date
    lines: tuple[InvoiceLineItem, ...]
    total_cents: int
    paid_cents: int = 0
    cleared_cents: int = 0
    payable_until: date | None = None
    debit: DebitNotice | None = None
    plan: PaymentPlan | None = None
    titre: TitreNotice | None = None
    reminder: Reminder | None = None
    pay_online_at: str = ""
    payment_notes: tuple[str, ...] = ()
    mentions: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        _require_sum(f"Invoice {self.number}", self.lines, self.total_cents)
        if min(self.paid_cents, self.cleared_cents, self.remaining_cents) < 0:
            raise RuleError(
                f"Invoice {self.number}: {self.paid_cents} cents paid and {self.cleared_cents} cleared "
                f"of {self.total_cents}."
            )
        if self.due_on < self.issued_on:
            raise RuleError(f"Invoice {self.number}: due on {self.due_on}, before it is issued on {self.issued_on}.")

    @property
    def remaining_cents(self) -> int:
        """What is left to pay, in cents."""
        return self.total_cents - self.paid_cents - self.cleared_cents

    @property
    def title(self) -> str:
        """« Facture 2026-ENF-000007 », and the rank of its reminder."""
        return f"Facture {self.number}" + (f" (rappel n° {self.reminder.rank})" if self.reminder else "")

    @property
    def titre_to_pay(self) -> TitreNotice | None:
        """What is left for the family to copy at the treasury; None once nothing remains or a debit pays it."""
        return self.titre if self.remaining_cents and self.debit is None else None

    def say_payment(self) -> tuple[str, ...]:
        """What the family does to pay, and until when, in French sentences."""
        if not self.remaining_cents:
            return ("Rien ne reste à payer.",)
        if self.debit is not None:
            return (self.debit.say(),)
        until = f"Payable en ligne jusqu'au {say_date(self.payable_until)}." if self.payable_until else ""
        when = self.plan.say() if self.plan is not None else until
        online = f"Adresse du paiement en ligne : {self.pay_online_at}" if self.pay_online_at else ""
        return tuple(sentence for sentence in (*self.payment_notes, online, when) if sentence)


@dataclass(frozen=True, slots=True, kw_only=True)
class CreditNoteDocument:
    """Everything printed on a credit note « avoir »: the invoice it corrects, why, and what it takes off, line by line.

    ``credit_cents`` is the part that the invoice had already been paid for: it is now the household's credit.
    """

    number: str
    letterhead: Letterhead
    invoice_number: str
    invoice_issued_on: date
    issued_on: date
    reason: str
    lines: tuple[InvoiceLineItem, ...]
    total_cents: int
    credit_cents: int = 0
    mentions: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        _require_sum(f"Credit note {self.number}", self.lines, self.total_cents)
        if not 0 <= self.credit_cents <= self.total_cents:
            raise RuleError(f"Credit note {self.number}: {self.credit_cents} cents of credit of {self.total_cents}.")
        if self.issued_on < self.invoice_issued_on:
            raise RuleError(f"Credit note {self.number}: issued before the invoice that it corrects.")

    @property
    def title(self) -> str:
        """« Avoir 2026-AV-000001 »."""
        return f"Avoir {self.number}"


def _require_sum(what: str, lines: Iterable[InvoiceLineItem], total_cents: int) -> None:
    added = sum(line.total_cents for line in lines)
    if added != total_cents:
        raise RuleError(f"{what}: its lines add up to {added} cents, not {total_cents}.")
