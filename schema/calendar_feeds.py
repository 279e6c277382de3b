"""Calendar feeds: secret addresses where an agenda reads a household's bookings."""

from datetime import datetime

import strawberry

from resolvers.agenda import calendar_feeds
from resolvers.context import Context
from resolvers.models import CalendarFeed as CalendarFeedRow
from schema.payloads import Payload
from schema.relay import Node, global_id, require_uuid


@strawberry.type(description="A secret address of one's own, where an agenda reads the bookings of a household.")
class CalendarFeed(Node):
    """See ``resolvers.models.reminders.CalendarFeed``."""

    household_id: strawberry.ID = strawberry.field(description="The household whose bookings are read.")
    created_at: datetime = strawberry.field(description="When it was made.")
    read_at: datetime | None = strawberry.field(description="When it was last read, to the hour; null when never.")

    @classmethod
    def of(cls, row: CalendarFeedRow) -> "CalendarFeed":
        """The feed as its owner sees it: its secret is kept nowhere."""
        return cls(
            id=global_id("CalendarFeed", row.id),
            household_id=global_id("Household", row.household_id),
            created_at=row.created_at,
            read_at=row.read_at,
        )


async def feeds_of(ctx: Context) -> list[CalendarFeed]:
    """The viewer's live feeds, newest first."""
    return [CalendarFeed.of(row) for row in await calendar_feeds.feeds_of(ctx)]


@strawberry.input(description="Input of `calendarFeedCreate`.")
class CalendarFeedCreateInput:
    """What to read."""

    household_id: strawberry.ID = strawberry.field(description="The household whose bookings are read.")
    idempotency_key: str | None = strawberry.field(
        description="The same key with the same input gets the same answer, once done.", default=None
    )


@strawberry.type(description="Answer of `calendarFeedCreate`.")
class CalendarFeedCreatePayload(Payload):
    """The address, shown once."""

    feed: CalendarFeed | None = strawberry.field(description="The feed; null when refused.", default=None)
    url: str | None = strawberry.field(
        description="The secret address to give to an agenda, which shows first names and what is booked; shown once.",
        default=None,
    )


async def create(ctx: Context, input: CalendarFeedCreateInput) -> CalendarFeedCreatePayload:
    """Make a secret address."""
    household = require_uuid(input.household_id, "Household", what="Foyer", field="householdId")
    created = await calendar_feeds.create_feed(ctx, household, input.idempotency_key)
    return CalendarFeedCreatePayload(feed=CalendarFeed.of(created.feed), url=ctx.link(f"calendar/{created.secret}.ics"))


@strawberry.input(description="Input of `calendarFeedRevoke`.")
class CalendarFeedRevokeInput:
    """A feed."""

    id: strawberry.ID = strawberry.field(description="The feed whose address must open nothing any more.")


@strawberry.type(description="Answer of `calendarFeedRevoke`.")
class CalendarFeedRevokePayload(Payload):
    """The address opens nothing any more."""

    id: strawberry.ID | None = strawberry.field(description="The feed that was revoked.", default=None)


async def revoke(ctx: Context, input: CalendarFeedRevokeInput) -> CalendarFeedRevokePayload:
    """Make an address open nothing any more."""
    await calendar_feeds.revoke_feed(ctx, require_uuid(input.id, "CalendarFeed", what="Calendrier", field="id"))
    return CalendarFeedRevokePayload(id=input.id)
