"""Base prices: the grids that communes print, each of which finds a price and says where it comes from."""

from abc import ABC, abstractmethod
from dataclasses import dataclass
from decimal import Decimal

from plugins.rules.errors import RuleError
from plugins.rules.french import NBSP, euros, say_ordinal
from plugins.rules.prices import PriceLine, Residency, Rounding, Situation, exact_number, refuse_negative, say_decimal


class BasePrice(ABC):
    """A way to find the price of a unit in a situation."""

    __slots__ = ()

    @abstractmethod
    def line(self, situation: Situation) -> PriceLine:
        """The price and where it comes from."""

    @abstractmethod
    def say(self) -> str:
        """The grid in French."""


@dataclass(frozen=True, slots=True)
class Constant(BasePrice):
    """The same price for everybody."""

    cents: int

    def __post_init__(self) -> None:
        refuse_negative("constant", self.cents)

    def line(self, situation: Situation) -> PriceLine:
        """The price."""
        return PriceLine("Tarif unique", self.cents)

    def say(self) -> str:
        """« 3,50 € »."""
        return euros(self.cents)


@dataclass(frozen=True, slots=True)
class Bracket:
    """A « tranche » of quotient familial, both ends included; ``last`` None means « et plus »."""

    first: int
    last: int | None
    cents: int

    def __post_init__(self) -> None:
        refuse_negative(f"bracket from {self.first}", self.cents)
        if self.last is not None and self.last < self.first:
            raise RuleError(f"bracket from {self.first} to {self.last}: swap the two bounds")

    def holds(self, qf: int) -> bool:
        """True when the quotient falls in the bracket."""
        return self.first <= qf and (self.last is None or qf <= self.last)

    def say(self) -> str:
        """« de 401 à 800 », « 1201 et plus »."""
        return f"{self.first} et plus" if self.last is None else f"de {self.first} à {self.last}"


@dataclass(frozen=True, slots=True)
class Brackets(BasePrice):
    """A grid of prices by quotient familial, from 0 upwards without gap or overlap."""

    rows: tuple[Bracket, ...]
    without_qf: int

    def __post_init__(self) -> None:
        refuse_negative("brackets without_qf", self.without_qf)
        if not self.rows or self.rows[0].first != 0:
            raise RuleError("brackets: the first bracket starts at 0")
        for row, following in zip(self.rows, self.rows[1:], strict=False):
            _refuse_break(row, following)
        if self.rows[-1].last is not None:
            raise RuleError(f"brackets stop at {self.rows[-1].last}: write None as the end of the last one")

    def line(self, situation: Situation) -> PriceLine:
        """The price of the family's bracket."""
        if situation.qf is None:
            return PriceLine("Tarif sans quotient familial", self.without_qf)
        row = next(row for row in self.rows if row.holds(situation.qf))
        return PriceLine(f"Quotient familial {situation.qf} : tranche {row.say()}", row.cents)

    def say(self) -> str:
        """« QF de 0 à 400 : 1,00 € ; QF 401 et plus : 3,50 € ; sans QF : 3,50 € »."""
        rows = [f"QF {row.say()} : {euros(row.cents)}" for row in self.rows]
        return " ; ".join([*rows, f"sans QF : {euros(self.without_qf)}"])


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
        if self.qf_floor < 0 or (self.qf_cap is not None and self.qf_cap < self.qf_floor):
            raise RuleError(
                f"effort QF kept between {self.qf_floor} and {self.qf_cap}: write 0 or more, the lower first"
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
        return PriceLine(f"Quotient familial {situation.qf} : {_percent(self.rate)} de {qf}{bound}", cents)

    def say(self) -> str:
        """« 0,36 % du QF, de 2,60 € à 4,50 € ; sans QF : 4,50 € »."""
        base = f"{_percent(self.rate)} du QF{self._say_bounds()}"
        return f"{base}, de {euros(self.floor)} à {euros(self.cap)} ; sans QF : {euros(self.without_qf)}"

    def _say_bounds(self) -> str:
        low = [f"au moins {self.qf_floor}"] if self.qf_floor else []
        high = [f"au plus {self.qf_cap}"] if self.qf_cap is not None else []
        return f" ({', '.join(low + high)})" if low or high else ""


@dataclass(frozen=True, slots=True)
class ByResidency(BasePrice):
    """One price for the commune's households, another for the others."""

    resident: BasePrice
    outside: BasePrice

    def line(self, situation: Situation) -> PriceLine:
        """The price of the household's side of the border."""
        if situation.residency is Residency.RESIDENT:
            return self.resident.line(situation)
        line = self.outside.line(situation)
        return PriceLine(f"{line.label}, hors commune", line.cents)

    def say(self) -> str:
        """« commune : … ; hors commune : … »."""
        return f"commune : {self.resident.say()} ; hors commune : {self.outside.say()}"


@dataclass(frozen=True, slots=True)
class ByChildRank(BasePrice):
    """A price for the first child of the household, the second and so on; the last one holds for all that follow."""

    prices: tuple[BasePrice, ...]

    def __post_init__(self) -> None:
        if len(self.prices) < 2:
            raise RuleError("by_child_rank: write at least two prices, the first child's and the next one's")

    def line(self, situation: Situation) -> PriceLine:
        """The price of the child's rank."""
        line = self.prices[min(situation.child_rank, len(self.prices)) - 1].line(situation)
        return PriceLine(f"{line.label}, {say_ordinal(situation.child_rank)} enfant", line.cents)

    def say(self) -> str:
        """« 1er enfant : 3,00 € ; 2e enfant et suivants : 2,00 € »."""
        said = [f"{say_ordinal(rank)} enfant : {price.say()}" for rank, price in enumerate(self.prices, 1)]
        said[-1] = said[-1].replace(" enfant :", " enfant et suivants :", 1)
        return " ; ".join(said)


def constant(cents: int) -> Constant:
    """The same price for everybody, in cents."""
    return Constant(cents)


def brackets(*rows: tuple[int, int | None, int], without_qf: int) -> Brackets:
    """A grid as the commune prints it: ``brackets((0, 400, 100), (401, None, 350), without_qf=350)``, in cents."""
    return Brackets(tuple(Bracket(*row) for row in rows), without_qf)


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


def by_residency(*, resident: BasePrice, outside: BasePrice) -> ByResidency:
    """One price for the commune's households, another for the others."""
    return ByResidency(resident, outside)


def by_child_rank(*prices: BasePrice) -> ByChildRank:
    """The first child's price, the second's, …; the last one holds for all that follow."""
    return ByChildRank(prices)


def _percent(rate: Decimal) -> str:
    return f"{say_decimal(rate * 100)}{NBSP}%"


def _refuse_break(row: Bracket, following: Bracket) -> None:
    if row.last is None:
        raise RuleError(f"brackets: {row.say()} leaves nothing for the bracket from {following.first}: remove either")
    if following.first > row.last + 1:
        raise RuleError(f"brackets: nothing between {row.last} and {following.first}: start it at {row.last + 1}")
    if following.first <= row.last:
        raise RuleError(f"brackets: {following.first} is in two brackets: start the second at {row.last + 1}")
