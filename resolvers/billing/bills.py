"""From what a household consumed to its bill: nothing is read, nothing is written."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from enum import Enum
from uuid import UUID

from plugins.rules.billing_shares import WHOLE, BillShare, parts
from plugins.rules.errors import RuleError
from plugins.rules.french import euros
from plugins.rules.invoice_lines import PricedDay, lines_of
from plugins.rules.invoicing import InvoiceLineItem
from plugins.signatures import PluginError
from resolvers.agenda.plans import Slot
from resolvers.billing.adjustments import Invoiced, adjustment_lines
from resolvers.billing.bill_shares import Sharing
from resolvers.billing.billing import Population
from resolvers.billing.pricing import Pricing
from resolvers.days.attendance import SheetLine


class Trouble(Enum):
    """Why a unit, or a household, is on no invoice of a run."""

    NOT_DRAWN = "Ce foyer reste à calculer."
    UNCHECKED = "Personne n'a pointé cette prestation : pointez-la, puis recalculez le foyer."
    UNKNOWN_UNIT = "Le catalogue de cette année ne connaît pas cette prestation : complétez-le, puis recalculez."
    NO_PRICE = "Le tarif ne sait pas calculer cette prestation : complétez-le, puis recalculez."
    BELOW_MINIMUM = "Le montant est reporté sur la facture suivante."
    NOT_CARRIED = "Le foyer doit moins que le minimum et cette prestation a un an : aucune facture ne la portera plus."
    MOVED = "Des présences ont changé depuis le calcul : le foyer n'est pas facturé, une autre facturation le fera."
    ELSEWHERE = "Une facturation de quelques foyers a repris celui-ci : recalculez-le ici si elle est abandonnée."


@dataclass(frozen=True, slots=True)
class Problem:
    """A unit that cannot be invoiced, or a household when ``line`` is None, and why in French."""

    household_id: UUID
    trouble: Trouble
    line: SheetLine | None = None
    why: str = ""

    @property
    def reason(self) -> str:
        """Why, and what to do."""
        return self.why or self.trouble.value


@dataclass(slots=True)
class Bill:
    """What one household pays, and the attendances that are then on its invoice: those it is the first to pay.

    ``of_others`` are those that another household booked.
    """

    items: list[InvoiceLineItem] = field(default_factory=list)
    attendances: list[UUID] = field(default_factory=list)
    of_others: list[UUID] = field(default_factory=list)

    @property
    def total_cents(self) -> int:
        """What its lines add up to."""
        return sum(item.total_cents for item in self.items)

    @property
    def is_void(self) -> bool:
        """True when it charges nothing and no attendance is on it: it is no invoice."""
        return not (self.attendances or self.of_others or any(item.total_cents for item in self.items))


@dataclass(frozen=True, slots=True)
class Records:
    """What some households are billed from.

    ``due`` are the units on no invoice, with their attendances; ``lines`` all that is booked or was seen of the same
    children; ``invoiced`` what earlier invoices charge. The next period carries what waits from ``carried_from`` on.
    """

    due: Mapping[Slot, UUID]
    lines: Mapping[UUID, Sequence[SheetLine]]
    pricing: Pricing
    invoiced: Mapping[UUID, Invoiced]
    sharing: Sharing
    population: Population
    carried_from: date

    def consumed(self, household_id: UUID) -> list[SheetLine]:
        """What a household owes."""
        return [line for line in self.lines.get(household_id, ()) if line.slot in self.due]

    def unchecked(self, household_id: UUID) -> Iterator[SheetLine]:
        """What a household booked and nobody checked, from the first day it owes."""
        first = min([self.population.window.first, *(line.day for line in self.consumed(household_id))])
        for line in self.lines.get(household_id, ()):
            if line.presence is None and line.day >= first and self.population.holds(line.activity):
                yield line


Priced = tuple[SheetLine, PricedDay]


def draw_bills(
    records: Records, households: Iterable[UUID], minimum_cents: int
) -> tuple[dict[UUID, Bill], list[Problem]]:
    """The bills of some households, and what keeps the others from having one.

    Households that share a child's bill are billed together or not at all. What adds up to less than the minimum waits.
    """
    bills: dict[UUID, Bill] = {}
    problems: list[Problem] = []
    for group in records.sharing.groups(frozenset(households)):
        priced, found = _price(records, group)
        drawn = {} if found else _bills_of(records, priced)
        totals = [bill.total_cents for bill in drawn.values()]
        if drawn and (sum(totals) < max(1, minimum_cents) or min(totals) < 0):
            found = [_too_little(household, bill, minimum_cents) for household, bill in drawn.items()]
            found += _not_carried(records, priced)
        problems += found
        bills |= {} if found else {household: bill for household, bill in drawn.items() if not bill.is_void}
    return bills, problems


def _too_little(household_id: UUID, bill: Bill, minimum_cents: int) -> Problem:
    least = f"moins que le minimum de {euros(max(1, minimum_cents))}"
    why = f"{euros(bill.total_cents)} : {least}, reporté sur la facture suivante." if bill.total_cents else ""
    return Problem(household_id, Trouble.BELOW_MINIMUM, why=why or "Il n'y a rien à payer.")


def _not_carried(records: Records, priced: Mapping[UUID, Sequence[Priced]]) -> Iterator[Problem]:
    """What waits and is too old for the next run."""
    for household, units in priced.items():
        for line, day in units:
            if line.day < records.carried_from and day.price.cents:
                yield Problem(household, Trouble.NOT_CARRIED, line)


def _price(records: Records, group: Sequence[UUID]) -> tuple[dict[UUID, list[Priced]], list[Problem]]:
    """The price of every unit that each household of a group consumed, and what stops them."""
    priced: defaultdict[UUID, list[Priced]] = defaultdict(list)
    problems = [
        Problem(household, Trouble.UNCHECKED, line) for household in group for line in records.unchecked(household)
    ]
    for household in group:
        for line in records.consumed(household):
            if not records.pricing.knows(line):
                problems.append(Problem(household, Trouble.UNKNOWN_UNIT, line))
                continue
            try:
                priced[household].append((line, records.pricing.priced(line)))
            except (RuleError, PluginError, LookupError):
                problems.append(Problem(household, Trouble.NO_PRICE, line))
    return dict(priced), problems


def _bills_of(records: Records, priced: Mapping[UUID, Sequence[Priced]]) -> dict[UUID, Bill]:
    """The bill of each payer of what the households of a group consumed: its days, then what they make together."""
    bills: defaultdict[UUID, Bill] = defaultdict(Bill)
    for household, units in priced.items():
        for shares, some in _by_payers(records.sharing, units).items():
            due = [records.due[line.slot] for line, _ in some]
            if not shares or shares[0].household == household:
                bills[household].attendances += due
            else:
                bills[shares[0].household].of_others += due
            for item in lines_of(day for _, day in some):
                _charge(bills, household, shares, item)
    for bill in bills.values():
        bill.items.sort(key=lambda item: (item.child, item.activity, item.unit))
    for household, units in priced.items():
        consumed = [line for line, _ in units]
        for item in adjustment_lines(records.pricing, consumed, records.invoiced.get(household, Invoiced())):
            _charge(bills, household, _payers_of(records.sharing, item), item)
    return dict(sorted(bills.items()))


def _by_payers(sharing: Sharing, units: Iterable[Priced]) -> dict[tuple[BillShare[UUID], ...], list[Priced]]:
    found: defaultdict[tuple[BillShare[UUID], ...], list[Priced]] = defaultdict(list)
    for line, day in units:
        found[sharing.of(line.child_id, line.day)].append((line, day))
    return dict(found)


def _payers_of(sharing: Sharing, item: InvoiceLineItem) -> tuple[BillShare[UUID], ...]:
    """Who pays a line that several days make together: that of a child is shared, that of the household is not."""
    if item.origin is None or item.origin.child is None:
        return ()
    return sharing.of(UUID(item.origin.child), item.origin.days[-1])


def _charge(
    bills: Mapping[UUID, Bill], household: UUID, shares: Sequence[BillShare[UUID]], item: InvoiceLineItem
) -> None:
    """Put a line on the bill of who pays it, or a part of it, which says so, on that of each of those who do."""
    percents = tuple(share.percent for share in shares)
    if percents in ((), (WHOLE,)):
        bills[shares[0].household if shares else household].items.append(item)
        return
    for place, (share, cents) in enumerate(zip(shares, parts(item.total_cents, percents), strict=True)):
        origin = replace(item.origin, percents=percents, place=place) if item.origin else None
        detail = (*item.detail, share.say_part(item.total_cents))
        part = replace(item, quantity=1, unit_cents=cents, total_cents=cents, detail=detail, origin=origin)
        bills[share.household].items.append(part)
