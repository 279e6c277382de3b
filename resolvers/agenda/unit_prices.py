"""What the units of a child cost in an activity, in a plan: what holds for the year or for the day is read once."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from plugins import hookspecs
from plugins.rules.catalogue import Unit
from plugins.rules.tariffs import Price, Situation
from resolvers.agenda.facts import Facts
from resolvers.agenda.targets import Target
from resolvers.context import Context
from resolvers.families.households import children_enrolled


@dataclass(frozen=True, slots=True)
class _Day:
    """What a price depends on that is the same for every unit of a day."""

    qf: int | Decimal | None
    children_enrolled: int
    age: int | None


class UnitPrices:
    """Prices of one child in an activity of a school year."""

    def __init__(self, ctx: Context, facts: Facts, target: Target) -> None:
        self._commune, self._facts, self._target = ctx.commune, facts, target
        self._tariff = ctx.commune.ask(hookspecs.tariff, activity=target.activity, year=target.year)
        self._rank = facts.household.rank_of(target.child.person_id)
        self._days: dict[date, _Day] = {}

    def price(self, unit: Unit, day: date, *, siblings: int, late: bool) -> Price:
        """What a unit costs once booked, beside so many siblings."""
        known = self._days.get(day) or self._read(day)
        return self._tariff.price(
            Situation(
                day=day,
                unit=unit.code,
                qf=known.qf,
                residency=self._facts.household.residency,
                child_rank=self._rank,
                siblings_present=siblings,
                booked=True,
                late=late,
                minutes=unit.minutes,
                children_enrolled=known.children_enrolled,
                age=known.age,
            )
        )

    def _read(self, day: date) -> _Day:
        child, activity = self._target.child, self._target.activity
        known = self._days[day] = _Day(
            qf=self._facts.quotients.on(self._commune, self._facts.household.id, day),
            children_enrolled=children_enrolled(self._facts.enrolled, child.person_id, activity.code, day),
            age=child.age_on(day),
        )
        return known
