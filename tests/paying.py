"""Owing, paying and hearing from the bank in a few words."""

import itertools
from datetime import date
from typing import Any
from uuid import UUID

from resolvers.models import Allocation, Invoice, InvoiceLine, Payment, PaymentAttempt
from resolvers.models.billing import InvoiceState
from resolvers.models.payments import AttemptState
from resolvers.paying.payments import start
from resolvers.paying.settlements import settle
from resolvers.ports import PaymentOutcome
from tests.towns import Family, Signed, Town

PAID, REFUSED, CANCELLED, EXPIRED, LATE, PENDING = (
    PaymentOutcome.PAID,
    PaymentOutcome.REFUSED,
    PaymentOutcome.CANCELLED,
    PaymentOutcome.EXPIRED,
    PaymentOutcome.LATE,
    PaymentOutcome.PENDING,
)

DUE = 7_50

CANTEEN, EVENING = "Restauration scolaire", "Accueil périscolaire"

BACK = "https://front.example/factures"

NUMBERS = itertools.count(1)


async def owe(town: Town, family: Family, cents: int = DUE, **values: Any) -> UUID:
    """An issued invoice of a family."""
    sequence = next(NUMBERS)
    given = {
        "number": f"2026-ENF-{sequence:06d}",
        "issued_on": date(2026, 12, 1),
        "due_on": date(2026, 12, 31),
        **values,
    }
    with town.at_work() as ctx:
        invoice = await Invoice.create(
            household_id=family.id,
            state=InvoiceState.ISSUED,
            period_first=date(2026, 11, 1),
            period_last=date(2026, 11, 30),
            year=2026,
            series="ENF",
            sequence=sequence,
            total_cents=cents,
            prepared_at=ctx.now,
            **given,
        )
    return invoice.id


async def claimed(town: Town, family: Family, **cents: int) -> UUID:
    """An issued invoice with its lines: so many cents of ``meals``, of ``evenings``, of a ``nursery``."""
    key = await owe(town, family, sum(cents.values()))
    labels = {"meals": CANTEEN, "evenings": EVENING, "nursery": "Multi-accueil"}
    with town.at_work():
        await InvoiceLine.bulk_create(
            [
                InvoiceLine(
                    invoice_id=key,
                    household_id=family.id,
                    position=position,
                    child="Enfant1 TEST",
                    activity=labels[name],
                    unit="Présence",
                    quantity=1,
                    unit_cents=owed,
                    total_cents=owed,
                )
                for position, (name, owed) in enumerate(cents.items())
            ]
        )
    return key


async def pay(town: Town, by: Signed, *invoices: UUID, route: str = "payfip", key: str | None = None) -> PaymentAttempt:
    """Ask to pay, and be sent to the bank."""
    with town.asked_by(by) as ctx:
        return await start(ctx, invoices, route, BACK, key)


async def hear(town: Town, attempt: PaymentAttempt) -> AttemptState | None:
    """Ask the bank about an attempt; the state it is in afterwards."""
    with town.at_work() as ctx:
        settled = await settle(ctx, attempt.external_id or "")
    return settled.state if settled else None


async def books(town: Town) -> dict[str, Any]:
    """What is booked: payments, where they went, and what each invoice has received."""
    with town.at_work():
        invoices = {row.id: row.paid_cents for row in await Invoice.all().order_by("sequence")}
        return {
            "payments": sorted(row.amount_cents for row in await Payment.all()),
            "allocations": sorted(
                ((row.invoice_id, row.amount_cents) for row in await Allocation.all()), key=lambda part: str(part[0])
            ),
            "paid": invoices,
        }
