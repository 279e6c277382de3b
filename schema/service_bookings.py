"""Bookings that an agent makes for a family that asks at the counter or by telephone: those of the family, and why."""

import strawberry

from resolvers.agenda import bookings
from resolvers.agenda.bookings import Order
from resolvers.context import Context
from schema.bookings import (
    BookingPlan,
    BookingsCommitInput,
    BookingsCommitPayload,
    BookingsPreviewInput,
    BookingsPreviewPayload,
)
from schema.relay import require_uuid
from schema.selections import order_of


@strawberry.input(description="Input of `bookingsRecordPreview`.")
class BookingsRecordPreviewInput(BookingsPreviewInput):
    """The wanted set of a window, for a household."""

    household_id: strawberry.ID = strawberry.field(description="The household.")


@strawberry.input(description="Input of `bookingsRecord`.")
class BookingsRecordInput(BookingsCommitInput):
    """The same, to be made true."""

    household_id: strawberry.ID = strawberry.field(description="The household.")
    reason: str = strawberry.field(
        description="Why the service does it, in French: « téléphone », « guichet ». The family reads it."
    )


@strawberry.type(description="Answer of `bookingsRecordPreview`.")
class BookingsRecordPreviewPayload(BookingsPreviewPayload):
    """What recording it would do now."""


@strawberry.type(description="Answer of `bookingsRecord`.")
class BookingsRecordPayload(BookingsCommitPayload):
    """What was done."""


def _order(input: BookingsRecordPreviewInput | BookingsRecordInput) -> Order:
    household = require_uuid(input.household_id, "Household", what="Foyer", field="householdId")
    return order_of(input.first_day, input.last_day, input.selections, household)


async def preview(ctx: Context, input: BookingsRecordPreviewInput) -> BookingsRecordPreviewPayload:
    """Tell what recording it would do."""
    return BookingsRecordPreviewPayload(plan=BookingPlan.of(ctx, await bookings.preview(ctx, _order(input))))


async def record(ctx: Context, input: BookingsRecordInput) -> BookingsRecordPayload:
    """Make the wanted set true for the family."""
    mode = bookings.CommitMode[input.mode.name]
    done = await bookings.record(ctx, _order(input), mode, input.idempotency_key, input.reason)
    return await BookingsRecordPayload.of(ctx, done)
