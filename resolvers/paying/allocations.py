"""Where the money of payments is: on the invoices that it settles, never above what each owes, or in credit.

Rows are added, never changed: what moves is taken off here and put there. So the rows of a payment add up to it, or to
nothing once it is reversed, and those of an invoice to ``Invoice.paid_cents``. The rows without an invoice, less what
was refunded, are the household's credit.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from datetime import date, datetime
from types import MappingProxyType
from typing import Any
from uuid import UUID

from plugins.rules.allocation import Claim, spread
from plugins.rules.counters import CounterMeans
from resolvers.models import Allocation, Household, Invoice, Payment, Refund
from resolvers.models.billing import InvoiceState

Where = UUID | None
NO_LIMIT: Mapping[UUID, int] = MappingProxyType({})


def owed_cents(invoice: Invoice) -> int:
    """What remains to pay of an invoice, in cents: neither paid nor cleared by a credit note or a write-off."""
    return invoice.total_cents - invoice.paid_cents - invoice.cleared_cents


async def allocate(
    payment: Payment, asked: Mapping[UUID, int], now: datetime, most: Mapping[UUID, int] = NO_LIMIT
) -> int:
    """Spread a payment over invoices of its household, by the cents asked for each; returns what became credit.

    ``most`` limits what an invoice receives of it, where not all that it charges is paid by these means.

    To call once per payment, in the transaction that books it: it locks the invoices, in the order of their ids.
    """
    parts = await _spread(payment.household_id, asked, payment.amount_cents, now, most)
    credit = payment.amount_cents - sum(parts.values())
    await _write(payment.household_id, [(payment.id, place, cents) for place, cents in {**parts, None: credit}.items()])
    return credit


async def hold_account(household_id: UUID) -> None:
    """Wait until nobody else moves money of a household, and keep others waiting: before any invoice is locked."""
    await Household.filter(id=household_id).select_for_update().only("id")


async def credit_cents(household_id: UUID) -> int:
    """What the household has paid and nothing claims. Below zero when a payment failed after it was refunded."""
    kept = await Allocation.filter(household_id=household_id, invoice_id__isnull=True).only("amount_cents")
    given = await Refund.filter(household_id=household_id).only("amount_cents")
    return sum(row.amount_cents for row in kept) - sum(row.amount_cents for row in given)


async def use_credit(
    household_id: UUID, invoice_ids: Collection[UUID], now: datetime, most: Mapping[UUID, int] = NO_LIMIT
) -> dict[Where, int]:
    """Pay invoices out of the credit, the oldest due first; returns what each received. Call :func:`hold_account`.

    Titles (CESU) go first, each invoice receiving ``most`` of them; what was refunded is money, as far as there is any.
    """
    kept = await _balances(household_id=household_id, invoice_id__isnull=True)
    credit = max(0, await credit_cents(household_id))
    titles = {row.id for row in await Payment.filter(id__in=list(kept), means=CounterMeans.CESU.value).only("id")}
    held = {is_title: {key: kept[key] for key in kept if (key in titles) is is_title} for is_title in (True, False)}
    in_titles = min(credit, sum(held[True].values()))
    received: defaultdict[Where, int] = defaultdict(int)
    for is_title, cents, limit in ((True, in_titles, most), (False, credit - in_titles, NO_LIMIT)):
        parts = await _spread(household_id, dict.fromkeys(invoice_ids, 0), cents, now, limit)
        for invoice_id, part in parts.items():
            await _move(household_id, held[is_title], None, invoice_id, part)
            received[invoice_id] += part
    return dict(received)


async def clear(invoice: Invoice, cents: int, now: datetime) -> int:
    """Take cents off what an invoice, locked, claims; returns the part that was paid already and is credit now."""
    freed = max(0, cents - owed_cents(invoice))
    if freed:
        await _move(invoice.household_id, await _balances(invoice_id=invoice.id), invoice.id, None, freed)
    invoice.cleared_cents += cents
    await _receive(invoice, -freed, now)
    return freed


async def take_back(payment: Payment, why: str, now: datetime) -> bool:
    """Reverse a payment: what it settled is owed again. False when it was reversed before. Call :func:`hold_account`.

    Credit that was refunded meanwhile is owed too: :func:`credit_cents` falls below zero.
    """
    if not await Payment.filter(id=payment.id, reversed_at__isnull=True).update(reversed_at=now, reversal=why[:120]):
        return False
    places: defaultdict[Where, int] = defaultdict(int)
    for place, cents in await Allocation.filter(payment_id=payment.id).values_list("invoice_id", "amount_cents"):
        places[place] += cents
    rows = Invoice.filter(id__in=[place for place in places if place is not None])
    for invoice in await rows.order_by("id").select_for_update():
        await _receive(invoice, -places[invoice.id], now)
    await _write(payment.household_id, [(payment.id, place, -cents) for place, cents in places.items()])
    return True


async def _spread(
    household_id: UUID,
    asked: Mapping[UUID, int],
    cents: int,
    now: datetime,
    most: Mapping[UUID, int] = NO_LIMIT,
) -> dict[Where, int]:
    """Have invoices of a household receive their parts, by the rule; returns the parts."""
    rows = Invoice.filter(id__in=list(asked), household_id=household_id, state=InvoiceState.ISSUED)
    invoices = {str(row.id): row for row in await rows.order_by("id").select_for_update()}
    claims = [
        Claim(
            key,
            row.due_on or date.max,
            min(owed_cents(row), max(0, most.get(row.id, owed_cents(row)))),
            asked_cents=asked[row.id],
        )
        for key, row in invoices.items()
    ]
    parts = spread(cents, claims)
    for key, part in parts.items():
        await _receive(invoices[key], part, now)
    return {invoices[key].id: part for key, part in parts.items()}


async def _receive(invoice: Invoice, cents: int, now: datetime) -> None:
    """Add to what an invoice, locked, has received; it is paid at the instant when nothing remains."""
    invoice.paid_cents += cents
    invoice.paid_at = (invoice.paid_at or now) if invoice.paid_cents and not owed_cents(invoice) else None
    await invoice.save(update_fields=["paid_cents", "cleared_cents", "paid_at"])


async def _balances(**filters: Any) -> dict[UUID, int]:
    """What each payment has among the rows that the filters keep, the oldest payment first."""
    found: defaultdict[UUID, int] = defaultdict(int)
    for payment, cents in await Allocation.filter(**filters).order_by("id").values_list("payment_id", "amount_cents"):
        found[payment] += cents
    return found


async def _move(household_id: UUID, held: dict[UUID, int], source: Where, target: Where, cents: int) -> None:
    """Move cents from one place to another, out of what the payments hold there, the oldest first."""
    rows: list[tuple[UUID, Where, int]] = []
    for payment in held:
        part = min(cents, held[payment])
        if part > 0:
            held[payment] -= part
            cents -= part
            rows += [(payment, source, -part), (payment, target, part)]
    if cents:
        raise ArithmeticError(f"{cents} cents to move from {source} to {target}, which no payment has there")
    await _write(household_id, rows)


async def _write(household_id: UUID, rows: Iterable[tuple[UUID, Where, int]]) -> None:
    await Allocation.bulk_create(
        [
            Allocation(payment_id=payment, household_id=household_id, invoice_id=place, amount_cents=cents)
            for payment, place, cents in rows
            if cents
        ]
    )
