"""Custody of a child that several households share, as each of them sees it."""

from collections.abc import Sequence
from datetime import date, datetime
from uuid import UUID

import strawberry

from plugins.rules.custody import CustodyPattern as PatternRule
from plugins.rules.custody import Share
from plugins.rules.errors import RuleError
from resolvers.context import Context
from resolvers.errors import Code, Refused, not_found
from resolvers.families import custody
from schema.cost import LIST_SIZE
from schema.enums import CustodyPattern
from schema.payloads import Payload
from schema.relay import global_id, parse_uuid, require_uuid


@strawberry.type(description="When a child is with one household; a family sees its own calendar only.")
class CustodyShare:
    """See ``plugins.rules.custody.Share``."""

    household_id: strawberry.ID = strawberry.field(description="The household that books and pays those days.")
    pattern: CustodyPattern = strawberry.field(description="How the days are told.")
    first_day: date = strawberry.field(description="The first day of the calendar.")
    last_day: date | None = strawberry.field(description="The last one; null until another calendar.")
    anchor: date | None = strawberry.field(description="A day of a week of this household, for alternate weeks.")
    weekdays: list[int] = strawberry.field(description="ISO weekdays, Monday is 1; empty for alternate weeks.")
    sentence: str = strawberry.field(description="The same, in French.")


async def custody_of(_ctx: Context, child_ids: Sequence[UUID]) -> list[list[CustodyShare]]:
    """The calendars of each child that the viewer may see."""
    found = await custody.custodies_of(child_ids)
    return [
        [
            _shown(household, share)
            for (household, each), shares in found.shares.items()
            if each == child
            for share in shares
        ]
        for child in child_ids
    ]


def _shown(household_id: UUID, share: Share) -> CustodyShare:
    return CustodyShare(
        household_id=global_id("Household", household_id),
        pattern=CustodyPattern[share.pattern.name],
        first_day=share.first_day,
        last_day=share.last_day,
        anchor=share.anchor,
        weekdays=sorted(share.weekdays),
        sentence=custody.say_share(share),
    )


@strawberry.input(description="When a child is with one household: alternate weeks with an anchor, or weekdays.")
class CustodyShareInput:
    """The calendar of one household."""

    household_id: strawberry.ID = strawberry.field(description="A household of the child.")
    anchor: date | None = strawberry.field(
        description="A day of a week of this household, one week in two; null for weekdays.", default=None
    )
    weekdays: list[int] = strawberry.field(
        description="ISO weekdays, Monday is 1; empty for alternate weeks.", default_factory=list
    )


@strawberry.input(description="Input of `custodyRecord`: what stood before ends the day before.")
class CustodyRecordInput:
    """The calendars of all the households of a child."""

    child_id: strawberry.ID = strawberry.field(description="The child.")
    first_day: date = strawberry.field(description="From which day.")
    shares: list[CustodyShareInput] = strawberry.field(description="One for each household of the child.")


@strawberry.type(description="What a household booked on a day that a new calendar gives to another one.")
class BookingElsewhere:
    """See ``resolvers.families.custody.record_custody``."""

    household_id: strawberry.ID = strawberry.field(description="The household that booked it, and pays it.")
    day: date = strawberry.field(description="The day.")
    activity: str = strawberry.field(description="The activity's code.")
    unit: str = strawberry.field(description="The unit's code.")


@strawberry.type(description="Answer of `custodyRecord`.")
class CustodyRecordPayload(Payload):
    """The calendars are recorded."""

    recorded_at: datetime | None = strawberry.field(description="When; null when refused.", default=None)
    bookings_elsewhere: list[BookingElsewhere] = strawberry.field(
        description="What is booked already, from today on, by a household that no longer has the child that day. It "
        "stands until it is cancelled: tell both households.",
        default_factory=list,
        metadata={LIST_SIZE: 50},
    )


async def record(ctx: Context, input: CustodyRecordInput) -> CustodyRecordPayload:
    """Record who has a child when."""
    child = require_uuid(input.child_id, "Child", what="Enfant", field="childId")
    shares: dict[UUID, Share] = {}
    for given in input.shares:
        household = parse_uuid(given.household_id, "Household")
        if household is None or household in shares:
            raise not_found("Foyer", "shares")
        shares[household] = _share(given, input.first_day)
    booked = await custody.record_custody(ctx, child, shares)
    elsewhere = [
        BookingElsewhere(
            household_id=global_id("Household", row.household_id), day=row.day, activity=row.activity, unit=row.unit
        )
        for row in booked
    ]
    return CustodyRecordPayload(recorded_at=ctx.now, bookings_elsewhere=elsewhere)


def _share(given: CustodyShareInput, first_day: date) -> Share:
    pattern = PatternRule.WEEKDAYS if given.anchor is None else PatternRule.ALTERNATE_WEEKS
    try:
        return Share(pattern, first_day, anchor=given.anchor, weekdays=frozenset(given.weekdays))
    except RuleError as unclear:
        message = "Donnez un jour d'une semaine du foyer (une semaine sur deux), ou des jours de la semaine de 1 à 7."
        raise Refused(Code.INVALID, message, field=("shares",)) from unclear
