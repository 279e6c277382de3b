"""What is printed of money received: receipts, statements of payments, statements for taxes; amounts in cents."""

from dataclasses import dataclass
from datetime import date, datetime

from plugins.rules.errors import RuleError
from plugins.rules.french import euros, say_date, say_short_span, say_time
from plugins.rules.invoice_documents import Letterhead

CARE_AGE = 6
"""Years a child must be under on 1 January (article 200 quater B of the « code général des impôts »)."""

ORDERED = "order"
"""The means of an order of direct debit given on a bank's page: its money comes days later, if it comes."""

_UNTIL_COLLECTED = "sous réserve d'encaissement"
_MEANS = {
    "card": "carte bancaire",
    "cash": "espèces",
    "cheque": "chèque",
    "cesu": "CESU",
    "debit": "prélèvement",
    "transfer": "virement",
    ORDERED: f"ordre de prélèvement, {_UNTIL_COLLECTED}",
}


def say_means(means: str) -> str:
    """A means of payment in French; one that the portal has no word for says itself."""
    return _MEANS.get(means, means)


def counts_for_taxes(birth_date: date, year: int) -> bool:
    """True for a child whose care of a year opens the tax credit: « né à compter du 1er janvier », six years before."""
    return birth_date >= date(year - CARE_AGE, 1, 1)


@dataclass(frozen=True, slots=True)
class PaidInvoice:
    """An invoice and what a payment, or all payments until now, brought to it."""

    number: str
    issued_on: date
    total_cents: int
    paid_cents: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ReceiptDocument:
    """One payment: ``paid_at`` is on the commune's clocks; what no invoice claimed is the household's credit."""

    reference: str
    letterhead: Letterhead
    paid_at: datetime
    means: str
    authorization: str
    amount_cents: int
    invoices: tuple[PaidInvoice, ...]

    def __post_init__(self) -> None:
        if self.credit_cents < 0:
            raise RuleError(f"Receipt {self.reference}: its invoices received more than {self.amount_cents} cents.")

    @property
    def is_ordered(self) -> bool:
        """True while the money is only ordered from a bank."""
        return self.means == ORDERED

    @property
    def credit_cents(self) -> int:
        """What was left for the household's credit."""
        return self.amount_cents - sum(invoice.paid_cents for invoice in self.invoices)

    def say(self) -> str:
        """When and how it was paid, in French."""
        at = f"le {say_date(self.paid_at.date())} à {say_time(self.paid_at.time())}"
        if self.is_ordered:
            return f"Ordre de prélèvement donné {at}, {_UNTIL_COLLECTED}"
        return f"Payé {at}, par {say_means(self.means)}"


@dataclass(frozen=True, slots=True)
class PaidActivity:
    """What was paid for a child (its name; empty for the whole household) and an activity."""

    child: str
    activity: str
    cents: int


@dataclass(frozen=True, slots=True)
class PaymentMade:
    """A payment and the part of it that paid invoices."""

    on: date
    means: str
    reference: str
    cents: int


@dataclass(frozen=True, slots=True, kw_only=True)
class PaymentStatement:
    """« Attestation de paiement »: what a household paid from a day to another, and for what, by date of payment.

    ``invoices`` are those issued in between. ``is_partial``: some payments are made elsewhere and unknown here.
    """

    letterhead: Letterhead
    first_day: date
    last_day: date
    made_on: date
    activities: tuple[PaidActivity, ...]
    payments: tuple[PaymentMade, ...]
    invoices: tuple[PaidInvoice, ...]
    is_partial: bool

    def __post_init__(self) -> None:
        if self.last_day < self.first_day:
            raise RuleError(f"Statement from {self.first_day} to {self.last_day}: swap them.")
        for_what = sum(line.cents for line in self.activities)
        if for_what != self.paid_cents:
            raise RuleError(f"Statement: {self.paid_cents} cents were paid, for {for_what} cents of activities.")

    @property
    def paid_cents(self) -> int:
        """What was paid."""
        return sum(payment.cents for payment in self.payments)

    def say(self) -> tuple[str, ...]:
        """What is certified, in French sentences."""
        span = say_short_span(self.first_day, self.last_day)
        paid = f"{self.letterhead.household_name} a payé {euros(self.paid_cents)} {span}, par date de paiement."
        ordered = sum(payment.cents for payment in self.payments if payment.means == ORDERED)
        return (f"Nous attestons que le foyer {paid}", *_say_ordered(ordered), *_elsewhere(self.is_partial))


@dataclass(frozen=True, slots=True)
class ChildCare:
    """What was paid in a year for the care of a child; ``with_meal_cents`` is what the price of a meal is included in.

    ``paid_cents`` is all that was paid for it. ``counts`` is False from six years of age on 1 January, and for a child
    whose date of birth is not known.
    """

    name: str
    birth_date: date | None
    care_cents: int
    with_meal_cents: int
    paid_cents: int
    counts: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class TaxStatement:
    """« Attestation fiscale »: what was paid in a calendar year for the care of children, by date of payment.

    ``ordered_cents`` of it are only ordered from a bank.
    """

    letterhead: Letterhead
    year: int
    made_on: date
    children: tuple[ChildCare, ...]
    paid_cents: int
    is_partial: bool
    ordered_cents: int = 0

    @property
    def counting(self) -> tuple[ChildCare, ...]:
        """The children whose care opens the tax credit."""
        return tuple(child for child in self.children if child.counts and child.care_cents + child.with_meal_cents)

    @property
    def care_cents(self) -> int:
        """What was paid for the care of these children."""
        return sum(child.care_cents + child.with_meal_cents for child in self.counting)

    def say(self) -> tuple[str, ...]:
        """What the sums mean and what to take off them, in French sentences (BOI-IR-RICI-300)."""
        stopped = self.made_on.year <= self.year
        return (
            f"En {self.year}, vous avez payé {euros(self.paid_cents)}, dont {euros(self.care_cents)} pour la garde "
            f"d'enfants de moins de {CARE_AGE} ans au 1er janvier {self.year}.",
            *((f"L'année {self.year} n'est pas terminée : ces sommes peuvent encore changer.",) if stopped else ()),
            *_say_ordered(self.ordered_cents),
            *_elsewhere(self.is_partial),
            "Les repas n'ouvrent pas droit au crédit d'impôt pour frais de garde (article 200 quater B du code général "
            "des impôts) : retirez leur part des sommes « repas compris ».",
            "Retirez aussi les aides reçues pour la garde : de la CAF, de la MSA, de l'employeur (CESU préfinancé).",
        )


def _say_ordered(cents: int) -> tuple[str, ...]:
    return (f"Dont {euros(cents)} d'ordres de prélèvement donnés, {_UNTIL_COLLECTED}.",) if cents else ()


def _elsewhere(is_partial: bool) -> tuple[str, ...]:
    if not is_partial:
        return ()
    return ("Ce qui est payé au Trésor public n'est pas connu du portail : demandez-lui ce qui manque ici.",)
