"""What an activity costs, worked out: its prices by bracket, then three families, line by line."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from itertools import groupby

from plugins import hookspecs
from plugins.commune import Commune
from plugins.explanation.document import Paragraph, Sentences, Table
from plugins.rules.calendar import SchoolYear
from plugins.rules.catalogue import Activity, Unit
from plugins.rules.french import euros, say_date, say_sentence
from plugins.rules.prices import Resources
from plugins.rules.tariffs import Modifier, Residency, Situation, Tariff

EVERYBODY = "toutes les familles"
QUOTIENTS = range(0, 2001, 25)
RESOURCES = 3000  # euros a month, for prices that follow the family's income


@dataclass(frozen=True, slots=True)
class Family:
    """A household that books: its children are alike but for their rank."""

    name: str
    qf: int | None
    children: int = 1
    residency: Residency = Residency.RESIDENT
    late: bool = False

    def situations(self, unit: Unit, day: date) -> tuple[Situation, ...]:
        """What each child's price depends on, the eldest first."""
        return tuple(
            Situation(
                day,
                unit.code,
                self.qf,
                self.residency,
                child_rank=rank,
                siblings_present=self.children - 1,
                late=self.late,
                minutes=unit.minutes,
                children_enrolled=self.children,
                resources=None if self.qf is None else Resources(RESOURCES, self.children),
            )
            for rank in range(1, self.children + 1)
        )


@dataclass(frozen=True, slots=True)
class WorkedPrices:
    """The tariff of an activity for a school year, priced on the first days of service from a day on."""

    commune: Commune
    activity: Activity
    year: SchoolYear
    on: date

    def paragraphs(self) -> tuple[Paragraph, ...]:
        """What changes a price, the prices by bracket, then a table for each family."""
        tariff = self.commune.ask(hookspecs.tariff, activity=self.activity, year=self.year)
        families = (self._table(tariff, family) for family in self._families(tariff))
        return (*self._changes(tariff), self._prices(tariff), *families)

    def _changes(self, tariff: Tariff) -> tuple[Sentences, ...]:
        """What the tariff says of itself, but for the prices of its units, which the table holds."""
        names = {unit.code: unit.label for unit in self.activity.units}
        extras = [f"{tariff.name_of(code)} : {base.say()}" for code, base in tariff.extras.items()]
        rules = (*(_named(modifier, names, tariff) for modifier in tariff.modifiers), *tariff.plans.values())
        lines = [*extras, *(rule.say() for rule in (*rules, *tariff.aggregates))]
        return (Sentences(tuple(say_sentence(line) for line in lines)),) if lines else ()

    def _prices(self, tariff: Tariff) -> Table:
        """A row for each bracket that some unit has, a column for each unit."""
        units = self.activity.units
        columns = [{row.label: row.price for row in tariff.prices[unit.code].rows()} for unit in units]
        labels = dict.fromkeys(label for column in columns for label in column)
        rows = tuple((label or EVERYBODY, *(column.get(label, "") for column in columns)) for label in labels)
        return Table(f"Les prix de {self.year.label}", ("Pour qui", *(unit.label for unit in units)), rows)

    def _families(self, tariff: Tariff) -> tuple[Family, ...]:
        middle = self._middle_quotient(tariff)
        return (
            Family("Famille de la commune, un enfant, sans quotient familial connu", None),
            Family(f"Famille de la commune, deux enfants, quotient familial de {middle}", middle, children=2),
            Family(
                f"Famille hors commune, un enfant, quotient familial de {middle}, réservation hors délai",
                middle,
                residency=Residency.OUTSIDE,
                late=True,
            ),
        )

    def _middle_quotient(self, tariff: Tariff) -> int:
        """A quotient in the middle of the grid: of the runs of quotients that pay the same, the middle one."""
        unit = self.activity.units[0]
        (situation,) = Family("", 0).situations(unit, self._day(unit))
        runs = [
            list(run) for _, run in groupby(QUOTIENTS, key=lambda qf: tariff.price(replace(situation, qf=qf)).cents)
        ]
        run = runs[len(runs) // 2]
        return run[len(run) // 2]

    def _table(self, tariff: Tariff, family: Family) -> Table:
        rows = tuple(row for unit in self.activity.units for row in self._rows(tariff, family, unit))
        return Table(family.name, ("Prestation", "Enfant", "Pourquoi", "Montant"), rows)

    def _rows(self, tariff: Tariff, family: Family, unit: Unit) -> Iterator[tuple[str, str, str, str]]:
        """The lines of the price of each child, and what they add up to."""
        day = self._day(unit)
        total = 0
        for rank, situation in enumerate(family.situations(unit, day), 1):
            price = tariff.price(situation)
            total += price.cents
            for line in price.lines:
                yield unit.label, f"enfant {rank}", line.label, euros(line.cents)
        yield unit.label, "", f"Total pour le {say_date(day)}", euros(total)

    def _day(self, unit: Unit) -> date:
        """The first day of service from the day given on, or of the year when it is over."""
        first, last = self.activity.first_day, self.activity.last_day
        days = self.commune.ask(hookspecs.calendar).days(first, last)
        opened = [known.day for known in days if self.activity.is_open(unit, known)]
        return next((day for day in opened if day >= self.on), opened[0] if opened else first)


def _named(modifier: Modifier, names: Mapping[str, str], tariff: Tariff) -> Modifier:
    """The same modifier, with its units and extras called as families call them."""
    return replace(modifier, units=frozenset(names.get(code) or tariff.name_of(code) for code in modifier.units))
