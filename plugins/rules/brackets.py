"""Prices by « tranche » of quotient familial, with the bounds that communes print: open, closed, with decimals."""

from bisect import bisect_right
from dataclasses import dataclass, field
from decimal import Decimal
from enum import Enum
from itertools import pairwise

from plugins.rules.errors import RuleError
from plugins.rules.french import euros
from plugins.rules.grids import BasePrice, PriceRow, say_quotient
from plugins.rules.prices import PriceLine, Situation, exact_number, refuse_negative, say_decimal

Number = int | Decimal


class Side(Enum):
    """To which bracket a value belongs that lies on the border of two, or between what the commune printed."""

    LOWER = "tranche inférieure"
    UPPER = "tranche supérieure"


@dataclass(frozen=True, slots=True)
class Bound:
    """One end of a bracket, that belongs to it or not."""

    value: Number
    included: bool = True


@dataclass(frozen=True, slots=True)
class Below:
    """« < 700 », as the end of a bracket."""

    value: int | str


@dataclass(frozen=True, slots=True)
class Above:
    """« > 1000 », as the start of a bracket."""

    value: int | str


First = int | str | Above
Last = int | str | Below | None
"""Ends of a bracket as a commune writes them: ``700`` and ``"228.67"`` are in it, ``above(1000)``, ``below(700)``."""


@dataclass(frozen=True, slots=True)
class Bracket:
    """A « tranche » of quotient familial; ``last`` None means « et plus »."""

    first: Bound
    last: Bound | None
    cents: int

    def __post_init__(self) -> None:
        refuse_negative(f"bracket from {self.first.value}", self.cents)
        if self.last is not None and self.last.value < self.first.value:
            raise RuleError(f"bracket from {self.first.value} to {self.last.value}: swap the two bounds")
        if self.last is not None and self.last.value == self.first.value and not self.holds(self.first.value):
            raise RuleError(f"bracket from {self.first.value} to {self.last.value}: no quotient is in it, remove it")

    def holds(self, qf: Number) -> bool:
        """True when the quotient lies between the printed bounds."""
        low, high = self.first, self.last
        if qf < low.value or (qf == low.value and not low.included):
            return False
        return high is None or qf < high.value or (qf == high.value and high.included)

    def say(self) -> str:
        """« de 401 à 800 », « moins de 700 », « plus de 1000 », « 1201 et plus »."""
        low = say_decimal(self.first.value)
        if self.last is None:
            return f"{low} et plus" if self.first.included else f"plus de {low}"
        high = say_decimal(self.last.value)
        if self.first == Bound(0) and not self.last.included:
            return f"moins de {high}"
        start, end = f"de {low}" if self.first.included else f"plus de {low}", f"à {high}"
        if not self.last.included:
            end = f"à moins de {high}"
        return f"{start} {end}" if self.first.included else f"{start}, jusqu'{end}"


@dataclass(frozen=True, slots=True)
class Brackets(BasePrice):
    """A grid of prices by quotient familial, from 0 upwards without gap or overlap.

    Between two brackets printed with neighbouring numbers (400 and 401, 308 and 308,01) a quotient falls in the lower
    one, as if it were cut after its last printed digit, unless ``between`` says the upper one. Any wider gap is
    refused until ``between`` says to which side it goes.
    """

    brackets: tuple[Bracket, ...]
    without_qf: int
    between: Side | None = None
    _starts: tuple[tuple[Number, int], ...] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        refuse_negative("brackets without_qf", self.without_qf)
        if not self.brackets or self.brackets[0].first != Bound(0):
            raise RuleError("brackets: the first bracket starts at 0")
        starts = [_start(row, following, self.between) for row, following in pairwise(self.brackets)]
        object.__setattr__(self, "_starts", tuple(starts))
        end = self.brackets[-1].last
        if end is not None:
            raise RuleError(f"brackets stop at {end.value}: write None as the end of the last one")

    @property
    def has_brackets(self) -> bool:
        """True."""
        return True

    def line(self, situation: Situation) -> PriceLine:
        """The price of the family's bracket."""
        if situation.qf is None:
            return PriceLine("Tarif sans quotient familial", self.without_qf)
        row = self.brackets[bisect_right(self._starts, (situation.qf, 0))]
        return PriceLine(f"{say_quotient(situation.qf)} : tranche {row.say()}", row.cents)

    def neighbour(self, situation: Situation, steps: int) -> PriceLine:
        """The price of a bracket above or below the family's; a family without quotient has no bracket."""
        if situation.qf is None:
            return self.line(situation)
        place = bisect_right(self._starts, (situation.qf, 0)) + steps
        row = self.brackets[max(0, min(place, len(self.brackets) - 1))]
        return PriceLine(f"{say_quotient(situation.qf)} compté dans la tranche {row.say()}", row.cents)

    def rows(self) -> tuple[PriceRow, ...]:
        """« QF de 0 à 400 : 1,00 € ; QF 401 et plus : 3,50 € ; QF entre deux tranches : tranche inférieure ; … »."""
        rows = [PriceRow(f"QF {row.say()}", euros(row.cents)) for row in self.brackets]
        if any(_is_gap(row.last, following.first) for row, following in pairwise(self.brackets)):
            rows.append(PriceRow("QF entre deux tranches", (self.between or Side.LOWER).value))
        return (*rows, PriceRow("sans QF", euros(self.without_qf)))


def below(value: int | str) -> Below:
    """« < 700 »: the bracket stops before that quotient."""
    return Below(value)


def above(value: int | str) -> Above:
    """« > 1000 »: the bracket starts after that quotient."""
    return Above(value)


def brackets(*rows: tuple[First, Last, int], without_qf: int, between: Side | None = None) -> Brackets:
    """A grid as the commune prints it: ``brackets((0, 400, 100), (401, None, 350), without_qf=350)``, in cents.

    ``brackets((0, below(700), 50), (700, 1000, 100), (above(1000), None, 310), without_qf=310)`` has open bounds.
    """
    return Brackets(tuple(_bracket(first, last, cents) for first, last, cents in rows), without_qf, between)


def columns(
    names: tuple[str, ...],
    *rows: tuple[First, Last, tuple[int, ...]],
    without_qf: tuple[int, ...],
    between: Side | None = None,
) -> dict[str, BasePrice]:
    """A printed table with several columns, one grid for each name: units, ranks of children…

    ``columns(("journee", "demi"), (0, 400, (700, 350)), (401, None, (900, 450)), without_qf=(900, 450))``.
    """
    for label, cents in [(str(first), cents) for first, _, cents in rows] + [("without_qf", without_qf)]:
        if len(cents) != len(names):
            raise RuleError(
                f"columns: row {label} has {len(cents)} prices for {len(names)} columns, write one for each"
            )
    return {
        name: brackets(
            *((first, last, cents[place]) for first, last, cents in rows),
            without_qf=without_qf[place],
            between=between,
        )
        for place, name in enumerate(names)
    }


def _bracket(first: First, last: Last, cents: int) -> Bracket:
    start = Bound(_number(first.value), included=False) if isinstance(first, Above) else Bound(_number(first))
    if last is None:
        return Bracket(start, None, cents)
    end = Bound(_number(last.value), included=False) if isinstance(last, Below) else Bound(_number(last))
    return Bracket(start, end, cents)


def _number(value: int | str) -> Number:
    return value if isinstance(value, int) else exact_number("bound of a bracket", value)


def _start(row: Bracket, following: Bracket, between: Side | None) -> tuple[Number, int]:
    """Where the following bracket starts: a quotient and 0, or 1 when it starts right after that quotient."""
    last, first = row.last, following.first
    if last is None:
        raise RuleError(f"brackets: {row.say()} leaves nothing for the bracket from {first.value}: remove either")
    _refuse_break(last, first, between)
    if between is Side.UPPER:
        return last.value, int(last.included)
    return first.value, int(not first.included)


def _refuse_break(last: Bound, first: Bound, between: Side | None) -> None:
    after = last.value + _step(last.value, first.value) if last.included else last.value
    if first.value < last.value or (first.value == last.value and last.included and first.included):
        raise RuleError(f"brackets: {first.value} is in two brackets: start the second at {after}")
    if between is None and _is_gap(last, first) and not _are_neighbours(last, first):
        raise RuleError(
            f"brackets: nothing between {last.value} and {first.value}: start it at {after}, "
            f"or say between=Side.LOWER or Side.UPPER"
        )


def _is_gap(last: Bound | None, first: Bound) -> bool:
    return last is not None and (last.value < first.value or not (last.included or first.included))


def _are_neighbours(last: Bound, first: Bound) -> bool:
    return last.included and first.included and first.value - last.value == _step(last.value, first.value)


def _step(*values: Number) -> Number:
    """The smallest difference between numbers printed with these digits: 1, or Decimal("0.01")."""
    digits = min(exponent for value in values if isinstance(exponent := Decimal(value).as_tuple().exponent, int))
    return 1 if digits >= 0 else Decimal(1).scaleb(digits)
