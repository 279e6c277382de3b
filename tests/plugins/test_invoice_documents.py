"""What invoices, their reminders and their credit notes say, before they are drawn."""

from dataclasses import replace
from datetime import date

import pytest

from plugins.rules.errors import RuleError
from plugins.rules.invoice_documents import CreditNoteDocument, DebitNotice, InvoiceDocument, Letterhead, Reminder
from plugins.rules.invoicing import InvoiceLineItem, Issuer

HEAD = Letterhead(
    Issuer("Mairie", ("1 place de la Mairie", "35310 Chavagne"), None, "enfance@village.fr"), "TEST", ("Marie TEST",)
)
MEALS = InvoiceLineItem("Enfant1", "Restauration", "Repas", 12, 360, 4320, ("12 repas à 3,60 €",))
INVOICE = InvoiceDocument(
    number="2026-ENF-000001",
    letterhead=HEAD,
    period_label="octobre 2026",
    issued_on=date(2026, 11, 3),
    due_on=date(2026, 12, 3),
    lines=(MEALS,),
    total_cents=4320,
    paid_cents=1000,
    payment_notes=("Payez au guichet.",),
)
CREDIT_NOTE = CreditNoteDocument(
    number="2026-AV-000001",
    letterhead=HEAD,
    invoice_number=INVOICE.number,
    invoice_issued_on=INVOICE.issued_on,
    issued_on=date(2026, 11, 10),
    reason="Absence décidée après la facture",
    lines=(replace(MEALS, quantity=1, total_cents=360),),
    total_cents=360,
)
DEBIT = DebitNotice(date(2026, 12, 10), "CHAV-0001", "FR10ZZZ535076", "0189")
ON_DEBIT = (
    "Vous n'avez rien à faire : cette somme sera prélevée le jeudi 10 décembre 2026 sur votre compte terminé par 0189 "
    "(référence unique du mandat CHAV-0001, identifiant créancier SEPA FR10ZZZ535076)."
)


def test_what_remains_to_pay_is_the_total_less_what_is_paid_and_cleared() -> None:
    assert replace(INVOICE, cleared_cents=320).remaining_cents == 3000


@pytest.mark.parametrize(
    ("values", "said"),
    [
        ({}, ("Payez au guichet.",)),
        (
            {"pay_online_at": "https://payer.example", "payable_until": date(2026, 12, 31)},
            (
                "Payez au guichet.",
                "Adresse du paiement en ligne : https://payer.example",
                "Payable en ligne jusqu'au jeudi 31 décembre 2026.",
            ),
        ),
        ({"debit": DEBIT, "pay_online_at": "https://payer.example"}, (ON_DEBIT,)),
        ({"debit": DEBIT, "paid_cents": 4320}, ("Rien ne reste à payer.",)),
    ],
)
def test_an_invoice_says_how_it_is_paid(values: dict[str, object], said: tuple[str, ...]) -> None:
    assert replace(INVOICE, **values).say_payment() == said  # type: ignore[arg-type]


def test_a_reminder_has_its_rank_in_the_title_and_its_day() -> None:
    reminded = replace(INVOICE, reminder=Reminder(2, date(2027, 1, 11)))
    assert (INVOICE.title, reminded.title) == ("Facture 2026-ENF-000001", "Facture 2026-ENF-000001 (rappel n° 2)")
    assert Reminder(2, date(2027, 1, 11)).say() == (
        "Rappel n° 2 envoyé le lundi 11 janvier 2027 : cette facture reste à régler. "
        "Si vous venez de la payer, ne tenez pas compte de ce rappel."
    )
    with pytest.raises(RuleError, match="Reminder number 0: the first is 1"):
        Reminder(0, date(2027, 1, 11))


@pytest.mark.parametrize(
    ("values", "said"),
    [
        ({"total_cents": 4300}, "its lines add up to 4320 cents, not 4300"),
        ({"paid_cents": 4321}, "4321 cents paid and 0 cleared of 4320"),
        ({"paid_cents": -1}, "-1 cents paid and 0 cleared of 4320"),
        ({"cleared_cents": 3321}, "1000 cents paid and 3321 cleared of 4320"),
        ({"due_on": date(2026, 11, 2)}, "due on 2026-11-02, before it is issued on 2026-11-03"),
    ],
)
def test_an_invoice_that_contradicts_itself_is_refused(values: dict[str, object], said: str) -> None:
    with pytest.raises(RuleError, match=said):
        replace(INVOICE, **values)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("values", "said"),
    [
        ({"total_cents": 361}, "its lines add up to 360 cents, not 361"),
        ({"credit_cents": 361}, "361 cents of credit of 360"),
        ({"issued_on": date(2026, 11, 2)}, "issued before the invoice that it corrects"),
    ],
)
def test_a_credit_note_that_contradicts_itself_is_refused(values: dict[str, object], said: str) -> None:
    with pytest.raises(RuleError, match=said):
        replace(CREDIT_NOTE, **values)  # type: ignore[arg-type]
