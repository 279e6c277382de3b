"""Prices by time: so many minutes, counted by steps, at the price of an hour, a half-hour or a quarter of an hour."""

from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from enum import Enum

from plugins.rules.errors import RuleError
from plugins.rules.french import NBSP, euros
from plugins.rules.grids import BasePrice, PriceRow
from plugins.rules.prices import PriceLine, Rounding, Situation

UNITS = {60: "l'heure", 30: "la demi-heure", 15: "le quart d'heure"}


class StartedStep(Enum):
    """What becomes of a step of time that is begun and not finished."""

    DUE = "tout pas commencé est dû"
    FREE = "seuls les pas entiers sont dus"


@dataclass(frozen=True, slots=True)
class ByTime(BasePrice):
    """The price of a duration: ``price`` is that of ``per`` minutes, the duration is counted by ``step`` minutes.

    A started step is due when it passes ``grace`` minutes, or never. The minutes are those really spent once agents
    wrote down arrival and departure, or else those of the unit, from its start to its end; of a unit without times
    nobody knows them: ``planned`` are counted then, and the explanation says so.
    """

    price: BasePrice
    per: int
    step: int
    started: StartedStep
    grace: int
    planned: int
    rounding: Rounding

    def __post_init__(self) -> None:
        if self.per < 1 or self.step < 1:
            raise RuleError(f"by_time per {self.per}, step {self.step}: write minutes, 1 or more")
        if self.planned < 0:
            raise RuleError(f"by_time planned {self.planned}: write minutes, 0 or more")
        if not 0 <= self.grace < self.step:
            raise RuleError(f"by_time grace {self.grace}: write minutes from 0 to {self.step - 1}, less than the step")
        if self.grace and self.started is StartedStep.FREE:
            raise RuleError(f"by_time grace {self.grace}: a started step is free already, remove the grace")

    @property
    def has_brackets(self) -> bool:
        """True when the price of the step has."""
        return self.price.has_brackets

    def counted(self, minutes: int) -> int:
        """The minutes that are charged for a duration, a whole number of steps."""
        steps, rest = divmod(minutes, self.step)
        begun = self.started is StartedStep.DUE and rest > self.grace
        return (steps + begun) * self.step

    def line(self, situation: Situation) -> PriceLine:
        """The price of the situation's minutes."""
        return self._of(situation, lambda price: price.line(situation))

    def neighbour(self, situation: Situation, steps: int) -> PriceLine:
        """The same minutes, another bracket."""
        return self._of(situation, lambda price: price.neighbour(situation, steps))

    def rows(self) -> tuple[PriceRow, ...]:
        """« 1,24 € l'heure », and how minutes are counted."""
        rows = tuple(PriceRow(row.label, self._say_price(row.price)) for row in self.price.rows())
        return (*rows, PriceRow("décompte", self._say_steps()))

    def _of(self, situation: Situation, find: Callable[[BasePrice], PriceLine]) -> PriceLine:
        minutes = self.planned if situation.minutes is None else situation.minutes
        counted, unit = self.counted(minutes), find(self.price)
        said = f"{say_duration(minutes)}{' prévues' if situation.minutes is None else ''}"
        if counted != minutes:
            said += f" comptées {say_duration(counted)}"
        cents = self.rounding.cents(Decimal(unit.cents * counted) / self.per)
        return PriceLine(f"{unit.label}, {said}, à {euros(unit.cents)} {self._unit()}", cents)

    def _unit(self) -> str:
        return UNITS.get(self.per, f"les {self.per} min")

    def _say_price(self, price: str) -> str:
        return f"{price} {self._unit()}" if price.endswith(f"{NBSP}€") else price

    def _say_steps(self) -> str:
        unit = say_duration(self.step)
        if self.started is StartedStep.FREE:
            return f"par tranche entière de {unit}"
        said = f"par tranche de {unit}, toute tranche commencée est due"
        return f"{said} au-delà de {say_duration(self.grace)}" if self.grace else said


def by_time(
    price: BasePrice,
    *,
    per: int,
    step: int,
    started: StartedStep = StartedStep.DUE,
    grace: int = 0,
    planned: int | None = None,
    rounding: Rounding = Rounding.HALF_UP,
) -> ByTime:
    """« 1,24 € l'heure, décomptée au quart d'heure » is ``by_time(constant(124), per=60, step=15)``, in minutes.

    ``grace=15``: a started step is due past a quarter of an hour only. ``planned``: the minutes of a unit that
    has no times, one step unless written.
    """
    return ByTime(price, per, step, started, grace, step if planned is None else planned, rounding)


def say_duration(minutes: int) -> str:
    """« 45 min », « 1 h », « 1 h 05 »."""
    hours, rest = divmod(minutes, 60)
    if not hours:
        return f"{rest}{NBSP}min"
    return f"{hours}{NBSP}h{NBSP}{rest:02}" if rest else f"{hours}{NBSP}h"
