"""What a household paid, for whom and for what: receipts, « attestations de paiement », statements for taxes.

A sum counts on the day it was paid, on the commune's clocks. What a credit note gave back, or a bank took back, is not
paid; credit counts once an invoice uses it, on the day it was paid in.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from uuid import UUID

from plugins import hookspecs
from plugins.rules.paid_shares import Care
from plugins.rules.payment import DirectDebitRoute, PayfipTitre
from plugins.rules.statements import (
    ORDERED,
    ChildCare,
    PaidActivity,
    PaidInvoice,
    PaymentMade,
    PaymentStatement,
    ReceiptDocument,
    TaxStatement,
    counts_for_taxes,
)
from resolvers.agenda.plans import Window
from resolvers.billing.invoices import may_read, routes_of
from resolvers.billing.letterheads import letterhead_of
from resolvers.context import Context
from resolvers.errors import Code, Refused
from resolvers.families.households import HouseholdFile, households_of
from resolvers.models import Allocation, Invoice, Payment, PaymentAttempt
from resolvers.models.billing import InvoiceState
from resolvers.paying.paid_parts import Settled, settled_by
from resolvers.paying.payment_states import Followed

FIRST_YEAR, LAST_YEAR = 2000, 2100


async def payment_statement(ctx: Context, household_id: UUID, window: Window) -> PaymentStatement | None:
    """What a household paid in a window; None for who may not read its invoices. Constant number of statements."""
    household = await _readable(ctx, household_id)
    if household is None:
        return None
    settled = await _settled(ctx, household.id, window)
    issued = Invoice.filter(household_id=household.id, state=InvoiceState.ISSUED)
    shown = issued.filter(issued_on__gte=window.first, issued_on__lte=window.last)
    attempts = await _attempts(settled)
    return PaymentStatement(
        letterhead=letterhead_of(ctx, household),
        first_day=window.first,
        last_day=window.last,
        made_on=ctx.local_now.date(),
        activities=_activities(settled),
        payments=_payments_made(ctx, settled, attempts),
        invoices=tuple(_paid_invoice(row, row.paid_cents) for row in await shown.order_by("issued_on", "id")),
        is_partial=_is_partial(ctx, household),
    )


async def tax_statement(ctx: Context, household_id: UUID, year: int) -> TaxStatement | None:
    """What a household paid in a calendar year for each child; None for who may not read its invoices.

    Refused: INVALID for a year that has not begun, or is none.
    """
    today = ctx.local_now.date()
    if not FIRST_YEAR <= year <= min(today.year, LAST_YEAR):
        raise Refused(Code.INVALID, "Écrivez une année qui a commencé, comme 2026.", field=("year",))
    household = await _readable(ctx, household_id)
    if household is None:
        return None
    settled = await _settled(ctx, household.id, Window(date(year, 1, 1), date(year, 12, 31)))
    return TaxStatement(
        letterhead=letterhead_of(ctx, household),
        year=year,
        made_on=today,
        children=tuple(_care_of_children(household, year, settled)),
        paid_cents=sum(part.cents for part in settled),
        ordered_cents=await _ordered_cents(settled),
        is_partial=_is_partial(ctx, household),
    )


async def receipt(ctx: Context, attempt_id: UUID) -> ReceiptDocument | None:
    """The receipt of a payment that holds; None for one that was reversed, and for who may not read it."""
    attempt = await PaymentAttempt.get_or_none(id=attempt_id)
    payment = await Payment.get_or_none(attempt_id=attempt_id, reversed_at__isnull=True)
    household = await _readable(ctx, payment.household_id) if payment else None
    if attempt is None or payment is None or household is None:
        return None
    received: defaultdict[UUID, int] = defaultdict(int)
    rows = Allocation.filter(payment_id=payment.id, invoice_id__isnull=False)
    for invoice_id, cents in await rows.values_list("invoice_id", "amount_cents"):
        received[invoice_id] += cents
    invoices = await Invoice.filter(id__in=list(received)).order_by("issued_on", "id")
    return ReceiptDocument(
        reference=attempt.reference,
        letterhead=letterhead_of(ctx, household),
        paid_at=payment.paid_at.astimezone(ctx.commune.tz),
        means=_means(attempt, payment),
        authorization=payment.authorization,
        amount_cents=payment.amount_cents,
        invoices=tuple(_paid_invoice(row, received[row.id]) for row in invoices if received[row.id]),
    )


async def _readable(ctx: Context, household_id: UUID) -> HouseholdFile | None:
    found = await households_of(ctx, frozenset({household_id}))
    return next((household for household in found if may_read(ctx, household.services)), None)


def _is_partial(ctx: Context, household: HouseholdFile) -> bool:
    """True when some payments go to the Treasury, which tells the portal nothing of them."""
    collects = ctx.commune.ask(hookspecs.direct_debit).creditor is not None
    return any(
        isinstance(route, PayfipTitre) or (isinstance(route, DirectDebitRoute) and not collects)
        for route in routes_of(ctx, household.services)
    )


async def _settled(ctx: Context, household_id: UUID, window: Window) -> list[Settled]:
    """What the payments of a window brought to each invoice, the earliest payment first."""
    payments = await Payment.filter(household_id=household_id).order_by("paid_at", "id")
    return await settled_by(ctx, [row for row in payments if window.first <= _day(ctx, row) <= window.last])


def _day(ctx: Context, payment: Payment) -> date:
    return payment.paid_at.astimezone(ctx.commune.tz).date()


def _activities(settled: Iterable[Settled]) -> tuple[PaidActivity, ...]:
    """What was paid for each child and activity, whatever it is for the tax office; in the order of names."""
    paid: defaultdict[tuple[str, str, str], int] = defaultdict(int)
    for part in settled:
        for share, cents in part.shares.items():
            paid[share.name, share.activity, share.child] += cents
    return tuple(PaidActivity(name, activity, cents) for (name, activity, _), cents in sorted(paid.items()) if cents)


def _payments_made(
    ctx: Context, settled: Iterable[Settled], attempts: Mapping[UUID, PaymentAttempt]
) -> tuple[PaymentMade, ...]:
    parts: defaultdict[UUID, int] = defaultdict(int)
    payments = {}
    for part in settled:
        payments[part.payment.id] = part.payment
        parts[part.payment.id] += part.cents
    return tuple(
        PaymentMade(_day(ctx, row), _means(attempts[id_], row), attempts[id_].reference, parts[id_])
        for id_, row in payments.items()
    )


async def _attempts(settled: Iterable[Settled]) -> dict[UUID, PaymentAttempt]:
    """The attempt of each payment, by payment: one statement."""
    payments = {part.payment.attempt_id: part.payment.id for part in settled}
    return {payments[row.id]: row for row in await PaymentAttempt.filter(id__in=list(payments))}


def _means(attempt: PaymentAttempt, payment: Payment) -> str:
    """How it was paid; an order given on a bank's page is not money yet."""
    return ORDERED if Followed(attempt, payment).awaits_collection else payment.means


async def _ordered_cents(settled: Sequence[Settled]) -> int:
    attempts = await _attempts(settled)
    return sum(part.cents for part in settled if _means(attempts[part.payment.id], part.payment) == ORDERED)


def _paid_invoice(invoice: Invoice, paid_cents: int) -> PaidInvoice:
    issued_on = invoice.issued_on or invoice.prepared_at.date()
    return PaidInvoice(invoice.number or "", issued_on, invoice.total_cents, paid_cents)


def _care_of_children(household: HouseholdFile, year: int, settled: Iterable[Settled]) -> Iterable[ChildCare]:
    """Each child that something was paid for, the eldest first, then those who left the household."""
    paid: defaultdict[str, defaultdict[Care, int]] = defaultdict(lambda: defaultdict(int))
    names: dict[str, str] = {}
    for part in settled:
        for share, cents in part.shares.items():
            if share.child:
                names[share.child] = share.name
                paid[share.child][share.care] += cents
    born = {str(child.person_id): child.birth_date for child in household.children}
    for child in sorted(paid, key=lambda one: (born.get(one) or date.max, names[one], one)):
        day, by_care = born.get(child), paid[child]
        yield ChildCare(
            names[child],
            day,
            by_care[Care.CARE],
            by_care[Care.WITH_MEAL],
            sum(by_care.values()),
            day is not None and counts_for_taxes(day, year),
        )
