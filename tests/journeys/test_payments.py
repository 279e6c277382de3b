"""What goes wrong on the way to the bank: refused, abandoned, unheard, down. The invoice is right in the end."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from tests.journeys.conftest import Start
from tests.journeys.portal import Portal, Visitor, eventually
from tests.journeys.questions import check_and_issue, codes, month, pay_by_card, start_payment
from tests.journeys.tables import unchanged

MONSIEUR = "monsieur.test@example.org"
STARTED = "2026-10-05T09:00:00+02:00"
SEPTEMBER = month(2026, 9)


@dataclass(frozen=True, slots=True)
class Debt:
    """A parent, and the invoice of what the demonstration booked in September."""

    portal: Portal
    parent: Visitor
    invoice: dict[str, Any]

    def standing(self) -> tuple[str, str, list[str]]:
        """How the invoice stands: its status, what was paid, and its payments, newest first."""
        (invoice,) = self.parent.invoices()
        return (invoice["status"], invoice["paid"]["amount"], [each["state"] for each in invoice["payments"]])

    def receipts(self) -> int:
        """How many receipts the parent was mailed, once the last one has arrived."""
        self.portal.mail(MONSIEUR, "Paiement reçu")
        return len(self.portal.mails(MONSIEUR, "Paiement reçu"))


@pytest.fixture
def debt(start: Start) -> Iterator[Debt]:
    """An issued invoice that nobody has paid."""
    portal = start(STARTED)
    check_and_issue(portal.signed_in("chavagne", "agent@chavagne.example"), SEPTEMBER)
    parent = portal.signed_in("chavagne", MONSIEUR)
    (invoice,) = parent.invoices()
    assert date.fromisoformat(invoice["dueOn"]) == date(2026, 11, 4)
    yield Debt(portal, parent, invoice)


def test_a_refused_card_costs_nothing_and_another_one_pays(debt: Debt) -> None:
    payment = start_payment(debt.parent, debt.invoice, "payfip")
    arrived = debt.parent.come_back(debt.parent.press(payment["redirectUrl"], "R"))
    assert "a été refusé par la banque" in debt.parent.http.get(arrived.headers["location"]).text
    assert debt.standing() == ("UNPAID", "0.00", ["REFUSED"])
    pay_by_card(debt.parent, debt.invoice, "payfip")
    assert debt.standing() == ("PAID", debt.invoice["total"]["amount"], ["PAID", "REFUSED"])
    assert debt.receipts() == 1


def test_who_abandons_may_change_their_mind_on_the_same_page_for_two_minutes(debt: Debt) -> None:
    payment = start_payment(debt.parent, debt.invoice, "payfip")
    arrived = debt.parent.come_back(debt.parent.press(payment["redirectUrl"], "A"))
    assert "ne payez pas une seconde fois" in debt.parent.http.get(arrived.headers["location"]).text
    assert debt.standing() == ("UNPAID", "0.00", ["RUNNING"])
    assert start_payment(debt.parent, debt.invoice, "payfip") == payment
    debt.parent.come_back(debt.parent.press(payment["redirectUrl"], "P"))
    assert debt.standing() == ("PAID", debt.invoice["total"]["amount"], ["PAID"])
    assert debt.receipts() == 1


def test_an_abandoned_payment_is_started_again_later(debt: Debt) -> None:
    payment = start_payment(debt.parent, debt.invoice, "payfip")
    page = debt.parent.press(payment["redirectUrl"], "A")
    debt.portal.move_clock("2026-10-05T09:04:00+02:00")
    arrived = debt.parent.come_back(page)
    assert "Vous avez abandonné ce paiement" in debt.parent.http.get(arrived.headers["location"]).text
    assert debt.standing() == ("UNPAID", "0.00", ["CANCELLED"])
    assert debt.parent.http.get(payment["redirectUrl"]).status_code == 410
    pay_by_card(debt.parent, debt.invoice, "payfip")
    assert debt.standing() == ("PAID", debt.invoice["total"]["amount"], ["PAID", "CANCELLED"])
    assert debt.receipts() == 1


def test_when_nothing_comes_back_the_polling_books_the_payment(debt: Debt) -> None:
    with debt.portal.bank_that(notifications=0):
        payment = start_payment(debt.parent, debt.invoice, "payfip")
        debt.parent.press(payment["redirectUrl"], "P")  # and the browser is closed on the bank's page
    assert debt.standing() == ("UNPAID", "0.00", ["RUNNING"])
    debt.portal.move_clock("2026-10-05T09:02:00+02:00")
    eventually("the polling", lambda: debt.standing()[0] == "PAID" or None)
    assert debt.standing() == ("PAID", debt.invoice["total"]["amount"], ["PAID"])
    assert debt.receipts() == 1


def test_a_bank_that_is_down_is_said_and_works_again_later(debt: Debt) -> None:
    with debt.portal.bank_that(down=True):
        refused = debt.parent.refusals("paymentStart", invoiceIds=[debt.invoice["id"]], route="payfip")
        assert codes(refused) == {"BANK_UNAVAILABLE"}
    assert debt.standing() == ("UNPAID", "0.00", ["CANCELLED"])
    with debt.portal.bank_that(notifications=0):
        payment = start_payment(debt.parent, debt.invoice, "payfip")
        page = debt.parent.press(payment["redirectUrl"], "P")
    with debt.portal.bank_that(down=True):
        assert codes(debt.parent.refusals("paymentRefresh", id=payment["id"])) == {"BANK_UNAVAILABLE"}
        arrived = debt.parent.come_back(page)
        assert "ne payez pas une seconde fois" in debt.parent.http.get(arrived.headers["location"]).text
    assert debt.parent.do("paymentRefresh", "payment { state }", id=payment["id"])["payment"] == {"state": "PAID"}
    assert debt.standing() == ("PAID", debt.invoice["total"]["amount"], ["PAID", "CANCELLED"])
    assert debt.receipts() == 1


def test_the_same_key_opens_the_same_payment_and_another_input_is_refused(debt: Debt) -> None:
    wanted = {"invoiceIds": [debt.invoice["id"]], "route": "payfip", "idempotencyKey": "one click"}
    first = debt.parent.do("paymentStart", "payment { id redirectUrl }", **wanted)
    assert debt.parent.do("paymentStart", "payment { id redirectUrl }", **wanted) == first
    other = debt.parent.refusals("paymentStart", **{**wanted, "route": "prelevement"})
    assert codes(other) == {"IDEMPOTENCY_KEY_REUSED"}
    offered = debt.parent.refusals("paymentStart", invoiceIds=[debt.invoice["id"]], route="prelevement")
    assert codes(offered) == {"PAYMENT_ROUTE_UNAVAILABLE"}
    assert debt.standing() == ("UNPAID", "0.00", ["RUNNING"])


def test_a_forged_notification_of_a_running_payment_does_not_pay_it(debt: Debt, tmp_path: Path) -> None:
    payment = start_payment(debt.parent, debt.invoice, "payfip")
    idop = payment["redirectUrl"].partition("idop=")[2]
    lie = {"idop": idop, "resultrans": "P", "montant": debt.invoice["total"]["amount"], "numauto": "000000"}
    with unchanged(tmp_path, "bank_event", "effect"):  # what a bank says is kept, and never believed
        assert debt.portal.http.post("/chavagne/payments/payfip/notification", data=lie).text == "ok"
        assert debt.portal.http.get("/chavagne/payments/payfip/return", params=lie).status_code == 303
    assert debt.standing() == ("UNPAID", "0.00", ["RUNNING"])
