"""What an agent wrote in the ledger of a household: a credit note, what was given up, a refund; and credit."""

from resolvers import models
from resolvers.models.keys import new_key
from resolvers.models.payments import AttemptState
from tests.contract.planting import SEEN_DAY, Planted


async def plant_ledger(planted: Planted) -> None:
    """Correct the invoice that nobody tried to pay."""
    line = {"position": 0, "child": planted.mark, "activity": "Cantine", "unit": "Repas"}
    with planted.town.at_work():
        invoice = await models.Invoice.get(household_id=planted.household, sequence=3)
        await planted.owned(
            models.CreditNote,
            "CreditNote",
            invoice_id=invoice.id,
            year=2026,
            sequence=1,
            total_cents=100,
            lines=[{**line, "quantity": 1, "unit_cents": 100, "total_cents": 100}],
            issued_on=SEEN_DAY,
            issued_by=new_key(),
            at=planted.now,
        )
        await planted.owned(models.WriteOff, invoice_id=invoice.id, cents=50, decided_by=new_key(), at=planted.now)
        await planted.owned(models.Refund, amount_cents=0, entered_by=new_key(), paid_on=SEEN_DAY, at=planted.now)
        invoice.cleared_cents = 150
        await invoice.save()
        await _plant_credit(planted, means="cash", route="guichet")
        await _plant_credit(planted, means="card")


async def _plant_credit(planted: Planted, **how: str) -> None:
    """Money that settles nothing yet."""
    attempt = await planted.owned(
        models.PaymentAttempt,
        "Payment",
        account_id=planted.parent.id,
        state=AttemptState.PAID,
        amount_cents=500,
        started_at=planted.now,
    )
    payment = await planted.owned(
        models.Payment,
        attempt_id=attempt.id,
        amount_cents=500,
        **how,
        paid_at=planted.now,
        booked_at=planted.now,
    )
    await planted.owned(models.Allocation, payment_id=payment.id, amount_cents=500)
