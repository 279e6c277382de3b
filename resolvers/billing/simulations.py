"""« Simulation des tarifs »: what a month would cost in a situation, by the very code that draws invoices.

A visitor describes its household; a family names its own, whose quotient, residency and children are then taken from
its file. Nothing is kept, and nothing of a visitor is read.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from plugins import hookspecs
from plugins.commune import Commune
from plugins.rules.calendar import SchoolCalendar, SchoolYear
from plugins.rules.catalogue import Activity
from plugins.rules.french import say_list
from plugins.rules.invoice_lines import lines_of
from plugins.rules.invoicing import InvoiceLineItem
from plugins.rules.prices import Residency
from plugins.rules.quotients import GivenQuotient
from resolvers.billing.adjustments import Invoiced, adjustment_lines
from resolvers.billing.billing import Month
from resolvers.billing.pricing import Pricing
from resolvers.context import Context
from resolvers.days.attendance import SheetLine
from resolvers.days.sights import Sight
from resolvers.errors import Code, Refused, not_found
from resolvers.families.households import Enrolments, HouseholdFile, Member, Quotients, households_of, quotients_of
from resolvers.models.bookings import Presence
from resolvers.models.households import Role
from resolvers.models.keys import new_key

MOST_CHILDREN, MOST_HABITS = 8, 20


@dataclass(frozen=True, slots=True)
class Habit:
    """Units of an activity on some weekdays (ISO numbers; every open day when there is none)."""

    activity: str
    units: tuple[str, ...]
    weekdays: frozenset[int] = frozenset()


@dataclass(frozen=True, slots=True)
class SupposedChild:
    """A child of the simulation: somebody's of the household when ``child_id`` is given, else described."""

    habits: tuple[Habit, ...]
    name: str = ""
    born: date | None = None
    child_id: UUID | None = None


@dataclass(frozen=True, slots=True)
class Supposed:
    """The situation of a visitor: quotient in euros a month (None: none given), residency, children."""

    month: Month
    children: tuple[SupposedChild, ...]
    quotient: int | None = None
    residency: Residency = Residency.RESIDENT
    household_id: UUID | None = None


@dataclass(frozen=True, slots=True)
class Simulation:
    """The lines a month's invoice would have, and what was taken for granted, in French."""

    lines: tuple[InvoiceLineItem, ...]
    assumptions: tuple[str, ...]

    @property
    def total_cents(self) -> int:
        """What they add up to."""
        return sum(line.total_cents for line in self.lines)


async def simulate(ctx: Context, supposed: Supposed) -> Simulation:
    """Price a month.

    Refused: INVALID (too many children or habits, a day of the week that is none), NOT_FOUND (an activity or unit of
    that month, a household or child of somebody else).
    """
    _refuse_excess(supposed)
    household, quotients, ids = await _household(ctx, supposed)
    lines = [
        line
        for child, child_id in zip(supposed.children, ids, strict=True)
        for line in _lines_of(ctx, household, child_id, child.habits, supposed.month)
    ]
    pricing = Pricing.supposing(ctx.commune, household, quotients, _enrolled(lines), lines)
    items = lines_of(pricing.priced(line) for line in lines) + adjustment_lines(pricing, lines, Invoiced())
    quotient = quotients.on(ctx.commune, household.id, supposed.month.window.first)
    return Simulation(items, tuple(_assumptions(household, quotient is None, lines)))


def _refuse_excess(supposed: Supposed) -> None:
    habits = [habit for child in supposed.children for habit in child.habits]
    if not 1 <= len(supposed.children) <= MOST_CHILDREN:
        raise Refused(Code.INVALID, f"Décrivez de 1 à {MOST_CHILDREN} enfants.", field=("children",))
    if len(habits) > MOST_HABITS:
        raise Refused(Code.INVALID, f"Au plus {MOST_HABITS} habitudes à la fois.", field=("children",))
    if any(not habit.weekdays <= set(range(1, 8)) for habit in habits):
        message = "Les jours de la semaine vont de 1 (lundi) à 7 (dimanche)."
        raise Refused(Code.INVALID, message, field=("children",))
    if supposed.quotient is not None and not 0 <= supposed.quotient <= 100_000:
        raise Refused(Code.INVALID, "Écrivez le quotient familial en euros par mois.", field=("quotient",))


async def _household(ctx: Context, supposed: Supposed) -> tuple[HouseholdFile, Quotients, list[UUID]]:
    """The household to price for, its quotients, and the identifier of each supposed child."""
    if supposed.household_id is None:
        household, ids = _described(supposed)
        return household, _given(household.id, supposed), ids
    if supposed.household_id not in ctx.viewer.households:
        raise not_found("Foyer", "householdId")
    (household,) = await households_of(ctx, frozenset({supposed.household_id}))
    own = {child.person_id for child in household.children}
    ids = [child.child_id for child in supposed.children if child.child_id in own and child.child_id is not None]
    if len(ids) < len(supposed.children):
        raise not_found("Enfant", "children")
    return household, await quotients_of(ctx, frozenset({household.id})), ids


def _given(household_id: UUID, supposed: Supposed) -> Quotients:
    """The visitor's quotient, given early enough to hold all month whatever the commune's rule."""
    if supposed.quotient is None:
        return Quotients({})
    first = supposed.month.window.first
    since = min(SchoolYear.of(first).first_day, date(first.year, 1, 1))
    return Quotients({household_id: [GivenQuotient(supposed.quotient, since, since)]})


def _described(supposed: Supposed) -> tuple[HouseholdFile, list[UUID]]:
    home, ids = new_key(), [new_key() for _ in supposed.children]
    members = [
        Member(home, id_, Role.CHILD, child.name or f"Enfant {place}", "", child.born, "", "", "", "", "")
        for place, (id_, child) in enumerate(zip(ids, supposed.children, strict=True), start=1)
    ]
    eldest_first = sorted(members, key=lambda member: member.birth_date or date.max)
    return HouseholdFile(home, "", supposed.residency, (), tuple(eldest_first)), ids


def _lines_of(
    ctx: Context, household: HouseholdFile, child_id: UUID, habits: Iterable[Habit], month: Month
) -> Iterable[SheetLine]:
    commune = ctx.commune
    calendar: SchoolCalendar = commune.ask(hookspecs.calendar)
    (child,) = (member for member in household.children if member.person_id == child_id)
    ticked = set()
    for habit in habits:
        _require_known(commune, month, habit)
        for day in month.window.days:
            activity = _offered(commune, day, habit.activity)
            if activity is not None and (not habit.weekdays or day.isoweekday() in habit.weekdays):
                what = calendar.day(day)
                units = (unit for code in habit.units if (unit := activity.unit(code)) is not None)
                ticked |= {(day, activity.code, unit.code) for unit in units if activity.is_open(unit, what)}
    came = Sight(Presence.PRESENT, ctx.now)
    return [
        SheetLine(household.id, child_id, child.first_name, code, unit, day, booked=True, sight=came)
        for day, code, unit in sorted(ticked)
    ]


def _require_known(commune: Commune, month: Month, habit: Habit) -> None:
    offered = [_offered(commune, day, habit.activity) for day in (month.window.first, month.window.last)]
    found = [activity for activity in offered if activity is not None]
    if not found:
        raise not_found("Activité", "children")
    if any(all(activity.unit(code) is None for activity in found) for code in habit.units):
        raise not_found("Prestation", "children")


def _offered(commune: Commune, day: date, code: str) -> Activity | None:
    return commune.ask(hookspecs.catalogue, year=SchoolYear.of(day)).activity(code)


def _enrolled(lines: Sequence[SheetLine]) -> Enrolments:
    years = {(line.child_id, line.activity, SchoolYear.of(line.day)) for line in lines}
    return {(child, code, year.start): (year.first_day, year.last_day) for child, code, year in years}


def _assumptions(household: HouseholdFile, no_quotient: bool, lines: Sequence[SheetLine]) -> Iterable[str]:
    yield "Chaque jour est réservé à temps, et votre enfant vient : ni retard, ni absence."
    if no_quotient:
        yield "Aucun quotient familial n'est donné : le tarif prévu dans ce cas est appliqué."
    if household.residency is Residency.OUTSIDE:
        yield "Vous habitez hors de la commune."
    ageless = [child.first_name for child in household.children if child.birth_date is None]
    if ageless:
        yield f"L'âge n'est pas connu : {say_list(ageless)}."
    if not lines:
        yield "Aucun de ces jours n'est ouvert ce mois-là."
