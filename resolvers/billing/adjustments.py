"""The lines that a household's days make together: minimums, maximums, discounts, packages of each tariff."""

from collections import defaultdict
from collections.abc import Container, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any
from uuid import UUID

from plugins import hookspecs
from plugins.commune import Commune
from plugins.rules.aggregates import Adjustment, Aggregate, first_counted, later_adjustments
from plugins.rules.calendar import SchoolYear
from plugins.rules.catalogue import Activity
from plugins.rules.invoice_lines import adjustment_line
from plugins.rules.invoicing import InvoiceLineItem, Origin
from plugins.rules.prices import Price, PriceLine, total_of
from plugins.rules.tariffs import Tariff
from resolvers.agenda.plans import Slot
from resolvers.billing.pricing import Pricing
from resolvers.days.attendance import SheetLine
from resolvers.models import InvoiceLine


def first_day_counted(commune: Commune, due: Iterable[Slot], first: date) -> date:
    """The day from which units must be known, so that every span in which a tariff counts units is whole."""
    calendar = commune.ask(hookspecs.calendar)
    firsts, earliest = {first}, dict[tuple[str, SchoolYear], date]()
    for day, code in sorted({(day, activity) for _, day, activity, _ in due}, reverse=True):
        earliest[code, SchoolYear.of(day)] = day
    for (code, year), day in earliest.items():
        _, tariff = _offered(commune, code, year)
        if tariff is not None:
            firsts.add(first_counted(tariff.aggregates, day))
            firsts.update({tariff.unbooked_span.around(day, calendar)[0]} if tariff.unbooked_span else ())
    return min(firsts)


@dataclass(frozen=True, slots=True)
class Invoiced:
    """What a household consumed that is on an invoice, and what the lines of these invoices charge."""

    lines: tuple[SheetLine, ...] = ()
    origins: tuple[Origin, ...] = ()

    def prices(self) -> dict[Slot, Price]:
        """The price at which each unit was invoiced."""
        return {
            (UUID(origin.child), day, origin.activity, origin.unit): Price(total_of(origin.price), origin.price)
            for origin in self.origins
            if origin.child and not origin.rule
            for day in origin.days
        }

    def made(self, aggregates: Sequence[Aggregate], activity: str, days: Container[date]) -> list[Adjustment]:
        """The lines of an activity's aggregates that are about these days."""
        spans = {aggregate.label: aggregate.spans for aggregate in aggregates}
        return [
            Adjustment(origin.child, day, line.label, line.cents, origin.rule, spans[origin.rule].of(day))
            for origin in self.origins
            if origin.activity == activity and origin.rule in spans
            for day, line in zip(origin.days, origin.price, strict=True)
            if day in days
        ]


async def already_invoiced(lines: Iterable[SheetLine]) -> dict[UUID, Invoiced]:
    """What is on an invoice, by household: the aggregates of what is due count it too. One statement.

    What a household consumed may be on the invoice of another one, which pays the child's bill; each of two that share
    it may have booked days of its own.
    """
    consumed: defaultdict[UUID, list[SheetLine]] = defaultdict(list)
    homes: dict[tuple[str, date, str, str], UUID] = {}
    invoices: set[UUID] = set()
    for line in lines:
        if line.invoice_id is not None:
            consumed[line.household_id].append(line)
            invoices.add(line.invoice_id)
            for unit in (line.unit, ""):  # a line that several days make together has no unit
                homes[str(line.child_id), line.day, line.activity, unit] = line.household_id
    charged: defaultdict[UUID, list[Origin]] = defaultdict(list)
    rows = InvoiceLine.filter(invoice_id__in=sorted(invoices))
    ordered = rows.order_by("invoice_id", "position")
    for payer, kept in await ordered.values_list("household_id", "origin"):
        if kept and (origin := read_origin(kept)).is_first:
            slots = ((origin.child or "", day, origin.activity, origin.unit) for day in origin.days)
            charged[next((homes[slot] for slot in slots if slot in homes), payer)].append(origin)
    return {id_: Invoiced(tuple(household), tuple(charged[id_])) for id_, household in consumed.items()}


def kept_origin(origin: Origin) -> dict[str, Any]:
    """An origin as plain values, to be stored with its line."""
    return {
        "child": origin.child,
        "activity": origin.activity,
        "unit": origin.unit,
        "rule": origin.rule,
        "days": [day.isoformat() for day in origin.days],
        "price": [[line.label, line.cents] for line in origin.price],
        "percents": list(origin.percents),
        "place": origin.place,
    }


def read_origin(kept: dict[str, Any]) -> Origin:
    """The origin, from the values of :func:`kept_origin`."""
    days = tuple(date.fromisoformat(day) for day in kept["days"])
    price = tuple(PriceLine(*line) for line in kept["price"])
    return Origin(**{**kept, "days": days, "price": price, "percents": tuple(kept.get("percents", ()))})


def adjustment_lines(pricing: Pricing, due: Sequence[SheetLine], invoiced: Invoiced) -> tuple[InvoiceLineItem, ...]:
    """The lines of one household for what is due, activity by activity and year by year.

    What was invoiced counts at the price of its invoice, whatever a quotient received since would make of it.
    """
    names = {str(line.child_id): line.child for line in (*due, *invoiced.lines)}
    prices = invoiced.prices()
    items: list[InvoiceLineItem] = []
    for code, year in sorted({(line.activity, SchoolYear.of(line.day)) for line in due}):
        activity, tariff = _offered(pricing.commune, code, year)
        if activity is None or tariff is None or not tariff.aggregates:
            continue
        before, now = (
            {line.slot: pricing.charge(line) for line in lines if _belongs(line, code, year) and pricing.knows(line)}
            for lines in (invoiced.lines, due)
        )
        first = first_counted(tariff.aggregates, min((day for _, day, _, _ in now), default=year.last_day))
        counted = {slot: charge for slot, charge in before.items() if slot[1] >= first}
        charged = [replace(charge, price=prices.get(slot, charge.price)) for slot, charge in counted.items()]
        made = invoiced.made(tariff.aggregates, code, {day for _, day, _, _ in counted})
        lines = later_adjustments(tariff.aggregates, charged, made, list(now.values()))
        items += [adjustment_line(line, activity, names) for line in lines]
    return tuple(items)


def _belongs(line: SheetLine, activity: str, year: SchoolYear) -> bool:
    return line.activity == activity and SchoolYear.of(line.day) == year


def _offered(commune: Commune, code: str, year: SchoolYear) -> tuple[Activity | None, Tariff | None]:
    activity = commune.ask(hookspecs.catalogue, year=year).activity(code)
    return activity, commune.ask(hookspecs.tariff, activity=activity, year=year) if activity else None
