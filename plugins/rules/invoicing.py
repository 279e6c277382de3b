"""How a commune numbers and words its invoices, and their lines."""

import re
from dataclasses import dataclass
from datetime import date, timedelta
from string import Formatter

from plugins.rules.billing_shares import parts
from plugins.rules.calendar import SchoolCalendar
from plugins.rules.errors import RuleError
from plugins.rules.french import MONTHS, euros, say_date, say_list, say_short_span
from plugins.rules.months import FIRST, LAST, in_month
from plugins.rules.online_invoices import OnlineInvoices
from plugins.rules.prices import PriceLine
from plugins.rules.quotas import QuotaSpan
from plugins.rules.texts import is_printable, require_line

_SERIES = re.compile(r"[A-Z]{1,6}")


@dataclass(frozen=True, slots=True)
class Issuer:
    """Who claims the money: name, postal lines, SIRET of 14 digits if any, and how to reach them (French)."""

    name: str
    address: tuple[str, ...]
    siret: str | None
    contact: str

    def __post_init__(self) -> None:
        for text in (self.name, *self.address, self.contact):
            require_line(text, "Issuer")
        if self.siret is not None and not re.fullmatch(r"[0-9]{14}", self.siret):
            raise RuleError(f"SIRET {self.siret!r} of {self.name}: write 14 digits, or None.")

    def say(self) -> str:
        """Name, address, SIRET and contact on one line."""
        siret = [] if self.siret is None else [f"SIRET {self.siret}"]
        return f"{', '.join([self.name, *self.address, *siret])} ({self.contact})"


@dataclass(frozen=True, slots=True, kw_only=True)
class InvoicingPolicy:
    """Numbering, dates and wording of invoices.

    ``cycle`` is what one invoice covers. ``due_days`` are calendar days after issue; ``payable_days`` after the due day
    it can no longer be paid online (None: as long as it is due), and ``debit_days`` after issue it is collected from
    who signed a mandate (None: on the due day). An invoice below ``minimum_cents`` waits for the next one.
    Credit notes « avoirs » have a series of their own. ``reminder_days`` are the days after the due date of each
    reminder « relance », in order; none by default. ``online`` says who receives paper, and how that stops (None: every
    invoice is online, and none is on paper).
    """

    series: str
    due_days: int
    issuer: Issuer
    minimum_cents: int = 0
    mentions: tuple[str, ...] = ()
    number_pattern: str = "{year}-{series}-{number:06d}"
    credit_note_series: str = "AV"
    reminder_days: tuple[int, ...] = ()
    cycle: QuotaSpan = QuotaSpan.MONTH
    payable_days: int | None = None
    debit_days: int | None = None
    online: OnlineInvoices | None = None

    def __post_init__(self) -> None:
        if not _SERIES.fullmatch(self.series):
            raise RuleError(f"Invoice series {self.series!r}: write 1 to 6 capital letters.")
        if not _SERIES.fullmatch(self.credit_note_series) or self.credit_note_series == self.series:
            raise RuleError(f"Credit note series {self.credit_note_series!r}: write 1 to 6 capital letters of its own.")
        if list(self.reminder_days) != sorted(set(self.reminder_days)) or min(self.reminder_days, default=1) < 1:
            raise RuleError(f"Reminders after {self.reminder_days} days: write days from 1, each later than the last.")
        if not 1 <= self.due_days <= 365:
            raise RuleError(f"Invoices due after {self.due_days} days: write 1 to 365.")
        if self.minimum_cents < 0:
            raise RuleError(f"Minimum invoice of {self.minimum_cents} cents: write 0 or more.")
        if self.payable_days is not None and not 0 <= self.payable_days <= 365:
            raise RuleError(f"Invoices payable {self.payable_days} days after they are due: write 0 to 365, or None.")
        if self.debit_days is not None and not 1 <= self.debit_days <= 365:
            raise RuleError(f"Invoices collected {self.debit_days} days after issue: write 1 to 365, or None.")
        for mention in self.mentions:
            require_line(mention, "Invoice mention")
        if not self._pattern_works():
            raise RuleError(
                f"Invoice number {self.number_pattern!r}: use {{year}}, {{series}} and {{number}}, "
                "all three, bare or with a width."
            )

    def number(self, year: int, number: int) -> str:
        """The printed number of the *number*-th invoice of a year, 1 being the first."""
        return self.number_pattern.format(year=year, series=self.series, number=number)

    def credit_note_number(self, year: int, number: int) -> str:
        """The printed number of the *number*-th credit note of a year, 1 being the first."""
        return self.number_pattern.format(year=year, series=self.credit_note_series, number=number)

    def period(self, day: date, calendar: SchoolCalendar) -> tuple[date, date]:
        """The first and the last day of the period that holds ``day``, by the commune's cycle."""
        return self.cycle.around(day, calendar)

    def due_on(self, issued_on: date) -> date:
        """The day by which an invoice must be paid."""
        return issued_on + timedelta(days=self.due_days)

    def payable_until(self, issued_on: date) -> date | None:
        """The last day on which it can be paid online; None as long as something is due."""
        return None if self.payable_days is None else self.due_on(issued_on) + timedelta(days=self.payable_days)

    def debit_on(self, issued_on: date) -> date:
        """The day it is collected from who signed a mandate."""
        return self.due_on(issued_on) if self.debit_days is None else issued_on + timedelta(days=self.debit_days)

    def say(self) -> str:
        """Who invoices, how the first invoice of 2026 is numbered, when it is due; a sentence a line."""
        due = f"les {self.due_days} jours qui suivent" if self.due_days > 1 else "le jour qui suit"
        lines = [
            f"Émetteur des factures : {self.issuer.say()}.",
            f"Elles sont numérotées à la suite, chaque année : {self.number(2026, 1)} est la première de 2026.",
            f"Il y en a une par {self.cycle.value}.",
            f"Elles sont à régler dans {due} leur émission.",
        ]
        if self.payable_days is not None:
            more = f"{self.payable_days} jours après cette échéance" if self.payable_days else "cette échéance"
            lines.append(f"Elles se paient en ligne jusqu'à {more}.")
        if self.debit_days is not None:
            lines.append(
                f"Elles sont prélevées {self.debit_days} jours après leur émission, pour qui a signé un mandat."
            )
        if self.minimum_cents:
            lines.append(f"Un montant de moins de {euros(self.minimum_cents)} est reporté sur la facture suivante.")
        if self.online is not None:
            lines.append(self.online.say())
        lines.append(f"Les avoirs sont numérotés à part : {self.credit_note_number(2026, 1)} est le premier de 2026.")
        if self.reminder_days:
            after = say_list(f"{days} jour{'s' if days > 1 else ''}" for days in self.reminder_days)
            lines.append(f"Une facture impayée est relancée par e-mail {after} après son échéance.")
        return "\n".join(lines + [f"Mention imprimée : {mention}" for mention in self.mentions])

    def payfip_reference(self, year: int, number: int, attempt: int) -> str:
        """The debt reference given to PayFiP: 6 to 30 letters and digits, unique to this attempt at this invoice."""
        if not (1000 <= year <= 9999 and 1 <= number < 10**12 and 1 <= attempt < 10**6):
            raise RuleError(f"PayFiP reference of invoice {number} of {year}, attempt {attempt}: out of range.")
        return f"{year}{self.series}{number:06d}A{attempt:02d}"

    def _pattern_works(self) -> bool:
        try:
            names = {name for _, name, _, _ in Formatter().parse(self.number_pattern) if name is not None}
            return names == {"year", "series", "number"} and is_printable(self.number(2026, 1))
        except ValueError:  # unbalanced braces, unknown format
            return False


def say_period(first: date, last: date) -> str:
    """« novembre 2026 » for a whole month, « du 1er septembre au 16 octobre 2026 » for other days."""
    whole_month = (first, last) == (in_month(first, FIRST), in_month(first, LAST))
    return f"{MONTHS[first.month - 1]} {first.year}" if whole_month else say_short_span(first, last)


def say_when_paid(due_on: date, debit_on: date | None) -> str:
    """« À régler avant le … », or what :func:`say_collected` tells who signed a mandate."""
    return f"À régler avant le {say_date(due_on)}" if debit_on is None else say_collected(debit_on)


def say_collected(day: date) -> str:
    """« Vous n'avez rien à faire : cette somme sera prélevée le … »."""
    return f"Vous n'avez rien à faire : cette somme sera prélevée le {say_date(day)}"


@dataclass(frozen=True, slots=True)
class Origin:
    """What a line charges, by its codes: later invoices count it at the price that was invoiced.

    ``child`` is its identifier, None for a line of the household. A line that several days make together has no unit,
    the last of these days, and the label of its aggregate as ``rule``. Of a bill that is shared, ``percents`` are those
    of all who pay it and ``place`` that of who pays this line.
    """

    child: str | None
    activity: str
    unit: str
    days: tuple[date, ...]
    price: tuple[PriceLine, ...]
    rule: str = ""
    percents: tuple[int, ...] = ()
    place: int = 0

    @property
    def is_first(self) -> bool:
        """False on the lines that other households pay of the same bill, so that it is counted once."""
        return self.place == 0

    @property
    def cents(self) -> int:
        """What all who pay it are charged together."""
        return sum(line.cents for line in self.price) * len(self.days)

    def part_of(self, cents: int) -> int:
        """What this line is charged of an amount that all who pay it are charged together."""
        return parts(cents, self.percents)[self.place] if self.percents else cents


@dataclass(frozen=True, slots=True)
class InvoiceLineItem:
    """One line: so many units of an activity for a child, at one price; amounts in cents, quantity × unit = total.

    A line that several days make together (a minimum, a discount) has no unit, and no child when it is the household's.
    ``origin`` is kept with the line and never printed.
    """

    child: str
    activity: str
    unit: str
    quantity: int
    unit_cents: int
    total_cents: int
    detail: tuple[str, ...]
    origin: Origin | None = None

    def __post_init__(self) -> None:
        if self.quantity * self.unit_cents != self.total_cents:
            raise RuleError(
                f"Invoice line {self.activity}, {self.unit}: {self.quantity} × {self.unit_cents} cents "
                f"is not {self.total_cents}; split lines of different prices."
            )
