"""Invoice runs, for agents: drawn, looked at, corrected, issued, a batch at a time."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Annotated
from uuid import UUID

import strawberry

from plugins.rules.invoicing import say_period
from resolvers.billing import run_reviews, runs
from resolvers.billing.bills import Trouble
from resolvers.billing.run_reviews import Tally, tallies_of
from resolvers.context import Context
from resolvers.models import InvoiceRun as RunRow
from schema.invoice_run_reviews import (
    InvoiceDraft,
    InvoiceRunComparison,
    InvoiceRunHousehold,
    InvoiceRunProblem,
    comparison_of,
    drafts_of,
    problems_of,
)
from schema.loading import load
from schema.money_enums import InvoiceRunState, InvoiceTrouble
from schema.payloads import Info, Payload
from schema.relay import (
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


@strawberry.type(description="The invoices of a period: drawn, checked, then issued, a batch at a time.")
class InvoiceRun(Node):
    """See ``resolvers.billing.runs``."""

    key: strawberry.Private[UUID]
    row: strawberry.Private[RunRow]
    label: str = strawberry.field(description="Its period, in French.")
    first_day: date = strawberry.field(description="The first day of its period.")
    last_day: date = strawberry.field(description="The last day of its period.")
    services: list[str] = strawberry.field(description="The codes of the services it invoices; empty for all of them.")
    limited_to: list[InvoiceRunHousehold] = strawberry.field(
        description="The households it is limited to, those asked for and those that share their bills; empty for all."
    )
    state: InvoiceRunState = strawberry.field(description="Where it stands.")
    household_count: int = strawberry.field(
        description="How many households there are to draw, without those that another run took (`ELSEWHERE`)."
    )
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
        return await drafts_of(self.key, page_arguments(first, after))

    @strawberry.field(description="What it does not invoice, and why.")
    async def problems(
        self, info: Info, trouble: TroubleWanted = None, first: First = None, after: After = None
    ) -> Connection[InvoiceRunProblem]:
        """Household by household, then by day."""
        wanted = Trouble[trouble.name] if trouble else None
        return await problems_of(self.key, wanted, page_arguments(first, after))

    @strawberry.field(
        description="Where agents of billing download its `invoicesToPrint`, two hundred in a file: `?part=2` has the "
        "next ones, until 404."
    )
    def to_print_url(self, info: Info) -> str:
        """The address of the first file."""
        return info.context.link(f"invoice-runs/{self.key}/to-print.pdf")

    @strawberry.field(description="What changed since the period before; null when no run was issued for one.")
    async def comparison(self, changed_by: ChangedBy = 20) -> InvoiceRunComparison | None:
        """See ``resolvers.billing.run_reviews.compare``."""
        return await comparison_of(self.row, changed_by)

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
            limited_to=[
                InvoiceRunHousehold(key=key, household_id=global_id("Household", key))
                for key in map(UUID, row.limited_to)
            ],
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
    household_ids: list[strawberry.ID] = strawberry.field(
        description="The households to invoice, at most 100, with those that share their bills; none for all of them. "
        "A draft run that has other households too stands without these.",
        default_factory=list,
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
    households = frozenset(_household(each, "householdIds") for each in input.household_ids)
    wanted = runs.Wanted(input.day, frozenset(input.services), households)
    return InvoiceRunStartPayload(run=InvoiceRun.of(await runs.start(ctx, wanted, input.idempotency_key)))


def _key(id: str) -> UUID:
    return require_uuid(id, "InvoiceRun", what="Facturation", field="runId")


def _household(id: str, field: str) -> UUID:
    return require_uuid(id, "Household", what="Foyer", field=field)


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
    key = None if input.household_id is None else _household(input.household_id, "householdId")
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
