"""Issuing the drafts of a run, a batch at a time: gapless numbers, dates, a mail to those who pay.

A batch is one transaction: it takes its numbers and issues its invoices, or neither. Killed anywhere, a run goes on
with the drafts that are left.
"""

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from datetime import date
from typing import Any
from uuid import UUID

from plugins import hookspecs
from plugins.rules.french import euros
from plugins.rules.invoicing import say_period, say_when_paid
from plugins.rules.wording import Message
from resolvers.billing.bill_shares import Sharing
from resolvers.billing.billing import Population, not_yet_invoiced
from resolvers.billing.bills import Problem, Trouble
from resolvers.billing.drafts import drop_drafts, note
from resolvers.context import Context
from resolvers.families.correspondents import correspondents_of
from resolvers.models import Attendance, Invoice, InvoiceLine, InvoiceRun, Mandate
from resolvers.models.billing import InvoiceState
from resolvers.models.direct_debits import MandateState
from resolvers.numbers import take_numbers
from resolvers.outbox import Addressee, enqueue_all, mail_effect


async def issue_batch(ctx: Context, run: InvoiceRun, size: int) -> None:
    """Issue the next drafts of a run: ``size`` of them, and those of the households whose bills they share.

    A household whose attendance moved since its draft was drawn is left out, and so are those it shares a bill with:
    the run says so, and another run will invoice them.
    """
    sharing = await Sharing.read()
    waiting = Invoice.filter(run_id=run.id, state=InvoiceState.DRAFT)
    next_ones = await waiting.order_by("household_id").limit(size).values_list("household_id", flat=True)
    households = sharing.with_their_own(next_ones)
    drafts = await waiting.filter(household_id__in=sorted(households)).order_by("household_id").select_for_update()
    moved = sharing.with_their_own(await moved_households(ctx, run, drafts)) & households
    await drop_drafts([draft.id for draft in drafts if draft.household_id in moved])
    await note(run, [Problem(household, Trouble.MOVED) for household in sorted(moved)])
    await _issue(ctx, [draft for draft in drafts if draft.household_id not in moved])


async def moved_households(ctx: Context, run: InvoiceRun, drafts: Sequence[Invoice]) -> frozenset[UUID]:
    """The households of which something was checked, corrected or excused since their draft was drawn."""
    ids = sorted(draft.id for draft in drafts)
    billed: Counter[UUID] = Counter()
    lines = InvoiceLine.filter(invoice_id__in=ids).exclude(unit="")  # a line of several days together has no unit
    for invoice, origin in await lines.values_list("invoice_id", "origin"):
        billed[invoice] += len(origin["days"]) if origin and not origin.get("place") else 0
    bound: Counter[Any] = Counter(await Attendance.filter(invoice_id__in=ids).values_list("invoice_id", flat=True))
    households = {draft.household_id for draft in drafts}
    forgotten = set((await not_yet_invoiced(Population.of(ctx, run), households)).values())
    overtaken: list[Any] = await Attendance.filter(id__in=sorted(forgotten)).values_list("household_id", flat=True)
    return frozenset({draft.household_id for draft in drafts if billed[draft.id] != bound[draft.id]}.union(overtaken))


async def _issue(ctx: Context, drafts: Sequence[Invoice]) -> None:
    if not drafts:
        return
    policy, today = ctx.commune.ask(hookspecs.invoicing), ctx.local_now.date()
    first = await take_numbers(f"{policy.series}-{today.year}", len(drafts))
    debited = await _debited({draft.household_id for draft in drafts}, today)
    for sequence, draft in enumerate(drafts, start=first):
        draft.state = InvoiceState.ISSUED
        draft.year = today.year
        draft.sequence = sequence
        draft.number = policy.number(today.year, sequence)
        draft.issued_on = today
        draft.due_on = policy.due_on(today)
        draft.payable_until = policy.payable_until(today)
        draft.debit_on = policy.debit_on(today) if draft.household_id in debited else None
    await Invoice.bulk_update(drafts, ISSUED_FIELDS)
    await _announce(ctx, drafts)


ISSUED_FIELDS = ("state", "year", "sequence", "number", "issued_on", "due_on", "payable_until", "debit_on")


async def _debited(households: Collection[UUID], today: date) -> frozenset[UUID]:
    """The households whose mandate is in force: it was before this invoice was issued."""
    active = Mandate.filter(household_id__in=sorted(households), state=MandateState.ACTIVE, active_from__lte=today)
    found: list[Any] = await active.values_list("household_id", flat=True)
    return frozenset(found)


async def _announce(ctx: Context, invoices: Sequence[Invoice]) -> None:
    people = await correspondents_of({invoice.household_id for invoice in invoices})
    await enqueue_all(
        [
            mail_effect(
                ctx.commune,
                ctx.ports,
                ctx.now,
                Message.INVOICE_ISSUED,
                Addressee(account.email, person.first_name),
                key=f"invoice:{invoice.id}:{account.id}",
                **_words(invoice),
            )
            for invoice in invoices
            for account, person in people[invoice.household_id]
        ]
    )


def _words(invoice: Invoice) -> Mapping[str, str]:
    return {
        "number": invoice.number or "",
        "period": say_period(invoice.period_first, invoice.period_last),
        "total": euros(invoice.total_cents),
        "payment": say_when_paid(invoice.due_on or invoice.period_last, invoice.debit_on),
    }
