"""What a household pays in parts, shares or has collected, planted beside the rest."""

from datetime import date

from resolvers import models
from resolvers.models.direct_debits import MandateState
from resolvers.models.keys import new_key
from tests.contract.planting import SEEN_DAY, Planted


async def plant_money(planted: Planted) -> None:
    """An instalment, a share of the bill, a titre, a mandate and its collection."""
    with planted.town.at_work():
        invoice = await models.Invoice.filter(household_id=planted.household).first()
        assert invoice is not None, "invoices are planted first"
        await planted.owned(
            models.Instalment,
            invoice_id=invoice.id,
            plan_id=new_key(),
            position=0,
            cents=100,
            due_on=SEEN_DAY,
            agreed_by=planted.parent.id,
            agreed_at=planted.now,
        )
        await planted.of_child(
            models.BillingShare, percent=50, first_day=SEEN_DAY, decided_at=planted.now, decided_by=planted.parent.id
        )
        await planted.owned(
            models.Titre,
            invoice_id=invoice.id,
            exercise=2026,
            number=sum(planted.mark.encode()),  # another one in each household
            line=1,
            recorded_by=planted.parent.id,
            at=planted.now,
        )
        await _plant_collection(planted, invoice)


async def _plant_collection(planted: Planted, invoice: models.Invoice) -> None:
    mandate = await planted.owned(
        models.Mandate,
        account_id=planted.parent.id,
        iban=planted.sealed("iban"),
        state=MandateState.ACTIVE,
        asked_at=planted.now,
        signed_on=SEEN_DAY,
        active_from=SEEN_DAY,
    )
    remittance = await planted.row(
        models.Remittance,
        "Remittance",
        collect_on=date(2026, 10, 20),
        count=1,
        total_cents=100,
        made_by=planted.parent.id,
        made_at=planted.now,
        sent_at=planted.now,
    )
    await planted.owned(
        models.Collection,
        "Collection",
        remittance_id=remittance.id,
        mandate_id=mandate.id,
        invoice_id=invoice.id,
        cents=100,
    )
    slip = {"means": "cash", "count": 1, "total_cents": 100}
    await planted.row(models.Deposit, "Deposit", **slip, made_by=planted.parent.id, made_at=planted.now)
