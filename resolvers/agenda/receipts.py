"""The proof of what was booked and cancelled: receipts, and the log of a household."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from tortoise.expressions import Q

from resolvers.context import Context
from resolvers.models import BookingChange, BookingReceipt


def reference_of(key: UUID) -> str:
    """A short reference that people can quote, for what has no number."""
    return key.hex[-10:].upper()


@dataclass(frozen=True, slots=True)
class Receipt:
    """The proof of one commit: what changed, when, by which rule. ``reference`` is the number of its request."""

    id: UUID
    household_id: UUID
    reference: str
    at: datetime
    cents: int
    changes: tuple[BookingChange, ...]


async def receipts(_ctx: Context, ids: Sequence[UUID]) -> list[Receipt]:
    """Receipts the viewer may see, in the order asked; the others are left out."""
    rows = {row.id: row for row in await BookingReceipt.filter(id__in=list(ids))}
    log = await BookingChange.filter(batch__in=list(rows)).order_by("day", "child_id", "unit")
    return [
        Receipt(
            row.id,
            row.household_id,
            row.summary.get("request") or reference_of(row.id),
            row.at,
            row.summary["cents"],
            tuple(line for line in log if line.batch == row.id),
        )
        for id_ in ids
        if (row := rows.get(id_)) is not None
    ]


async def changes_page(
    household_id: UUID, child_id: UUID | None, after: tuple[datetime, date, UUID] | None, limit: int
) -> tuple[list[BookingChange], int]:
    """A page of what a household (that the viewer may see) booked and cancelled, newest first, and how much in all.

    The days of one request are in their own order.
    """
    rows = BookingChange.filter(household_id=household_id)
    rows = rows if child_id is None else rows.filter(child_id=child_id)
    total = await rows.count()
    if after is not None:
        at, day, key = after
        rows = rows.filter(Q(at__lt=at) | Q(at=at, day__gt=day) | Q(at=at, day=day, id__gt=key))
    return await rows.order_by("-at", "day", "id").limit(limit), total
