"""Base prices: what a unit costs before any modifier, and how a price list prints it."""

from abc import ABC, abstractmethod
from bisect import bisect_right
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from decimal import Decimal
from itertools import pairwise
from typing import TypeVar

from plugins.rules.errors import RuleError
from plugins.rules.french import euros, say_date
from plugins.rules.prices import (
    PriceLine,
    Rounding,
    Situation,
    exact_number,
    refuse_negative,
    say_decimal,
    say_percent,
)
from plugins.rules.versions import Versions

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class PriceRow:
    """One row of a price list in French: whom it concerns (empty: everybody) and the price, an amount or a formula.

    A table of a tariff has the labels of its units' rows as rows, and the units as columns.
    """

    label: str
    price: str

    def say(self) -> str:
        """« QF de 0 à 400 : 1,00 € », « 3,50 € »."""
        return f"{self.label} : {self.price}" if self.label else self.price


class BasePrice(ABC):
    """A way to find the price of a unit in a situation."""

    __slots__ = ()

    @abstractmethod
    def line(self, situation: Situation) -> PriceLine:
        """The price and where it comes from."""

    @abstractmethod
    def rows(self) -> tuple[PriceRow, ...]:
        """The price list, in the order in which a commune prints it."""

    def say(self) -> str:
        """The price list on one line: « QF de 0 à 400 : 1,00 € ; QF 401 et plus : 3,50 € »."""
        return " ; ".join(row.say() for row in self.rows())

    @property
    def has_brackets(self) -> bool:
        """True when a family may be moved to the bracket below or above its own."""
        return False

    def neighbour(self, situation: Situation, steps: int) -> PriceLine:
        """The price so many brackets above (below when negative), the last one at most; no bracket: the price."""
        return self.line(situation)


def rows_within(label: str, rows: Iterable[PriceRow]) -> tuple[PriceRow, ...]:
    """The rows of a price list that holds only for some: « hors commune, QF de 0 à 400 »."""
    return tuple(PriceRow(f"{label}, {row.label}" if row.label else label, row.price) for row in rows)


def rows_by_date(versions: Versions[T], rows: Callable[[T], tuple[PriceRow, ...]]) -> tuple[PriceRow, ...]:
    """The rows of each version with its dates: « avant le lundi 1er septembre 2025, QF de 0 à 400 »."""
    if not versions.later:
        return rows(versions.first)
    found = rows_within(f"avant le {say_date(versions.later[0][0])}", rows(versions.first))
    for day, version in versions.later:
        found += rows_within(f"à partir du {say_date(day)}", rows(version))
    return found


@dataclass(frozen=True, slots=True)
class Constant(BasePrice):
    """The same price for everybody."""

    cents: int

    def __post_init__(self) -> None:
        refuse_negative("constant", self.cents)

    def line(self, situation: Situation) -> PriceLine:
        """The price."""
        return PriceLine("Tarif unique", self.cents)

    def rows(self) -> tuple[PriceRow, ...]:
        """« 3,50 € »."""
        return (PriceRow("", euros(self.cents)),)


@dataclass(frozen=True, slots=True)
class Effort(BasePrice):
    """« Taux d'effort »: rate × quotient familial, the quotient and the price each kept between two bounds.

    ``rate`` is euros per point of quotient; the price bounds and ``without_qf`` are cents.
    """

    rate: Decimal
    floor: int
    cap: int
    without_qf: int
    qf_floor: int
    qf_cap: int | None
    rounding: Rounding

    def __post_init__(self) -> None:
        refuse_negative("effort floor", self.floor)
        refuse_negative("effort without_qf", self.without_qf)
        if not 0 < self.rate < 1:
            raise RuleError(f"effort rate {self.rate}: write euros per point of QF; 0,36 % is '0.0036'")
        if self.cap < self.floor:
            raise RuleError(f"effort cap {self.cap} is below floor {self.floor}: swap them")
        if self.qf_floor < 0 or (self.qf_cap is not None and self.qf_cap <= self.qf_floor):
            raise RuleError(
                f"effort QF kept between {self.qf_floor} and {self.qf_cap}: write 0 or more, then a higher one"
            )

    def line(self, situation: Situation) -> PriceLine:
        """The price of the family's quotient."""
        if situation.qf is None:
            return PriceLine("Tarif sans quotient familial", self.without_qf)
        qf = max(situation.qf, self.qf_floor)
        qf = qf if self.qf_cap is None else min(qf, self.qf_cap)
        exact = self.rounding.cents(self.rate * qf * 100)
        cents = max(self.floor, min(self.cap, exact))
        bound = "" if cents == exact else f", {'minimum' if cents > exact else 'maximum'} {euros(cents)}"
        label = f"{say_quotient(situation.qf)} : {say_percent(self.rate)} de {say_decimal(qf)}{bound}"
        return PriceLine(label, cents)

    def rows(self) -> tuple[PriceRow, ...]:
        """« 0,36 % du QF, de 2,60 € à 4,50 € ; sans QF : 4,50 € »."""
        base = f"{say_percent(self.rate)} du QF{self._say_bounds()}"
        price = f"{base}, de {euros(self.floor)} à {euros(self.cap)}"
        return PriceRow("", price), PriceRow("sans QF", euros(self.without_qf))

    def _say_bounds(self) -> str:
        low = [f"au moins {self.qf_floor}"] if self.qf_floor else []
        high = [f"au plus {self.qf_cap}"] if self.qf_cap is not None else []
        return f" ({', '.join(low + high)})" if low or high else ""


@dataclass(frozen=True, slots=True)
class Piecewise(BasePrice):
    """Straight lines between known points (quotient, cents): no threshold; flat before the first, after the last."""

    points: tuple[tuple[int, int], ...]
    without_qf: int
    rounding: Rounding

    def __post_init__(self) -> None:
        refuse_negative("piecewise without_qf", self.without_qf)
        if len(self.points) < 2:
            raise RuleError("piecewise: write at least two points (quotient, cents)")
        for qf, cents in self.points:
            refuse_negative(f"piecewise at quotient {qf}", cents)
        for (qf, _), (following, _) in pairwise(self.points):
            if following <= qf:
                raise RuleError(f"piecewise: quotient {following} does not come after {qf}, write them in order")

    def line(self, situation: Situation) -> PriceLine:
        """The price on the line between the two points around the quotient."""
        qf = situation.qf
        if qf is None:
            return PriceLine("Tarif sans quotient familial", self.without_qf)
        after = bisect_right(self.points, qf, key=lambda point: point[0])
        if after in (0, len(self.points)):
            (bound, cents), side = self.points[max(0, after - 1)], "jusqu'à" if after == 0 else "à partir de"
            return PriceLine(f"{say_quotient(qf)} : {side} {bound}", cents)
        (low, low_cents), (high, high_cents) = self.points[after - 1], self.points[after]
        share = Decimal(high_cents - low_cents) * (qf - low) / (high - low)
        label = f"{say_quotient(qf)} : progressif de {low} ({euros(low_cents)}) à {high} ({euros(high_cents)})"
        return PriceLine(label, self.rounding.cents(low_cents + share))

    def rows(self) -> tuple[PriceRow, ...]:
        """« QF jusqu'à 1120 : 20,20 € ; QF de 1120 à 3000 : progressif, de 20,20 € à 23,40 € ; … »."""
        (first, first_cents), (last, last_cents) = self.points[0], self.points[-1]
        between = [
            PriceRow(f"QF de {low} à {high}", f"progressif, de {euros(low_cents)} à {euros(high_cents)}")
            for (low, low_cents), (high, high_cents) in pairwise(self.points)
        ]
        return (
            PriceRow(f"QF jusqu'à {first}", euros(first_cents)),
            *between,
            PriceRow(f"QF à partir de {last}", euros(last_cents)),
            PriceRow("sans QF", euros(self.without_qf)),
        )


def say_quotient(qf: int | Decimal) -> str:
    """« Quotient familial 742 », « Quotient familial 308,01 »."""
    return f"Quotient familial {say_decimal(qf)}"


def constant(cents: int) -> Constant:
    """The same price for everybody, in cents."""
    return Constant(cents)


def effort(
    rate: str,
    *,
    floor: int,
    cap: int,
    without_qf: int,
    qf_floor: int = 0,
    qf_cap: int | None = None,
    rounding: Rounding = Rounding.HALF_UP,
) -> Effort:
    """« 0,36 % du QF, de 2,60 € à 4,50 € » is ``effort("0.0036", floor=260, cap=450, without_qf=450)``."""
    return Effort(exact_number("effort rate", rate), floor, cap, without_qf, qf_floor, qf_cap, rounding)


def piecewise(*points: tuple[int, int], without_qf: int, rounding: Rounding = Rounding.HALF_UP) -> Piecewise:
    """A price without threshold: ``piecewise((1120, 2020), (3000, 2340), without_qf=2340)``, quotients and cents."""
    return Piecewise(points, without_qf, rounding)
