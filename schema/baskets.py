"""The basket « panier »: a change of bookings that a household prepares, kept with its places until it is committed."""

from collections.abc import Awaitable, Callable
from datetime import date, datetime
from typing import TypeVar
from uuid import UUID

import strawberry

from plugins.rules.rhythms import UnitRhythm
from resolvers.agenda import baskets, bookings
from resolvers.agenda.baskets import BasketFile
from resolvers.agenda.plans import Wish
from resolvers.context import Context
from resolvers.errors import Refused
from resolvers.models import PlaceHold
from schema.bookings import BookingPlan, BookingReceipt, RefusedUnit, receipts_of
from schema.enums import CommitMode, Skip
from schema.errors import user_errors
from schema.payloads import Info, Payload
from schema.relay import global_id, parse_uuid, require_uuid
from schema.selections import SelectionInput, order_of

P = TypeVar("P", bound="BasketPayload")


@strawberry.type(description="The units wanted on one day.")
class DayTicks:
    """A day and its ticks, as in ``schema.selections.DayTicksInput``."""

    day: date = strawberry.field(description="The day.")
    units: list[str] = strawberry.field(description="The codes of the units wanted.")


@strawberry.type(description="Units that come back, as they were sent.")
class Rhythm:
    """See ``plugins.rules.rhythms.UnitRhythm``."""

    units: list[str] = strawberry.field(description="The codes of the units; empty for a preset.")
    preset: str | None = strawberry.field(description="The code of the preset.")
    weekdays: list[int] = strawberry.field(description="ISO weekdays, Monday is 1; empty for every day.")
    one_week_in: int = strawberry.field(description="1 for every week.")
    starts_on: date = strawberry.field(description="The first day.")
    until: date | None = strawberry.field(description="The last day; null for the end of the window.")
    sentence: str = strawberry.field(description="The same, in French.")

    @classmethod
    def of(cls, repeated: UnitRhythm) -> "Rhythm":
        """The rhythm as clients see it."""
        rhythm = repeated.rhythm
        return cls(
            units=list(repeated.units),
            preset=repeated.preset,
            weekdays=[] if rhythm.is_daily else sorted(rhythm.weekdays),
            one_week_in=rhythm.every,
            starts_on=rhythm.first,
            until=rhythm.last,
            sentence=rhythm.say(),
        )


@strawberry.type(description="What is wanted for a child in an activity, as it was sent.")
class Selection:
    """See ``resolvers.agenda.plans.Wish``."""

    child_id: strawberry.ID = strawberry.field(description="The child.")
    activity: str = strawberry.field(description="The activity's code.")
    ticks: list[DayTicks] = strawberry.field(description="The days wanted one by one, in order.")
    rhythms: list[Rhythm] = strawberry.field(description="The days that come back.")
    like_child_id: strawberry.ID | None = strawberry.field(description="The sibling that is copied.")
    like_month: date | None = strawberry.field(description="A day of the month that is copied.")
    keep: bool = strawberry.field(description="True when what is booked and not named stays.")
    skip: Skip = strawberry.field(description="Which days are left out instead of being refused.")

    @classmethod
    def of(cls, wish: Wish) -> "Selection":
        """The selection as clients see it."""
        days: dict[date, list[str]] = {}
        for day, unit in sorted(wish.ticks):
            days.setdefault(day, []).append(unit)
        return cls(
            child_id=global_id("Child", wish.child_id),
            activity=wish.activity,
            ticks=[DayTicks(day=day, units=units) for day, units in days.items()],
            rhythms=[Rhythm.of(rhythm) for rhythm in wish.rhythms],
            like_child_id=global_id("Child", wish.like) if wish.like else None,
            like_month=wish.month,
            keep=wish.keep,
            skip=Skip[wish.skip.name],
        )


@strawberry.type(description="A limited place that the basket holds for a child.")
class HeldPlace:
    """See ``resolvers.models.waiting.PlaceHold``."""

    child_id: strawberry.ID = strawberry.field(description="The child.")
    day: date = strawberry.field(description="The day.")
    pool: str = strawberry.field(description="The code of what places are counted on.")
    until: datetime = strawberry.field(description="Until when; then the place is anybody's, and the basket stays.")

    @classmethod
    def of(cls, row: PlaceHold) -> "HeldPlace":
        """The place as clients see it."""
        return cls(child_id=global_id("Child", row.child_id), day=row.day, pool=row.pool, until=row.until)


@strawberry.type(description="What a household prepares « panier »: nothing of it is booked before `basketCommit`.")
class Basket:
    """See ``resolvers.agenda.baskets.BasketFile``."""

    file: strawberry.Private[BasketFile]
    household_id: strawberry.ID = strawberry.field(description="The household.")
    version: int = strawberry.field(description="To send with what follows; 0 at first.")
    first_day: date | None = strawberry.field(description="The first day of the window; null when it is empty.")
    last_day: date | None = strawberry.field(description="The last day of the window; null when it is empty.")
    selections: list[Selection] = strawberry.field(description="What is wanted; empty when the basket is.")
    saved_at: datetime | None = strawberry.field(description="When it was last saved; null when it is empty.")
    kept_until: datetime | None = strawberry.field(description="Until when it is kept; null when it is empty.")
    held: list[HeldPlace] = strawberry.field(description="The places it holds, in the order of days.")

    @strawberry.field(description="What committing it now would do, and cost; null when it is empty.")
    async def plan(self, info: Info) -> BookingPlan | None:
        """Drawn now: a place that was held too long may be gone."""
        plan = await baskets.plan_of(info.context, self.file)
        return BookingPlan.of(info.context, plan) if plan else None

    @classmethod
    def of(cls, file: BasketFile) -> "Basket":
        """The basket as clients see it."""
        window = file.order.window if file.order else None
        return cls(
            file=file,
            household_id=global_id("Household", file.household.id),
            version=file.version,
            first_day=window.first if window else None,
            last_day=window.last if window else None,
            selections=[Selection.of(wish) for wish in file.order.wishes] if file.order else [],
            saved_at=file.saved_at,
            kept_until=file.until,
            held=[HeldPlace.of(row) for row in file.held],
        )


async def basket_of(ctx: Context, household_id: strawberry.ID) -> Basket | None:
    """The basket of one's own household; null for anybody else, and for who may not book."""
    key = parse_uuid(household_id, "Household")
    file = await baskets.basket_of(ctx, key) if key is not None else None
    return Basket.of(file) if file else None


@strawberry.input(description="Input of `basketSave`.")
class BasketSaveInput:
    """The wanted set of a window, as in `bookingsPreview`."""

    household_id: strawberry.ID = strawberry.field(description="The household.")
    version: int = strawberry.field(description="`Basket.version` as it was read; 0 at first.")
    first_day: date = strawberry.field(description="The first day of the window.")
    last_day: date = strawberry.field(description="The last day; at most 400 days later.")
    selections: list[SelectionInput] = strawberry.field(description="One entry per child and activity.")


@strawberry.input(description="Input of `basketEmpty`.")
class BasketEmptyInput:
    """The basket to give up."""

    household_id: strawberry.ID = strawberry.field(description="The household.")
    version: int = strawberry.field(description="`Basket.version` as it was read.")


@strawberry.input(description="Input of `basketCommit`.")
class BasketCommitInput:
    """The basket to make true."""

    household_id: strawberry.ID = strawberry.field(description="The household.")
    version: int = strawberry.field(description="`Basket.version` as it was read.")
    mode: CommitMode = strawberry.field(
        description="What to do when part of it cannot be done.", default=CommitMode.ATOMIC
    )
    idempotency_key: str | None = strawberry.field(
        description="The same key with the same input gets the same answer, once done.", default=None
    )


@strawberry.type(description="Answer of `basketSave` and `basketEmpty`.")
class BasketPayload(Payload):
    """The basket after a change, or as somebody else left it."""

    basket: Basket | None = strawberry.field(description="The basket; null when refused.", default=None)
    latest: Basket | None = strawberry.field(
        description="With `CONFLICT`: the basket as another device or parent saved it.", default=None
    )


@strawberry.type(description="Answer of `basketSave`.")
class BasketSavePayload(BasketPayload):
    """The basket is kept."""


@strawberry.type(description="Answer of `basketEmpty`.")
class BasketEmptyPayload(BasketPayload):
    """The basket is empty."""


@strawberry.type(description="Answer of `basketCommit`.")
class BasketCommitPayload(BasketPayload):
    """What was done."""

    receipt: BookingReceipt | None = strawberry.field(
        description="The proof; null when refused or when nothing had to change.", default=None
    )
    refused: list[RefusedUnit] = strawberry.field(
        description="What could not be done, in BEST_EFFORT mode; the basket then stays.", default_factory=list
    )
    skipped: list[RefusedUnit] = strawberry.field(
        description="What rhythms and copies left out, and why.", default_factory=list
    )


async def _told(payload: Callable[..., P], done: Awaitable[P]) -> P:
    """Await a change of a basket; a conflict comes with the basket as it is now."""
    try:
        return await done
    except Refused as refusal:
        latest = refusal.facts.get("latest")
        if not isinstance(latest, BasketFile):
            raise
        return payload(user_errors=user_errors(refusal), latest=Basket.of(latest))


def _household(id: strawberry.ID) -> UUID:
    return require_uuid(id, "Household", what="Foyer", field="householdId")


async def save(ctx: Context, input: BasketSaveInput) -> BasketSavePayload:
    """Keep a basket."""

    async def saved() -> BasketSavePayload:
        order = order_of(input.first_day, input.last_day, input.selections)
        file = await baskets.save(ctx, _household(input.household_id), order, input.version)
        return BasketSavePayload(basket=Basket.of(file))

    return await _told(BasketSavePayload, saved())


async def empty(ctx: Context, input: BasketEmptyInput) -> BasketEmptyPayload:
    """Give a basket up."""

    async def emptied() -> BasketEmptyPayload:
        file = await baskets.empty(ctx, _household(input.household_id), input.version)
        return BasketEmptyPayload(basket=Basket.of(file))

    return await _told(BasketEmptyPayload, emptied())


async def commit(ctx: Context, input: BasketCommitInput) -> BasketCommitPayload:
    """Make a basket true."""

    async def committed() -> BasketCommitPayload:
        mode = bookings.CommitMode[input.mode.name]
        household = _household(input.household_id)
        done, file = await baskets.commit(ctx, household, input.version, mode, input.idempotency_key)
        receipts = await receipts_of(ctx, [done.receipt_id]) if done.receipt_id else []
        return BasketCommitPayload(
            basket=Basket.of(file),
            receipt=receipts[0] if receipts else None,
            refused=[RefusedUnit.of(unit) for unit in done.refused],
            skipped=[RefusedUnit.of(unit) for unit in done.skipped],
        )

    return await _told(BasketCommitPayload, committed())
