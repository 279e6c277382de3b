"""The contract of a crèche: the same invoice every month « mensualisation », what moves it, and the account at the end.

Source: the « prestation de service unique » of the CNAF: hourly price × hours a week × weeks ÷ months. Which absences
are deducted is ``plugins.rules.absences``' business; this module says what their hours are worth.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import Enum
from itertools import groupby
from typing import Protocol

from plugins.rules.durations import say_duration
from plugins.rules.errors import RuleError
from plugins.rules.french import MONTHS, NBSP, euros, say_date
from plugins.rules.months import FIRST, in_month, months_between
from plugins.rules.prices import Price, PriceLine, Resources, Rounding, say_decimal, total_of
from plugins.rules.psu import Psu
from plugins.rules.versions import Versions

HOUR = 60
CENTS = Decimal(100)
OVERRUN_STEPS = (1, 15, 30, 60)


class HourlyPrices(Protocol):
    """The price of an hour on each day, in cents and exact; a ``Versions[Decimal]`` is one, and so is ``PsuHours``."""

    def on(self, day: date) -> Decimal:
        """The price on a day."""


@dataclass(frozen=True, slots=True)
class PsuHours:
    """The hours of a household under the PSU: its resources change on a date, as rates, floor and cap do."""

    psu: Psu
    resources: Versions[Resources | None]

    def on(self, day: date) -> Decimal:
        """The price on a day, in cents, before any rounding."""
        return self.psu.exact_hour(self.resources.on(day), day)


class Spread(Enum):
    """How the cents that rounding leaves over a contract are shared between its months."""

    EQUAL = "chaque mois est arrondi de la même façon"
    LAST_ABSORBS = "le dernier mois porte l'arrondi de l'ensemble"


@dataclass(frozen=True, slots=True, kw_only=True)
class ContractTerms:
    """What a commune decides for all its contracts.

    ``hourly_rounding`` rounds the price of an hour before anything is multiplied, None keeps it exact (both readings
    exist: 227,33 € and 227,04 € for the same family). ``overrun_minutes``: hours beyond the contract are due by
    started steps of so many minutes, 1 for the minutes themselves.
    """

    hourly_rounding: Rounding | None
    spread: Spread
    overrun_minutes: int
    rounding: Rounding = Rounding.HALF_UP

    def __post_init__(self) -> None:
        if self.overrun_minutes not in OVERRUN_STEPS:
            raise RuleError(f"ContractTerms overrun_minutes {self.overrun_minutes}: write 1, 15, 30 or 60")

    def say(self) -> str:
        """« heures par semaine × semaines ÷ mois × prix de l'heure arrondi au centime ; … »."""
        hourly = "prix exact de l'heure" if self.hourly_rounding is None else "prix de l'heure arrondi au centime"
        started = "à la minute" if self.overrun_minutes == 1 else f"par tranche de {self.overrun_minutes} min commencée"
        formula = f"heures par semaine × semaines ÷ mois × {hourly}"
        return f"{formula} ; {self.spread.value} ; heures au-delà du contrat comptées {started}"


@dataclass(frozen=True, slots=True)
class Instalment:
    """What a family owes for a month, named by its first day."""

    month: date
    price: Price


@dataclass(frozen=True, slots=True)
class Settlement:
    """« Solde de tout compte »: what is left to pay, negative when it is to give back; its lines add up to it."""

    cents: int
    lines: tuple[PriceLine, ...]

    def __post_init__(self) -> None:
        if total_of(self.lines) != self.cents:
            raise RuleError(f"Settlement of {self.cents} cents: its lines add up to {total_of(self.lines)}")

    def say(self) -> str:
        """« Solde de tout compte : 12,40 € à régler »."""
        if not self.cents:
            return "Solde de tout compte : rien à régler ni à rembourser"
        return f"Solde de tout compte : {euros(abs(self.cents))} à {'régler' if self.cents > 0 else 'rembourser'}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Contract:
    """A place from ``first`` to ``last``, both included, paid in ``months`` invoices, one per calendar month.

    A price that changes on a date (resources, rates, floor, cap) counts from the first month that begins with it.
    """

    terms: ContractTerms
    first: date
    last: date
    hours_per_week: Decimal
    weeks: Decimal
    months: int
    hourly: HourlyPrices

    def __post_init__(self) -> None:
        if self.last < self.first:
            raise RuleError(f"Contract from {say_date(self.first)} to {say_date(self.last)}: swap the two days")
        if not 0 < self.hours_per_week <= 60:
            raise RuleError(f"Contract of {self.hours_per_week} hours a week: write above 0, and at most 60")
        if not 0 < self.weeks <= 53:
            raise RuleError(f"Contract of {self.weeks} weeks: write above 0, and at most 53")
        spanned = months_between(self.first, self.last) + 1
        if not 1 <= self.months <= spanned:
            raise RuleError(f"Contract paid in {self.months} months: it spans {spanned}, write 1 to {spanned}")

    @property
    def hours(self) -> Decimal:
        """All the hours it reserves."""
        return self.hours_per_week * self.weeks

    def hourly_price(self, day: date) -> Decimal:
        """The price of an hour in the month of a day, in cents, rounded if the terms say so."""
        exact = self.hourly.on(max(self.first, day.replace(day=1)))
        return exact if self.terms.hourly_rounding is None else Decimal(self.terms.hourly_rounding.cents(exact))

    def instalments(self) -> tuple[Instalment, ...]:
        """The invoice of each month."""
        months = self._months()
        lines = [self._month_line(month, months[max(0, n - 1)]) for n, month in enumerate(months)]
        prices = [Price(line.cents, (line,)) for line in lines]
        if self.terms.spread is Spread.LAST_ABSORBS:
            prices = self._absorbing(lines)
        return tuple(Instalment(month, price) for month, price in zip(months, prices, strict=True))

    def total(self) -> int:
        """What the instalments add up to."""
        return sum(instalment.price.cents for instalment in self.instalments())

    def _months(self) -> list[date]:
        """The first day of each month that is invoiced."""
        return [in_month(self.first, FIRST, after=n) for n in range(self.months)]

    def _month_line(self, month: date, previous: date) -> PriceLine:
        hourly, before = self.hourly_price(month), self.hourly_price(previous)
        hours = f"{say_decimal(self.hours_per_week)} h × {say_decimal(self.weeks)} semaines ÷ {self.months} mois"
        changed = "" if hourly == before else f" (prix de l'heure jusqu'au mois précédent : {_say_cents(before)})"
        label = f"{_say_month(month).capitalize()} : {hours} × {_say_cents(hourly)} de l'heure{changed}"
        return PriceLine(label, self.terms.rounding.cents(hourly * self.hours / self.months))

    def _absorbing(self, lines: list[PriceLine]) -> list[Price]:
        """The months whose sum is the rounded whole: the last one takes the difference, as far down as zero.

        What is left to take off goes to the one before: with instalments of a few cents, one may be too small for it.
        """
        exact = sum((self.hourly_price(month) for month in self._months()), Decimal(0)) * self.hours / self.months
        left = self.terms.rounding.cents(exact) - sum(line.cents for line in lines)
        prices: list[Price] = []
        for line in reversed(lines):
            taken = max(left, -line.cents)
            left -= taken
            absorbed = (line, PriceLine("Arrondi de l'ensemble des mois", taken)) if taken else (line,)
            prices.append(Price(total_of(absorbed), absorbed))
        return prices[::-1]

    def deduction(self, label: str, minutes: Mapping[date, int]) -> tuple[PriceLine, ...]:
        """What reserved minutes that are not due take off, by day (closing, leave told in time, illness): negative.

        ``label`` says why, in French.
        """
        return tuple(PriceLine(line.label, -line.cents) for line in self._worth(label, minutes))

    def overrun(self, minutes: Mapping[date, int]) -> tuple[PriceLine, ...]:
        """What minutes beyond the reserved ones cost, by day, each day counted in started steps."""
        step = self.terms.overrun_minutes
        return self._worth("Au-delà du contrat", {day: -(-count // step) * step for day, count in minutes.items()})

    def worth(self, minutes: Mapping[date, int]) -> tuple[PriceLine, ...]:
        """The price of the minutes really done, by day: a line for each price of the hour, in the order of days."""
        return self._worth("Heures réalisées", minutes)

    def settle(self, done: Mapping[date, int], paid: int) -> Settlement:
        """The account at the end: the minutes really done, by day, less the cents already invoiced.

        What was invoiced and the settlement add up to the price of the minutes done, to the cent, in both directions.
        """
        if paid < 0:
            raise RuleError(f"settle: {paid} cents invoiced, write 0 or more")
        invoiced = (PriceLine("Mensualités déjà facturées", -paid),) if paid else ()
        lines = (*self.worth(done), *invoiced)
        return Settlement(total_of(lines), lines)

    def _worth(self, label: str, minutes: Mapping[date, int]) -> tuple[PriceLine, ...]:
        if wrong := [day for day, count in minutes.items() if count < 0 or not self.first <= day <= self.last]:
            raise RuleError(f"{label}, {say_date(min(wrong))}: write 0 minutes or more, on a day of the contract")
        days = sorted(day for day, count in minutes.items() if count)
        return tuple(
            self._line(label, hourly, sum(minutes[day] for day in run))
            for hourly, run in groupby(days, key=self.hourly_price)
        )

    def _line(self, label: str, hourly: Decimal, minutes: int) -> PriceLine:
        cents = self.terms.rounding.cents(hourly * minutes / HOUR)
        return PriceLine(f"{label} : {say_duration(minutes)} × {_say_cents(hourly)} de l'heure", cents)


def _say_month(month: date) -> str:
    return f"{MONTHS[month.month - 1]} {month.year}"


def _say_cents(cents: Decimal) -> str:
    """« 1,55 € », and every digit of a price that is not rounded: « 1,548 € »."""
    return euros(int(cents)) if cents == int(cents) else f"{say_decimal(cents / CENTS)}{NBSP}€"
