"""Waiting for a place: the lists, one's turn, and the offers that families answer."""

from collections.abc import Sequence
from datetime import date, datetime
from uuid import UUID

import strawberry

from resolvers.agenda import waiting_lists
from resolvers.agenda.offers import slot_of, unit_of
from resolvers.context import Context
from resolvers.models import WaitingEntry as WaitingEntryRow
from schema.bookings import BookingReceipt, receipts_of
from schema.enums import WaitingState
from schema.payloads import Payload
from schema.relay import Connection, Node, Page, connect, decode_cursor, encode_cursor, global_id, require_uuid

KEY = "The same key with the same input gets the same answer, once done."


@strawberry.type(description="A child that waits, or waited, for a place in a unit on a full day.")
class WaitingEntry(Node):
    """See ``resolvers.models.waiting.WaitingEntry``."""

    child_id: strawberry.ID = strawberry.field(description="The child.")
    child: str = strawberry.field(description="The child's name.")
    activity: str = strawberry.field(description="The activity's code.")
    activity_label: str = strawberry.field(description="The activity's name, in French.")
    unit: str = strawberry.field(description="The unit's code.")
    unit_label: str = strawberry.field(description="The unit's name, in French.")
    day: date = strawberry.field(description="The day.")
    state: WaitingState = strawberry.field(description="Where it stands.")
    position: int | None = strawberry.field(
        description="Its turn among the children that wait for the same places, 1 for the next; null unless it waits."
    )
    priority: int = strawberry.field(description="Its points; the most comes first, then who asked first.")
    priority_reason: str | None = strawberry.field(description="What gave it points, in French; null when nothing did.")
    asked_at: datetime = strawberry.field(description="When the family asked.")
    offered_until: datetime | None = strawberry.field(description="Until when a place is, or was, kept for it.")


async def entries_shown(ctx: Context, rows: Sequence[WaitingEntryRow]) -> list[WaitingEntry]:
    """Entries as clients see them, in the order given: two statements."""
    turns = await waiting_lists.positions(ctx, rows)
    names = await waiting_lists.names(rows)
    return [_shown(ctx, row, names.get(row.child_id, ""), turns.get(row.id)) for row in rows]


def _shown(ctx: Context, row: WaitingEntryRow, child: str, position: int | None) -> WaitingEntry:
    found = unit_of(ctx, slot_of(row))
    activity, unit = found if found else (None, None)
    return WaitingEntry(
        id=global_id("WaitingEntry", row.id),
        child_id=global_id("Child", row.child_id),
        child=child,
        activity=row.activity,
        activity_label=activity.label if activity else row.activity,
        unit=row.unit,
        unit_label=unit.label if unit else row.unit,
        day=row.day,
        state=WaitingState[row.state.name],
        position=position,
        priority=row.priority,
        priority_reason=row.priority_reason or None,
        asked_at=row.asked_at,
        offered_until=row.offered_until,
    )


async def entries_of(ctx: Context, ids: Sequence[UUID]) -> list[WaitingEntry]:
    """The entries the viewer may see."""
    return await entries_shown(ctx, await WaitingEntryRow.filter(id__in=list(ids)))


async def entries_page(ctx: Context, household_id: UUID, page: Page) -> Connection[WaitingEntry]:
    """A page of what a household waits or waited for, the latest asked first."""
    after = None if page.after is None else decode_cursor(page.after, datetime, UUID)
    rows, total = await waiting_lists.entries_page(household_id, after, page.size + 1)
    cursors = [encode_cursor(row.asked_at, row.id) for row in rows]
    return connect(page, await entries_shown(ctx, rows), cursors, total)


async def waiting_page(
    ctx: Context, day: date, activity: str | None, unit: str | None, page: Page
) -> Connection[WaitingEntry]:
    """A page of who waits for a day, in their turn."""
    rows = await waiting_lists.queue(day, activity, unit)
    total = len(rows)
    if page.after is not None:
        key = decode_cursor(page.after, int, datetime, UUID)
        rows = [row for row in rows if _turn(row) > key]
    shown = rows[: page.size + 1]
    return connect(page, await entries_shown(ctx, shown), [encode_cursor(*_turn(row)) for row in shown], total)


def _turn(row: WaitingEntryRow) -> tuple[int, datetime, UUID]:
    return (-row.priority, row.asked_at, row.id)


@strawberry.input(description="Input of `waitingListJoin`.")
class WaitingListJoinInput:
    """A child, and a unit of a day that is full."""

    child_id: strawberry.ID = strawberry.field(description="The child.")
    activity: str = strawberry.field(description="The activity's code.")
    unit: str = strawberry.field(description="The unit's code.")
    day: date = strawberry.field(description="The day, whose verdict is FULL.")
    idempotency_key: str | None = strawberry.field(description=KEY, default=None)


@strawberry.type(description="Answer of `waitingListJoin`.")
class WaitingListJoinPayload(Payload):
    """The child waits."""

    entry: WaitingEntry | None = strawberry.field(description="The entry; null when refused.", default=None)


@strawberry.input(description="Input of `waitingListLeave`.")
class WaitingListLeaveInput:
    """A wait that is given up."""

    id: strawberry.ID = strawberry.field(description="The entry.")


@strawberry.type(description="Answer of `waitingListLeave`.")
class WaitingListLeavePayload(Payload):
    """The child waits no more."""

    entry: WaitingEntry | None = strawberry.field(description="The entry; null when refused.", default=None)


@strawberry.input(description="Input of `offerAccept`.")
class OfferAcceptInput:
    """A place that is offered."""

    id: strawberry.ID = strawberry.field(description="The entry, whose state is OFFERED.")
    idempotency_key: str | None = strawberry.field(description=KEY, default=None)


@strawberry.type(description="Answer of `offerAccept`.")
class OfferAcceptPayload(Payload):
    """The place is booked."""

    entry: WaitingEntry | None = strawberry.field(description="The entry; null when refused.", default=None)
    receipt: BookingReceipt | None = strawberry.field(
        description="The proof of the booking; null when refused, or when it was booked already.", default=None
    )


@strawberry.input(description="Input of `offerDecline`.")
class OfferDeclineInput:
    """A place that is offered and refused."""

    id: strawberry.ID = strawberry.field(description="The entry, whose state is OFFERED.")


@strawberry.type(description="Answer of `offerDecline`.")
class OfferDeclinePayload(Payload):
    """The place goes to the next."""

    entry: WaitingEntry | None = strawberry.field(description="The entry; null when refused.", default=None)


def _key(id: strawberry.ID) -> UUID:
    return require_uuid(id, "WaitingEntry", what="Demande de place", field="id")


async def join(ctx: Context, input: WaitingListJoinInput) -> WaitingListJoinPayload:
    """Wait for a place."""
    child = require_uuid(input.child_id, "Child", what="Enfant", field="childId")
    row = await waiting_lists.join(ctx, (child, input.day, input.activity, input.unit), input.idempotency_key)
    (entry,) = await entries_shown(ctx, [row])
    return WaitingListJoinPayload(entry=entry)


async def leave(ctx: Context, input: WaitingListLeaveInput) -> WaitingListLeavePayload:
    """Wait no more."""
    (entry,) = await entries_shown(ctx, [await waiting_lists.leave(ctx, _key(input.id))])
    return WaitingListLeavePayload(entry=entry)


async def accept(ctx: Context, input: OfferAcceptInput) -> OfferAcceptPayload:
    """Book the place that is offered."""
    row, done = await waiting_lists.accept(ctx, _key(input.id), input.idempotency_key)
    (entry,) = await entries_shown(ctx, [row])
    receipts = await receipts_of(ctx, [done.receipt_id]) if done.receipt_id else []
    return OfferAcceptPayload(entry=entry, receipt=receipts[0] if receipts else None)


async def decline(ctx: Context, input: OfferDeclineInput) -> OfferDeclinePayload:
    """Leave the place that is offered to the next."""
    (entry,) = await entries_shown(ctx, [await waiting_lists.decline(ctx, _key(input.id))])
    return OfferDeclinePayload(entry=entry)
