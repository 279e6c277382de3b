"""In which situations a price changes: conditions that combine and say themselves in French.

``When.LATE``, ``When.case("PAI panier-repas")``, ``When.NOT_BOOKED & ~When.OUTSIDE``.
"""

from abc import ABC, abstractmethod
from dataclasses import dataclass
from datetime import date
from typing import ClassVar

from plugins.rules.errors import RuleError
from plugins.rules.french import MONTHS, say_list, say_span, say_years
from plugins.rules.prices import Regime, Residency, Situation
from plugins.rules.quotas import QuotaSpan
from plugins.rules.texts import require_line


class When(ABC):
    """A condition on a situation; ``a & b``, ``a | b`` and ``~a`` combine them."""

    __slots__ = ()

    LATE: ClassVar["When"]
    NOT_BOOKED: ClassVar["When"]
    OUTSIDE: ClassVar["When"]
    SIBLING_PRESENT: ClassVar["When"]
    OCCASIONAL: ClassVar["When"]
    UNJUSTIFIED_ABSENCE: ClassVar["When"]
    JUSTIFIED_ABSENCE: ClassVar["When"]
    NO_QUOTIENT: ClassVar["When"]

    @abstractmethod
    def holds(self, situation: Situation) -> bool:
        """True when the situation is such."""

    @abstractmethod
    def say(self) -> str:
        """The condition in French, to be read between brackets after the name of a price."""

    def __and__(self, other: "When") -> "When":
        return AllOf((*_parts(self, AllOf), *_parts(other, AllOf)))

    def __or__(self, other: "When") -> "When":
        return AnyOf((*_parts(self, AnyOf), *_parts(other, AnyOf)))

    def __invert__(self) -> "When":
        return Not(self)

    @staticmethod
    def case(name: str) -> "When":
        """A special case that the commune names, as the family's file records it: « PAI panier-repas »."""
        return Case(name)

    @staticmethod
    def enrolled(minimum: int) -> "When":
        """At least so many children of the household are enrolled in the activity."""
        return AtLeast("children_enrolled", _several(minimum), f"au moins {minimum} enfants inscrits")

    @staticmethod
    def siblings(minimum: int) -> "When":
        """At least so many other children of the household are present the same day; one: ``SIBLING_PRESENT``."""
        said = f"au moins {minimum} frères ou sœurs présents le même jour"
        return AtLeast("siblings_present", _several(minimum), said)

    @staticmethod
    def from_rank(rank: int) -> "When":
        """From the household's second, third… child on."""
        return AtLeast("child_rank", _several(rank), f"à partir du {rank}e enfant")

    @staticmethod
    def from_unbooked(count: int, per: QuotaSpan) -> "When":
        """From the n-th presence without booking of a span of time on."""
        return FromUnbooked(count, per)

    @staticmethod
    def regime(*regimes: Regime) -> "When":
        """The household depends on one of these social security schemes."""
        return OneOf("regime", regimes, say_list((regime.value for regime in regimes), "ou"))

    @staticmethod
    def level(*names: str) -> "When":
        """The child is at one of these levels, named as the commune names them: « maternelle »."""
        return OneOf("level", names, say_list(names, "ou"))

    @staticmethod
    def tranche(*names: str) -> "When":
        """The commune gave the household one of these letters or numbers."""
        return OneOf("tranche", names, f"tranche {say_list(names, 'ou')}")

    @staticmethod
    def age(first: int, last: int | None) -> "When":
        """The child is of an age between two, both included; ``last`` None means « et plus »."""
        return Age(first, last)

    @staticmethod
    def months(*numbers: int) -> "When":
        """The day is in one of these months, 1 to 12."""
        return InMonths(numbers)

    @staticmethod
    def between(first: date, last: date) -> "When":
        """The day is in these dates, both included."""
        return Between(first, last)


@dataclass(frozen=True, slots=True)
class OneOf(When):
    """One fact of the situation has one of these values; an unknown fact has none of them."""

    fact: str
    values: tuple[object, ...]
    said: str

    def __post_init__(self) -> None:
        if not self.values:
            raise RuleError(f"When.{self.fact}(): write at least one value")
        if len(set(self.values)) < len(self.values) or "" in self.values:
            raise RuleError(f"When.{self.fact} of « {self.said} »: write each value once, and none empty")

    def holds(self, situation: Situation) -> bool:
        """True when the fact has one of the values."""
        return getattr(situation, self.fact) in self.values

    def say(self) -> str:
        """« hors délai », « régime agricole (MSA) ou autre régime »."""
        return self.said


@dataclass(frozen=True, slots=True)
class AtLeast(When):
    """One count of the situation reaches a threshold."""

    fact: str
    minimum: int
    said: str

    def holds(self, situation: Situation) -> bool:
        """True from the threshold on."""
        count: int = getattr(situation, self.fact)
        return count >= self.minimum

    def say(self) -> str:
        """« au moins 3 enfants inscrits »."""
        return self.said


@dataclass(frozen=True, slots=True)
class FromUnbooked(When):
    """From the n-th presence without booking on; a booked presence is never concerned."""

    count: int
    per: QuotaSpan

    def __post_init__(self) -> None:
        if self.count < 2:
            raise RuleError(f"When.from_unbooked({self.count}): write 2 or more, the first one is When.NOT_BOOKED")

    def holds(self, situation: Situation) -> bool:
        """True for such a presence."""
        return not situation.booked and situation.unbooked_count >= self.count

    def say(self) -> str:
        """« à partir de la 7e présence sans réservation par année scolaire »."""
        return f"à partir de la {self.count}e présence sans réservation par {self.per.value}"


@dataclass(frozen=True, slots=True)
class Absence(When):
    """The child did not come, with a good reason or without one."""

    justified: bool

    def holds(self, situation: Situation) -> bool:
        """True for such an absence."""
        return situation.absent and situation.justified is self.justified

    def say(self) -> str:
        """« absence injustifiée »."""
        return "absence justifiée" if self.justified else "absence injustifiée"


@dataclass(frozen=True, slots=True)
class Case(When):
    """The situation is a special case that the commune names."""

    name: str

    def __post_init__(self) -> None:
        require_line(self.name, "name of the case")

    def holds(self, situation: Situation) -> bool:
        """True when the case is recorded."""
        return self.name in situation.cases

    def say(self) -> str:
        """« PAI panier-repas »."""
        return self.name


@dataclass(frozen=True, slots=True)
class Age(When):
    """The child's age in whole years is between two, both included."""

    first: int
    last: int | None

    def __post_init__(self) -> None:
        if self.first < 0 or (self.last is not None and self.last < self.first):
            raise RuleError(f"When.age({self.first}, {self.last}): write years from 0, the younger first")

    def holds(self, situation: Situation) -> bool:
        """True when the age is known and between the two."""
        age = situation.age
        return age is not None and self.first <= age and (self.last is None or age <= self.last)

    def say(self) -> str:
        """« de 3 à 5 ans », « 6 ans et plus »."""
        if self.last is None:
            return f"{say_years(self.first)} et plus"
        return say_years(self.first) if self.last == self.first else f"de {self.first} à {say_years(self.last)}"


@dataclass(frozen=True, slots=True)
class InMonths(When):
    """The day is in some months of any year."""

    numbers: tuple[int, ...]

    def __post_init__(self) -> None:
        if not self.numbers or not all(1 <= number <= 12 for number in self.numbers):
            raise RuleError(f"When.months{self.numbers}: write numbers from 1 to 12")
        if len(set(self.numbers)) < len(self.numbers):
            raise RuleError(f"When.months{self.numbers}: write each month once")

    def holds(self, situation: Situation) -> bool:
        """True in these months."""
        return situation.day.month in self.numbers

    def say(self) -> str:
        """« en juillet et août »."""
        return f"en {say_list(MONTHS[number - 1] for number in self.numbers)}"


@dataclass(frozen=True, slots=True)
class Between(When):
    """The day is between two dates, both included."""

    first: date
    last: date

    def __post_init__(self) -> None:
        if self.last < self.first:
            raise RuleError(f"When.between: {self.last} comes before {self.first}, swap them")

    def holds(self, situation: Situation) -> bool:
        """True in these dates."""
        return self.first <= situation.day <= self.last

    def say(self) -> str:
        """« du lundi 6 juillet 2026 au vendredi 28 août 2026 »."""
        return say_span(self.first, self.last)


@dataclass(frozen=True, slots=True)
class Not(When):
    """The opposite of a condition."""

    condition: When

    def __invert__(self) -> When:
        return self.condition

    def holds(self, situation: Situation) -> bool:
        """True when the condition does not hold."""
        return not self.condition.holds(situation)

    def say(self) -> str:
        """« sauf hors commune », « sauf (hors délai ou sans réservation) »."""
        return f"sauf {_group(self.condition)}"


@dataclass(frozen=True, slots=True)
class AllOf(When):
    """Several conditions at once."""

    conditions: tuple[When, ...]

    def holds(self, situation: Situation) -> bool:
        """True when all hold."""
        return all(condition.holds(situation) for condition in self.conditions)

    def say(self) -> str:
        """« hors délai et frère ou sœur présent le même jour », « sans réservation, sauf hors commune »."""
        kept = [_group(part) for part in self.conditions if not isinstance(part, Not)]
        left_out = [part.say() for part in self.conditions if isinstance(part, Not)]
        return ", ".join([*([" et ".join(kept)] if kept else []), *left_out])


@dataclass(frozen=True, slots=True)
class AnyOf(When):
    """One condition among several."""

    conditions: tuple[When, ...]

    def holds(self, situation: Situation) -> bool:
        """True when one holds."""
        return any(condition.holds(situation) for condition in self.conditions)

    def say(self) -> str:
        """« hors délai ou sans réservation »."""
        return " ou ".join(_group(condition) for condition in self.conditions)


def _several(minimum: int) -> int:
    if minimum < 2:
        raise RuleError(f"condition « at least {minimum} »: every household fulfils it, write 2 or more")
    return minimum


def _parts(condition: When, kind: type[AllOf] | type[AnyOf]) -> tuple[When, ...]:
    return condition.conditions if isinstance(condition, kind) else (condition,)


def _group(condition: When) -> str:
    return f"({condition.say()})" if isinstance(condition, AllOf | AnyOf | Not) else condition.say()


When.LATE = OneOf("late", (True,), "hors délai")
When.NOT_BOOKED = OneOf("booked", (False,), "sans réservation")
When.OUTSIDE = OneOf("residency", (Residency.OUTSIDE,), "hors commune")
When.SIBLING_PRESENT = AtLeast("siblings_present", 1, "frère ou sœur présent le même jour")
When.OCCASIONAL = OneOf("regular", (False,), "occasionnel")
When.UNJUSTIFIED_ABSENCE = Absence(justified=False)
When.JUSTIFIED_ABSENCE = Absence(justified=True)
When.NO_QUOTIENT = OneOf("qf", (None,), "sans quotient familial")
