"""What agents look at before they issue an invoice run: its drafts, its journal, what the period before charged."""

from datetime import date
from uuid import UUID

import strawberry

from plugins.rules.invoicing import say_period
from resolvers.billing import run_reviews
from resolvers.billing.bills import Trouble
from resolvers.billing.run_reviews import Changed
from resolvers.models import InvoiceRun
from schema.billing import InvoiceLine, lines_of
from schema.errors import ClientError
from schema.loading import load
from schema.money_enums import InvoiceTrouble
from schema.payloads import Info
from schema.relay import MAX_PAGE, Connection, Page, connect, decode_cursor, encode_cursor, global_id
from schema.scalars import Money


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


@strawberry.type(description="What was charged by the runs of the period before, and is by this one.")
class InvoiceRunChange:
    """See ``resolvers.billing.run_reviews.Changed``."""

    name: str = strawberry.field(description="The household, or the activity.")
    household_id: strawberry.ID | None = strawberry.field(description="The household; null for an activity.")
    before: Money | None = strawberry.field(description="By the runs before; null when they charged nothing.")
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


@strawberry.type(
    description="A run beside those issued for the last period before its own and the same services, all of them "
    "together; of a run limited to some households, only these are compared."
)
class InvoiceRunComparison:
    """See ``resolvers.billing.run_reviews.Comparison``."""

    previous_run_ids: list[strawberry.ID] = strawberry.field(
        description="The runs of the period before, in the order they were begun."
    )
    previous_label: str = strawberry.field(description="That period, in French.")
    new_count: int = strawberry.field(description="How many households they did not charge.")
    gone_count: int = strawberry.field(description="How many households they charged and this run does not.")
    households: list[InvoiceRunChange] = strawberry.field(
        description="The hundred households that changed most: new, gone, or by more than so many per cent."
    )
    activities: list[InvoiceRunChange] = strawberry.field(description="Every activity, by name.")


@strawberry.type(description="A household that a run is limited to.")
class InvoiceRunHousehold:
    """See ``resolvers.models.InvoiceRun.limited_to``."""

    key: strawberry.Private[UUID]
    household_id: strawberry.ID = strawberry.field(description="The household.")

    @strawberry.field(description="Its name.")
    async def household(self, info: Info) -> str:
        """Loaded for all the runs of the answer at once."""
        return await load(info.context, run_reviews.household_names, self.key)


async def drafts_of(run_id: UUID, page: Page) -> Connection[InvoiceDraft]:
    """A page of a run's drafts, by household."""
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


async def problems_of(run_id: UUID, trouble: Trouble | None, page: Page) -> Connection[InvoiceRunProblem]:
    """A page of a run's journal, by household, then by day."""
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


async def comparison_of(row: InvoiceRun, changed_by: int) -> InvoiceRunComparison | None:
    """What changed since the period before; BAD_USER_INPUT outside 0 to 1000 per cent."""
    if not 0 <= changed_by <= 1000:
        raise ClientError("`changedBy` must be from 0 to 1000.", "BAD_USER_INPUT")
    found = await run_reviews.compare(row, changed_by, MAX_PAGE)
    if found is None:
        return None
    return InvoiceRunComparison(
        previous_run_ids=[global_id("InvoiceRun", run.id) for run in found.previous],
        previous_label=say_period(found.previous[0].period_first, found.previous[0].period_last),
        new_count=found.new,
        gone_count=found.gone,
        households=[InvoiceRunChange.of(change) for change in found.changed],
        activities=[InvoiceRunChange.of(change) for change in found.activities],
    )
