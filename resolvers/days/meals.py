"""What the kitchen cooks: the meals booked by day and unit, with diets. Only what is known is counted."""

from collections import Counter, defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from plugins import hookspecs
from plugins.rules.calendar import SchoolYear
from plugins.rules.catalogue import Activity, Unit
from plugins.rules.day_notes import DayNotes, Topic
from resolvers.agenda.plans import Slot, Window
from resolvers.context import Context
from resolvers.days.absent_days import Reported, reported_in
from resolvers.errors import Code, Refused
from resolvers.files.child_notes import notes_of, sent_files
from resolvers.models import Booking

LONGEST = timedelta(days=35)

Meal = tuple[date, str, str]  # day, activity, unit


@dataclass(frozen=True, slots=True)
class MealCount:
    """The meals of one unit on one day: how many children booked it, and what is known of what they eat.

    ``reported_absent`` children are among ``booked``: their absence was told too late to be cancelled. ``diets`` are
    in the words that families chose, and a child counts in each of its own. Of ``unknown`` children no sent file says
    anything of health. Adults are not counted.
    """

    day: date
    activity: Activity
    unit: Unit
    booked: int
    reported_absent: int
    diets: tuple[tuple[str, int], ...]
    allergies: int
    care_plans: int
    unknown: int


@dataclass(frozen=True, slots=True)
class MealCounts:
    """The counts as they stood at ``counted_at``; ``changed_at`` is the last booking or cancellation among them."""

    counted_at: datetime
    changed_at: datetime | None
    counts: tuple[MealCount, ...]


async def meal_counts(ctx: Context, window: Window, site: str | None = None) -> MealCounts:
    """The meals of a window, of one site or all, by day then activity: three statements, however many children eat.

    What is cancelled, by the family or because its absence was told in time, is not counted any more.
    Refused: INVALID for more than 35 days.
    """
    if window.last - window.first > LONGEST:
        raise Refused(Code.INVALID, f"Demandez au plus {LONGEST.days} jours à la fois.", field=("lastDay",))
    served = _served(ctx, window, site)
    codes = {"activity__in": sorted({activity.code for activity, _ in served.values()})}
    days = {"day__gte": window.first, "day__lte": window.last}
    rows = Booking.filter(**days, **codes).order_by("child_id")
    eaters: defaultdict[Meal, list[UUID]] = defaultdict(list)
    changes = []
    for child, day, activity, unit, live, changed_at in await rows.values_list(
        "child_id", "day", "activity", "unit", "live", "changed_at"
    ):
        meal = (day, activity, unit)
        if (SchoolYear.of(day).start, activity, unit) in served:
            changes.append(changed_at)
            eaters[meal] += [child] if live else []
    reported = await reported_in(**days, **codes)
    children = {child for each in eaters.values() for child in each}
    notes = notes_of(ctx, await sent_files(children, window.school_years))
    counts = [
        _counted(meal, served[SchoolYear.of(meal[0]).start, meal[1], meal[2]], eaters[meal], notes, reported)
        for meal in sorted(eaters)
        if eaters[meal]
    ]
    return MealCounts(ctx.now, max(changes, default=None), tuple(counts))


def _served(ctx: Context, window: Window, site: str | None) -> dict[tuple[int, str, str], tuple[Activity, Unit]]:
    """The units with a meal, by school year and codes."""
    return {
        (year.start, activity.code, unit.code): (activity, unit)
        for year in window.school_years
        for activity in ctx.commune.ask(hookspecs.catalogue, year=year).activities
        for unit in activity.units
        if unit.has_meal and site in (None, activity.site)
    }


def _counted(
    meal: Meal,
    served: tuple[Activity, Unit],
    eaters: Collection[UUID],
    notes: Mapping[tuple[UUID, int], DayNotes],
    reported: Mapping[Slot, Reported],
) -> MealCount:
    day, activity, unit = meal
    found = [notes.get((child, SchoolYear.of(day).start)) for child in eaters]
    known = [each for each in found if each is not None and each.knows_health]
    diets = Counter(diet for each in known for diet in each.on(Topic.DIET))
    return MealCount(
        day=day,
        activity=served[0],
        unit=served[1],
        booked=len(eaters),
        reported_absent=sum((child, day, activity, unit) in reported for child in eaters),
        diets=tuple(sorted(diets.items())),
        allergies=sum(bool(each.on(Topic.ALLERGY)) for each in known),
        care_plans=sum(bool(each.on(Topic.CARE_PLAN)) for each in known),
        unknown=len(found) - len(known),
    )
