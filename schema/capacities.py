"""Places per pool and day, for agents: how they stand, what changing their number would do, changing it."""

from datetime import date, datetime
from uuid import UUID

import strawberry

from resolvers.agenda import capacities
from resolvers.agenda.capacities import Consequence, Decided, WantedCapacity
from resolvers.agenda.plans import Window
from resolvers.context import Context
from schema.cost import LIST_SIZE
from schema.payloads import Payload
from schema.relay import Connection, Page, connect, decode_cursor, encode_cursor

MONTH_OF_DAYS = {LIST_SIZE: 31}


@strawberry.type(description="A pool of places on a day.")
class PlaceDay:
    """See ``resolvers.agenda.capacities.PlaceDay``."""

    day: date = strawberry.field(description="The day.")
    pool: str = strawberry.field(description="The pool's code.")
    label: str = strawberry.field(description="The pool's name, in French.")
    capacity: int = strawberry.field(description="How many places there are.")
    taken: int = strawberry.field(description="How many are booked or held.")
    held: int = strawberry.field(description="How many of them are held for a basket or an offer, not booked yet.")
    waiting: int = strawberry.field(description="How many children wait for one, without an offer.")

    @classmethod
    def of(cls, found: capacities.PlaceDay) -> "PlaceDay":
        """The day as clients see it."""
        return cls(
            day=found.day,
            pool=found.pool,
            label=found.label,
            capacity=found.capacity,
            taken=found.taken,
            held=found.held,
            waiting=found.waiting,
        )


@strawberry.type(description="What a change of places does to a day.")
class CapacityConsequence:
    """See ``resolvers.agenda.capacities.Consequence``."""

    before: PlaceDay = strawberry.field(description="The day as it stands before the change.")
    capacity: int = strawberry.field(description="How many places it then has: never fewer than are taken.")
    offered: int = strawberry.field(description="How many places are then offered to children that wait.")
    last_comers: list[str] = strawberry.field(
        description="Who came last, with the instant, among those that would be too many; empty when none is."
    )

    @classmethod
    def of(cls, found: Consequence) -> "CapacityConsequence":
        """The consequence as clients see it."""
        return cls(
            before=PlaceDay.of(found.before),
            capacity=found.capacity,
            offered=found.offered,
            last_comers=list(found.last_comers),
        )


@strawberry.type(description="What an agent decided of the places of a pool: kept for ever, never changed.")
class CapacityChange:
    """See ``resolvers.agenda.capacities.Decided``."""

    pool: str = strawberry.field(description="The pool's code.")
    label: str = strawberry.field(description="The pool's name, in French.")
    first_day: date = strawberry.field(description="The first day.")
    last_day: date = strawberry.field(description="The last day.")
    capacity: int = strawberry.field(description="How many places were wanted on each open day.")
    reason: str = strawberry.field(description="Why, for colleagues; empty when nobody said.")
    decided_by: str = strawberry.field(description="The agent's name.")
    decided_at: datetime = strawberry.field(description="When.")

    @classmethod
    def of(cls, found: Decided) -> "CapacityChange":
        """The decision as clients see it."""
        row = found.row
        return cls(
            pool=row.pool,
            label=found.label,
            first_day=row.first_day,
            last_day=row.last_day,
            capacity=row.capacity,
            reason=row.reason,
            decided_by=found.by,
            decided_at=row.decided_at,
        )


async def changes_page(ctx: Context, page: Page) -> Connection[CapacityChange]:
    """A page of what was decided of the places, the last first."""
    before = None if page.after is None else decode_cursor(page.after, datetime, UUID)
    found, total = await capacities.changes_page(ctx, before, page.size + 1)
    cursors = [encode_cursor(each.row.decided_at, each.row.id) for each in found]
    return connect(page, [CapacityChange.of(each) for each in found], cursors, total)


async def places_page(ctx: Context, first_day: date, last_day: date, page: Page) -> Connection[PlaceDay]:
    """A page of the limited pools, day after day."""
    found = sorted(await capacities.places(ctx, Window(first_day, last_day)), key=_key)
    total = len(found)
    if page.after is not None:
        after = decode_cursor(page.after, date, str)
        found = [each for each in found if _key(each) > after]
    shown = found[: page.size + 1]
    return connect(page, [PlaceDay.of(each) for each in shown], [encode_cursor(*_key(each)) for each in shown], total)


def _key(found: capacities.PlaceDay) -> tuple[date, str]:
    return (found.day, found.pool)


@strawberry.input(description="Input of `capacityPreview`.")
class CapacityPreviewInput:
    """How many places a pool should have."""

    pool: str = strawberry.field(description="The pool's code, as `places` gives it.")
    first_day: date = strawberry.field(description="The first day; days that are past stay as they are.")
    last_day: date = strawberry.field(description="The last day; at most 400 days later.")
    capacity: int = strawberry.field(description="How many places on each day, 0 to 10,000.")


@strawberry.input(description="Input of `capacityChange`.")
class CapacityChangeInput(CapacityPreviewInput):
    """How many places a pool has from now on."""

    keep_taken: bool = strawberry.field(
        description="True: a day where more is taken gets as many places as are taken. False: it is refused.",
        default=False,
    )
    reason: str = strawberry.field(description="Why, for colleagues, at most 200 characters.", default="")
    idempotency_key: str | None = strawberry.field(
        description="The same key with the same input gets the same answer, once done.", default=None
    )


@strawberry.type(description="Answer of `capacityPreview`.")
class CapacityPreviewPayload(Payload):
    """What the change would do."""

    days: list[CapacityConsequence] = strawberry.field(
        description="Each open day to come; empty when refused.", default_factory=list, metadata=MONTH_OF_DAYS
    )


@strawberry.type(description="Answer of `capacityChange`.")
class CapacityChangePayload(Payload):
    """What the change did."""

    days: list[CapacityConsequence] = strawberry.field(
        description="Each open day to come; empty when refused.", default_factory=list, metadata=MONTH_OF_DAYS
    )


def _wanted(input: CapacityPreviewInput, *, reason: str = "", keep_taken: bool = False) -> WantedCapacity:
    return WantedCapacity(input.pool, Window(input.first_day, input.last_day), input.capacity, reason, keep_taken)


async def preview(ctx: Context, input: CapacityPreviewInput) -> CapacityPreviewPayload:
    """Tell what a change would do."""
    found = await capacities.preview(ctx, _wanted(input))
    return CapacityPreviewPayload(days=[CapacityConsequence.of(each) for each in found])


async def change(ctx: Context, input: CapacityChangeInput) -> CapacityChangePayload:
    """Change the places of a pool."""
    wanted = _wanted(input, reason=input.reason, keep_taken=input.keep_taken)
    found = await capacities.change(ctx, wanted, input.idempotency_key)
    return CapacityChangePayload(days=[CapacityConsequence.of(each) for each in found])
