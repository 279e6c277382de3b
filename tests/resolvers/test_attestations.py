"""What a household paid: in proportion of what it was charged, on the day it was paid, for who may read its invoices.

Chailles tells its families that the menu of invoices gives them « un historiques de vos factures (pour votre CE ou les
impôts par exemple) »: the statement of payments is for the first, the statement for taxes for the second.
"""

from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID

import pytest

from gateway.database import Databases
from plugins.rules.french import euros
from plugins.rules.statements import ChildCare, PaidActivity, PaidInvoice, PaymentMade, PaymentStatement
from resolvers.agenda.plans import Window
from resolvers.billing import attestations
from resolvers.context import AgentRight
from resolvers.errors import Code
from resolvers.models import CreditNote, Invoice, InvoiceLine, Payment, PaymentAttempt
from resolvers.models.payments import AttemptState
from resolvers.models.tenancy import unit_of_work
from resolvers.paying.allocations import allocate, clear, hold_account, take_back
from resolvers.ports import PaymentReport
from schema.portal import schema
from tests.invoicing import FIRST_OF_DECEMBER, MONDAY, SCHOOL_TERM, TUESDAY, checked, issued, prepared
from tests.orders import book, order, wish
from tests.paying import PAID, hear, owe, pay
from tests.refusals import refused
from tests.towns import Family, Signed, Town, add_agent, add_family, statements

pytestmark = [pytest.mark.anyio, pytest.mark.database]

YEAR = Window(date(2026, 1, 1), date(2026, 12, 31))
MEAL, HOUR = 2_50, 1_10  # at a quotient of 650
TOTAL = 3 * MEAL + 2 * HOUR
CANTEEN, EVENING = "Restauration scolaire", "Accueil périscolaire"
ASK = """{ viewer { households {
  paymentStatement(firstDay: "2026-01-01", lastDay: "2026-12-31") {
    paid { amount } pdfUrl sentences
    activities { child activity paid { amount } } payments { paidOn means amount { amount } }
    invoices { number total { amount } paid { amount } } }
  taxStatement(year: 2026) {
    paid { amount } care { amount } sentences pdfUrl
    children { name birthDate counts care { amount } careWithMeal { amount } paid { amount } } } } } }"""


@dataclass(frozen=True, slots=True)
class Invoiced:
    """A family and the invoice of its November: an elder's two meals, a meal and two evenings of a younger child."""

    family: Family
    agent: Signed
    invoice: Invoice


async def invoiced(town: Town) -> Invoiced:
    """November, issued on the first of December."""
    names = ("Enfant1", "Enfant2", "Enfant3")
    family = await add_family(town, children=names, enrolled=("restauration", "periscolaire"))
    elder, younger = family.children["Enfant1"], family.children["Enfant3"]
    evenings = wish(younger, "periscolaire", (MONDAY, "garderie-soir"), (TUESDAY, "garderie-soir"))
    meals = [wish(elder, "restauration", (MONDAY, "repas"), (TUESDAY, "repas"))]
    meals.append(wish(younger, "restauration", (MONDAY, "repas")))
    await book(town, family.parent, order(*meals, evenings, window=SCHOOL_TERM))
    agent = await add_agent(town)
    town.on(FIRST_OF_DECEMBER)
    await checked(town, agent)
    await prepared(town, agent)
    (key,) = await issued(town, agent)
    with town.at_work():
        return Invoiced(family, agent, await Invoice.get(id=key))


async def paid(town: Town, by: Signed, invoice: UUID) -> PaymentAttempt:
    """Pay what is left of an invoice online; the bank says on 2 December at 12.04."""
    attempt = await pay(town, by, invoice)
    town.bank.decides(attempt.external_id or "", PAID)
    await hear(town, attempt)
    return attempt


@unit_of_work
async def paid_in_part(invoice: Invoice, cents: int, now: datetime) -> Payment:
    """So many cents of an invoice, in cash."""
    who: dict[str, Any] = {"household_id": invoice.household_id, "route": "guichet", "amount_cents": cents}
    attempt = await PaymentAttempt.create(
        **who, account_id=invoice.id, state=AttemptState.PAID, reference="GUICHET1", started_at=now, settled_at=now
    )
    payment = await Payment.create(**who, attempt_id=attempt.id, means="cash", paid_at=now, booked_at=now)
    await allocate(payment, {invoice.id: cents}, now)
    return payment


async def statement(town: Town, by: Signed, household: UUID, window: Window = YEAR) -> PaymentStatement | None:
    """Ask for a statement as one request."""
    with town.asked_by(by) as ctx:
        return await attestations.payment_statement(ctx, household, window)


async def test_an_invoice_paid_in_full_pays_each_line_of_it(chavagne: Town) -> None:
    november = await invoiced(chavagne)
    attempt = await paid(chavagne, november.family.parent, november.invoice.id)
    found = await statement(chavagne, november.family.parent, november.family.id)
    assert found is not None
    assert found.activities == (
        PaidActivity("Enfant1 TEST", CANTEEN, 2 * MEAL),
        PaidActivity("Enfant3 TEST", EVENING, 2 * HOUR),
        PaidActivity("Enfant3 TEST", CANTEEN, MEAL),
    )
    assert found.payments == (PaymentMade(date(2026, 12, 2), "card", attempt.reference, TOTAL),)
    assert found.invoices == (PaidInvoice(november.invoice.number or "", FIRST_OF_DECEMBER, TOTAL, TOTAL),)
    assert not found.is_partial


async def test_an_order_of_direct_debit_is_attested_until_it_is_collected(chavagne: Town) -> None:
    november = await invoiced(chavagne)
    attempt = await pay(chavagne, november.family.parent, november.invoice.id)
    accepted = PaymentReport(PAID, {}, TOTAL, attempt.reference, means="debit")
    chavagne.bank.answers[attempt.external_id or ""] = accepted
    await hear(chavagne, attempt)
    with chavagne.asked_by(november.family.parent) as ctx:
        receipt = await attestations.receipt(ctx, attempt.id)
        taxes = await attestations.tax_statement(ctx, november.family.id, 2026)
    found = await statement(chavagne, november.family.parent, november.family.id)
    assert receipt is not None and taxes is not None and found is not None
    assert receipt.means == "order"
    assert found.payments == (PaymentMade(date(2026, 12, 1), "order", attempt.reference, TOTAL),)
    reserve = f"Dont {euros(TOTAL)} d'ordres de prélèvement donnés, sous réserve d'encaissement."
    assert (found.say()[1], taxes.say()[2], taxes.ordered_cents) == (reserve, reserve, TOTAL)


async def test_only_evenings_of_the_youngest_count_for_taxes(chavagne: Town) -> None:
    november = await invoiced(chavagne)
    await paid(chavagne, november.family.parent, november.invoice.id)
    with chavagne.asked_by(november.family.parent) as ctx:
        found = await attestations.tax_statement(ctx, november.family.id, 2026)
    assert found is not None
    assert found.children == (
        ChildCare("Enfant1 TEST", date(2018, 3, 14), 0, 0, 2 * MEAL, counts=False),
        ChildCare("Enfant3 TEST", date(2020, 3, 14), 2 * HOUR, 0, 2 * HOUR + MEAL, counts=True),
    )
    assert (found.paid_cents, found.care_cents) == (TOTAL, 2 * HOUR)


@unit_of_work
async def corrected(invoice_id: UUID, activity: str, now: datetime) -> None:
    """Take all the lines of an activity off an invoice by a credit note."""
    lines = [
        {"position": row.position, "total_cents": row.total_cents}
        for row in await InvoiceLine.filter(invoice_id=invoice_id, activity=activity)
    ]
    total = sum(line["total_cents"] for line in lines)
    invoice = await Invoice.filter(id=invoice_id).select_for_update().get()
    await CreditNote.create(
        household_id=invoice.household_id,
        invoice_id=invoice.id,
        year=2026,
        series="AV",
        sequence=1,
        number="2026-AV-000001",
        total_cents=total,
        lines=lines,
        reason="Cantine en grève",
        issued_on=date(2026, 12, 3),
        issued_by=invoice.id,
        at=now,
    )
    await clear(invoice, total, now)


async def test_what_was_paid_goes_to_what_credit_notes_left(chavagne: Town) -> None:
    november = await invoiced(chavagne)
    with chavagne.at_work() as ctx:
        await paid_in_part(november.invoice, 400, ctx.now)
    before = await statement(chavagne, november.family.parent, november.family.id)
    with chavagne.at_work() as ctx:
        await corrected(november.invoice.id, CANTEEN, ctx.now)
    after = await statement(chavagne, november.family.parent, november.family.id)
    assert before is not None
    assert after is not None
    assert len(before.activities) == 3
    assert before.paid_cents == 400
    assert after.activities == (PaidActivity("Enfant3 TEST", EVENING, 2 * HOUR),)


@unit_of_work
async def bounced(attempt: PaymentAttempt, now: datetime) -> None:
    """Have the bank take a payment back."""
    payment = await Payment.get(attempt_id=attempt.id)
    await hold_account(payment.household_id)
    assert await take_back(payment, "AM04", now)


async def test_what_a_bank_took_back_was_not_paid_and_has_no_receipt(chavagne: Town) -> None:
    november = await invoiced(chavagne)
    attempt = await paid(chavagne, november.family.parent, november.invoice.id)
    with chavagne.at_work() as ctx:
        await bounced(attempt, ctx.now)
    found = await statement(chavagne, november.family.parent, november.family.id)
    assert found is not None
    assert (found.activities, found.payments) == ((), ())
    with chavagne.asked_by(november.family.parent) as ctx:
        assert await attestations.receipt(ctx, attempt.id) is None


async def test_a_payment_counts_on_its_own_day_and_in_its_own_year(chavagne: Town) -> None:
    november = await invoiced(chavagne)
    with chavagne.at_work():  # half an hour before the year ends in UTC is the next year on the clocks of the town
        await paid_in_part(november.invoice, 300, datetime(2026, 12, 31, 23, 30, tzinfo=UTC))
    days = (Window(date(2026, 12, 1), date(2026, 12, 31)), Window(date(2027, 1, 1), date(2027, 1, 1)))
    found = [await statement(chavagne, november.family.parent, november.family.id, window) for window in days]
    assert [one.paid_cents for one in found if one is not None] == [0, 300]


async def test_a_receipt_names_the_invoices_that_a_payment_settled(chavagne: Town) -> None:
    november = await invoiced(chavagne)
    attempt = await paid(chavagne, november.family.parent, november.invoice.id)
    with chavagne.asked_by(november.family.parent) as ctx:
        found = await attestations.receipt(ctx, attempt.id)
    assert found is not None
    assert found.paid_at.isoformat() == "2026-12-02T12:04:00+01:00"
    assert (found.reference, found.means, found.authorization, found.amount_cents, found.credit_cents) == (
        attempt.reference,
        "card",
        "A1B2C3",
        TOTAL,
        0,
    )
    assert found.invoices == (PaidInvoice(november.invoice.number or "", FIRST_OF_DECEMBER, TOTAL, TOTAL),)


async def test_a_household_reads_its_own_and_agents_need_billing(chavagne: Town) -> None:
    november, other = await invoiced(chavagne), await add_family(chavagne, "AUTRE")
    attempt = await paid(chavagne, november.family.parent, november.invoice.id)
    clerk = await add_agent(chavagne, frozenset({AgentRight.FAMILIES, AgentRight.ATTENDANCE}))
    seen = {}
    for who, by in {
        "own": november.family.parent,
        "agent": november.agent,
        "other": other.parent,
        "clerk": clerk,
    }.items():
        with chavagne.asked_by(by) as ctx:
            seen[who] = (
                await attestations.receipt(ctx, attempt.id) is not None,
                await attestations.payment_statement(ctx, november.family.id, YEAR) is not None,
                await attestations.tax_statement(ctx, november.family.id, 2026) is not None,
            )
    everything, nothing = (True, True, True), (False, False, False)
    assert seen == {"own": everything, "agent": everything, "other": nothing, "clerk": nothing}


@pytest.mark.parametrize("year", [1999, 2027])
async def test_a_year_that_has_not_begun_has_no_statement(chavagne: Town, year: int) -> None:
    family = await add_family(chavagne)
    with chavagne.asked_by(family.parent) as ctx, refused(Code.INVALID):
        await attestations.tax_statement(ctx, family.id, year)


async def test_where_the_treasury_is_paid_the_history_of_invoices_is_told_and_what_is_not_known(
    databases: Databases,
) -> None:
    """Chailles: « historique de vos factures (pour votre CE ou les impôts par exemple) »."""
    chailles = Town.called("chailles")
    family = await add_family(chailles)
    await owe(chailles, family, 25_00)
    found = await statement(chailles, family.parent, family.id)
    assert found is not None
    assert ([invoice.total_cents for invoice in found.invoices], found.is_partial) == ([25_00], True)
    assert "Trésor public" in found.say()[1]


async def test_a_statement_costs_the_same_for_one_payment_and_for_two(chavagne: Town) -> None:
    november = await invoiced(chavagne)
    with chavagne.at_work() as ctx:
        await paid_in_part(november.invoice, 300, ctx.now)
    with statements() as for_one:
        await statement(chavagne, november.family.parent, november.family.id)
    await paid(chavagne, november.family.parent, november.invoice.id)
    with statements() as for_two:
        await statement(chavagne, november.family.parent, november.family.id)
    assert (len(for_one), len(for_two)) == (10, 10)


async def test_over_graphql_a_parent_reads_both_statements(chavagne: Town) -> None:
    november = await invoiced(chavagne)
    await paid(chavagne, november.family.parent, november.invoice.id)
    with chavagne.asked_by(november.family.parent) as ctx:
        answer = await schema.execute(ASK, context_value=ctx)
    assert answer.errors is None
    assert answer.data is not None
    (household,) = answer.data["viewer"]["households"]
    payments, taxes = household["paymentStatement"], household["taxStatement"]
    address = f"https://portail.example/chavagne/households/{november.family.id}"
    assert (payments["paid"]["amount"], payments["payments"][0]["means"]) == ("9.70", "carte bancaire")
    assert payments["pdfUrl"] == f"{address}/payments.pdf?firstDay=2026-01-01&lastDay=2026-12-31"
    assert sum(round(float(line["paid"]["amount"]) * 100) for line in payments["activities"]) == (TOTAL)
    assert (taxes["paid"]["amount"], taxes["pdfUrl"]) == ("9.70", f"{address}/taxes/2026.pdf")
    assert [(child["name"], child["counts"]) for child in taxes["children"]] == [
        ("Enfant1 TEST", False),
        ("Enfant3 TEST", True),
    ]
