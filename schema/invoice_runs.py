"""Invoice runs, for agents: drawn, looked at, corrected, issued, a batch at a time."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Annotated
from uuid import UUID

import strawberry

from plugins.rules.invoicing import say_period
from resolvers.billing import run_reviews, runs
from resolvers.billing.bills import Trouble
from resolvers.billing.run_reviews import Changed, Tally, tallies_of
from resolvers.context import Context
from resolvers.models import InvoiceRun as RunRow
from schema.billing import InvoiceLine, lines_of
from schema.errors import ClientError
from schema.loading import load
from schema.money_enums import InvoiceRunState, InvoiceTrouble
from schema.payloads import Info, Payload
from schema.relay import (
    MAX_PAGE,
    After,
    Connection,
    First,
    Node,
    Page,
    connect,
    decode_cursor,
    encode_cursor,
    global_id,
    page_arguments,
    require_uuid,
)
from schema.scalars import Money

TroubleWanted = Annotated[InvoiceTrouble | None, strawberry.argument(description="Only this trouble.")]
ChangedBy = Annotated[int, strawberry.argument(description="From how many per cent of difference: 0 to 1000.")]


@strawberry.type(description="An invoice as it would be issued; it binds nobody.")
class InvoiceDraft:
    """See ``resolvers.billing.drafts``."""

    key: strawberry.Private[UUID]
    household_id: strawberry.ID = strawberry.field(description="Who would pay it.")
    household: str = strawberry.field(description="The household's name.")
    total: Money = strawberry.field(description="What its lines add up to.")

    @strawberry.field(description="Its lines, with the explanation of each price.")
    async def lines(self, info: Info) -> list[InvoiceLine]:
        """Loaded for all the drafts of the answer at once."""
        return await load(info.context, lines_of, self.key)


@strawberry.type(description="A unit, or a household, that a run does not invoice, and why.")
class InvoiceRunProblem:
    """See ``resolvers.billing.bills.Problem``."""

    household_id: strawberry.ID = strawberry.field(description="The household.")
    household: str = strawberry.field(description="Its name.")
    child: str = strawberry.field(description="The child's name; empty when the whole household is meant.")
    activity: str = strawberry.field(description="The activity's code; empty for a whole household.")
    unit: str = strawberry.field(description="The unit's code; empty for a whole household.")
    day: date | None = strawberry.field(description="The day; null for a whole household.")
    trouble: InvoiceTrouble = strawberry.field(description="What is wrong.")
    reason: str = strawberry.field(description="Why, and what to do, in French.")


@strawberry.type(description="What was charged by the run before, and is by this one.")
class InvoiceRunChange:
    """See ``resolvers.billing.run_reviews.Changed``."""

    name: str = strawberry.field(description="The household, or the activity.")
    household_id: strawberry.ID | None = strawberry.field(description="The household; null for an activity.")
    before: Money | None = strawberry.field(description="By the run before; null when it charged nothing.")
    now: Money | None = strawberry.field(description="By this run; null when it charges nothing.")

    @classmethod
    def of(cls, change: Changed) -> "InvoiceRunChange":
        """The change as clients see it."""
        return cls(
            name=change.name,
            household_id=None if change.household_id is None else global_id("Household", change.household_id),
            before=None if change.before is None else Money.of(change.before),
            now=None if change.now is None else Money.of(change.now),
        )


@strawberry.type(description="A run beside the last one issued before it for the same services.")
class InvoiceRunComparison:
    """See ``resolvers.billing.run_reviews.Comparison``."""

    previous_run_id: strawberry.ID = strawberry.field(description="The run before.")
    previous_label: str = strawberry.field(description="Its period, in French.")
    new_count: int = strawberry.field(description="How many households it did not charge.")
    gone_count: int = strawberry.field(description="How many households it charged and this one does not.")
    households: list[InvoiceRunChange] = strawberry.field(
        description="The hundred households that changed most: new, gone, or by more than so many per cent."
    )
    activities: list[InvoiceRunChange] = strawberry.field(description="Every activity, by name.")


@strawberry.type(description="The invoices of a period: drawn, checked, then issued, a batch at a time.")
class InvoiceRun(Node):
    """See ``resolvers.billing.runs``."""

    key: strawberry.Private[UUID]
    row: strawberry.Private[RunRow]
    label: str = strawberry.field(description="Its period, in French.")
    first_day: date = strawberry.field(description="The first day of its period.")
    last_day: date = strawberry.field(description="The last day of its period.")
    services: list[str] = strawberry.field(description="The codes of the services it invoices; empty for all of them.")
    state: InvoiceRunState = strawberry.field(description="Where it stands.")
    household_count: int = strawberry.field(description="How many households there are to draw.")
    drawn_count: int = strawberry.field(description="How many are drawn.")
    issued_count: int = strawberry.field(description="How many invoices are issued.")
    is_complete: bool = strawberry.field(
        description="False while the worker, or `invoiceRunContinue`, has something left to draw, or to issue."
    )
    total: Money = strawberry.field(description="What its invoices, issued or in draft, add up to.")
    started_at: datetime = strawberry.field(description="When it began.")
    drawn_at: datetime | None = strawberry.field(description="When it was drawn to the end.")
    issued_at: datetime | None = strawberry.field(description="When its last invoice was issued.")

    @strawberry.field(description="How many drafts are ready to be issued.")
    async def draft_count(self, info: Info) -> int:
        """Loaded for all the runs of the answer at once."""
        return (await self._tally(info)).drafts

    @strawberry.field(description="How many units or households are in this trouble; any trouble when none is named.")
    async def problem_count(self, info: Info, trouble: TroubleWanted = None) -> int:
        """Loaded for all the runs of the answer at once."""
        found = (await self._tally(info)).troubles
        known = [kind for kind in found if kind is not Trouble.NOT_DRAWN]
        return sum(found[kind] for kind in known if trouble is None or kind.name == trouble.name)

    async def _tally(self, info: Info) -> Tally:
        return await load(info.context, tallies_of, self.key)

    @strawberry.field(description="Its drafts, with every line.")
    async def drafts(self, info: Info, first: First = None, after: After = None) -> Connection[InvoiceDraft]:
        """By household, in the order they will be numbered."""
        return await _drafts(self.key, page_arguments(first, after))

    @strawberry.field(description="What it does not invoice, and why.")
    async def problems(
        self, info: Info, trouble: TroubleWanted = None, first: First = None, after: After = None
    ) -> Connection[InvoiceRunProblem]:
        """Household by household, then by day."""
        wanted = Trouble[trouble.name] if trouble else None
        return await _problems(self.key, wanted, page_arguments(first, after))

    @strawberry.field(
        description="Where agents of billing download its `invoicesToPrint`, two hundred in a file: `?part=2` has the "
        "next ones, until 404."
    )
    def to_print_url(self, info: Info) -> str:
        """The address of the first file."""
        return info.context.link(f"invoice-runs/{self.key}/to-print.pdf")

    @strawberry.field(description="What changed since the run before; null when there is none.")
    async def comparison(self, changed_by: ChangedBy = 20) -> InvoiceRunComparison | None:
        """See ``resolvers.billing.run_reviews.compare``."""
        return await _comparison(self.row, changed_by)

    @classmethod
    def of(cls, row: RunRow) -> "InvoiceRun":
        """The run as clients see it."""
        state = InvoiceRunState[row.state.name]
        drawing = state is InvoiceRunState.DRAFT and row.drawn_at is None
        return cls(
            id=global_id("InvoiceRun", row.id),
            key=row.id,
            row=row,
            label=say_period(row.period_first, row.period_last),
            first_day=row.period_first,
            last_day=row.period_last,
            services=list(row.services),
            state=state,
            household_count=row.households,
            drawn_count=row.drawn,
            issued_count=row.issued,
            is_complete=not drawing and state is not InvoiceRunState.ISSUING,
            total=Money.of(row.total_cents),
            started_at=row.started_at,
            drawn_at=row.drawn_at,
            issued_at=row.issued_at,
        )


async def _drafts(run_id: UUID, page: Page) -> Connection[InvoiceDraft]:
    after = decode_cursor(page.after, UUID)[0] if page.after is not None else None
    rows, total = await run_reviews.drafts_page(run_id, after, page.size + 1)
    nodes = [
        InvoiceDraft(
            key=row.id,
            household_id=global_id("Household", row.household_id),
            household=name,
            total=Money.of(row.total_cents),
        )
        for row, name in rows
    ]
    return connect(page, nodes, [encode_cursor(row.household_id) for row, _ in rows], total)


async def _problems(run_id: UUID, trouble: Trouble | None, page: Page) -> Connection[InvoiceRunProblem]:
    after = decode_cursor(page.after, UUID, date, UUID) if page.after is not None else None
    rows, total = await run_reviews.problems_page(run_id, trouble, after, page.size + 1)
    nodes = [
        InvoiceRunProblem(
            household_id=global_id("Household", row.household_id),
            household=household,
            child=child,
            activity=row.activity,
            unit=row.unit,
            day=row.day,
            trouble=InvoiceTrouble[row.code],
            reason=row.reason,
        )
        for row, household, child in rows
    ]
    cursors = [encode_cursor(row.household_id, row.day or date.max, row.id) for row, _, _ in rows]
    return connect(page, nodes, cursors, total)


async def _comparison(row: RunRow, changed_by: int) -> InvoiceRunComparison | None:
    if not 0 <= changed_by <= 1000:
        raise ClientError("`changedBy` must be from 0 to 1000.", "BAD_USER_INPUT")
    found = await run_reviews.compare(row, changed_by, MAX_PAGE)
    if found is None:
        return None
    return InvoiceRunComparison(
        previous_run_id=global_id("InvoiceRun", found.previous.id),
        previous_label=say_period(found.previous.period_first, found.previous.period_last),
        new_count=found.new,
        gone_count=found.gone,
        households=[InvoiceRunChange.of(change) for change in found.changed],
        activities=[InvoiceRunChange.of(change) for change in found.activities],
    )


async def runs_page(ctx: Context, page: Page) -> Connection[InvoiceRun]:
    """The runs, the last begun first."""
    before = decode_cursor(page.after, UUID)[0] if page.after is not None else None
    rows, total = await run_reviews.runs_page(ctx, before, page.size + 1)
    return connect(page, [InvoiceRun.of(row) for row in rows], [encode_cursor(row.id) for row in rows], total)


async def runs_of(ctx: Context, keys: Sequence[UUID]) -> list[InvoiceRun]:
    """The runs of these identifiers."""
    return [InvoiceRun.of(row) for row in await run_reviews.runs_of(ctx, keys)]


@strawberry.input(description="Input of `invoiceRunStart`.")
class InvoiceRunStartInput:
    """A period that has ended, and what of it."""

    day: date = strawberry.field(description="A day of the period; the commune's cycle says which days go with it.")
    services: list[str] = strawberry.field(
        description="The codes of the services to invoice; none for all of them.", default_factory=list
    )
    idempotency_key: str | None = strawberry.field(
        description="The same key with the same input gets the same run, as it then stands.", default=None
    )


@strawberry.type(description="Answer of `invoiceRunStart`.")
class InvoiceRunStartPayload(Payload):
    """The run has begun, and its first batch is drawn."""

    run: InvoiceRun | None = strawberry.field(description="The run; null when refused.", default=None)


async def start(ctx: Context, input: InvoiceRunStartInput) -> InvoiceRunStartPayload:
    """Begin a run."""
    wanted = runs.Wanted(input.day, frozenset(input.services))
    return InvoiceRunStartPayload(run=InvoiceRun.of(await runs.start(ctx, wanted, input.idempotency_key)))


def _key(id: str) -> UUID:
    return require_uuid(id, "InvoiceRun", what="Facturation", field="runId")


@strawberry.input(description="Input of `invoiceRunContinue`.")
class InvoiceRunContinueInput:
    """A run."""

    run_id: strawberry.ID = strawberry.field(description="The run.")


@strawberry.type(description="Answer of `invoiceRunContinue`.")
class InvoiceRunContinuePayload(Payload):
    """One batch more is drawn, or issued."""

    run: InvoiceRun | None = strawberry.field(description="The run; null when refused.", default=None)


async def go_on(ctx: Context, input: InvoiceRunContinueInput) -> InvoiceRunContinuePayload:
    """Draw, or issue, the next batch."""
    return InvoiceRunContinuePayload(run=InvoiceRun.of(await runs.go_on(ctx, _key(input.run_id))))


@strawberry.input(description="Input of `invoiceRunRedraw`.")
class InvoiceRunRedrawInput:
    """A draft run, and whom to draw again."""

    run_id: strawberry.ID = strawberry.field(description="The run.")
    household_id: strawberry.ID | None = strawberry.field(
        description="The household; null for all those that have a problem, or whose attendance moved since.",
        default=None,
    )


@strawberry.type(description="Answer of `invoiceRunRedraw`.")
class InvoiceRunRedrawPayload(Payload):
    """They are drawn again, the first batch of them at least."""

    run: InvoiceRun | None = strawberry.field(description="The run; null when refused.", default=None)


async def redraw(ctx: Context, input: InvoiceRunRedrawInput) -> InvoiceRunRedrawPayload:
    """Draw households again."""
    household = input.household_id
    key = None if household is None else require_uuid(household, "Household", what="Foyer", field="householdId")
    return InvoiceRunRedrawPayload(run=InvoiceRun.of(await runs.redraw(ctx, _key(input.run_id), key)))


@strawberry.input(description="Input of `invoiceRunIssue`.")
class InvoiceRunIssueInput:
    """A run that was drawn to the end."""

    run_id: strawberry.ID = strawberry.field(description="The run.")


@strawberry.type(description="Answer of `invoiceRunIssue`.")
class InvoiceRunIssuePayload(Payload):
    """The first batch of invoices is issued, and its families mailed."""

    run: InvoiceRun | None = strawberry.field(description="The run; null when refused.", default=None)


async def issue(ctx: Context, input: InvoiceRunIssueInput) -> InvoiceRunIssuePayload:
    """Issue the drafts of a run."""
    return InvoiceRunIssuePayload(run=InvoiceRun.of(await runs.issue(ctx, _key(input.run_id))))


@strawberry.input(description="Input of `invoiceRunDrop`.")
class InvoiceRunDropInput:
    """A draft run."""

    run_id: strawberry.ID = strawberry.field(description="The run.")


@strawberry.type(description="Answer of `invoiceRunDrop`.")
class InvoiceRunDropPayload(Payload):
    """The drafts are gone."""

    run: InvoiceRun | None = strawberry.field(description="The run; null when refused.", default=None)


async def drop(ctx: Context, input: InvoiceRunDropInput) -> InvoiceRunDropPayload:
    """Give up a draft run."""
    return InvoiceRunDropPayload(run=InvoiceRun.of(await runs.drop(ctx, _key(input.run_id))))
