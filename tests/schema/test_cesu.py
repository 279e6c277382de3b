"""CESU pay what the services charge whose desk takes them; what they do not pay is the household's credit."""

from datetime import date
from types import SimpleNamespace
from typing import Any
from uuid import UUID

import pytest

from gateway.database import Databases
from plugins.hookspecs import hookimpl
from plugins.rules.identity import Service
from plugins.rules.payment import PaymentRoute
from resolvers.agenda.plans import Window
from resolvers.billing.attestations import tax_statement
from resolvers.models import CreditNote, Invoice, InvoiceLine
from resolvers.paying.allocations import credit_cents
from resolvers.paying.refunds import RefundMeans, refund
from resolvers.paying.treasury_ledger import ledger_of
from schema.portal import schema
from schema.relay import global_id
from tests.desk import CHEQUES_ONLY, DESK
from tests.paying import CANTEEN as CANTEEN_LABEL
from tests.paying import claimed
from tests.towns import Family, Town, add_agent, add_family

pytestmark = [pytest.mark.anyio, pytest.mark.database]

RECORD = """mutation($input: CounterPaymentRecordInput!) { counterPaymentRecord(input: $input) {
  payment { amount { amount } } userErrors { code message } } }"""
USE = "mutation($input: CreditUseInput!) { creditUse(input: $input) { userErrors { code } } }"
NURSERY, CANTEEN = ("pic-et-plume", "journee"), ("restauration", "repas")


@pytest.fixture
def town(databases: Databases) -> Town:
    """Épagny, if the desk of « petite enfance » took CESU and that of « enfance-jeunesse » cheques alone."""

    @hookimpl
    def payment_routes(service: Service) -> tuple[PaymentRoute, ...]:
        return (DESK if service.code == "petite-enfance" else CHEQUES_ONLY,)

    return Town(Town.called("epagny").commune.trying(SimpleNamespace(payment_routes=payment_routes)))


async def at_both(town: Town, family: Family | None = None) -> tuple[Family, UUID]:
    """A family of both services, and its invoice: 40 euros of canteen, 60 of nursery."""
    family = family or await add_family(town, services=("petite-enfance", "enfance-jeunesse"))
    invoice = await claimed(town, family, meals=40_00, nursery=60_00)
    with town.at_work():
        for position, (activity, unit) in enumerate((CANTEEN, NURSERY)):
            origin = {"activity": activity, "unit": unit, "days": ["2026-11-05"], "child": "1"}
            await InvoiceLine.filter(invoice_id=invoice, position=position).update(origin=origin)
    return family, invoice


async def handed(town: Town, family: Family, means: str, amount: str, **facts: Any) -> None:
    """Have an agent book this."""
    given = {"householdId": global_id("Household", family.id), "means": means, "amount": amount, **facts}
    with town.asked_by(await add_agent(town)) as ctx:
        result = await schema.execute(RECORD, {"input": given}, context_value=ctx)
    assert result.errors is None and result.data is not None
    assert result.data["counterPaymentRecord"]["userErrors"] == []


async def standing(town: Town, family: Family, invoice: UUID) -> tuple[int, int]:
    """What the invoice has received, and the family's credit."""
    with town.at_work():
        return (await Invoice.get(id=invoice)).paid_cents, await credit_cents(family.id)


async def test_titles_pay_the_nursery_and_not_the_canteen(town: Town) -> None:
    family, invoice = await at_both(town)
    await handed(town, family, "CESU", "70", titles=["12345", "12346"])
    assert await standing(town, family, invoice) == (60_00, 10_00)


async def test_titles_handed_over_in_two_goes_pay_no_more_of_the_nursery_than_at_once(town: Town) -> None:
    family, invoice = await at_both(town)
    await handed(town, family, "CESU", "45", titles=["12345"])
    await handed(town, family, "CASH", "5")  # of the 15 euros left of the nursery and the 40 of the canteen: 1.37
    await handed(town, family, "CESU", "40", titles=["12346"])
    assert await standing(town, family, invoice) == (50_00 + 13_63, 40_00 - 13_63)


async def test_titles_pay_what_earlier_payments_and_corrections_left_of_the_nursery(town: Town) -> None:
    family, invoice = await at_both(town)
    await handed(town, family, "CHEQUE", "50", chequeNumber="1234567", bank="Banque postale")  # 20 and 30
    with town.at_work() as ctx:
        await CreditNote.create(
            household_id=family.id,
            invoice_id=invoice,
            year=2026,
            series="AV",
            sequence=1,
            number="2026-AV-1",
            total_cents=10_00,
            lines=[{"position": 1, "total_cents": 10_00}],
            reason="Fermeture",
            issued_on=date(2026, 12, 1),
            issued_by=family.id,
            at=ctx.now,
        )
        await Invoice.filter(id=invoice).update(cleared_cents=10_00)
    await handed(town, family, "CESU", "45", titles=["12345"])
    # The corrected invoice charges 40 and 50: the cheque paid 22.22 and 27.78 of them.
    assert await standing(town, family, invoice) == (50_00 + 22_22, 45_00 - 22_22)


async def used(town: Town, family: Family, invoice: UUID) -> list[str]:
    """Pay an invoice out of the credit; why it is refused."""
    with town.asked_by(family.parent) as ctx:
        given = {"invoiceIds": [global_id("Invoice", invoice)]}
        result = await schema.execute(USE, {"input": given}, context_value=ctx)
    assert result.errors is None and result.data is not None
    return [error["code"] for error in result.data["creditUse"]["userErrors"]]


async def test_what_titles_left_as_credit_pays_the_nursery_and_not_the_canteen(town: Town) -> None:
    family, invoice = await at_both(town)
    await handed(town, family, "CESU", "70", titles=["12345"])
    assert (await used(town, family, invoice), await standing(town, family, invoice)) == (
        ["NOTHING_TO_USE"],
        (60_00, 10_00),
    )
    _, later = await at_both(town, family)
    assert (await used(town, family, later), await standing(town, family, later)) == ([], (10_00, 0))


async def test_money_and_titles_left_as_credit_each_pay_what_they_may(town: Town) -> None:
    family, agent = await add_family(town, services=("petite-enfance", "enfance-jeunesse")), await add_agent(town)
    await handed(town, family, "CESU", "80", titles=["12345"])
    await handed(town, family, "CHEQUE", "30", chequeNumber="1234567", bank="Banque postale")
    with town.asked_by(agent) as ctx:
        await refund(ctx, family.id, 25_00, RefundMeans.TRANSFER, "Trop-perçu", None)  # money is given back, not titles
    _, invoice = await at_both(town, family)
    assert (await used(town, family, invoice), await standing(town, family, invoice)) == ([], (65_00, 20_00))


async def test_the_treasury_and_the_taxes_are_told_that_titles_paid_the_nursery(town: Town) -> None:
    family, _ = await at_both(town)
    await handed(town, family, "CHEQUE", "10", chequeNumber="1234567", bank="Banque postale")
    await handed(town, family, "CESU", "50", titles=["12345"])
    with town.asked_by(await add_agent(town)) as ctx:
        told = await ledger_of(ctx, Window(date(2026, 10, 1), date(2026, 10, 31)))
        taxes = await tax_statement(ctx, family.id, 2026)
    assert {(each.activity, each.means): -each.cents for each in told.entries} == {
        (CANTEEN_LABEL, "cheque"): 8_00,  # of the 40 euros of the canteen and the 10 that titles left of the nursery
        ("Multi-accueil", "cheque"): 2_00,
        ("Multi-accueil", "cesu"): 50_00,
    }
    assert taxes is not None
    assert sum(child.care_cents for child in taxes.children) == 52_00


async def test_cash_and_cheques_pay_everything(town: Town) -> None:
    family, invoice = await at_both(town)
    await handed(town, family, "CASH", "100")
    assert await standing(town, family, invoice) == (100_00, 0)
