"""Packages « forfaits »: one price for a month, a term or a year whatever the number of units, and cards of ten.

A unit that a package covers costs nothing by the day, but for the surcharges that its author keeps; the package has
its own price and its own explanation.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import Enum

from plugins.rules.errors import RuleError
from plugins.rules.french import euros, say_date, say_list, say_ordinal
from plugins.rules.grids import BasePrice
from plugins.rules.prices import Price, PriceLine, Rounding, Situation, refuse_negative, total_of
from plugins.rules.spans import Span, Spans
from plugins.rules.texts import require_line, require_unique


class Prorata(Enum):
    """What a family owes for a span that it enters or leaves on the way."""

    WHOLE = "toute période commencée est due"
    BY_DAY = "au prorata des jours du calendrier"


@dataclass(frozen=True, slots=True)
class Plan:
    """A package: the units it covers, the span it is paid for, its price, and what is given back.

    ``prices`` is one price for every span, or one for each span of the year. ``surcharges`` are the labels of the
    tariff's modifiers that stay due by the day on top of it (late booking, unannounced child), none when empty.
    ``refund`` is what a unit that was not taken gives back, in cents, None when nothing does. ``instalments`` are
    equal, the last one carries what does not divide.
    """

    label: str
    units: frozenset[str]
    spans: Spans
    prices: tuple[BasePrice, ...]
    prorata: Prorata
    surcharges: tuple[str, ...]
    refund: int | None = None
    instalments: int = 1
    rounding: Rounding = Rounding.HALF_UP

    def __post_init__(self) -> None:
        require_line(self.label, "label of the plan")
        if not self.units:
            raise RuleError(f"plan « {self.label} » covers no unit: write at least one")
        if len(self.prices) not in (1, self.spans.a_year):
            wanted = f"write 1, or {self.spans.a_year}, one for each span of the year"
            raise RuleError(f"plan « {self.label} » has {len(self.prices)} prices: {wanted}")
        if self.instalments < 1:
            raise RuleError(f"plan « {self.label} »: {self.instalments} instalments, write 1 or more")
        refuse_negative(f"refund of the plan « {self.label} »", self.refund or 0)
        require_unique(self.surcharges, f"plan « {self.label} » surcharges")

    def covers(self, unit: str) -> bool:
        """True when a unit costs nothing by the day."""
        return unit in self.units

    def unit_price(self) -> Price:
        """What a covered unit costs: nothing, and why."""
        return Price(0, (PriceLine(f"Compris dans le forfait « {self.label} »", 0),))

    def price(
        self, situation: Situation, *, entered: date | None = None, left: date | None = None, untaken: int = 0
    ) -> Price:
        """What is owed for the span of the situation's day.

        ``entered`` and ``left`` are the first and the last day of the child in the plan, None when it has none;
        ``untaken`` counts the units to give back. A child who is not in the plan on any day of the span owes nothing.
        """
        if untaken < 0:
            raise RuleError(f"plan « {self.label} »: {untaken} units to give back, count from 0")
        span = self.spans.of(situation.day)
        base = self._base(situation, span)
        lines = (base, *self._prorata_lines(base.cents, span, entered or span.first, left or span.last))
        lines = (*lines, *self._refund_lines(total_of(lines), untaken))
        return Price(total_of(lines), lines)

    def instalment_prices(self, situation: Situation) -> tuple[Price, ...]:
        """What is owed at each instalment of the span of the situation's day."""
        total = self.price(situation).cents
        each = total // self.instalments
        amounts = [each] * (self.instalments - 1) + [total - each * (self.instalments - 1)]
        labels = [f"{self.label} : échéance {number} sur {self.instalments}" for number in range(1, len(amounts) + 1)]
        return tuple(Price(cents, (PriceLine(label, cents),)) for label, cents in zip(labels, amounts, strict=True))

    def _base(self, situation: Situation, span: Span) -> PriceLine:
        line = self.prices[(span.number - 1) % len(self.prices)].line(situation)
        return PriceLine(f"{self.label}, {span.label} : {line.label}", line.cents)

    def _prorata_lines(self, cents: int, span: Span, entered: date, left: date) -> tuple[PriceLine, ...]:
        present = (min(left, span.last) - max(entered, span.first)).days + 1
        if present <= 0:
            return (PriceLine("Hors du forfait pendant toute la période", -cents),)
        if present == span.days or self.prorata is Prorata.WHOLE:
            return ()
        owed = self.rounding.cents(Decimal(cents) * present / span.days)
        bounds = [f"entrée le {say_date(entered)}"] if entered > span.first else []
        bounds += [f"sortie le {say_date(left)}"] if left < span.last else []
        said = f"{', '.join(bounds)} : {present} jour{'s' if present > 1 else ''} sur {span.days}"
        return (PriceLine(said.capitalize(), owed - cents),)

    def _refund_lines(self, owed: int, untaken: int) -> tuple[PriceLine, ...]:
        if not untaken or self.refund is None:
            return ()
        back = min(owed, self.refund * untaken)
        return (PriceLine(f"Non pris, remboursé : {untaken} × {euros(self.refund)}", -back),)

    def say(self) -> str:
        """« Forfait mensuel (par mois) : 60,00 € ; toute période commencée est due ; aucune majoration en plus »."""
        prices = ", puis ".join(price.say() for price in self.prices)
        paid = [f"en {self.instalments} échéances"] if self.instalments > 1 else []
        back = [] if self.refund is None else [f"{euros(self.refund)} remboursés par unité non prise"]
        said = (f"{self.label} ({self.spans.say()}) : {prices}", *paid, self.prorata.value, *back)
        return " ; ".join([*said, _say_surcharges(self.surcharges)])


@dataclass(frozen=True, slots=True)
class Card:
    """A card of so many presences, paid when its first one is used; what is left on it is not given back.

    ``surcharges`` are the labels of the tariff's modifiers that stay due on top of a presence, none when empty.
    """

    label: str
    units: frozenset[str]
    count: int
    base: BasePrice
    surcharges: tuple[str, ...]

    def __post_init__(self) -> None:
        require_line(self.label, "label of the card")
        if not self.units:
            raise RuleError(f"card « {self.label} » covers no unit: write at least one")
        if self.count < 2:
            raise RuleError(f"card « {self.label} » of {self.count} presences: write 2 or more")
        require_unique(self.surcharges, f"card « {self.label} » surcharges")

    def covers(self, unit: str) -> bool:
        """True when a unit costs nothing by the day."""
        return unit in self.units

    def unit_price(self) -> Price:
        """What a covered unit costs: nothing, and why."""
        return Price(0, (PriceLine(f"Décompté de « {self.label} »", 0),))

    def price(self, situation: Situation, *, used: int = 0) -> Price:
        """What the next presence costs after ``used`` ones: a new card when the former one is used up, or nothing."""
        if used < 0:
            raise RuleError(f"card « {self.label} »: {used} presences used, count from 0")
        if used % self.count:
            said = f"{self.label} : {say_ordinal(used % self.count + 1)} sur {self.count}"
            return Price(0, (PriceLine(said, 0),))
        line = self.base.line(situation)
        return Price(line.cents, (PriceLine(f"{self.label}, {self.count} présences : {line.label}", line.cents),))

    def say(self) -> str:
        """« Carte (10 présences) : 18,00 € ; aucune majoration en plus »."""
        return f"{self.label} ({self.count} présences) : {self.base.say()} ; {_say_surcharges(self.surcharges)}"


def _say_surcharges(labels: tuple[str, ...]) -> str:
    if not labels:
        return "aucune majoration en plus"
    return f"en plus, par jour : {say_list(f'« {label} »' for label in labels)}"


def kept_on(package: Plan | Card, lines: Iterable[PriceLine]) -> tuple[PriceLine, ...]:
    """The surcharges of a price by the day that stay due on top of a package."""
    return tuple(line for line in lines if line.label in package.surcharges and line.cents > 0)


def plan(
    label: str,
    *prices: BasePrice,
    units: frozenset[str],
    spans: Spans,
    prorata: Prorata,
    surcharges: tuple[str, ...],
    refund: int | None = None,
    instalments: int = 1,
) -> Plan:
    """« Forfait mensuel » of 60 €, a month begun is due, and so is each late booking::

    plan("Forfait mensuel", constant(6000), units=frozenset({"repas"}), spans=MONTH, prorata=Prorata.WHOLE,
         surcharges=("Réservation hors délai",))
    """
    return Plan(label, units, spans, prices, prorata, surcharges, refund, instalments)


def card(label: str, price: BasePrice, *, units: frozenset[str], count: int, surcharges: tuple[str, ...]) -> Card:
    """``card("Carte", constant(1800), units=frozenset({"matin", "soir"}), count=10, surcharges=())``."""
    return Card(label, units, count, price, surcharges)
