"""What is known of a household and a window of days, read in a constant number of statements."""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from uuid import UUID

from plugins import hookspecs
from plugins.rules.booking import BookingRules
from plugins.rules.calendar import SchoolYear
from plugins.rules.catalogue import Catalogue
from plugins.rules.closings import ClosedUnits
from plugins.rules.quotas import StrikeEvent
from resolvers.agenda.lateness import Acts, failures, late_bookings, rules_of
from resolvers.agenda.plans import Hold, Place, Slot, Window
from resolvers.context import Context
from resolvers.families.custody import Custodies, custodies_of
from resolvers.families.households import Enrolments, HouseholdFile, Quotients, quotients_of
from resolvers.models import Booking, Closure, Dossier, Enrolment, PlaceCount, PlaceHold
from resolvers.models.bookings import ENROLLED, EnrolmentState
from resolvers.models.dossiers import DossierState
from resolvers.models.scope import everything_in_sight


@dataclass(slots=True)
class Facts:
    """What the database says of a household and a window.

    ``live`` is what the household booked, ``elsewhere`` what another household booked for one of its children: the
    child is expected and holds its places all the same, and only the other household may cancel. ``late`` are those of
    ``live`` that were booked after their deadline. ``asked`` are the enrolments (child, activity, school year) that an
    agent has yet to decide, ``closings`` what agents closed. ``holds`` are the places kept for the children: they count
    as taken as long as their rows exist, and are the child's own until then, even past their instant. ``beside`` is
    what is booked just outside the window, where a least booking counts it; ``late_bookings`` and ``failures`` are
    counted where the rules count them.
    """

    household: HouseholdFile
    window: Window
    live: frozenset[Slot]
    elsewhere: frozenset[Slot]
    enrolled: Enrolments
    dossiers: Mapping[tuple[UUID, int], DossierState]
    quotients: Quotients
    taken: Mapping[Place, tuple[int, int]]
    catalogues: Mapping[int, Catalogue] = field(default_factory=dict)
    late: frozenset[Slot] = frozenset()
    asked: frozenset[tuple[UUID, str, int]] = frozenset()
    custodies: Custodies = field(default_factory=Custodies)
    holds: frozenset[Hold] = frozenset()
    closings: tuple[ClosedUnits, ...] = ()
    beside: frozenset[Slot] = frozenset()
    late_bookings: Acts = field(default_factory=dict)
    failures: Mapping[StrikeEvent, Acts] = field(default_factory=dict)

    def places_left(self, place: Place) -> int | None:
        """Places left in a pool on a day; None when the pool has no limit."""
        if place in self.taken:
            capacity, taken = self.taken[place]
            return capacity - taken
        return self.capacity(place)

    def capacity(self, place: Place) -> int | None:
        """How many places the commune opens in a pool on a day; None when it sets no limit."""
        day, code = place
        pool = self.catalogues[SchoolYear.of(day).start].pool(code)
        return pool.capacity if pool else None

    def without(self, holds: Collection[Hold]) -> "Facts":
        """The same facts once these holds are given back, whoever they were kept for."""
        freed = Counter((day, pool) for _, day, pool in holds)
        taken = {place: (capacity, used - freed[place]) for place, (capacity, used) in self.taken.items()}
        return replace(self, holds=self.holds - set(holds), taken=taken)

    def pools_of(self, slot: Slot) -> tuple[str, ...]:
        """The pools in which a booking takes a place."""
        _, day, activity, unit = slot
        found = self.catalogues[SchoolYear.of(day).start].activity(activity)
        known = found.unit(unit) if found else None
        return known.pools if known else ()


async def read_facts(ctx: Context, household: HouseholdFile, window: Window) -> Facts:
    """Read all that judging a window needs: eight statements, whatever the number of children and days.

    One more where the commune counts late bookings, and one where it counts strikes.
    """
    (facts,) = await read_all_facts(ctx, [household], window)
    return facts


async def read_all_facts(ctx: Context, households: Sequence[HouseholdFile], window: Window) -> list[Facts]:
    """The facts of each household, in order: as many statements for a hundred of them as for one."""
    years = [year.start for year in window.school_years]
    ids = [household.id for household in households]
    children = [child.person_id for household in households for child in household.children]
    catalogues = {year.start: ctx.commune.ask(hookspecs.catalogue, year=year) for year in window.school_years}
    rules = rules_of(ctx, catalogues.values())
    booked = await _bookings(children, *_around(ctx, window, rules))
    enrolments = await _enrolments(ids, years)
    dossiers = await _dossiers(ids, years)
    quotients = await quotients_of(ctx, frozenset(ids))
    taken = await _places(window)
    custodies = await custodies_of(children)
    holds = await _holds(children, window)
    closings = await closings_in(window)
    late = await late_bookings(children, rules, window.first, window.last)
    failed = await failures(ctx, children, rules)

    def of(household: HouseholdFile) -> Facts:
        theirs = {child.person_id for child in household.children}
        around = {slot: told for slot, told in booked.items() if slot[0] in theirs}
        slots = {slot: told for slot, told in around.items() if window.first <= slot[1] <= window.last}
        states = enrolments[household.id]
        return Facts(
            household=household,
            window=window,
            live=frozenset(slot for slot, (home, _) in slots.items() if home == household.id),
            elsewhere=frozenset(slot for slot, (home, _) in slots.items() if home != household.id),
            enrolled={key: days for state in ENROLLED for key, days in states[state].items()},
            dossiers=dossiers[household.id],
            quotients=quotients,
            taken=taken,
            catalogues=catalogues,
            late=frozenset(slot for slot, (home, is_late) in slots.items() if is_late and home == household.id),
            asked=frozenset(states[EnrolmentState.ASKED]),
            custodies=custodies,
            holds=frozenset(hold for hold in holds if hold[0] in theirs),
            closings=closings,
            beside=frozenset(around.keys() - slots.keys()),
            late_bookings=late,
            failures=failed,
        )

    return [of(household) for household in households]


async def closings_in(window: Window) -> tuple[ClosedUnits, ...]:
    """What agents closed on days of the window, in the order they decided it: one statement."""
    rows = Closure.filter(withdrawn_at__isnull=True, first_day__lte=window.last, last_day__gte=window.first)
    return tuple(
        ClosedUnits(row.label, row.first_day, row.last_day, row.activity, row.site, frozenset(row.units))
        for row in await rows.order_by("decided_at", "id")
    )


def _around(ctx: Context, window: Window, rules: Iterable[BookingRules]) -> tuple[date, date]:
    """The days of the window, and those that a least booking counts together with its first and its last."""
    calendar = ctx.commune.ask(hookspecs.calendar)
    blocks = {rule.block for rule in rules if rule.block is not None}
    first = min([window.first, *(block.span(window.first, calendar)[0] for block in blocks)])
    return first, max([window.last, *(block.span(window.last, calendar)[1] for block in blocks)])


async def _bookings(children: Sequence[UUID], first: date, last: date) -> dict[Slot, tuple[UUID, bool]]:
    """What is booked for some children: by which household, and whether late."""
    with everything_in_sight():  # a child shared by two households is booked once, whichever of them did it
        rows = await Booking.filter(child_id__in=list(children), live=True, day__gte=first, day__lte=last).values_list(
            "household_id", "late", "child_id", "day", "activity", "unit"
        )
    return {(child, day, code, unit): (home, late) for home, late, child, day, code, unit in rows}


async def _enrolments(
    household_ids: Sequence[UUID], years: Sequence[int]
) -> Mapping[UUID, Mapping[EnrolmentState, Enrolments]]:
    """The enrolments of each household by state."""
    found: defaultdict[UUID, defaultdict[EnrolmentState, dict[tuple[UUID, str, int], tuple[date, date]]]]
    found = defaultdict(lambda: defaultdict(dict))
    rows = Enrolment.filter(household_id__in=list(household_ids), school_year__in=list(years))
    for home, state, first, last, *key in await rows.values_list(
        "household_id", "state", "first_day", "last_day", "child_id", "activity", "school_year"
    ):
        child, code, year = key
        found[home][EnrolmentState(state)][child, code, year] = (first, last)
    return found


async def _dossiers(
    household_ids: Sequence[UUID], years: Sequence[int]
) -> Mapping[UUID, Mapping[tuple[UUID, int], DossierState]]:
    """Where the yearly file of each child stands, by household."""
    found: defaultdict[UUID, dict[tuple[UUID, int], DossierState]] = defaultdict(dict)
    rows = Dossier.filter(household_id__in=list(household_ids), school_year__in=list(years))
    for home, child, year, state in await rows.values_list("household_id", "child_id", "school_year", "state"):
        found[home][child, year] = DossierState(state)
    return found


async def _places(window: Window) -> dict[Place, tuple[int, int]]:
    """Capacity and places taken, where somebody was counted already."""
    rows = PlaceCount.filter(day__gte=window.first, day__lte=window.last)
    return {
        (day, pool): (capacity, taken)
        for day, pool, capacity, taken in await rows.values_list("day", "pool", "capacity", "taken")
    }


async def _holds(children: Sequence[UUID], window: Window) -> frozenset[Hold]:
    with everything_in_sight():  # a held place is the child's, whichever household it is held for
        rows = await PlaceHold.filter(
            child_id__in=list(children), day__gte=window.first, day__lte=window.last
        ).values_list("child_id", "day", "pool")
    return frozenset((child, day, pool) for child, day, pool in rows)
