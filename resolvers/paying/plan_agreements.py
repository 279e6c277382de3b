"""Payment plans « échéanciers »: agreed by an agent, withdrawn by one, or ended when a part is missed."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from tortoise.expressions import F

from plugins.rules.errors import RuleError
from plugins.rules.french import euros, say_date, say_list
from plugins.rules.payment_plans import GRACE, LEAST_CENTS, MOST_PARTS, PaymentPlan, say_parts
from plugins.rules.wording import Message
from resolvers.billing.credit_notes import require_reason
from resolvers.billing.invoices import is_reported
from resolvers.billing.payment_plans import plans_of
from resolvers.context import Context
from resolvers.errors import Code, Refused, not_found
from resolvers.families.correspondents import correspondents
from resolvers.idempotency import recall, remember
from resolvers.models import Household, Instalment, Invoice
from resolvers.models.billing import InvoiceState
from resolvers.models.keys import new_key
from resolvers.models.tenancy import unit_of_work
from resolvers.outbox import Addressee, enqueue_all, mail_effect
from resolvers.paying.allocations import owed_cents
from resolvers.paying.payable import FIELD, refuse_collected

AGREE = "paymentPlanAgree"
AT_A_TIME = 100
LONGEST_WAIT = timedelta(days=365)  # a first day further away is a mistake: nothing is due, nor missed, until then
MISSED = "une part n'a pas été réglée à temps"


@dataclass(frozen=True, slots=True)
class Wanted:
    """Invoices of one household, in how many parts, from which day, and why, in French."""

    invoice_ids: tuple[UUID, ...]
    parts: int
    first_due_on: date
    reason: str


@unit_of_work
async def agree(ctx: Context, wanted: Wanted, key: str | None) -> list[UUID]:
    """Spread what invoices owe over equal monthly parts, and mail them to the family; returns the invoices.

    Refused: NOT_FOUND, BLANK and INVALID (reason, parts, a first day that has passed or is more than a year away),
    ALREADY_PAID, STATE_CONFLICT (a plan stands), COLLECTION_PENDING, PAYMENT_ROUTE_UNAVAILABLE where the portal is not
    told who pays, and as ``idempotency.recall``.
    """
    asked = {
        "invoices": sorted(map(str, wanted.invoice_ids)),
        "parts": wanted.parts,
        "from": wanted.first_due_on.isoformat(),
        "reason": wanted.reason,
    }
    if await recall(ctx, AGREE, key, asked) is None:
        require_reason(wanted.reason)
        invoices = await _fit(ctx, wanted.invoice_ids)
        plans = [_plan(ctx, invoice, wanted) for invoice in invoices]
        plan_id = await _write(ctx, invoices, plans, wanted.reason)
        await _tell(ctx, plan_id, invoices, Message.PAYMENT_PLAN_AGREED, parts=say_parts(plans))
        await remember(ctx, AGREE, key, asked, {"plan": str(plan_id)})
    return list(wanted.invoice_ids)


@unit_of_work
async def withdraw(ctx: Context, invoice_id: UUID, reason: str) -> list[UUID]:
    """End the plan of an invoice, and tell the family: all that it left is due. Returns the invoices of the plan.

    Refused: BLANK and INVALID (reason), NOT_FOUND when no plan of the invoice stands.
    """
    require_reason(reason)
    row = await Instalment.filter(invoice_id=invoice_id, withdrawn_at__isnull=True).first()
    rows = [] if row is None else await _standing(plan_id=row.plan_id).select_for_update()
    if not rows:
        raise not_found("Échéancier", "invoiceId")
    await _end(ctx, rows, reason)
    return sorted({row.invoice_id for row in rows})


@unit_of_work
async def end_missed(ctx: Context) -> int:
    """End the plans of which a part is missed, and tell their families; returns how many plans."""
    today = ctx.local_now.date()
    late: list[Any] = await _standing(due_on__lt=today - GRACE).distinct().values_list("invoice_id", flat=True)
    owing = Invoice.filter(id__in=late, total_cents__gt=F("paid_cents") + F("cleared_cents"))
    plans = await plans_of(await owing.order_by("id").select_for_update())
    ended = 0
    for plan_id in await _plan_ids([key for key, plan in plans.items() if plan.is_missed(today)]):
        rows = await _standing(plan_id=plan_id).select_for_update()
        missed = [row.id for row in rows if row.due_on in _missed_days(plans.get(row.invoice_id), today)]
        await Instalment.filter(id__in=missed).update(missed_at=ctx.now)
        await _end(ctx, rows, MISSED)
        ended += 1
    return ended


def _missed_days(plan: PaymentPlan | None, today: date) -> set[date]:
    """The days of the parts that are missed; none of an invoice that owes nothing."""
    return set() if plan is None else {part.due_on for part in plan.parts if part.is_missed(today)}


def _standing(**filters: Any) -> Any:
    return Instalment.filter(withdrawn_at__isnull=True, **filters)


async def _plan_ids(invoice_ids: Sequence[UUID]) -> list[Any]:
    found = _standing(invoice_id__in=list(invoice_ids)).distinct().order_by("plan_id").limit(AT_A_TIME)
    return list(await found.values_list("plan_id", flat=True))


async def _fit(ctx: Context, invoice_ids: Sequence[UUID]) -> list[Invoice]:
    """The invoices, locked, if they may be spread."""
    rows = Invoice.filter(id__in=list(invoice_ids), state=InvoiceState.ISSUED)
    invoices = await rows.order_by("id").select_for_update()
    if not invoices or len(invoices) != len(set(invoice_ids)) or len({row.household_id for row in invoices}) > 1:
        raise not_found("Facture", *FIELD)
    household = await Household.get(id=invoices[0].household_id)
    if not is_reported(ctx, household.services):
        message = "Ces factures se paient au Trésor public : lui seul accorde un échéancier et sait ce qui est payé."
        raise Refused(Code.PAYMENT_ROUTE_UNAVAILABLE, message, field=FIELD)
    spread = await plans_of(invoices)
    for invoice in invoices:
        if not owed_cents(invoice):
            raise Refused(Code.ALREADY_PAID, f"La facture {invoice.number} n'a plus rien à payer.", field=FIELD)
        if invoice.id in spread:
            message = f"La facture {invoice.number} a déjà un échéancier : mettez-y fin d'abord."
            raise Refused(Code.STATE_CONFLICT, message, field=FIELD)
    await refuse_collected(ctx, invoices)
    return invoices


def _plan(ctx: Context, invoice: Invoice, wanted: Wanted) -> PaymentPlan:
    today = ctx.local_now.date()
    if not today <= wanted.first_due_on <= today + LONGEST_WAIT:
        why = "est passée" if wanted.first_due_on < today else "est dans plus d'un an"
        message = f"La première date {why} : choisissez un jour jusqu'au {say_date(today + LONGEST_WAIT)}."
        raise Refused(Code.INVALID, message, field=("firstDueOn",))
    try:
        return PaymentPlan.equal(owed_cents(invoice), wanted.parts, wanted.first_due_on)
    except RuleError as error:
        message = f"Choisissez de 2 à {MOST_PARTS} parts, d'au moins {euros(LEAST_CENTS)} chacune pour chaque facture."
        raise Refused(Code.INVALID, message, field=("partCount",)) from error


async def _write(ctx: Context, invoices: Sequence[Invoice], plans: Sequence[PaymentPlan], reason: str) -> UUID:
    plan_id = new_key()
    await Instalment.bulk_create(
        [
            Instalment(
                household_id=invoice.household_id,
                invoice_id=invoice.id,
                plan_id=plan_id,
                position=position,
                cents=part.cents,
                due_on=part.due_on,
                agreed_by=ctx.viewer.account_id,
                agreed_at=ctx.now,
                reason=reason,
            )
            for invoice, plan in zip(invoices, plans, strict=True)
            for position, part in enumerate(plan.parts)
        ]
    )
    return plan_id


async def _end(ctx: Context, rows: Sequence[Instalment], reason: str) -> None:
    """End a plan, of which these are all the rows, locked."""
    await Instalment.filter(id__in=[row.id for row in rows]).update(withdrawn_at=ctx.now, withdrawal=reason)
    invoices = await Invoice.filter(id__in=sorted({row.invoice_id for row in rows})).order_by("id")
    plan_id = rows[0].plan_id or rows[0].id
    await _tell(ctx, plan_id, invoices, Message.PAYMENT_PLAN_ENDED, reason=reason)


async def _tell(ctx: Context, plan_id: UUID, invoices: Sequence[Invoice], message: Message, **words: str) -> None:
    numbers = [invoice.number or "" for invoice in invoices]
    named = f"la facture {numbers[0]}" if len(numbers) == 1 else f"les factures {say_list(numbers)}"
    told: Mapping[str, str] = {"invoices": named, "total": euros(sum(map(owed_cents, invoices))), **words}
    await enqueue_all(
        [
            mail_effect(
                ctx.commune,
                ctx.ports,
                ctx.now,
                message,
                Addressee(account.email, person.first_name),
                key=f"{message.value.lower().replace('_', '-')}:{plan_id}:{account.id}",
                **told,
            )
            for account, person in await correspondents(invoices[0].household_id)
        ]
    )
