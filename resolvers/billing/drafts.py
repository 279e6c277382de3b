"""Drafts of invoices: drawn for some households at a time from what agents checked, and drawn again as often as asked.

A draft binds nobody: it is deleted and its attendances are due again.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import timedelta
from typing import Any
from uuid import UUID

from tortoise.expressions import Case, F, When

from plugins import hookspecs
from resolvers.agenda.plans import Window
from resolvers.billing.adjustments import already_invoiced, first_day_counted, kept_origin
from resolvers.billing.bill_shares import Sharing
from resolvers.billing.billing import Population, carried_from, children_of, not_yet_invoiced
from resolvers.billing.bills import Bill, Problem, Records, Trouble, draw_bills
from resolvers.billing.pricing import Pricing
from resolvers.context import Context
from resolvers.days.attendance import SheetLine, sheet
from resolvers.models import Attendance, Invoice, InvoiceLine, InvoiceRun, RunProblem
from resolvers.models.billing import InvoiceState
from resolvers.models.keys import new_key


async def drop_drafts(drafts: Iterable[Any]) -> None:
    """Delete drafts: what they charged is due again."""
    ids = sorted(drafts)
    await Attendance.filter(invoice_id__in=ids).update(invoice_id=None)
    await InvoiceLine.filter(invoice_id__in=ids).delete()
    await Invoice.filter(id__in=ids, state=InvoiceState.DRAFT).delete()


async def draw(ctx: Context, run: InvoiceRun, households: Iterable[Any]) -> None:
    """Draw the drafts of some households of a run, with those whose bills they share, in place of what it had of them.

    The run keeps why a household, or a unit, is on no draft. A constant number of statements.
    """
    sharing = await Sharing.read()
    wanted = sharing.with_their_own(households)
    mine = {"run_id": run.id, "household_id__in": sorted(wanted)}
    await drop_drafts(await Invoice.filter(state=InvoiceState.DRAFT, **mine).values_list("id", flat=True))
    await clear(run, wanted)
    records = await _read(ctx, Population.of(ctx, run), sharing, wanted)
    bills, problems = draw_bills(records, wanted, ctx.commune.ask(hookspecs.invoicing).minimum_cents)
    await _write(ctx, run, bills)
    await note(run, problems)


async def note(run: InvoiceRun, problems: Collection[Problem]) -> None:
    """Keep in a run's journal what is not invoiced, and why."""
    rows = [
        RunProblem(
            run_id=run.id,
            household_id=problem.household_id,
            child_id=problem.line.child_id if problem.line else None,
            activity=problem.line.activity if problem.line else "",
            unit=problem.line.unit if problem.line else "",
            day=problem.line.day if problem.line else None,
            code=problem.trouble.name,
            reason=problem.reason,
        )
        for problem in problems
    ]
    await RunProblem.bulk_create(rows)


async def clear(run: InvoiceRun, households: Iterable[Any]) -> None:
    """Take some households off a run's journal; it counts those that another run had taken again."""
    mine = RunProblem.filter(run_id=run.id, household_id__in=sorted(households))
    run.households += await mine.filter(code=Trouble.ELSEWHERE.name).count()
    await mine.delete()


async def leave_to_another(run: InvoiceRun, households: Collection[UUID]) -> None:
    """Take some households out of a draft run that another one draws: its journal says so, it counts them no more."""
    mine: dict[str, Any] = {"run_id": run.id, "household_id__in": sorted(households)}
    drafts = await Invoice.filter(state=InvoiceState.DRAFT, **mine).values_list("id", "household_id")
    noted = RunProblem.filter(**mine).exclude(code=Trouble.ELSEWHERE.name).distinct()
    left: set[Any] = {household for _, household in drafts}.union(await noted.values_list("household_id", flat=True))
    await drop_drafts(draft for draft, _ in drafts)
    await RunProblem.filter(run_id=run.id, household_id__in=sorted(left)).delete()
    await note(run, [Problem(household, Trouble.ELSEWHERE) for household in sorted(left)])
    run.households = max(run.households - len(left), 0)


async def mark_to_draw(run: InvoiceRun, households: Collection[UUID]) -> None:
    """Have some households of a run drawn by its next batches."""
    await note(run, [Problem(household, Trouble.NOT_DRAWN) for household in sorted(households)])


async def _read(ctx: Context, population: Population, sharing: Sharing, households: Collection[UUID]) -> Records:
    """What the bills of some households depend on."""
    due = await not_yet_invoiced(population, households)
    first = min([population.window.first, *(day for _, day, _, _ in due)])
    next_period = ctx.commune.ask(hookspecs.invoicing).period(
        population.window.last + timedelta(days=1), ctx.commune.ask(hookspecs.calendar)
    )
    window = Window(first_day_counted(ctx.commune, due, first), population.window.last)
    lines = await sheet(ctx, window, children=await children_of(households, window))
    by_household: defaultdict[UUID, list[SheetLine]] = defaultdict(list)
    for line in lines:
        by_household[line.household_id].append(line)
    return Records(
        due=due,
        lines=by_household,
        pricing=await Pricing.read(ctx, window, lines),
        invoiced=await already_invoiced(lines),
        sharing=sharing,
        population=population,
        carried_from=carried_from(Window(*next_period)),
    )


async def _write(ctx: Context, run: InvoiceRun, bills: Mapping[UUID, Bill]) -> None:
    series = ctx.commune.ask(hookspecs.invoicing).series
    drafts = [
        Invoice(
            id=new_key(),
            run_id=run.id,
            household_id=household,
            period_first=run.period_first,
            period_last=run.period_last,
            year=ctx.local_now.year,
            series=series,
            total_cents=bill.total_cents,
            prepared_at=ctx.now,
        )
        for household, bill in bills.items()
    ]
    await Invoice.bulk_create(drafts)
    await InvoiceLine.bulk_create(
        [line for draft in drafts for line in _lines_of(draft, bills[draft.household_id])], batch_size=1000
    )
    await _bind(drafts, bills)


async def _bind(drafts: Sequence[Invoice], bills: Mapping[UUID, Bill]) -> None:
    """Put the attendances on the drafts: one statement, and one for each first payer of what another household booked.

    The column as default gives the others their type: PostgreSQL takes them for texts otherwise.
    """
    if not drafts:
        return
    own = [attendance for bill in bills.values() for attendance in bill.attendances]
    drafts_of = (When(household_id=draft.household_id, then=str(draft.id)) for draft in drafts)
    await Attendance.filter(id__in=own).update(invoice_id=Case(*drafts_of, default=F("invoice_id")))
    for draft in drafts:
        if bills[draft.household_id].of_others:
            await Attendance.filter(id__in=bills[draft.household_id].of_others).update(invoice_id=draft.id)


def _lines_of(draft: Invoice, bill: Bill) -> list[InvoiceLine]:
    return [
        InvoiceLine(
            invoice_id=draft.id,
            household_id=draft.household_id,
            position=position,
            child=item.child,
            activity=item.activity,
            unit=item.unit,
            quantity=item.quantity,
            unit_cents=item.unit_cents,
            total_cents=item.total_cents,
            detail=list(item.detail),
            origin=kept_origin(item.origin) if item.origin else {},
        )
        for position, item in enumerate(bill.items)
    ]
