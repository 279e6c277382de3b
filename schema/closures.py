"""Whole-school events, for agents: closing units on some days for everybody, and opening them again."""

from datetime import date, datetime
from uuid import UUID

import strawberry

from resolvers.agenda import closures
from resolvers.agenda.closures import Consequences, Event
from resolvers.context import Context
from resolvers.models import Closure as ClosureRow
from schema.payloads import Payload
from schema.relay import Connection, Node, Page, connect, decode_cursor, encode_cursor, global_id, require_uuid


@strawberry.type(description="Units that do not take place on some days, for everybody: a strike, snow, an outing.")
class Closure(Node):
    """See ``resolvers.models.absences.Closure``."""

    activity: str | None = strawberry.field(description="The activity's code; null for all of them.")
    site: str | None = strawberry.field(description="The site; null for all of them.")
    units: list[str] = strawberry.field(description="The units' codes; empty for all of them.")
    first_day: date = strawberry.field(description="The first day.")
    last_day: date = strawberry.field(description="The last day.")
    cause: str = strawberry.field(description="The cause, in French.")
    label: str = strawberry.field(description="What families read, in French.")
    decided_at: datetime = strawberry.field(description="When it was recorded.")
    withdrawn_at: datetime | None = strawberry.field(description="When the days were opened again.")

    @classmethod
    def of(cls, row: ClosureRow) -> "Closure":
        """The closure as clients see it."""
        return cls(
            id=global_id("Closure", row.id),
            activity=row.activity or None,
            site=row.site or None,
            units=list(row.units),
            first_day=row.first_day,
            last_day=row.last_day,
            cause=row.cause,
            label=row.label,
            decided_at=row.decided_at,
            withdrawn_at=row.withdrawn_at,
        )


@strawberry.type(description="What closing does to what is booked.")
class ClosureConsequences:
    """See ``resolvers.agenda.closures.Consequences``."""

    booking_count: int = strawberry.field(description="How many booked units are cancelled.")
    child_count: int = strawberry.field(description="Of how many children.")
    household_count: int = strawberry.field(description="Of how many households; each is mailed once.")
    present_count: int = strawberry.field(
        description="How many stay, because an agent saw the child there: they are due."
    )
    invoice_numbers: list[str] = strawberry.field(
        description="The issued invoices on which some are: they need a credit note."
    )

    waiting_count: int = strawberry.field(description="How many units are not waited for any more; families are told.")

    @classmethod
    def of(cls, done: Consequences) -> "ClosureConsequences":
        """The consequences as clients see them."""
        return cls(
            booking_count=done.bookings,
            child_count=done.children,
            household_count=done.households,
            present_count=done.present,
            invoice_numbers=list(done.invoices),
            waiting_count=done.waits,
        )


@strawberry.input(description="Input of `closurePreview`.")
class ClosurePreviewInput:
    """See ``resolvers.agenda.closures.Event``."""

    first_day: date = strawberry.field(description="The first day.")
    last_day: date = strawberry.field(description="The last day; at most 400 days later.")
    cause: str = strawberry.field(
        description="« grève », « enseignant absent et non remplacé », « intempéries », « sortie scolaire », "
        "« fermeture du service » or « autre »."
    )
    label: str = strawberry.field(description="What families read, in French, at most 120 letters.")
    activity: str | None = strawberry.field(description="Only this activity, by its code.", default=None)
    site: str | None = strawberry.field(description="Only what takes place there.", default=None)
    units: list[str] = strawberry.field(description="Only these units, by their codes.", default_factory=list)


@strawberry.input(description="Input of `closureRecord`.")
class ClosureRecordInput(ClosurePreviewInput):
    """An event to be recorded."""

    idempotency_key: str | None = strawberry.field(
        description="The same key with the same input gets the same answer, once done.", default=None
    )


@strawberry.input(description="Input of `closureWithdraw`.")
class ClosureWithdrawInput:
    """A closure that does not take place."""

    id: strawberry.ID = strawberry.field(description="The closure.")


@strawberry.type(description="Answer of `closurePreview`.")
class ClosurePreviewPayload(Payload):
    """What recording it would do now."""

    consequences: ClosureConsequences | None = strawberry.field(
        description="What it would do; null when refused.", default=None
    )


@strawberry.type(description="Answer of `closureRecord`.")
class ClosureRecordPayload(Payload):
    """It is closed, and families are told."""

    closure: Closure | None = strawberry.field(description="The closure; null when refused.", default=None)
    consequences: ClosureConsequences | None = strawberry.field(
        description="What it did; null when refused.", default=None
    )


@strawberry.type(description="Answer of `closureWithdraw`.")
class ClosureWithdrawPayload(Payload):
    """The days are open again, and who was booked is told."""

    closure: Closure | None = strawberry.field(description="The closure; null when refused.", default=None)


async def closures_page(page: Page) -> Connection[Closure]:
    """A page of what was closed, the last decided first: two statements."""
    before = decode_cursor(page.after, datetime, UUID) if page.after is not None else None
    rows, total = await closures.closures_page(before, page.size + 1)
    cursors = [encode_cursor(row.decided_at, row.id) for row in rows]
    return connect(page, [Closure.of(row) for row in rows], cursors, total)


def _event(input: ClosurePreviewInput) -> Event:
    return Event(
        input.first_day,
        input.last_day,
        input.cause,
        input.label.strip(),
        input.activity or "",
        input.site or "",
        tuple(dict.fromkeys(input.units)),
    )


async def preview(ctx: Context, input: ClosurePreviewInput) -> ClosurePreviewPayload:
    """Tell what closing would do."""
    return ClosurePreviewPayload(consequences=ClosureConsequences.of(await closures.preview(ctx, _event(input))))


async def record(ctx: Context, input: ClosureRecordInput) -> ClosureRecordPayload:
    """Close for everybody."""
    row, done = await closures.record(ctx, _event(input), input.idempotency_key)
    return ClosureRecordPayload(closure=Closure.of(row), consequences=ClosureConsequences.of(done))


async def withdraw(ctx: Context, input: ClosureWithdrawInput) -> ClosureWithdrawPayload:
    """Open again."""
    key = require_uuid(input.id, "Closure", what="Fermeture", field="id")
    return ClosureWithdrawPayload(closure=Closure.of(await closures.withdraw(ctx, key)))
