"""An issued invoice is never edited: a credit note clears what is owed, what was paid above becomes credit."""

import io
from datetime import date
from typing import Any

import pytest
from pypdf import PdfReader

from gateway.database import Databases
from plugins.rules.french import euros
from resolvers.billing.credit_note_documents import printed
from resolvers.days.absent_days import Due, keep
from resolvers.days.sights import Check
from resolvers.models import AbsenceReport, Allocation, Booking, CreditNote, Invoice, Payment, WriteOff
from resolvers.models.bookings import Presence
from resolvers.models.keys import new_key
from resolvers.paying.allocations import credit_cents
from schema.relay import global_id, parse_uuid
from tests.asking import asked
from tests.invoicing import FIRST_OF_DECEMBER, MONDAY, TUESDAY, checked, fed_family, issued, prepared
from tests.paying import PAID, hear, owe, pay
from tests.towns import Family, Signed, Town, add_agent, add_family

pytestmark = [pytest.mark.anyio, pytest.mark.database]

ISSUE = """mutation($input: CreditNoteIssueInput!) { creditNoteIssue(input: $input) {
  creditNote { number total { amount } reason lines { position quantity unitAmount { amount } total { amount } } }
  userErrors { code field message } } }"""
WRITE_OFF = """mutation($input: WriteOffRecordInput!) { writeOffRecord(input: $input) {
  invoice { cleared { amount } remaining { amount } status } userErrors { code field message } } }"""
PROPOSALS = """query($id: ID!) { creditNoteProposals(invoiceId: $id) {
  position quantity unitAmount { amount } days reason sentence } }"""
INVOICES = """{ viewer { households { invoices { nodes {
  paid { amount } cleared { amount } remaining { amount } status creditNotes { number } } } } } }"""


@pytest.fixture
async def chavagne(databases: Databases) -> Town:
    """Meals at 2,50 €."""
    return Town.called("chavagne")


async def billed(town: Town) -> tuple[Family, Signed, str]:
    """A family whose invoice charges three meals, two of them as absences; its identifier."""
    family, agent = await fed_family(town), await add_agent(town)
    town.on(FIRST_OF_DECEMBER)
    absent = [
        Check(family.child, "restauration", "repas", day, Presence.ABSENT_UNJUSTIFIED) for day in (MONDAY, TUESDAY)
    ]
    await checked(town, agent, *absent)
    await prepared(town, agent)
    (invoice,) = await issued(town, agent)
    return family, agent, global_id("Invoice", invoice)


async def told_later(town: Town, family: Family, day: date, percent: int) -> None:
    """An absence whose report is decided after the invoice."""
    with town.at_work() as ctx:
        report = AbsenceReport(id=new_key(), household_id=family.id)
        await keep(ctx, report, [Due((family.child, day, "restauration", "repas"), percent, "maladie")])


async def test_what_a_write_off_left_is_corrected_whole(chavagne: Town) -> None:
    _, agent, invoice = await billed(chavagne)
    given_up = {"invoiceId": invoice, "amount": "6.00", "reason": "Remise gracieuse"}
    assert (await asked(chavagne, agent, WRITE_OFF, input=given_up))["userErrors"] == []
    note = await asked(chavagne, agent, ISSUE, input={"invoiceId": invoice, "reason": "Facturé à tort"})
    assert (note["userErrors"], note["creditNote"]["total"]) == ([], {"amount": "1.50"})
    again = await asked(chavagne, agent, ISSUE, input={"invoiceId": invoice, "reason": "Facturé à tort"})
    assert [error["code"] for error in again["userErrors"]] == ["INVALID"]


async def test_what_is_unpaid_is_cleared_and_the_family_reads_why(chavagne: Town) -> None:
    family, agent, invoice = await billed(chavagne)
    lines = [{"position": 0, "quantity": 1, "unitAmount": "2.50"}]
    wanted = {"invoiceId": invoice, "reason": "Facturé deux fois", "lines": lines, "idempotencyKey": "avoir-1"}
    done = [await asked(chavagne, agent, ISSUE, input=wanted) for _ in range(2)]
    note = {
        "number": "2026-AV-000001",
        "total": {"amount": "2.50"},
        "reason": "Facturé deux fois",
        "lines": [{"position": 0, "quantity": 1, "unitAmount": {"amount": "2.50"}, "total": {"amount": "2.50"}}],
    }
    assert done == [{"creditNote": note, "userErrors": []}] * 2
    homes = (await asked(chavagne, family.parent, INVOICES))["households"]
    assert homes[0]["invoices"]["nodes"] == [
        {
            "paid": {"amount": "0.00"},
            "cleared": {"amount": "2.50"},
            "remaining": {"amount": "5.00"},
            "status": "UNPAID",
            "creditNotes": [{"number": "2026-AV-000001"}],
        }
    ]
    (mail,) = await chavagne.mails("credit-note")
    assert f"est corrigée par l'avoir 2026-AV-000001 de {euros(250)}." in mail.body
    assert f"Motif : Facturé deux fois\nIl reste {euros(500)} à payer." in mail.body


async def test_what_was_paid_above_becomes_credit(chavagne: Town) -> None:
    family, agent, invoice = await billed(chavagne)
    with chavagne.at_work():
        row = await Invoice.all().get()
    attempt = await pay(chavagne, family.parent, row.id)
    chavagne.bank.decides("idop-1", PAID)
    await hear(chavagne, attempt)
    done = await asked(chavagne, agent, ISSUE, input={"invoiceId": invoice, "reason": "Grève"})
    assert done["creditNote"]["total"] == {"amount": "7.50"}
    with chavagne.at_work():
        row = await Invoice.all().get()
        assert (row.paid_cents, row.cleared_cents, row.paid_at) == (0, 750, None)
        assert await credit_cents(family.id) == 750
    (mail,) = await chavagne.mails("credit-note")
    assert f"Vous l'aviez payée : {euros(750)} sont à votre crédit." in mail.body


async def test_a_credit_note_is_printed_as_it_was_issued_whatever_is_paid_afterwards(chavagne: Town) -> None:
    """One meal was owed and is cleared, two were paid and are credit; then the family pays, and the PDF is the same."""
    family, agent, invoice = await billed(chavagne)
    with chavagne.at_work():
        row = await Invoice.all().get()
        row.paid_cents = 500
        await row.save(update_fields=["paid_cents"])
        payment = await Payment.create(
            household_id=family.id,
            attempt_id=new_key(),
            route="regie",
            amount_cents=500,
            paid_at=chavagne.clock.now(),
            booked_at=chavagne.clock.now(),
        )
        await Allocation.create(payment_id=payment.id, household_id=family.id, invoice_id=row.id, amount_cents=500)
    issue = ISSUE.replace("creditNote { number", "creditNote { id credit { amount } pdfUrl number")
    note = (await asked(chavagne, agent, issue, input={"invoiceId": invoice, "reason": "Grève"}))["creditNote"]
    key = parse_uuid(note["id"], "CreditNote")
    assert key is not None
    assert (note["credit"], note["pdfUrl"]) == (
        {"amount": "5.00"},
        f"https://portail.example/chavagne/credit-notes/{key}.pdf",
    )
    with chavagne.asked_by(family.parent) as ctx:
        first = await printed(ctx, key)
    chavagne.later(days=30)
    with chavagne.asked_by(agent) as ctx:
        assert await printed(ctx, key) == first
    assert first is not None
    pages = PdfReader(io.BytesIO(first[1])).pages
    text = " ".join(" ".join(page.extract_text() for page in pages).split())
    assert "Avoir 2026-AV-000001 Corrige la facture 2026-ENF-000001 du mardi 1er décembre 2026" in text
    assert "Motif : Grève" in text
    assert "Total de l'avoir : 7,50 € Déduit de ce qui restait à payer : 2,50 €" in text
    assert "Porté au crédit de votre compte : 5,00 €" in text
    stranger = await add_family(chavagne, "TESTBIS")
    with chavagne.asked_by(stranger.parent) as ctx:
        assert await printed(ctx, key) is None


@pytest.mark.parametrize(
    ("changes", "code", "field"),
    [
        ({"reason": " "}, "BLANK", ["input", "reason"]),
        ({"reason": "a" * 301}, "INVALID", ["input", "reason"]),
        ({"invoiceId": global_id("Invoice", new_key())}, "NOT_FOUND", ["input", "invoiceId"]),
        ({"lines": []}, "INVALID", ["input", "lines"]),
        ({"lines": [{"position": 7, "quantity": 1, "unitAmount": "1"}]}, "INVALID", ["input", "lines", "0"]),
        ({"lines": [{"position": 0, "quantity": 0, "unitAmount": "1"}]}, "INVALID", ["input", "lines", "0"]),
        ({"lines": [{"position": 0, "quantity": 1, "unitAmount": "7.51"}]}, "INVALID", ["input", "lines", "0"]),
        ({"lines": [{"position": 0, "quantity": 1, "unitAmount": "1"}] * 2}, "INVALID", ["input", "lines"]),
    ],
)
async def test_what_corrects_nothing_that_stands_is_refused(
    chavagne: Town, changes: dict[str, Any], code: str, field: list[str]
) -> None:
    _, agent, invoice = await billed(chavagne)
    told = await asked(chavagne, agent, ISSUE, input={"invoiceId": invoice, "reason": "Erreur", **changes})
    assert told["creditNote"] is None
    assert [(error["code"], error["field"]) for error in told["userErrors"]] == [(code, field)]
    with chavagne.at_work():
        assert await CreditNote.all().count() == 0


async def test_an_invoice_is_never_cleared_twice(chavagne: Town) -> None:
    _, agent, invoice = await billed(chavagne)
    first = await asked(chavagne, agent, ISSUE, input={"invoiceId": invoice, "reason": "Erreur"})
    again = await asked(chavagne, agent, ISSUE, input={"invoiceId": invoice, "reason": "Erreur"})
    assert first["userErrors"] == []
    assert [error["code"] for error in again["userErrors"]] == ["INVALID"]


@pytest.mark.parametrize(
    ("percent", "proposed"),
    [
        (0, {"quantity": 1, "unitAmount": {"amount": "2.50"}, "days": ["2026-11-02"], "reason": "maladie"}),
        (75, {"quantity": 1, "unitAmount": {"amount": "0.62"}, "days": ["2026-11-02"], "reason": "maladie"}),
        (100, None),
    ],
)
async def test_an_absence_decided_after_the_invoice_is_proposed(
    chavagne: Town, percent: int, proposed: dict[str, Any] | None
) -> None:
    family, agent, invoice = await billed(chavagne)
    assert await asked(chavagne, agent, PROPOSALS, id=invoice) == []
    await told_later(chavagne, family, MONDAY, percent)
    found = await asked(chavagne, agent, PROPOSALS, id=invoice)
    said = {"sentence": "Enfant1 TEST, Repas du midi, le 2 novembre : maladie"}
    assert [{**each, "position": None} for each in found] == (
        [] if proposed is None else [{**proposed, **said, "position": None}]
    )


async def test_what_was_proposed_and_issued_is_proposed_no_more(chavagne: Town) -> None:
    family, agent, invoice = await billed(chavagne)
    with chavagne.at_work():
        await Booking.filter(day=TUESDAY).update(live=False)  # a closure recorded since
    await told_later(chavagne, family, MONDAY, 50)
    (found,) = await asked(chavagne, agent, PROPOSALS, id=invoice)
    assert (found["unitAmount"], found["days"], found["reason"]) == (
        {"amount": "3.75"},
        ["2026-11-02", "2026-11-03"],
        "Réservation annulée et maladie",
    )
    line = {"position": found["position"], "quantity": found["quantity"], "unitAmount": found["unitAmount"]["amount"]}
    done = await asked(chavagne, agent, ISSUE, input={"invoiceId": invoice, "reason": "Absences", "lines": [line]})
    assert done["userErrors"] == []
    assert await asked(chavagne, agent, PROPOSALS, id=invoice) == []


async def test_what_the_commune_gives_up_is_not_owed_any_more(chavagne: Town) -> None:
    family, agent = await add_family(chavagne), await add_agent(chavagne)
    invoice = global_id("Invoice", await owe(chavagne, family))
    wanted = {"invoiceId": invoice, "reason": "Surendettement", "amount": "5", "idempotencyKey": "remise"}
    part = [await asked(chavagne, agent, WRITE_OFF, input=wanted) for _ in range(2)]
    rest = await asked(chavagne, agent, WRITE_OFF, input={"invoiceId": invoice, "reason": "Surendettement"})
    again = await asked(chavagne, agent, WRITE_OFF, input={"invoiceId": invoice, "reason": "Surendettement"})

    def shown(cleared: str, remaining: str, status: str) -> dict[str, Any]:
        return {"cleared": {"amount": cleared}, "remaining": {"amount": remaining}, "status": status}

    assert part == [{"invoice": shown("5.00", "2.50", "UNPAID"), "userErrors": []}] * 2
    assert rest == {"invoice": shown("7.50", "0.00", "CLEARED"), "userErrors": []}
    assert [error["code"] for error in again["userErrors"]] == ["ALREADY_PAID"]
    with chavagne.at_work():
        assert sorted(row.cents for row in await WriteOff.all()) == [250, 500]
