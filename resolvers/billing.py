"""Invoices: prepared from what agents checked, then issued with gapless numbers; an issued invoice never changes."""

from calendar import monthrange
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from plugins import hookspecs
from plugins.rules.french import MONTHS, euros, say_date
from plugins.rules.invoice_lines import lines_of
from plugins.rules.invoicing import InvoicingPolicy
from plugins.rules.wording import Message
from resolvers.absent_days import percent_charged, reported_in
from resolvers.adjustments import Invoiced, adjustment_lines, already_invoiced, first_day_counted, kept_origin
from resolvers.attendance import SheetLine, sheet, take_turns
from resolvers.context import Context
from resolvers.correspondents import correspondents
from resolvers.errors import Code, Refused
from resolvers.idempotency import recall, remember
from resolvers.models import Attendance, Invoice, InvoiceLine
from resolvers.models.billing import InvoiceState
from resolvers.models.bookings import Presence
from resolvers.models.tenancy import unit_of_work
from resolvers.numbers import take_numbers
from resolvers.outbox import Addressee, enqueue_mail
from resolvers.plans import Slot, Window
from resolvers.pricing import Pricing

ISSUE = "invoicesIssue"
CARRIED = timedelta(days=365)  # what was too little to be invoiced, or checked late, waits that long for an invoice


@dataclass(frozen=True, slots=True)
class Month:
    """A calendar month, the period of an invoice."""

    year: int
    month: int

    def __post_init__(self) -> None:
        if not (2000 <= self.year <= 2100 and 1 <= self.month <= 12):
            raise Refused(Code.INVALID, "Écrivez le mois comme 2026-11.", field=("month",))

    @classmethod
    def parse(cls, text: str) -> "Month":
        """Read ``2026-11``. Refused: INVALID."""
        year, _, month = text.partition("-")
        if not (len(text) == 7 and year.isascii() and year.isdigit() and month.isascii() and month.isdigit()):
            raise Refused(Code.INVALID, "Écrivez le mois comme 2026-11.", field=("month",))
        return cls(int(year), int(month))

    @property
    def window(self) -> Window:
        """Its days."""
        return Window(date(self.year, self.month, 1), date(self.year, self.month, monthrange(self.year, self.month)[1]))

    @property
    def label(self) -> str:
        """« novembre 2026 »."""
        return f"{MONTHS[self.month - 1]} {self.year}"


@dataclass(frozen=True, slots=True)
class Run:
    """A month's drafts, and what keeps the others from being one: units nobody checked, amounts under the minimum."""

    month: Month
    drafts: tuple[Invoice, ...]
    unchecked: tuple[SheetLine, ...]
    below_minimum: tuple[UUID, ...]

    @property
    def total_cents(self) -> int:
        """What the drafts add up to."""
        return sum(draft.total_cents for draft in self.drafts)


@unit_of_work
async def prepare(ctx: Context, month: Month) -> Run:
    """Draw the drafts of a month again from what was checked, and from what earlier months left without an invoice.

    A household with an unchecked unit since the first of these days gets no draft.
    Refused: INVALID for a month that has not ended.
    """
    if month.window.last >= ctx.local_now.date():
        raise Refused(
            Code.INVALID,
            f"{month.label.capitalize()} n'est pas terminé : préparez les factures ensuite.",
            field=("month",),
        )
    await take_turns()
    await _drop_drafts(month)
    due = await _not_yet_invoiced(month)
    first = min([month.window.first, *(day for _, day, _, _ in due)])
    window = Window(first_day_counted(ctx.commune, due, first), month.window.last)
    lines = await sheet(ctx, window)
    unchecked = tuple(line for line in lines if line.presence is None and line.day >= first)
    stopped = {line.household_id for line in unchecked}
    billable = [line for line in lines if line.slot in due and line.household_id not in stopped]
    pricing = await Pricing.read(ctx, window, lines)
    drafts, below = await _write_drafts(ctx, month, pricing, billable, due, await already_invoiced(lines))
    return Run(month, drafts, unchecked, below)


async def _drop_drafts(month: Month) -> None:
    """Drafts bind nobody: they are redrawn from the records, which stay."""
    ids = await Invoice.filter(state=InvoiceState.DRAFT, period_first=month.window.first).values_list("id", flat=True)
    await Attendance.filter(invoice_id__in=list(ids)).update(invoice_id=None)
    await InvoiceLine.filter(invoice_id__in=list(ids)).delete()
    await Invoice.filter(id__in=list(ids)).delete()


async def _not_yet_invoiced(month: Month, **among: Any) -> dict[Slot, UUID]:
    """What is due until the end of a month and is on no invoice, among the rows that the filters keep."""
    last = month.window.last
    span = {"day__gte": last - CARRIED, "day__lte": last, **among}
    absences = await reported_in(**span)
    rows = await Attendance.filter(invoice_id__isnull=True, **span).values_list(
        "child_id", "day", "activity", "unit", "id", "presence"
    )
    return {
        (child, day, activity, unit): row
        for child, day, activity, unit, row, presence in rows
        if percent_charged(Presence(presence), absences.get((child, day, activity, unit)))
    }


async def _write_drafts(
    ctx: Context,
    month: Month,
    pricing: Pricing,
    billable: Sequence[SheetLine],
    due: Mapping[Slot, UUID],
    invoiced: Mapping[UUID, Invoiced],
) -> tuple[tuple[Invoice, ...], tuple[UUID, ...]]:
    policy = ctx.commune.ask(hookspecs.invoicing)
    by_household: defaultdict[UUID, list[SheetLine]] = defaultdict(list)
    for line in billable:
        by_household[line.household_id].append(line)
    drafts: list[Invoice] = []
    below: list[UUID] = []
    for household_id, consumed in sorted(by_household.items()):
        days = lines_of(pricing.priced(line) for line in consumed)
        items = days + adjustment_lines(pricing, consumed, invoiced.get(household_id, Invoiced()))
        total = sum(item.total_cents for item in items)
        if total < max(1, policy.minimum_cents):
            below.append(household_id)
            continue
        draft = await _create_draft(ctx, policy, month, household_id, total)
        await InvoiceLine.bulk_create(
            [
                InvoiceLine(
                    invoice_id=draft.id,
                    household_id=household_id,
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
                for position, item in enumerate(items)
            ]
        )
        await Attendance.filter(id__in=[due[line.slot] for line in consumed]).update(invoice_id=draft.id)
        drafts.append(draft)
    return tuple(drafts), tuple(below)


async def _create_draft(ctx: Context, policy: InvoicingPolicy, month: Month, household_id: UUID, total: int) -> Invoice:
    return await Invoice.create(
        household_id=household_id,
        period_first=month.window.first,
        period_last=month.window.last,
        year=ctx.local_now.year,
        series=policy.series,
        total_cents=total,
        prepared_at=ctx.now,
    )


@unit_of_work
async def issue(ctx: Context, month: Month, key: str | None) -> tuple[UUID, ...]:
    """Issue every draft of a month: numbers without gap, due date, a mail to those who pay. Returns the invoices.

    Refused: NOTHING_TO_INVOICE, STATE_CONFLICT when attendance moved since the drafts were prepared.
    """
    await take_turns()
    asked = {"month": f"{month.year}-{month.month}"}
    answered = await recall(ctx, ISSUE, key, asked)
    if answered is not None:
        return tuple(UUID(invoice) for invoice in answered["invoices"])
    drafts = (
        await Invoice.filter(state=InvoiceState.DRAFT, period_first=month.window.first)
        .order_by("household_id")
        .select_for_update()
    )
    if not drafts:
        raise Refused(
            Code.NOTHING_TO_INVOICE,
            f"Aucune facture préparée pour {month.label} : préparez-les d'abord.",
            field=("month",),
        )
    await _refuse_moved(month, drafts)
    policy = ctx.commune.ask(hookspecs.invoicing)
    year = ctx.local_now.year
    first = await take_numbers(f"{policy.series}-{year}", len(drafts))
    for number, draft in enumerate(drafts, start=first):
        await _issue_one(ctx, policy, draft, year, number)
        await _announce(ctx, month, draft)
    ids = tuple(draft.id for draft in drafts)
    await remember(ctx, ISSUE, key, asked, {"invoices": [str(invoice) for invoice in ids]})
    return ids


async def _refuse_moved(month: Month, drafts: Sequence[Invoice]) -> None:
    ids = [draft.id for draft in drafts]
    lines = await InvoiceLine.filter(invoice_id__in=ids).only("quantity", "unit")
    billed = sum(line.quantity for line in lines if line.unit)  # a line that several days make together has no unit
    bound = await Attendance.filter(invoice_id__in=ids).count()
    forgotten = await _not_yet_invoiced(month, household_id__in=[draft.household_id for draft in drafts])
    if billed != bound or forgotten:
        raise Refused(
            Code.STATE_CONFLICT,
            f"Des présences de {month.label} ont changé depuis la préparation : préparez de nouveau les factures.",
            field=("month",),
        )


async def _issue_one(ctx: Context, policy: InvoicingPolicy, draft: Invoice, year: int, number: int) -> None:
    today = ctx.local_now.date()
    draft.state = InvoiceState.ISSUED
    draft.year = year
    draft.sequence = number
    draft.number = policy.number(year, number)
    draft.issued_on = today
    draft.due_on = today + timedelta(days=policy.due_days)
    await draft.save()


async def _announce(ctx: Context, month: Month, invoice: Invoice) -> None:
    for account, person in await correspondents(invoice.household_id):
        await enqueue_mail(
            ctx.commune,
            ctx.ports,
            ctx.now,
            Message.INVOICE_ISSUED,
            Addressee(account.email, person.first_name),
            key=f"invoice:{invoice.id}:{account.id}",
            number=invoice.number or "",
            period=month.label,
            total=euros(invoice.total_cents),
            due=say_date(invoice.due_on or ctx.local_now.date()),
        )
