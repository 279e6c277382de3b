"""At the desk: booked on the oldest debt, credited, given back, reversed; every cent stays written."""

from datetime import date
from typing import Any

import pytest

from gateway.database import Databases
from plugins.rules.french import euros
from resolvers.context import AgentRight
from resolvers.models import Invoice, Payment
from resolvers.models.keys import new_key
from resolvers.paying.allocations import credit_cents
from schema.portal import schema
from schema.relay import global_id
from tests.debiting import DEBIT_DAY, booked, mandate, owe_debit, paid_cents, sent
from tests.desk import CHEQUES_ONLY, town_with
from tests.paying import owe
from tests.towns import Family, Signed, Town, add_agent, add_family, add_parent, sign_in

pytestmark = [pytest.mark.anyio, pytest.mark.database]

RECORD = """mutation($input: CounterPaymentRecordInput!) { counterPaymentRecord(input: $input) {
  payment { id state reference amount { amount } } userErrors { code field message } } }"""
CANCEL = """mutation($input: CounterPaymentCancelInput!) { counterPaymentCancel(input: $input) {
  payment { id } userErrors { code field message } } }"""
REFUND = """mutation($input: RefundRecordInput!) { refundRecord(input: $input) {
  refund { amount { amount } means reason paidOn } userErrors { code field message } } }"""
USE = """mutation($input: CreditUseInput!) { creditUse(input: $input) {
  invoices { number remaining { amount } status } userErrors { code field } } }"""


@pytest.fixture
def town(databases: Databases) -> Town:
    """A desk that takes everything."""
    return town_with()


async def asked(town: Town, signed: Signed, text: str, **wanted: Any) -> Any:
    """The only root field of an operation, which must go without any error."""
    with town.asked_by(signed) as ctx:
        result = await schema.execute(text, {"input": wanted}, context_value=ctx)
    assert result.errors is None, result.errors
    assert result.data is not None
    (answer,) = result.data.values()
    return answer


def codes(answer: Any) -> list[str]:
    """The codes of the refusals."""
    return [error["code"] for error in answer["userErrors"]]


async def paid(town: Town) -> list[int]:
    """What each invoice has received, in the order they were issued."""
    with town.at_work():
        return [row.paid_cents for row in await Invoice.all().order_by("sequence")]


async def credit(town: Town, family: Family) -> int:
    """The household's credit."""
    with town.at_work():
        return await credit_cents(family.id)


async def test_cash_settles_the_oldest_debt_and_the_rest_is_credit(town: Town) -> None:
    family, agent = await add_family(town), await add_agent(town, frozenset({AgentRight.BILLING}))
    late = await owe(town, family, 500)
    with town.at_work():
        await Invoice.filter(id=late).update(due_on=date(2027, 1, 31))
    await owe(town, family, 300)
    wanted = {"householdId": global_id("Household", family.id), "means": "CASH", "idempotencyKey": "caisse-1"}
    first = [await asked(town, agent, RECORD, **wanted, amount="4.00") for _ in range(2)]
    assert first[0] == first[1]
    assert {**first[0]["payment"], "id": None} == {
        "id": None,
        "state": "PAID",
        "reference": "2026-Q-000001",
        "amount": {"amount": "4.00"},
    }
    assert (await paid(town), await credit(town, family)) == ([100, 300], 0)
    again = await asked(town, agent, RECORD, **{**wanted, "idempotencyKey": None}, amount="10.00")
    assert again["payment"]["reference"] == "2026-Q-000002"
    assert (await paid(town), await credit(town, family)) == ([500, 300], 600)
    mails = await town.mails("receipt")
    assert len(mails) == 2
    assert euros(400) in mails[0].body
    assert "2026-Q-000001" in mails[0].body


async def test_what_a_remittance_collects_is_taken_at_a_desk_only_once_the_family_confirmed(town: Town) -> None:
    town.on(date(2026, 12, 4))
    family, agent = await add_family(town), await add_agent(town)
    await mandate(town, family, rum="ENF-2026-T1")
    collected = await owe_debit(town, family, 5_00, number="2026-7")
    remittance = await sent(town, agent)
    other = await owe(town, family, 3_00)
    cash = {"householdId": global_id("Household", family.id), "means": "CASH", "amount": "3.00"}
    (error,) = (await asked(town, agent, RECORD, **cash))["userErrors"]
    assert error == {
        "code": "COLLECTION_PENDING",
        "field": ["input", "invoiceIds"],
        "message": "La facture 2026-7 sera prélevée le lundi 21 décembre 2026 (mandat ENF-2026-T1) : l'encaisser "
        "ferait payer la famille deux fois. Choisissez ses autres factures ; si elle veut régler celle-ci quand même, "
        "confirmez-le : ce que la banque prélèvera sera son avoir.",
    }
    assert codes(await asked(town, agent, RECORD, **cash, invoiceIds=[global_id("Invoice", other)])) == []
    assert codes(await asked(town, agent, RECORD, **cash, evenIfCollected=True)) == []
    assert (await paid_cents(town, collected, other), await credit(town, family)) == ([3_00, 3_00], 0)
    town.on(DEBIT_DAY)
    await booked(town, agent, remittance)
    assert (await paid_cents(town, collected, other), await credit(town, family)) == ([5_00, 3_00], 3_00)


async def test_credit_is_used_once_then_given_back(town: Town) -> None:
    family, agent = await add_family(town), await add_agent(town)
    home = global_id("Household", family.id)
    await asked(town, agent, RECORD, householdId=home, means="CESU", amount="10", titles=["12345", "12346"])
    invoice = global_id("Invoice", await owe(town, family, 750))
    keyed = {"invoiceIds": [invoice], "idempotencyKey": "crédit-1"}
    used, again = [await asked(town, family.parent, USE, **keyed) for _ in range(2)]
    assert [(row["remaining"], row["status"]) for row in used["invoices"]] == [({"amount": "0.00"}, "PAID")]
    assert again == used
    assert codes(await asked(town, family.parent, USE, invoiceIds=[invoice])) == ["NOTHING_TO_USE"]
    assert await credit(town, family) == 250
    refund = {"householdId": home, "means": "TRANSFER", "reason": "Départ de la commune", "idempotencyKey": "rendu"}
    done = [await asked(town, agent, REFUND, **refund, amount="2.00") for _ in range(2)]
    given = {
        "amount": {"amount": "2.00"},
        "means": "TRANSFER",
        "reason": "Départ de la commune",
        "paidOn": "2026-10-05",
    }
    assert done == [{"refund": given, "userErrors": []}] * 2
    over = await asked(town, agent, REFUND, **{**refund, "idempotencyKey": "trop"}, amount="0.51")
    assert (codes(over), await credit(town, family)) == (["INVALID"], 50)


async def test_a_mistake_is_reversed_once_and_stays_written(town: Town) -> None:
    family, agent = await add_family(town), await add_agent(town)
    await owe(town, family, 750)
    entered = await asked(
        town,
        agent,
        RECORD,
        householdId=global_id("Household", family.id),
        means="CHEQUE",
        amount="10",
        chequeNumber="1234567",
        bank="Banque\u00a0postale",
    )
    wanted = {"id": entered["payment"]["id"], "reason": "Saisi deux fois\u00a0: « 10\u202f€ »"}
    done, again = [await asked(town, agent, CANCEL, **wanted) for _ in range(2)]
    assert (done["userErrors"], codes(again)) == ([], ["STATE_CONFLICT"])
    assert (await paid(town), await credit(town, family)) == ([0], 0)
    with town.at_work():
        (row,) = await Payment.all()
    assert (row.amount_cents, row.note, row.reversal) == (
        1000,
        "chèque n° 1234567, Banque\u00a0postale",
        "Saisi deux fois\u00a0: « 10\u202f€ »",  # as French keyboards write it
    )


async def test_a_banked_payment_is_no_mistake_but_its_cheque_may_bounce(town: Town) -> None:
    family, agent = await add_family(town), await add_agent(town)
    cheque = {"means": "CHEQUE", "chequeNumber": "1234567", "bank": "Banque"}
    home = global_id("Household", family.id)
    entered = await asked(town, agent, RECORD, householdId=home, amount="10", **cheque)
    with town.at_work():
        await Payment.all().update(deposit_id=new_key())
    wanted = {"id": entered["payment"]["id"], "reason": "Impayé"}
    assert codes(await asked(town, agent, CANCEL, **wanted)) == ["STATE_CONFLICT"]
    assert codes(await asked(town, agent, CANCEL, **wanted, isUnpaidCheque=True)) == []


async def test_a_desk_takes_only_the_means_of_its_services(databases: Databases) -> None:
    town = town_with(CHEQUES_ONLY)
    family, agent = await add_family(town), await add_agent(town)
    home = global_id("Household", family.id)
    told = await asked(town, agent, RECORD, householdId=home, means="CESU", amount="10", titles=["12345"])
    (error,) = told["userErrors"]
    assert (error["code"], error["field"]) == ("PAYMENT_ROUTE_UNAVAILABLE", ["input", "means"])
    assert "(CESU). Au guichet : mairie (chèque)." in error["message"]


async def test_who_does_not_pay_uses_no_credit(town: Town) -> None:
    family, agent = await add_family(town), await add_agent(town)
    await asked(town, agent, RECORD, householdId=global_id("Household", family.id), means="CASH", amount="10")
    invoice = global_id("Invoice", await owe(town, family, 750))
    looker = await sign_in(town, await add_parent(town, family.id, "Anne TEST", pays=False))
    stranger = (await add_family(town, "TESTBIS")).parent
    clerk = await add_agent(town, frozenset({AgentRight.FAMILIES}))
    for visitor in (looker, stranger, clerk):
        assert codes(await asked(town, visitor, USE, invoiceIds=[invoice])) == ["NOT_FOUND"]
    assert await credit(town, family) == 1000
