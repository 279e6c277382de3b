"""The lines that a household's days make together: minimums, maximums, discounts, packages of each tariff."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import date
from uuid import UUID

from plugins import hookspecs
from plugins.commune import Commune
from plugins.rules.aggregates import Aggregate, later_adjustments
from plugins.rules.calendar import SchoolYear
from plugins.rules.invoice_lines import adjustment_line
from plugins.rules.invoicing import InvoiceLineItem
from plugins.rules.tariffs import Tariff
from resolvers.attendance import SheetLine
from resolvers.plans import Slot
from resolvers.pricing import BILLED, Pricing


def first_day_counted(commune: Commune, due: Iterable[Slot], first: date) -> date:
    """The day from which units must be known, so that every span in which a tariff counts units is whole."""
    calendar = commune.ask(hookspecs.calendar)
    firsts = {first}
    for code, day in {(activity, day) for _, day, activity, _ in due}:
        tariff = _tariff(commune, code, SchoolYear.of(day))
        if tariff is not None:
            firsts.update(aggregate.spans.of(day).first for aggregate in tariff.aggregates)
            firsts.update({tariff.unbooked_span.around(day, calendar)[0]} if tariff.unbooked_span else ())
    return min(firsts)


def already_invoiced(lines: Iterable[SheetLine], due: Iterable[Slot]) -> dict[UUID, list[SheetLine]]:
    """What was consumed and is on an invoice, by household: the aggregates of what is due count it too."""
    waiting = set(due)
    invoiced: defaultdict[UUID, list[SheetLine]] = defaultdict(list)
    for line in lines:
        if line.presence in BILLED and line.slot not in waiting:
            invoiced[line.household_id].append(line)
    return invoiced


def adjustment_lines(
    pricing: Pricing, due: Sequence[SheetLine], invoiced: Sequence[SheetLine]
) -> tuple[InvoiceLineItem, ...]:
    """The lines of one household for what is due, activity by activity and year by year."""
    names = {str(line.child_id): line.child for line in (*due, *invoiced)}
    items: list[InvoiceLineItem] = []
    for code, year in sorted({(line.activity, SchoolYear.of(line.day)) for line in due}):
        aggregates = _aggregates(pricing.commune, code, year)
        if not aggregates:
            continue
        before, now = (
            [pricing.charge(line) for line in lines if _belongs(line, code, year) and pricing.knows(line)]
            for lines in (invoiced, due)
        )
        activity = pricing.commune.ask(hookspecs.catalogue, year=year).activity(code)
        label = activity.label if activity else code
        items += [adjustment_line(line, label, names) for line in later_adjustments(aggregates, before, now)]
    return tuple(items)


def _belongs(line: SheetLine, activity: str, year: SchoolYear) -> bool:
    return line.activity == activity and SchoolYear.of(line.day) == year


def _aggregates(commune: Commune, code: str, year: SchoolYear) -> tuple[Aggregate, ...]:
    tariff = _tariff(commune, code, year)
    return tariff.aggregates if tariff else ()


def _tariff(commune: Commune, code: str, year: SchoolYear) -> Tariff | None:
    activity = commune.ask(hookspecs.catalogue, year=year).activity(code)
    return commune.ask(hookspecs.tariff, activity=activity, year=year) if activity else None
