"""What a family wants of a window of days, as a client writes it."""

from collections.abc import Sequence
from datetime import date
from uuid import UUID

import strawberry

from resolvers.bookings import Order
from resolvers.errors import Code, Refused, not_found
from resolvers.plans import Window, Wish
from schema.relay import parse_uuid

MOST_TICKS = 5000


@strawberry.input(description="The units wanted on one day.")
class DayTicksInput:
    """A day and its ticks."""

    day: date = strawberry.field(description="The day.")
    units: list[str] = strawberry.field(description="The codes of the units wanted.")


@strawberry.input(description="The whole set wanted for a child in an activity; what is left out is not wanted.")
class SelectionInput:
    """See ``resolvers.plans.Wish``."""

    child_id: strawberry.ID = strawberry.field(description="The child.")
    activity: str = strawberry.field(description="The activity's code.")
    ticks: list[DayTicksInput] = strawberry.field(description="The days wanted.")


def order_of(first_day: date, last_day: date, selections: Sequence[SelectionInput]) -> Order:
    """The wanted set of a window.

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
        ticks = frozenset((tick.day, unit) for tick in selection.ticks for unit in tick.units)
        wishes.append(Wish(child, selection.activity, ticks))
    return Order(Window(first_day, last_day), tuple(wishes))
