"""The issued invoices of a run that are printed: those of households that did not join the online invoice."""

from uuid import UUID

from plugins import hookspecs
from resolvers.billing.invoices import documents_of, issued_invoices
from resolvers.context import AgentRight, Context
from resolvers.models import Household, Invoice
from resolvers.models.billing import InvoiceState

A_FILE = 200  # invoices in one PDF
Number = tuple[int, int]  # year and rank: the order of printed numbers


async def to_print_page(
    ctx: Context, run_id: UUID, after: Number | None, limit: int
) -> tuple[list[tuple[Invoice, Household]], int]:
    """A page of the invoices to print, by number, after the one at ``after``, and how many there are: four statements.

    Who is on paper is asked now: a household that has joined since the issue is left out.
    """
    found = await _to_print(ctx, run_id)
    wanted = [key for number, key in found if after is None or number > after][:limit]
    rows = await issued_invoices(ctx, wanted)
    return sorted(rows, key=lambda row: (row[0].year, row[0].sequence or 0)), len(found)


async def printed_part(ctx: Context, run_id: UUID, part: int) -> bytes | None:
    """The PDF of the invoices to print, two hundred in each part, from 1; None past the last one, and for who does not
    bill."""
    found = await _to_print(ctx, run_id) if ctx.viewer.has(AgentRight.BILLING) else []
    wanted = [key for _, key in found[(part - 1) * A_FILE : part * A_FILE]] if part > 0 else []
    if not wanted:
        return None
    invoices = await Invoice.filter(id__in=wanted).order_by("year", "sequence")
    return await ctx.ports.printer.invoices(await documents_of(ctx, invoices))


async def _to_print(ctx: Context, run_id: UUID) -> list[tuple[Number, UUID]]:
    policy = ctx.commune.ask(hookspecs.invoicing).online
    if policy is None:
        return []
    homes = await Household.filter(invoices_online_since__isnull=True).values_list("id", "services")
    on_paper = {key for key, services in homes if policy.concerns(services)}
    rows = Invoice.filter(run_id=run_id, state=InvoiceState.ISSUED).order_by("year", "sequence")
    issued = await rows.values_list("id", "household_id", "year", "sequence")
    return [((year, rank), key) for key, household_id, year, rank in issued if household_id in on_paper]
