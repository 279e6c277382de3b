"""What a family wants of a window of days, as a client writes it: ticks, rhythms, and copies."""

from collections.abc import Sequence
from datetime import date
from uuid import UUID

import strawberry

from plugins.rules.errors import RuleError
from plugins.rules.rhythms import EVERY_DAY, Rhythm, UnitRhythm
from resolvers.agenda import plans
from resolvers.agenda.bookings import Order
from resolvers.agenda.plans import Window, Wish
from resolvers.errors import Code, Refused, not_found
from schema.enums import Skip
from schema.relay import parse_uuid

MOST_TICKS = 5000
MOST_RHYTHMS = 20


@strawberry.input(description="The units wanted on one day.")
class DayTicksInput:
    """A day and its ticks."""

    day: date = strawberry.field(description="The day.")
    units: list[str] = strawberry.field(description="The codes of the units wanted.")


@strawberry.input(description="Units that come back: every day, or chosen weekdays, one week in so many.")
class RhythmInput:
    """See ``plugins.rules.rhythms.UnitRhythm``."""

    units: list[str] = strawberry.field(
        description="The codes of the units wanted, each for itself; or give a preset.", default_factory=list
    )
    preset: str | None = strawberry.field(
        description="The code of a preset of the activity: its units are wanted together.", default=None
    )
    weekdays: list[int] = strawberry.field(
        description="ISO weekdays, Monday is 1; none for every day.", default_factory=list
    )
    one_week_in: int = strawberry.field(description="1 for every week, and up to 4.", default=1)
    starts_on: date | None = strawberry.field(
        description="The first day, that of the window by default; its week, from Monday, is the first of the cycle.",
        default=None,
    )
    until: date | None = strawberry.field(
        description="The last day; the end of the window or of the activity by default.", default=None
    )


@strawberry.input(
    description="What is wanted for a child in an activity; what is left out is not wanted, unless `keep` is true."
)
class SelectionInput:
    """See ``resolvers.agenda.plans.Wish``."""

    child_id: strawberry.ID = strawberry.field(description="The child.")
    activity: str = strawberry.field(description="The activity's code.")
    ticks: list[DayTicksInput] = strawberry.field(description="The days wanted one by one.", default_factory=list)
    rhythms: list[RhythmInput] = strawberry.field(
        description="The days that come back; at most 20 rhythms.", default_factory=list
    )
    like_child_id: strawberry.ID | None = strawberry.field(
        description="A child of the household: as this request wants for it in the activity, or as it is booked.",
        default=None,
    )
    like_month: date | None = strawberry.field(
        description="Any day of a month whose bookings are wanted again: those of its second Tuesday, for each second "
        "Tuesday of the window. A fifth one that the month has not is left out.",
        default=None,
    )
    keep: bool = strawberry.field(description="True to keep what is booked and not named here.", default=False)
    skip: Skip = strawberry.field(
        description="Which days of rhythms and copies are left out, and told, instead of being refused.",
        default=Skip.CLOSED,
    )


def order_of(
    first_day: date, last_day: date, selections: Sequence[SelectionInput], household_id: UUID | None = None
) -> Order:
    """The wanted set of a window; an agent names the household.

    Refused: INVALID (too many ticks, an activity asked twice for a child), NOT_FOUND (child), and as a window is.
    """
    if sum(len(day.units) for selection in selections for day in selection.ticks) > MOST_TICKS:
        raise Refused(
            Code.INVALID, f"Au plus {MOST_TICKS} cases à la fois : découpez la demande.", field=("selections",)
        )
    wishes = []
    seen: set[tuple[UUID, str]] = set()
    for position, selection in enumerate(selections):
        child = parse_uuid(selection.child_id, "Child")
        if child is None:
            raise not_found("Enfant", "selections", str(position), "childId")
        if (child, selection.activity) in seen:
            raise Refused(
                Code.INVALID, "Une même activité est demandée deux fois.", field=("selections", str(position))
            )
        seen.add((child, selection.activity))
        wishes.append(_wish(child, selection, first_day, position))
    return Order(Window(first_day, last_day), tuple(wishes), household_id)


def _wish(child: UUID, selection: SelectionInput, first_day: date, position: int) -> Wish:
    path = ("selections", str(position))
    if len(selection.rhythms) > MOST_RHYTHMS:
        raise Refused(Code.INVALID, f"Au plus {MOST_RHYTHMS} rythmes par activité.", field=(*path, "rhythms"))
    like = parse_uuid(selection.like_child_id, "Child") if selection.like_child_id is not None else None
    if like is None and selection.like_child_id is not None:
        raise not_found("Enfant", *path, "likeChildId")
    return Wish(
        child,
        selection.activity,
        frozenset((tick.day, unit) for tick in selection.ticks for unit in tick.units),
        tuple(_rhythm(rhythm, first_day, (*path, "rhythms")) for rhythm in selection.rhythms),
        like,
        selection.like_month,
        selection.keep,
        plans.Skip[selection.skip.name],
    )


def _rhythm(given: RhythmInput, first_day: date, path: tuple[str, ...]) -> UnitRhythm:
    weekdays = frozenset(given.weekdays) or EVERY_DAY
    try:
        rhythm = Rhythm(given.starts_on or first_day, given.until, weekdays, given.one_week_in)
        return UnitRhythm(rhythm, tuple(given.units), given.preset)
    except RuleError as unclear:
        message = (
            "Ce rythme ne se lit pas : choisissez des prestations ou un raccourci, des jours de 1 (lundi) à 7, une "
            "semaine sur 1 à 4, et un dernier jour qui ne précède pas le premier."
        )
        raise Refused(Code.INVALID, message, field=path) from unclear
