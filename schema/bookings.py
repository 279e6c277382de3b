"""The calendar of bookings, its preview and its commit."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Self
from uuid import UUID

import strawberry

from plugins import hookspecs
from plugins.rules.calendar import SchoolYear
from plugins.rules.deadlines import LastInstant as LastInstantRule
from plugins.rules.tariffs import Price as PriceRule
from resolvers.agenda import bookings, receipts
from resolvers.agenda.plans import Plan
from resolvers.agenda.plans import PlannedUnit as PlannedUnitValue
from resolvers.context import Context
from resolvers.families.correspondents import authors_of
from resolvers.models import BookingChange as BookingChangeRow
from schema.cost import LIST_SIZE
from schema.enums import ChangeKind, CommitMode, DayKind, Verdict
from schema.payloads import Payload
from schema.relay import Connection, Node, Page, connect, decode_cursor, encode_cursor, global_id, require_uuid
from schema.scalars import Money
from schema.selections import SelectionInput, order_of

MONTH_OF_UNITS = {LIST_SIZE: 150}


@strawberry.type(description="One term of a price.")
class PriceLine:
    """See ``plugins.rules.tariffs.PriceLine``."""

    label: str = strawberry.field(description="What it is, in French.")
    amount: Money = strawberry.field(description="Its amount; negative for a discount.")


@strawberry.type(description="A price and the lines that add up to it.")
class Price:
    """See ``plugins.rules.tariffs.Price``."""

    total: Money = strawberry.field(description="The price.")
    lines: list[PriceLine] = strawberry.field(description="Its explanation.", metadata={LIST_SIZE: 2})

    @classmethod
    def of(cls, price: PriceRule) -> "Price":
        """The price as clients see it."""
        lines = [PriceLine(label=line.label, amount=Money.of(line.cents)) for line in price.lines]
        return cls(total=Money.of(price.cents), lines=lines)


@strawberry.type(description="The last second that is still in time, and why.")
class LastInstant:
    """See ``plugins.rules.deadlines.LastInstant``."""

    at: datetime | None = strawberry.field(
        description="The instant; null when no instant is in time for that day: the rule says why."
    )
    rule: str = strawberry.field(description="The rule it comes from, in French.")
    steps: list[str] = strawberry.field(description="How the rule leads to it, in French.")

    @classmethod
    def of(cls, last: LastInstantRule) -> "LastInstant":
        """The instant as clients see it."""
        return cls(at=last.at, rule=last.rule, steps=list(last.steps))


@strawberry.type(description="One unit, for one child, on one day: how it stands and what can be done.")
class PlannedUnit:
    """See ``resolvers.agenda.plans.PlannedUnit``."""

    child_id: strawberry.ID = strawberry.field(description="The child.")
    child: str = strawberry.field(description="The child's first name.")
    activity: str = strawberry.field(description="The activity's code.")
    activity_label: str = strawberry.field(description="The activity's name, in French.")
    unit: str = strawberry.field(description="The unit's code.")
    unit_label: str = strawberry.field(description="The unit's name, in French.")
    day: date = strawberry.field(description="The day.")
    day_kind: DayKind = strawberry.field(description="What the day is.")
    day_label: str | None = strawberry.field(description="The name of the holiday or closing, in French.")
    booked: bool = strawberry.field(description="True when it is booked now.")
    wanted: bool | None = strawberry.field(description="What the request asks; null in the calendar.")
    verdict: Verdict = strawberry.field(description="The answer.")
    reason: str | None = strawberry.field(description="Why it is refused and what to do, in French.")
    until: datetime | None = strawberry.field(description="The instant the refusal is about.")
    contact: str | None = strawberry.field(description="Who to write to instead.")
    price: Price | None = strawberry.field(description="What it costs.")
    notice: str | None = strawberry.field(
        description="What to tell the family before it confirms, in French: it comes late, and what that costs more."
    )
    book_until: LastInstant = strawberry.field(description="Until when it can be booked.")
    cancel_until: LastInstant = strawberry.field(description="Until when it can be cancelled.")
    places_left: int | None = strawberry.field(
        description="Places left once this plan is made; null when there is no limit."
    )

    @classmethod
    def of(cls, planned: PlannedUnitValue) -> "PlannedUnit":
        """The unit as clients see it."""
        reason = planned.reason
        return cls(
            child_id=global_id("Child", planned.child.person_id),
            child=planned.child.first_name,
            activity=planned.activity.code,
            activity_label=planned.activity.label,
            unit=planned.unit.code,
            unit_label=planned.unit.label,
            day=planned.day.day,
            day_kind=DayKind[planned.day.kind.name],
            day_label=planned.day.label,
            booked=planned.booked,
            wanted=planned.wanted,
            verdict=Verdict[planned.verdict.name],
            reason=reason.message if reason else None,
            until=reason.until if reason else None,
            contact=reason.contact if reason else None,
            price=Price.of(planned.price) if planned.price else None,
            notice=planned.notice,
            book_until=LastInstant.of(planned.instants.final),
            cancel_until=LastInstant.of(planned.instants.cancel),
            places_left=planned.places_left,
        )


@strawberry.type(description="School holidays or closing days.")
class NamedDays:
    """See ``plugins.rules.calendar.Holiday``."""

    label: str = strawberry.field(description="Their name, in French.")
    first_day: date = strawberry.field(description="The first day.")
    last_day: date = strawberry.field(description="The last day.")


@strawberry.type(description="A day on which something is closed.")
class ClosedDay:
    """See ``plugins.rules.closings.closed_days``."""

    day: date = strawberry.field(description="The day.")
    label: str = strawberry.field(description="The public holiday, or why it is closed, in French.")


@strawberry.type(description="A window of days, for some children.")
class BookingPlan:
    """See ``resolvers.agenda.plans.Plan``."""

    first_day: date = strawberry.field(description="The first day.")
    last_day: date = strawberry.field(description="The last day.")
    holidays: list[NamedDays] = strawberry.field(description="School holidays in the window.")
    closed_days: list[ClosedDay] = strawberry.field(
        description="Public holidays, days off of the commune, and what agents closed, be it for some units only: the "
        "units tell which."
    )
    units: list[PlannedUnit] = strawberry.field(
        description="Every unit and day, in reading order.", metadata=MONTH_OF_UNITS
    )
    change_count: int = strawberry.field(description="How many units a commit would change.")
    refused_count: int = strawberry.field(description="How many wishes a commit would refuse.")
    skipped_count: int = strawberry.field(description="How many units rhythms and copies leave out.")
    skipped: list["RefusedUnit"] = strawberry.field(
        description="The units that rhythms and copies leave out, and why, in the order of days."
    )
    change: Money = strawberry.field(description="What the changes add to the next invoice; negative for a credit.")
    notices: list[str] = strawberry.field(
        description="What is held against the children « manquements » and what comes of it, in French."
    )

    @classmethod
    def of(cls, ctx: Context, plan: Plan) -> "BookingPlan":
        """The plan as clients see it."""
        holidays = ctx.commune.ask(hookspecs.calendar).holidays(plan.window.first, plan.window.last)
        return cls(
            first_day=plan.window.first,
            last_day=plan.window.last,
            holidays=[NamedDays(label=h.label, first_day=h.first, last_day=h.last) for h in holidays],
            closed_days=[ClosedDay(day=day, label=label) for day, label in plan.closed_days],
            units=[PlannedUnit.of(unit) for unit in plan.units],
            change_count=len(plan.changes),
            refused_count=len(plan.refused),
            skipped_count=len(plan.skipped),
            skipped=[RefusedUnit.of(bookings.RefusedUnit.of(unit)) for unit in plan.skipped],
            change=Money.of(plan.change_cents),
            notices=list(plan.notices),
        )


@strawberry.type(description="One line of the log of bookings, never changed.")
class BookingChange:
    """See ``resolvers.models.bookings.BookingChange``."""

    child_id: strawberry.ID = strawberry.field(description="The child.")
    activity: str = strawberry.field(description="The activity's code.")
    activity_label: str = strawberry.field(description="The activity's name, in French.")
    unit: str = strawberry.field(description="The unit's code.")
    unit_label: str = strawberry.field(description="The unit's name, in French.")
    day: date = strawberry.field(description="The day.")
    kind: ChangeKind = strawberry.field(description="What happened.")
    at: datetime = strawberry.field(description="When.")
    rule: str = strawberry.field(description="The rule that was applied, in French.")
    price: Money | None = strawberry.field(description="What the unit cost at that moment.")
    late: bool = strawberry.field(description="True after the ordinary deadline.")
    occasion: str | None = strawberry.field(
        description="What brought it about, in French; null when the family asked for it there and then."
    )

    by: str | None = strawberry.field(
        description="Who did it: a person of the household by name, « le service » for an agent; null when the viewer "
        "may not know."
    )

    @classmethod
    def of(cls, ctx: Context, row: BookingChangeRow, authors: Mapping[UUID, str]) -> "BookingChange":
        """The line as clients see it; ``authors`` are the names of accounts."""
        activity = ctx.commune.ask(hookspecs.catalogue, year=SchoolYear.of(row.day)).activity(row.activity)
        unit = activity.unit(row.unit) if activity else None
        return cls(
            child_id=global_id("Child", row.child_id),
            activity=row.activity,
            activity_label=activity.label if activity else row.activity,
            unit=row.unit,
            unit_label=unit.label if unit else row.unit,
            day=row.day,
            kind=ChangeKind[row.kind.name],
            at=row.at,
            rule=row.rule,
            price=Money.of(row.price_cents) if row.price_cents is not None else None,
            late=row.late,
            occasion=row.occasion or None,
            by=authors.get(row.account_id),
        )


@strawberry.type(description="The proof of one commit: what changed, when and by which rule.")
class BookingReceipt(Node):
    """See ``resolvers.agenda.bookings.Receipt``."""

    reference: str = strawberry.field(description="The number of its request, to quote to the service.")
    at: datetime = strawberry.field(description="When it was committed.")
    change: Money = strawberry.field(description="What it adds to the next invoice; negative for a credit.")
    changes: list[BookingChange] = strawberry.field(description="Each change.", metadata=MONTH_OF_UNITS)


async def changes_page(
    ctx: Context, household_id: UUID, child_id: strawberry.ID | None, page: Page
) -> Connection[BookingChange]:
    """A page of the log of a household, newest first, of one child or of all: five statements at most."""
    child = None if child_id is None else require_uuid(child_id, "Child", what="Enfant", field="childId")
    after = None if page.after is None else decode_cursor(page.after, datetime, date, UUID)
    rows, total = await receipts.changes_page(household_id, child, after, page.size + 1)
    cursors = [encode_cursor(row.at, row.day, row.id) for row in rows]
    authors = await authors_of(ctx, {row.account_id for row in rows})
    return connect(page, [BookingChange.of(ctx, row, authors) for row in rows], cursors, total)


async def receipts_of(ctx: Context, ids: Sequence[UUID]) -> list[BookingReceipt]:
    """The receipts the viewer may see."""
    found = await receipts.receipts(ctx, ids)
    authors = await authors_of(ctx, {row.account_id for receipt in found for row in receipt.changes})
    return [
        BookingReceipt(
            id=global_id("BookingReceipt", receipt.id),
            reference=receipt.reference,
            at=receipt.at,
            change=Money.of(receipt.cents),
            changes=[BookingChange.of(ctx, row, authors) for row in receipt.changes],
        )
        for receipt in found
    ]


@strawberry.type(description="One unit and day that could not be done.")
class RefusedUnit:
    """See ``resolvers.agenda.bookings.RefusedUnit``."""

    child_id: strawberry.ID = strawberry.field(description="The child.")
    activity: str = strawberry.field(description="The activity's code.")
    unit: str = strawberry.field(description="The unit's code.")
    day: date = strawberry.field(description="The day.")
    verdict: Verdict = strawberry.field(description="The answer.")
    reason: str = strawberry.field(description="Why it is refused and what to do, in French.")
    until: datetime | None = strawberry.field(description="The instant the refusal is about.")
    contact: str | None = strawberry.field(description="Who to write to instead.")

    @classmethod
    def of(cls, refused: bookings.RefusedUnit) -> "RefusedUnit":
        """The refusal as clients see it."""
        return cls(
            child_id=global_id("Child", refused.child_id),
            activity=refused.activity,
            unit=refused.unit,
            day=refused.day,
            verdict=Verdict[refused.verdict.name],
            reason=refused.message,
            until=refused.until,
            contact=refused.contact,
        )


@strawberry.input(description="Input of `bookingsPreview`.")
class BookingsPreviewInput:
    """The wanted set of a window."""

    first_day: date = strawberry.field(description="The first day of the window.")
    last_day: date = strawberry.field(description="The last day; at most 400 days later.")
    selections: list[SelectionInput] = strawberry.field(description="One entry per child and activity.")


@strawberry.input(description="Input of `bookingsCommit`.")
class BookingsCommitInput:
    """The wanted set of a window, to be made true."""

    first_day: date = strawberry.field(description="The first day of the window.")
    last_day: date = strawberry.field(description="The last day; at most 400 days later.")
    selections: list[SelectionInput] = strawberry.field(description="One entry per child and activity.")
    mode: CommitMode = strawberry.field(
        description="What to do when part of it cannot be done.", default=CommitMode.ATOMIC
    )
    idempotency_key: str | None = strawberry.field(
        description="The same key with the same input gets the same answer, once done.", default=None
    )


@strawberry.type(description="Answer of `bookingsPreview`.")
class BookingsPreviewPayload(Payload):
    """What a commit would do now."""

    plan: BookingPlan | None = strawberry.field(description="The plan; null when refused.", default=None)


@strawberry.type(description="Answer of `bookingsCommit`.")
class BookingsCommitPayload(Payload):
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

    @classmethod
    async def of(cls, ctx: Context, done: bookings.Committed) -> Self:
        """What was done as clients see it."""
        proof = await receipts_of(ctx, [done.receipt_id]) if done.receipt_id else []
        return cls(
            receipt=proof[0] if proof else None,
            refused=[RefusedUnit.of(unit) for unit in done.refused],
            skipped=[RefusedUnit.of(unit) for unit in done.skipped],
        )


async def preview(ctx: Context, input: BookingsPreviewInput) -> BookingsPreviewPayload:
    """Tell what a commit would do."""
    plan = await bookings.preview(ctx, order_of(input.first_day, input.last_day, input.selections))
    return BookingsPreviewPayload(plan=BookingPlan.of(ctx, plan))


async def commit(ctx: Context, input: BookingsCommitInput) -> BookingsCommitPayload:
    """Make the wanted set true."""
    mode = bookings.CommitMode[input.mode.name]
    done = await bookings.commit(
        ctx, order_of(input.first_day, input.last_day, input.selections), mode, input.idempotency_key
    )
    return await BookingsCommitPayload.of(ctx, done)
