"""Bookings that an agent makes for a family that asks at the counter or by telephone."""

from datetime import date

import strawberry

from resolvers.agenda import bookings
from resolvers.agenda.bookings import Order
from resolvers.context import Context
from schema.bookings import BookingPlan, BookingReceipt, RefusedUnit, receipts_of
from schema.enums import CommitMode
from schema.payloads import Payload
from schema.relay import require_uuid
from schema.selections import SelectionInput, order_of


@strawberry.input(description="Input of `bookingsRecordPreview`.")
class BookingsRecordPreviewInput:
    """The wanted set of a window, for a household."""

    household_id: strawberry.ID = strawberry.field(description="The household.")
    first_day: date = strawberry.field(description="The first day of the window.")
    last_day: date = strawberry.field(description="The last day; at most 400 days later.")
    selections: list[SelectionInput] = strawberry.field(description="One entry per child and activity.")


@strawberry.input(description="Input of `bookingsRecord`.")
class BookingsRecordInput(BookingsRecordPreviewInput):
    """The same, to be made true."""

    reason: str = strawberry.field(
        description="Why the service does it, in French: « téléphone », « guichet ». The family reads it."
    )
    mode: CommitMode = strawberry.field(
        description="What to do when part of it cannot be done.", default=CommitMode.ATOMIC
    )
    idempotency_key: str | None = strawberry.field(
        description="The same key with the same input gets the same answer, once done.", default=None
    )


@strawberry.type(description="Answer of `bookingsRecordPreview`.")
class BookingsRecordPreviewPayload(Payload):
    """What recording it would do now."""

    plan: BookingPlan | None = strawberry.field(description="The plan; null when refused.", default=None)


@strawberry.type(description="Answer of `bookingsRecord`.")
class BookingsRecordPayload(Payload):
    """What was done."""

    receipt: BookingReceipt | None = strawberry.field(
        description="The proof; null when refused or when nothing had to change.", default=None
    )
    refused: list[RefusedUnit] = strawberry.field(
        description="What could not be done, in BEST_EFFORT mode.", default_factory=list
    )
    skipped: list[RefusedUnit] = strawberry.field(
        description="What rhythms and copies left out, and why.", default_factory=list
    )


def _order(input: BookingsRecordPreviewInput) -> Order:
    household = require_uuid(input.household_id, "Household", what="Foyer", field="householdId")
    return order_of(input.first_day, input.last_day, input.selections, household)


async def preview(ctx: Context, input: BookingsRecordPreviewInput) -> BookingsRecordPreviewPayload:
    """Tell what recording it would do."""
    return BookingsRecordPreviewPayload(plan=BookingPlan.of(ctx, await bookings.preview(ctx, _order(input))))


async def record(ctx: Context, input: BookingsRecordInput) -> BookingsRecordPayload:
    """Make the wanted set true for the family."""
    mode = bookings.CommitMode[input.mode.name]
    done = await bookings.record(ctx, _order(input), mode, input.idempotency_key, input.reason)
    proof = await receipts_of(ctx, [done.receipt_id]) if done.receipt_id else []
    return BookingsRecordPayload(
        receipt=proof[0] if proof else None,
        refused=[RefusedUnit.of(unit) for unit in done.refused],
        skipped=[RefusedUnit.of(unit) for unit in done.skipped],
    )
