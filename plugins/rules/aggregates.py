"""What the days of a household add up to, once each is priced: minimums, maximums, discounts, packages that switch on.

Each aggregate adds lines, positive or negative, and says why; they are taken in the order they are written, from the
finest span of time to the longest, from the child to the household. The sum of days and lines is never negative.
A tariff is that of an activity for a school year, so a span stops with it: of a week that holds 31 August and
1 September, each year counts its own days, at its own prices.
What a household owes too little to be invoiced waits for the next invoice: ``InvoicingPolicy.minimum_cents``.
"""

from abc import ABC, abstractmethod
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from enum import Enum
from itertools import combinations

from plugins.rules.calendar import SchoolYear
from plugins.rules.conditions import When
from plugins.rules.errors import RuleError
from plugins.rules.french import euros, say_ordinal
from plugins.rules.plans import Plan, kept_on
from plugins.rules.prices import Price, Rounding, Situation, exact_number, refuse_negative, say_percent, total_of
from plugins.rules.spans import DAY, Span, Spans
from plugins.rules.texts import require_line, require_unique

TAKEN_BACK = " (déjà facturé, repris)"


class Per(Enum):
    """Whose days count together."""

    CHILD = "par enfant"
    HOUSEHOLD = "par foyer"


@dataclass(frozen=True, slots=True)
class Charge:
    """One priced unit of a day; ``child`` tells the children of the household apart."""

    child: str
    situation: Situation
    price: Price


@dataclass(frozen=True, slots=True)
class Adjustment:
    """A line that several days make together, positive or negative; ``child`` is None when it is the household's.

    ``day`` is the last of these days, ``rule`` the label of its aggregate and ``span`` what that aggregate counted.
    ``units`` are those it is about (all of them when empty) and ``when`` the situations it is about (all when None).
    """

    child: str | None
    day: date
    label: str
    cents: int
    rule: str
    span: Span
    units: frozenset[str] = frozenset()
    when: When | None = None


@dataclass(frozen=True, slots=True)
class Group:
    """The charges of a span that count together, by day, and what they come to with the adjustments so far."""

    span: Span
    child: str | None
    charges: tuple[Charge, ...]
    cents: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Aggregate(ABC):
    """A rule on the days of a span, for some units (all of them when empty), in some situations (all when None)."""

    label: str
    per: Per
    spans: Spans
    units: frozenset[str] = frozenset()
    when: When | None = None

    def __post_init__(self) -> None:
        require_line(self.label, "label of the aggregate")

    def concerns(self, situation: Situation) -> bool:
        """True when a priced unit counts."""
        return (not self.units or situation.unit in self.units) and (self.when is None or self.when.holds(situation))

    @abstractmethod
    def lines(self, group: Group) -> Iterable[Adjustment]:
        """What a group adds or takes off."""

    @abstractmethod
    def say(self) -> str:
        """The rule in French."""

    def _line(self, group: Group, cents: int, why: str) -> Adjustment:
        day, label = group.charges[-1].situation.day, f"{self.label}, {group.span.label} : {why}"
        return Adjustment(group.child, day, label, cents, self.label, group.span, self.units, self.when)

    def _named(self) -> str:
        condition = f", {self.when.say()}" if self.when else ""
        return f"{self.label} ({self.per.value} et {self.spans.say()}{condition})"


@dataclass(frozen=True, slots=True, kw_only=True)
class Minimum(Aggregate):
    """At least so many cents when anything is due."""

    cents: int

    def __post_init__(self) -> None:
        Aggregate.__post_init__(self)
        refuse_negative(f"minimum « {self.label} »", self.cents)

    def lines(self, group: Group) -> Iterable[Adjustment]:
        """What is missing."""
        if 0 < group.cents < self.cents:
            why = f"{euros(group.cents)} portés à {euros(self.cents)}"
            yield self._line(group, self.cents - group.cents, why)

    def say(self) -> str:
        """« Minimum mensuel (par enfant et par mois, occasionnel) : 5,00 € »."""
        return f"{self._named()} : {euros(self.cents)}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Maximum(Aggregate):
    """At most so many cents."""

    cents: int

    def __post_init__(self) -> None:
        Aggregate.__post_init__(self)
        refuse_negative(f"maximum « {self.label} »", self.cents)

    def lines(self, group: Group) -> Iterable[Adjustment]:
        """What is too much."""
        if group.cents > self.cents:
            why = f"{euros(group.cents)} ramenés à {euros(self.cents)}"
            yield self._line(group, self.cents - group.cents, why)

    def say(self) -> str:
        """« Plafond (par foyer et par jour) : 20,00 € »."""
        return f"{self._named()} : {euros(self.cents)}"


class Reach(Enum):
    """Which units a discount by number lowers."""

    THOSE_FROM_THERE = "sur les suivantes"
    ALL = "sur toutes"


@dataclass(frozen=True, slots=True, kw_only=True)
class VolumeDiscount(Aggregate):
    """A share off from the n-th unit of the span on; all of them, or those from there."""

    share: Decimal
    from_unit: int
    reach: Reach
    rounding: Rounding = Rounding.HALF_UP

    def __post_init__(self) -> None:
        Aggregate.__post_init__(self)
        _refuse_share(self.label, self.share)
        _refuse_first(self.label, self.from_unit)

    def lines(self, group: Group) -> Iterable[Adjustment]:
        """The share of the units that are concerned."""
        beyond = group.charges[self.from_unit - 1 :]
        lowered = group.charges if beyond and self.reach is Reach.ALL else beyond
        off = self.rounding.cents(self.share * sum(charge.price.cents for charge in lowered))
        if off:
            units = "1 unité" if len(lowered) == 1 else f"{len(lowered)} unités"
            yield self._line(group, -off, f"{say_percent(self.share)} de moins sur {units}")

    def say(self) -> str:
        """« Fidélité (par enfant et par mois) : 10 % de moins à partir de la 10e unité, sur les suivantes »."""
        share = f"{say_percent(self.share)} de moins à partir de la {self.from_unit}e unité"
        return f"{self._named()} : {share}, {self.reach.value}"


@dataclass(frozen=True, slots=True, kw_only=True)
class ChildDiscount(Aggregate):
    """A share off for the n-th child of the household present the same day and those that follow, eldest first."""

    share: Decimal
    from_child: int
    rounding: Rounding = Rounding.HALF_UP

    def __post_init__(self) -> None:
        Aggregate.__post_init__(self)
        _refuse_share(self.label, self.share)
        _refuse_first(self.label, self.from_child)

    def lines(self, group: Group) -> Iterable[Adjustment]:
        """The share of each of these children's units."""
        ranks = {charge.child: charge.situation.child_rank for charge in group.charges}
        for position, child in enumerate(sorted(ranks, key=lambda child: (ranks[child], child)), 1):
            own = tuple(charge for charge in group.charges if charge.child == child)
            off = self.rounding.cents(self.share * sum(charge.price.cents for charge in own))
            if off and position >= self.from_child:
                why = f"{say_ordinal(position)} enfant présent, {say_percent(self.share)} de moins"
                yield self._line(Group(group.span, child, own, group.cents), -off, why)

    def say(self) -> str:
        """« Fratrie (le même jour) : 20 % de moins à partir du 2e enfant présent »."""
        present = f"à partir du {self.from_child}e enfant présent"
        return f"{self.label} (le même jour) : {say_percent(self.share)} de moins {present}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Switch(Aggregate):
    """A package instead of the prices of the days, from the n-th day of the span on; it keeps its surcharges."""

    plan: Plan
    from_day: int

    def __post_init__(self) -> None:
        Aggregate.__post_init__(self)
        if self.from_day < 1:
            raise RuleError(f"aggregate « {self.label} » from day {self.from_day}: write 1 or more")

    def lines(self, group: Group) -> Iterable[Adjustment]:
        """The package, less what the days came to."""
        days = {charge.situation.day for charge in group.charges}
        if len(days) >= self.from_day:
            package = self.plan.price(group.charges[0].situation).cents
            lines = (line for charge in group.charges for line in charge.price.lines)
            instead = group.cents - total_of(kept_on(self.plan, lines))
            visits = "1 venue" if len(days) == 1 else f"{len(days)} venues"
            why = f"{visits}, {euros(package)} au lieu de {euros(instead)}"
            yield self._line(group, package - instead, why)

    def say(self) -> str:
        """« Forfait mensuel (par mois) : 60,00 € ; … ; à la place du prix par jour, dès la 2e venue »."""
        when = f"{'1re' if self.from_day == 1 else f'{self.from_day}e'} venue"
        return f"{self.plan.say()} ; à la place du prix par jour, dès la {when}"


def minimum(
    cents: int, *, label: str, per: Per, spans: Spans, units: frozenset[str] = frozenset(), when: When | None = None
) -> Minimum:
    """« Minimum facturé 5 € par mois et par enfant pour les occasionnels »."""
    return Minimum(label=label, per=per, spans=spans, units=units, when=when, cents=cents)


def maximum(
    cents: int, *, label: str, per: Per, spans: Spans, units: frozenset[str] = frozenset(), when: When | None = None
) -> Maximum:
    """« Au plus 20 € par jour et par foyer »."""
    return Maximum(label=label, per=per, spans=spans, units=units, when=when, cents=cents)


def volume_discount(
    share: str, *, from_unit: int, reach: Reach, label: str, per: Per, spans: Spans, units: frozenset[str] = frozenset()
) -> VolumeDiscount:
    """« 10 % de moins à partir du 10e repas du mois » is ``volume_discount("0.1", from_unit=10, …)``."""
    exact = exact_number("volume_discount share", share)
    return VolumeDiscount(label=label, per=per, spans=spans, units=units, share=exact, from_unit=from_unit, reach=reach)


def child_discount(share: str, *, from_child: int, label: str, units: frozenset[str] = frozenset()) -> ChildDiscount:
    """« 20 % de moins à partir du 2e enfant présent le même jour » is ``child_discount("0.2", from_child=2, …)``."""
    exact = exact_number("child_discount share", share)
    return ChildDiscount(label=label, per=Per.HOUSEHOLD, spans=DAY, units=units, share=exact, from_child=from_child)


def switch_to(plan: Plan, *, from_day: int, when: When | None = None) -> Switch:
    """The package from the n-th day of its span on: 1 when whoever comes pays it."""
    return Switch(
        label=plan.label, per=Per.CHILD, spans=plan.spans, units=plan.units, when=when, plan=plan, from_day=from_day
    )


def adjustments(aggregates: Sequence[Aggregate], charges: Iterable[Charge]) -> tuple[Adjustment, ...]:
    """The lines that the units of one household and one activity make together, in the order of the aggregates."""
    ordered = sorted(charges, key=lambda charge: (charge.situation.day, charge.child, charge.situation.unit))
    made: list[Adjustment] = []
    left = sum(charge.price.cents for charge in ordered)
    for aggregate in aggregates:
        for group in _groups(aggregate, ordered, tuple(made)):
            for line in aggregate.lines(group):
                cents = max(line.cents, -left)
                made.append(replace(line, cents=cents))
                left += cents
    return tuple(made)


def later_adjustments(
    aggregates: Sequence[Aggregate], invoiced: Sequence[Charge], made: Iterable[Adjustment], due: Sequence[Charge]
) -> tuple[Adjustment, ...]:
    """The lines to invoice for what is due, when some units of the same spans are on an invoice already.

    What all of them make together, less ``made``, the lines that the invoices of ``invoiced`` already have; these are
    at the prices of their invoice, and from :func:`first_counted` on.
    """
    before, after = _standing(made), adjustments(aggregates, [*invoiced, *due])
    kept = {_key(line) for line in before} & {_key(line) for line in after}
    taken_back = (
        replace(line, label=f"{line.label}{TAKEN_BACK}", cents=-line.cents) for line in before if _key(line) not in kept
    )
    return (*(line for line in after if _key(line) not in kept), *taken_back)


def _standing(made: Iterable[Adjustment]) -> list[Adjustment]:
    """The invoiced lines that no later invoice took back."""
    lines = [replace(line, label=line.label.removesuffix(TAKEN_BACK)) for line in made]
    cents: Counter[tuple[str | None, str]] = Counter()
    for line in lines:
        cents[line.child, line.label] += line.cents
    last = {(line.child, line.label): line for line in lines}
    return [replace(line, cents=cents[whose]) for whose, line in last.items() if cents[whose]]


def _key(line: Adjustment) -> tuple[str | None, str, int]:
    return line.child, line.label, line.cents


def first_counted(aggregates: Sequence[Aggregate], day: date) -> date:
    """The day from which units must be known for ``day``: no span of an aggregate lies across it."""
    first = min((aggregate.spans.of(day).first for aggregate in aggregates), default=day)
    whole = max(first, SchoolYear.of(day).first_day)
    return day if whole == day else first_counted(aggregates, whole)


def refuse_order(aggregates: Sequence[Aggregate]) -> None:
    """Refuse aggregates one of which would miss a line of another, and two of the same name."""
    require_unique(tuple(aggregate.label for aggregate in aggregates), "labels of aggregates")
    for earlier, later in combinations(aggregates, 2):
        what = f"aggregate « {later.label} » after « {earlier.label} »"
        if later.spans.longest < earlier.spans.longest:
            raise RuleError(f"{what}: its spans are finer and would miss that line, write it before")
        if later.per is Per.CHILD and earlier.per is Per.HOUSEHOLD and not isinstance(earlier, ChildDiscount):
            raise RuleError(f"{what}: a child's sum misses the household's line, count both per child or per household")


def _groups(aggregate: Aggregate, charges: Sequence[Charge], made: Sequence[Adjustment]) -> list[Group]:
    grouped: defaultdict[tuple[Span, str | None], list[Charge]] = defaultdict(list)
    for charge in charges:
        if aggregate.concerns(charge.situation):
            child = charge.child if aggregate.per is Per.CHILD else None
            grouped[aggregate.spans.of(charge.situation.day), child].append(charge)
    return [
        Group(span, child, tuple(group), _sum(aggregate, span, child, group, made))
        for (span, child), group in grouped.items()
    ]


def _sum(
    aggregate: Aggregate, span: Span, child: str | None, charges: Sequence[Charge], made: Sequence[Adjustment]
) -> int:
    """What the charges come to with the adjustments that are about them and nothing else."""
    children = {charge.child for charge in charges}
    lines = (
        line.cents
        for line in made
        if span.holds(line.span.last)  # one span, whichever days of a week across two months came
        and (child is None or line.child == child)
        and (line.child is None or line.child in children)
        and (not aggregate.units or (line.units and line.units <= aggregate.units))
        and aggregate.when in (None, line.when)
    )
    return sum(charge.price.cents for charge in charges) + sum(lines)


def _refuse_share(label: str, share: Decimal) -> None:
    if not 0 < share <= 1:
        raise RuleError(f"aggregate « {label} » takes {share} off: write a share above 0, at most 1; 10 % is '0.1'")


def _refuse_first(label: str, first: int) -> None:
    if first < 2:
        raise RuleError(f"aggregate « {label} » from {first}: write 2 or more, a share off for all is a modifier")
