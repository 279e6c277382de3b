"""From priced days to the lines of an invoice: same child, unit and price on one line, with the days it stands for."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import lru_cache
from itertools import groupby

from plugins.rules.absences import FULL_PRICE
from plugins.rules.aggregates import Adjustment
from plugins.rules.catalogue import Activity
from plugins.rules.french import MONTHS, NBSP, euros, say_list
from plugins.rules.invoicing import InvoiceLineItem, Origin
from plugins.rules.prices import Price, PriceLine, Rounding

_PART_DUE = "du prix restent dus, au centime le plus proche"


@dataclass(frozen=True, slots=True)
class PricedDay:
    """One unit consumed on one day, with its price and, when it was not simply booked and attended, why it is due.

    ``codes`` are the child's identifier and the codes of the activity and the unit, which families never read.
    """

    child: str
    activity: str
    unit: str
    day: date
    price: Price
    codes: tuple[str, str, str]
    note: str = ""


def lines_of(days: Iterable[PricedDay]) -> tuple[InvoiceLineItem, ...]:
    """The lines of an invoice; their totals add up to the prices of the days, to the cent."""

    def line_key(priced: PricedDay) -> tuple[str, str, str, int, tuple[str, ...], str, tuple[str, str, str]]:
        said = _said(priced.price.lines)
        return (priced.child, priced.activity, priced.unit, priced.price.cents, said, priced.note, priced.codes)

    lines = []
    for key, grouped in groupby(sorted(days, key=lambda priced: (line_key(priced), priced.day)), key=line_key):
        child, activity, unit, cents, labels, note, codes = key
        group = list(grouped)
        dates = tuple(priced.day for priced in group)
        lines.append(
            InvoiceLineItem(
                child=child,
                activity=activity,
                unit=unit,
                quantity=len(dates),
                unit_cents=cents,
                total_cents=cents * len(dates),
                detail=tuple(part for part in (note, *labels, say_days(dates)) if part),
                origin=Origin(*codes, dates, group[0].price.lines),
            )
        )
    return tuple(lines)


@lru_cache(maxsize=1024)
def _said(price: tuple[PriceLine, ...]) -> tuple[str, ...]:
    return tuple(f"{line.label} : {euros(line.cents)}" for line in price)


def part_due(price: Price, percent: int) -> Price:
    """What stays due of the price of an absence, to the nearest cent, with the line that says what is taken off."""
    if percent == FULL_PRICE:
        return price
    due = Rounding.HALF_UP.cents(Decimal(price.cents * percent) / FULL_PRICE)
    label = f"Absence : {percent}{NBSP}% {_PART_DUE}"
    return Price(due, (*price.lines, PriceLine(label, due - price.cents)))


def is_part_due(line: PriceLine) -> bool:
    """True for the line that :func:`part_due` adds to a price."""
    return line.label.endswith(_PART_DUE)


def adjustment_line(adjustment: Adjustment, activity: Activity, names: Mapping[str, str]) -> InvoiceLineItem:
    """The line that several days make together: no unit, one amount, and why; ``names`` are the children's."""
    why = PriceLine(adjustment.label, adjustment.cents)
    return InvoiceLineItem(
        child="" if adjustment.child is None else names[adjustment.child],
        activity=activity.label,
        unit="",
        quantity=1,
        unit_cents=adjustment.cents,
        total_cents=adjustment.cents,
        detail=(adjustment.label,),
        origin=Origin(adjustment.child, activity.code, "", (adjustment.day,), (why,), adjustment.rule),
    )


def say_days(days: Iterable[date]) -> str:
    """« les 2, 3 et 5 novembre », « le 4 décembre »; several months are separated."""
    ordered = sorted(set(days))
    months = []
    for (_, month), group in groupby(ordered, key=lambda day: (day.year, day.month)):
        numbers = ["1er" if day.day == 1 else str(day.day) for day in group]
        months.append(f"{'les' if len(numbers) > 1 else 'le'} {say_list(numbers)} {MONTHS[month - 1]}")
    return ", ".join(months)
