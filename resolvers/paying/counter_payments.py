"""Money received at a desk, entered by agents; a mistake is reversed and stays written, nothing is erased."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from uuid import UUID

from plugins.rules.counters import CounterMeans, HandedOver, taken_at
from plugins.rules.payment import Counter
from resolvers.billing.credit_notes import require_reason
from resolvers.billing.invoices import routes_of
from resolvers.context import Context
from resolvers.errors import Code, Refused, not_found
from resolvers.idempotency import recall, remember
from resolvers.models import Allocation, AttemptShare, Household, Invoice, Payment, PaymentAttempt
from resolvers.models.billing import InvoiceState
from resolvers.models.payments import AttemptState
from resolvers.models.tenancy import unit_of_work
from resolvers.numbers import take_numbers
from resolvers.paying.allocations import NO_LIMIT, allocate, hold_account, owed_cents, take_back
from resolvers.paying.paid_parts import owed_to, taking
from resolvers.paying.payable import refuse_collected
from resolvers.paying.settlements import send_receipts

RECORD = "counterPaymentRecord"
SERIES = "Q"  # « quittance »: the receipts of the régie, without gap
ASK_FIRST = (
    "l'encaisser ferait payer la famille deux fois. Choisissez ses autres factures ; si elle veut régler celle-ci "
    "quand même, confirmez-le : ce que la banque prélèvera sera son avoir."
)


@unit_of_work
async def record(
    ctx: Context,
    household_id: UUID,
    invoice_ids: Sequence[UUID],
    handed: HandedOver,
    key: str | None,
    *,
    even_if_collected: bool = False,
) -> PaymentAttempt:
    """Book what a household handed over, on these invoices, or on all it owes, the oldest due first.

    Titles pay only what services charge whose desk takes them. What is left is the household's credit. A numbered
    receipt « quittance » is mailed to those who see its file.
    Refused: NOT_FOUND, INVALID (what cannot be written down), PAYMENT_ROUTE_UNAVAILABLE when no desk of the household's
    services takes these means, COLLECTION_PENDING while a remittance collects one of the invoices, unless
    ``even_if_collected``, and as ``idempotency.recall``.
    """
    asked = {
        "household": str(household_id),
        "invoices": sorted(map(str, invoice_ids)),
        "handed": {**asdict(handed), "means": handed.means.name},
        **({"evenIfCollected": True} if even_if_collected else {}),
    }
    answered = await recall(ctx, RECORD, key, asked)
    if answered is not None:
        return await PaymentAttempt.get(id=UUID(answered["attempt"]))
    if (fault := handed.fault()) is not None:
        raise Refused(Code.INVALID, fault, field=("amount",))
    household = await Household.get_or_none(id=household_id)
    if household is None:
        raise not_found("Foyer", "householdId")
    desk = _desk(ctx, household, handed.means)
    await hold_account(household.id)
    invoices = await _claiming(household.id, invoice_ids)
    if not even_if_collected:
        await refuse_collected(ctx, [row for row in invoices if owed_cents(row)], ASK_FIRST)
    attempt = await _book(ctx, household.id, desk, handed, [row.id for row in invoices])
    await remember(ctx, RECORD, key, asked, {"attempt": str(attempt.id)})
    return attempt


@unit_of_work
async def reverse(ctx: Context, attempt_id: UUID, reason: str, *, unpaid: bool) -> PaymentAttempt:
    """Take back a payment made at a desk: entered by mistake, or a cheque that its bank did not pay (``unpaid``).

    Refused: NOT_FOUND (a payment made elsewhere included), BLANK and INVALID (reason), STATE_CONFLICT when it was
    reversed before, or is on a deposit slip unless its bank did not pay it.
    """
    require_reason(reason)
    payment = await Payment.get_or_none(attempt_id=attempt_id, means__in=[means.value for means in CounterMeans])
    if payment is None:
        raise not_found("Encaissement", "id")
    await hold_account(payment.household_id)
    held = await Payment.filter(id=payment.id).select_for_update().get()
    if held.deposit_id is not None and not (unpaid and held.means == CounterMeans.CHEQUE.value):
        raise Refused(
            Code.STATE_CONFLICT,
            "Cet encaissement est remis en banque : il ne change plus. Seul un chèque impayé s'annule ensuite ; "
            "sinon, remboursez la famille.",
            field=("id",),
        )
    if not await take_back(held, reason, ctx.now):
        raise Refused(Code.STATE_CONFLICT, "Cet encaissement est déjà annulé.", field=("id",))
    return await PaymentAttempt.get(id=attempt_id)


def _desk(ctx: Context, household: Household, means: CounterMeans) -> Counter:
    desks = _desks(ctx, household.services)
    found = next((desk for desk in desks if means in taken_at(desk)), None)
    if found is None:
        ways = " ".join(desk.say() for desk in desks) or "Aucun guichet n'encaisse pour les services de ce foyer."
        raise Refused(
            Code.PAYMENT_ROUTE_UNAVAILABLE,
            f"Ce foyer ne peut pas payer au guichet par ce moyen ({means.say()}). {ways}",
            field=("means",),
        )
    return found


async def most_paid_by(ctx: Context, means: CounterMeans, invoice_ids: Sequence[UUID]) -> Mapping[UUID, int]:
    """What each invoice may receive of CESU: what it owes to services whose desk takes them. Money is not limited."""
    services = {service.code for service in ctx.commune.identity.services}
    if means is not CounterMeans.CESU or taking(ctx, means) == services:
        return NO_LIMIT
    return await owed_to(ctx, means, invoice_ids)


def _desks(ctx: Context, services: Sequence[str]) -> list[Counter]:
    return [route for route in routes_of(ctx, services) if isinstance(route, Counter)]


async def _claiming(household_id: UUID, invoice_ids: Sequence[UUID]) -> list[Invoice]:
    """The invoices to settle, locked: these, all of which must be the household's, or every issued one."""
    issued = Invoice.filter(household_id=household_id, state=InvoiceState.ISSUED).order_by("id").select_for_update()
    rows = await (issued.filter(id__in=list(invoice_ids)) if invoice_ids else issued)
    if invoice_ids and len(rows) < len(set(invoice_ids)):
        raise not_found("Facture", "invoiceIds")
    return rows


async def _book(
    ctx: Context, household_id: UUID, desk: Counter, handed: HandedOver, invoices: Sequence[UUID]
) -> PaymentAttempt:
    year = ctx.local_now.year
    number = await take_numbers(f"{SERIES}-{year}", 1)
    attempt = await PaymentAttempt.create(
        household_id=household_id,
        account_id=ctx.viewer.account_id,
        route=desk.code,
        state=AttemptState.PAID,
        amount_cents=handed.cents,
        reference=f"{year}-{SERIES}-{number:06d}",
        started_at=ctx.now,
        settled_at=ctx.now,
    )
    payment = await Payment.create(
        household_id=household_id,
        attempt_id=attempt.id,
        route=desk.code,
        amount_cents=handed.cents,
        means=handed.means.value,
        note=handed.note(),
        entered_by=ctx.viewer.account_id,
        paid_at=ctx.now,
        booked_at=ctx.now,
    )
    most = await most_paid_by(ctx, handed.means, invoices)
    await allocate(payment, dict.fromkeys(invoices, 0), ctx.now, most)
    settled = await Allocation.filter(payment_id=payment.id, invoice_id__isnull=False)
    await AttemptShare.bulk_create(
        [
            AttemptShare(
                attempt_id=attempt.id,
                household_id=household_id,
                invoice_id=row.invoice_id,
                amount_cents=row.amount_cents,
            )
            for row in settled
        ]
    )
    await send_receipts(ctx, payment, attempt)
    return attempt
