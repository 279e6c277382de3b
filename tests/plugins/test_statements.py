"""What receipts and statements say."""

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from plugins.rules.errors import RuleError
from plugins.rules.invoice_documents import Letterhead
from plugins.rules.invoicing import Issuer
from plugins.rules.statements import (
    ChildCare,
    PaidActivity,
    PaidInvoice,
    PaymentMade,
    PaymentStatement,
    ReceiptDocument,
    TaxStatement,
    counts_for_taxes,
    say_means,
)

HEAD = Letterhead(Issuer("Mairie", ("1 place de la Mairie",), None, "enfance@village.fr"), "TEST", ("Marie TEST",))
STATEMENT = PaymentStatement(
    letterhead=HEAD,
    first_day=date(2026, 9, 1),
    last_day=date(2026, 12, 31),
    made_on=date(2027, 1, 4),
    activities=(PaidActivity("Enfant1 TEST", "Restauration", 900), PaidActivity("", "Restauration", -100)),
    payments=(PaymentMade(date(2026, 10, 5), "cheque", "R1", 800),),
    invoices=(),
    is_partial=False,
)
YOUNG = ChildCare("Enfant1 TEST", date(2021, 3, 14), 4000, 1500, 9000, counts=True)
FED = ChildCare("Enfant2 TEST", date(2022, 3, 14), 0, 0, 3000, counts=True)
ELDER = ChildCare("Enfant3 TEST", date(2016, 3, 14), 2000, 0, 2000, counts=False)
TAXES = TaxStatement(
    letterhead=HEAD,
    year=2026,
    made_on=date(2027, 1, 4),
    children=(ELDER, YOUNG, FED),
    paid_cents=14000,
    is_partial=False,
)


@pytest.mark.parametrize(
    ("born", "counts"), [(date(2019, 12, 31), False), (date(2020, 1, 1), True), (date(2026, 6, 1), True)]
)
def test_a_child_counts_when_it_was_born_from_the_first_of_january_six_years_before(born: date, counts: bool) -> None:
    assert counts_for_taxes(born, 2026) is counts


@pytest.mark.parametrize(("means", "said"), [("cash", "espèces"), ("debit", "prélèvement"), ("troc", "troc")])
def test_a_means_of_payment_is_said_in_french(means: str, said: str) -> None:
    assert say_means(means) == said


def test_a_statement_certifies_what_was_paid_and_what_it_cannot_know() -> None:
    certified = (
        "Nous attestons que le foyer TEST a payé 8,00\xa0€ du 1er septembre au 31 décembre 2026, par date de paiement."
    )
    unknown = "Ce qui est payé au Trésor public n'est pas connu du portail : demandez-lui ce qui manque ici."
    assert STATEMENT.say() == (certified,)
    assert replace(STATEMENT, is_partial=True).say() == (certified, unknown)


def test_a_statement_that_contradicts_itself_is_refused() -> None:
    with pytest.raises(RuleError, match="800 cents were paid, for 900 cents of activities"):
        replace(STATEMENT, activities=STATEMENT.activities[:1])
    with pytest.raises(RuleError, match="swap them"):
        replace(STATEMENT, last_day=date(2026, 8, 31))


def test_only_the_care_of_young_children_counts_for_taxes() -> None:
    assert (TAXES.counting, TAXES.care_cents) == ((YOUNG,), 5500)
    assert TAXES.say()[0] == (
        "En 2026, vous avez payé 140,00\xa0€, dont 55,00\xa0€ pour la garde d'enfants de moins de 6 ans "
        "au 1er janvier 2026."
    )


def test_a_year_that_runs_still_changes() -> None:
    running = replace(TAXES, made_on=date(2026, 12, 31))
    assert "L'année 2026 n'est pas terminée : ces sommes peuvent encore changer." in running.say()
    assert len(running.say()) == len(TAXES.say()) + 1


def test_a_receipt_cannot_settle_more_than_was_received() -> None:
    paid = PaidInvoice("2026-ENF-000001", date(2026, 12, 1), 2000, 1500)
    receipt = ReceiptDocument(
        reference="R1",
        letterhead=HEAD,
        paid_at=datetime(2026, 12, 2, 12, 4, tzinfo=UTC),
        means="card",
        authorization="A1B2C3",
        amount_cents=1600,
        invoices=(paid,),
    )
    assert receipt.credit_cents == 100
    with pytest.raises(RuleError, match="received more than 1400 cents"):
        replace(receipt, amount_cents=1400)
