"""Who pays a child's bill when several households share it, recorded by agents."""

from datetime import date, datetime
from uuid import UUID

import strawberry

from resolvers.billing import bill_shares
from resolvers.context import Context
from resolvers.errors import not_found
from schema.payloads import Payload
from schema.relay import parse_uuid, require_uuid


@strawberry.input(description="What one household pays.")
class BillShareInput:
    """See ``plugins.rules.billing_shares.BillShare``."""

    household_id: strawberry.ID = strawberry.field(description="A household of the child.")
    percent: int = strawberry.field(description="What it pays of every line, from 1 to 100 per cent.")


@strawberry.input(description="Input of `billSharesRecord`: what stood before ends the day before.")
class BillSharesRecordInput:
    """The shares of a child's bill."""

    child_id: strawberry.ID = strawberry.field(description="The child.")
    first_day: date = strawberry.field(description="From which day; what is on an invoice stays as it is.")
    shares: list[BillShareInput] = strawberry.field(
        description="They add up to 100; cents that cannot be divided go to the largest. None: who books pays."
    )


@strawberry.type(description="Answer of `billSharesRecord`.")
class BillSharesRecordPayload(Payload):
    """The shares are recorded."""

    recorded_at: datetime | None = strawberry.field(description="When; null when refused.", default=None)


async def record(ctx: Context, input: BillSharesRecordInput) -> BillSharesRecordPayload:
    """Record who pays a child's bill."""
    child = require_uuid(input.child_id, "Child", what="Enfant", field="childId")
    percents: dict[UUID, int] = {}
    for given in input.shares:
        household = parse_uuid(given.household_id, "Household")
        if household is None or household in percents:
            raise not_found("Foyer", "shares")
        percents[household] = given.percent
    await bill_shares.record_shares(ctx, child, percents, input.first_day)
    return BillSharesRecordPayload(recorded_at=ctx.now)
