"""Which « quotient familial » holds on a day of service, and how a commune that computes its own finds it.

Families give quotients at any time of the year: the CAF's attestation has a first day of validity, and reaches the
commune later. A commune writes from when one counts, and whether it goes back on days already served.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import Enum

from plugins.rules.errors import RuleError
from plugins.rules.french import euros, say_date, say_day_month
from plugins.rules.months import FIRST, in_month
from plugins.rules.prices import Rounding, exact_number, say_decimal

LEAP_YEAR = 2000  # where every day and month that is written is looked up
CENTS = Decimal(100)


@dataclass(frozen=True, slots=True)
class GivenQuotient:
    """A quotient, in euros a month, the first day it is valid, and the day the commune received it (its time zone)."""

    qf: int | Decimal
    valid_from: date
    given_on: date

    def __post_init__(self) -> None:
        if isinstance(self.qf, float):
            raise RuleError(f"quotient {self.qf}: write an int or Decimal('{self.qf}'), a float is not exact")
        if self.qf < 0:
            raise RuleError(f"quotient {self.qf}: a quotient familial is never negative")


@dataclass(frozen=True, slots=True)
class HeldQuotient:
    """The quotient that holds on a day, since when, and the sentence for it; ``given`` is None when none holds."""

    given: GivenQuotient | None
    since: date | None

    @property
    def qf(self) -> int | Decimal | None:
        """The quotient, None when none holds."""
        return self.given.qf if self.given else None

    def say(self) -> str:
        """« Quotient familial 650, reçu le mardi 3 novembre 2026, appliqué à partir du mardi 1er décembre 2026 »."""
        if self.given is None or self.since is None:
            return "Aucun quotient familial applicable à cette date"
        received = f"Quotient familial {say_decimal(Decimal(self.given.qf))}, reçu le {say_date(self.given.given_on)}"
        return f"{received}, appliqué à partir du {say_date(self.since)}"


NO_QUOTIENT = HeldQuotient(None, None)


class Effect(Enum):
    """From when a quotient counts, once there is a reason to change."""

    AT_ONCE = "dès"
    NEXT_MONTH = "à partir du 1er du mois suivant"

    def after(self, day: date) -> date:
        """The first day that counts for a reason that appears on a day."""
        if self is Effect.AT_ONCE:
            return day
        return in_month(day, FIRST, after=1)


@dataclass(frozen=True, slots=True)
class YearDay:
    """A day that comes back every year: ``YearDay(31, 3)`` is 31 March."""

    day: int
    month: int

    def __post_init__(self) -> None:
        try:
            found = date(LEAP_YEAR, self.month, self.day)
        except ValueError as error:
            raise RuleError(f"YearDay({self.day}, {self.month}): write the day, then the month") from error
        if (found.month, found.day) == (2, 29):
            raise RuleError("YearDay(29, 2): most years have no 29 February, write the 28th or 1 March")

    def last_before(self, day: date) -> date:
        """The latest such day that is not after a day."""
        this_year = date(day.year, self.month, self.day)
        return this_year if this_year <= day else date(day.year - 1, self.month, self.day)

    def say(self) -> str:
        """« 31 mars »."""
        return say_day_month(date(LEAP_YEAR, self.month, self.day))


@dataclass(frozen=True, slots=True)
class YearlyReference:
    """« Le quotient au 31 mars est retenu pour l'année qui commence le 1er septembre. »"""

    as_of: YearDay
    year_starts: YearDay

    def say(self) -> str:
        """« le quotient au 31 mars est retenu pour l'année qui commence le 1er septembre »."""
        return f"le quotient au {self.as_of.say()} est retenu pour l'année qui commence le {self.year_starts.say()}"


@dataclass(frozen=True, slots=True)
class QuotientRule:
    """From when a quotient counts.

    ``changes`` is when a new quotient counts during the year, None when it never does before the next reference.
    ``retroactive``: it counts from its validity, even for days before the commune received it; otherwise from the
    later of the two days. With a ``reference``, each year starts again from the quotient that was valid on that day:
    what was given between the reference and the new year counts until the new year, and must be given again after.
    """

    changes: Effect | None
    retroactive: bool
    reference: YearlyReference | None = None

    def __post_init__(self) -> None:
        if self.changes is None and self.reference is None:
            raise RuleError("QuotientRule without changes or reference: no quotient would ever count, write either")

    def on(self, day: date, history: Sequence[GivenQuotient]) -> HeldQuotient:
        """The quotient that holds on a day: of those that count already, the most recent one.

        Of two that are valid from the same day, the one given last holds; given together, the last of the history.
        """
        held, rank = NO_QUOTIENT, (date.min, date.min)
        for given in history:
            since = self._since(given, day)
            if since is not None and since <= day and rank <= (given.valid_from, given.given_on):
                held, rank = HeldQuotient(given, since), (given.valid_from, given.given_on)
        return held

    def _since(self, given: GivenQuotient, day: date) -> date | None:
        """From when a quotient counts, in the eyes of a day of service; None when it does not."""
        known = given.valid_from if self.retroactive else max(given.valid_from, given.given_on)
        if self.reference is None:
            return self.changes.after(known) if self.changes else None
        new_year = self.reference.year_starts.last_before(day)
        if given.valid_from <= self.reference.as_of.last_before(new_year):
            in_time = self.retroactive or given.given_on <= new_year
            return new_year if in_time else (self.changes or Effect.AT_ONCE).after(given.given_on)
        return self.changes.after(known) if self.changes and given.given_on >= new_year else None

    def say(self) -> str:
        """« un nouveau quotient compte le 1er du mois suivant sa réception, sans rétroactivité »."""
        reference = f"{self.reference.say()} ; " if self.reference else ""
        if self.changes is None:
            late = "reçu après, il vaut pour toute l'année" if self.retroactive else "reçu après, il compte aussitôt"
            return f"{reference}{late} ; un changement en cours d'année attend l'année suivante"
        retroactive, prospective = (
            "le début de sa validité, même pour les jours passés",
            "sa réception, sans rétroactivité",
        )
        since = retroactive if self.retroactive else prospective
        return f"{reference}un nouveau quotient compte {self.changes.value} {since}"


@dataclass(frozen=True, slots=True)
class ComputedQuotient:
    """A quotient that the commune computed itself, in euros a month, and the computation in French."""

    qf: Decimal
    explanation: str


@dataclass(frozen=True, slots=True)
class QuotientFormula:
    """(Monthly resources + monthly family benefits) ÷ parts, rounded to ``decimals`` digits.

    ``children`` are the parts of the first child, the second and so on; the last one holds for all that follow.
    """

    couple: Decimal
    lone_parent: Decimal
    children: tuple[Decimal, ...]
    decimals: int
    rounding: Rounding

    def __post_init__(self) -> None:
        if min(self.couple, self.lone_parent) <= 0 or min(self.children, default=Decimal(-1)) < 0:
            raise RuleError("quotient_formula: write parts above 0 for the adults, and 0 or more for each child")
        if not 0 <= self.decimals <= 2:
            raise RuleError(f"quotient_formula decimals {self.decimals}: write 0 for whole euros, 2 for cents")

    def parts(self, children: int, *, lone_parent: bool) -> Decimal:
        """The parts of a household with so many children."""
        if children < 0:
            raise RuleError(f"quotient_formula: {children} children, count from 0")
        adults = self.lone_parent if lone_parent else self.couple
        return adults + sum((self.children[min(n, len(self.children) - 1)] for n in range(children)), Decimal(0))

    def of(self, resources: int, benefits: int, children: int, *, lone_parent: bool) -> ComputedQuotient:
        """The quotient of a household; what it receives in a month is in cents."""
        if min(resources, benefits) < 0:
            raise RuleError(f"quotient_formula: {resources} and {benefits} cents a month, write 0 or more")
        parts = self.parts(children, lone_parent=lone_parent)
        exact = (resources + benefits) / CENTS / parts
        qf = exact.quantize(Decimal(1).scaleb(-self.decimals), rounding=self.rounding.value)
        shared = f"({euros(resources)} + {euros(benefits)}) ÷ {say_decimal(parts)} parts"
        return ComputedQuotient(qf, f"Quotient de la commune : {shared} = {say_decimal(qf)}")

    def say(self) -> str:
        """« (ressources + prestations mensuelles) ÷ parts (couple 2 ; parent seul 2 ; enfants 0,5 puis 1) »."""
        children = ", puis ".join(say_decimal(part) for part in self.children)
        adults = f"couple {say_decimal(self.couple)} ; parent seul {say_decimal(self.lone_parent)}"
        return f"(ressources + prestations mensuelles) ÷ parts ({adults} ; par enfant {children})"


def quotient_formula(
    *, couple: str, lone_parent: str, children: tuple[str, ...], decimals: int, rounding: Rounding
) -> QuotientFormula:
    """``quotient_formula(couple="2", lone_parent="2", children=("0.5", "0.5", "1", "0.5"), …)``."""
    parts = tuple(exact_number("quotient_formula children", part) for part in children)
    adults = exact_number("quotient_formula couple", couple), exact_number("quotient_formula lone_parent", lone_parent)
    return QuotientFormula(*adults, parts, decimals, rounding)
