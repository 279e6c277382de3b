"""What is known of a household and a window of days, read in a constant number of statements."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from uuid import UUID

from plugins import hookspecs
from plugins.rules.calendar import SchoolYear
from plugins.rules.catalogue import Catalogue
from resolvers.context import Context
from resolvers.households import Enrolments, HouseholdFile, Quotients, quotients_of
from resolvers.models import Booking, Dossier, Enrolment, PlaceCount
from resolvers.models.dossiers import DossierState
from resolvers.models.scope import everything_in_sight
from resolvers.plans import Place, Slot, Window


@dataclass(slots=True)
class Facts:
    """What the database says of a household and a window.

    ``live`` is what the household booked, ``elsewhere`` what another household booked for one of its children: the
    child is expected and holds its places all the same, and only the other household may cancel. ``late`` are those of
    ``live`` that were booked after their deadline.
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

    def pools_of(self, slot: Slot) -> tuple[str, ...]:
        """The pools in which a booking takes a place."""
        _, day, activity, unit = slot
        found = self.catalogues[SchoolYear.of(day).start].activity(activity)
        known = found.unit(unit) if found else None
        return known.pools if known else ()


async def read_facts(ctx: Context, household: HouseholdFile, window: Window) -> Facts:
    """Read all that judging a window needs: five statements, whatever the number of children and days."""
    years = [year.start for year in window.school_years]
    span = {"day__gte": window.first, "day__lte": window.last}
    children = [child.person_id for child in household.children]
    with everything_in_sight():  # a child shared by two households is booked once, whichever of them did it
        bookings = await Booking.filter(child_id__in=children, live=True, **span).values_list(
            "household_id", "child_id", "day", "activity", "unit", "late"
        )
    own = {(child, day, code, unit): late for home, child, day, code, unit, late in bookings if home == household.id}
    enrolments = await Enrolment.filter(household_id=household.id, school_year__in=years).values_list(
        "child_id", "activity", "school_year", "first_day", "last_day"
    )
    dossiers = await Dossier.filter(household_id=household.id, school_year__in=years).values_list(
        "child_id", "school_year", "state"
    )
    quotients = await quotients_of(ctx, frozenset({household.id}))
    places = await PlaceCount.filter(**span).values_list("day", "pool", "capacity", "taken")
    return Facts(
        household=household,
        window=window,
        live=frozenset(own),
        elsewhere=frozenset(
            (child, day, code, unit) for home, child, day, code, unit, _ in bookings if home != household.id
        ),
        enrolled={(child, code, year): (first, last) for child, code, year, first, last in enrolments},
        dossiers={(child, year): DossierState(state) for child, year, state in dossiers},
        quotients=quotients,
        taken={(day, pool): (capacity, taken) for day, pool, capacity, taken in places},
        catalogues={year.start: ctx.commune.ask(hookspecs.catalogue, year=year) for year in window.school_years},
        late=frozenset(slot for slot, late in own.items() if late),
    )
