"""Paying starts once, for what is due, by a route that is offered; whatever the bank says, the next try is free."""

import asyncio
from datetime import timedelta
from uuid import UUID, uuid4

import pytest

from plugins.rules.french import euros
from resolvers.context import HouseholdRights
from resolvers.errors import Code, Refused
from resolvers.models import Invoice, PaymentAttempt
from resolvers.models.billing import InvoiceState
from resolvers.models.payments import AttemptState
from resolvers.paying.payments import attempts_of
from resolvers.ports import BankRefused, BankUnavailable
from tests.paying import BACK, CANCELLED, DUE, EXPIRED, PAID, books, hear, owe, pay
from tests.refusals import refused
from tests.towns import Signed, Town, add_family, add_parent, sign_in, statements

pytestmark = [pytest.mark.anyio, pytest.mark.database]


async def test_a_payment_is_opened_at_the_bank_for_what_remains_due(chavagne: Town) -> None:
    family = await add_family(chavagne)
    invoice = await owe(chavagne, family, 7_50, paid_cents=2_50)
    other = await owe(chavagne, family, 3_00)
    attempt = await pay(chavagne, family.parent, invoice, other)
    (sent,) = chavagne.bank.orders.values()
    assert (sent.client_number, sent.year, sent.amount_cents, sent.email, sent.mode) == (
        "035076",
        2026,
        8_00,
        family.parent.viewer.email,
        "T",
    )
    assert sent.reference == attempt.reference
    assert sent.reference.endswith("A01")
    assert (sent.notification_url, sent.return_url) == (
        "https://portail.example/chavagne/payments/payfip/notification",
        "https://portail.example/chavagne/payments/payfip/return",
    )
    assert (attempt.state, attempt.external_id, attempt.redirect_url, attempt.return_to, attempt.amount_cents) == (
        AttemptState.RUNNING,
        "idop-1",
        "https://bank.example/pay?idop=idop-1",
        BACK,
        8_00,
    )
    with chavagne.asked_by(family.parent):
        with statements() as asked:
            found = await attempts_of([invoice, other, uuid4()])
        assert [[row.attempt.id for row in rows] for rows in found] == [[attempt.id], [attempt.id], []]
    assert len(asked) == 2  # a third one once something is paid


async def test_clicking_twice_returns_the_same_open_attempt(chavagne: Town) -> None:
    family = await add_family(chavagne)
    invoice = await owe(chavagne, family)
    first, second = await pay(chavagne, family.parent, invoice), await pay(chavagne, family.parent, invoice)
    assert (second.id, second.redirect_url, len(chavagne.bank.orders)) == (first.id, first.redirect_url, 1)


async def test_a_payment_just_made_is_heard_before_another_is_opened(chavagne: Town) -> None:
    family = await add_family(chavagne)
    invoice = await owe(chavagne, family)
    await pay(chavagne, family.parent, invoice)
    chavagne.bank.decides("idop-1", PAID)
    with refused(Code.ALREADY_PAID) as paid:
        await pay(chavagne, family.parent, invoice)
    assert paid.value.message.endswith("est déjà payée.")
    assert (await books(chavagne))["payments"] == [DUE]


@pytest.mark.parametrize(
    ("cleared", "is_theirs", "code"),
    [(0, False, Code.NOT_FOUND), (DUE, True, Code.ALREADY_PAID), (DUE, False, Code.NOT_FOUND)],
)
async def test_who_wants_to_pay_what_is_not_theirs_or_is_cancelled_is_refused_and_logged_and_nothing_is_booked(
    chavagne: Town, caplog: pytest.LogCaptureFixture, cleared: int, is_theirs: bool, code: Code
) -> None:
    family, stranger = await add_family(chavagne), await add_family(chavagne, "TESTBIS")
    invoice = await owe(chavagne, family, cleared_cents=cleared)
    by = (family if is_theirs else stranger).parent
    with refused(code):
        await pay(chavagne, by, invoice)
    told = [record for record in caplog.records if record.name == "portail.payments"]
    assert [(record.levelname, record.__dict__["facts"]) for record in told] == [
        ("WARNING", {"account": str(by.viewer.account_id), "invoices": [str(invoice)], "code": code.name})
    ]
    with chavagne.at_work():
        assert await PaymentAttempt.all().count() == 0
    assert (chavagne.bank.orders, (await books(chavagne))["payments"]) == ({}, [])


async def test_an_attempt_whose_page_is_over_is_not_offered_again_and_not_doubled(chavagne: Town) -> None:
    family = await add_family(chavagne)
    invoice = await owe(chavagne, family)
    await pay(chavagne, family.parent, invoice)
    chavagne.later(minutes=15)
    with refused(Code.PAYMENT_PENDING) as over:
        await pay(chavagne, family.parent, invoice)
    assert over.value.facts == {"until": None}  # nobody knows: an instant that is past would help nobody
    chavagne.bank.decides("idop-1", EXPIRED)
    assert (await pay(chavagne, family.parent, invoice)).external_id == "idop-2"


async def test_an_open_attempt_of_other_invoices_must_be_over_first(chavagne: Town) -> None:
    family = await add_family(chavagne)
    one, two = await owe(chavagne, family), await owe(chavagne, family)
    await pay(chavagne, family.parent, one)
    with refused(Code.PAYMENT_PENDING) as pending:
        await pay(chavagne, family.parent, one, two)
    assert pending.value.facts == {"until": chavagne.clock.now() + timedelta(minutes=15)}


async def test_a_key_gives_the_same_attempt_and_refuses_another_input(chavagne: Town) -> None:
    family = await add_family(chavagne)
    one, two = await owe(chavagne, family), await owe(chavagne, family)
    first = await pay(chavagne, family.parent, one, key="k1")
    chavagne.bank.decides("idop-1", CANCELLED)
    chavagne.later(days=1)
    assert (await pay(chavagne, family.parent, one, key="k1")).id == first.id
    with refused(Code.IDEMPOTENCY_KEY_REUSED):
        await pay(chavagne, family.parent, two, key="k1")
    assert len(chavagne.bank.orders) == 1


@pytest.mark.parametrize(
    ("trouble", "code", "state"),
    [
        (BankUnavailable("no answer"), Code.BANK_UNAVAILABLE, AttemptState.CANCELLED),
        (BankRefused("T2", "client inconnu"), Code.BANK_REFUSED, AttemptState.REFUSED),
    ],
)
async def test_a_bank_that_cannot_open_the_payment_leaves_nothing_in_the_way_of_the_next_try(
    chavagne: Town, trouble: Exception, code: Code, state: AttemptState
) -> None:
    family = await add_family(chavagne)
    invoice = await owe(chavagne, family)
    chavagne.bank.trouble = trouble
    with refused(code):
        await pay(chavagne, family.parent, invoice, key="k1")
    with chavagne.at_work():
        assert [row.state for row in await PaymentAttempt.all()] == [state]
    chavagne.bank.trouble = None
    again = await pay(chavagne, family.parent, invoice, key="k1")
    assert (again.state, again.external_id) == (AttemptState.RUNNING, "idop-1")


async def test_while_the_bank_is_down_an_open_attempt_is_neither_doubled_nor_closed(chavagne: Town) -> None:
    family = await add_family(chavagne)
    invoice = await owe(chavagne, family)
    attempt = await pay(chavagne, family.parent, invoice)
    chavagne.bank.trouble = BankUnavailable("no answer")
    with refused(Code.BANK_UNAVAILABLE):
        await pay(chavagne, family.parent, invoice)
    with pytest.raises(BankUnavailable):
        await hear(chavagne, attempt)
    with chavagne.at_work():
        assert (await PaymentAttempt.get(id=attempt.id)).state is AttemptState.RUNNING


async def test_nobody_pays_the_invoices_of_others_nor_drafts_nor_without_the_right(chavagne: Town) -> None:
    family, other = await add_family(chavagne), await add_family(chavagne, "AUTRE")
    invoice, theirs = await owe(chavagne, family), await owe(chavagne, other)
    reader = await sign_in(chavagne, await add_parent(chavagne, family.id, "Luc TEST", pays=False))
    assert reader.viewer.households == {family.id: HouseholdRights(family.id, sees=True, books=True, pays=False)}
    wrong: list[tuple[Signed, tuple[UUID, ...]]] = [
        (other.parent, (invoice,)),
        (family.parent, (invoice, theirs)),
        (family.parent, (uuid4(),)),
        (family.parent, ()),
        (reader, (invoice,)),
    ]
    for by, invoices in wrong:
        with refused(Code.NOT_FOUND) as caught:
            await pay(chavagne, by, *invoices)
        assert caught.value.field == ("invoiceIds",)
    with chavagne.at_work():
        await Invoice.filter(id=invoice).update(state=InvoiceState.DRAFT)
    with refused(Code.NOT_FOUND):
        await pay(chavagne, family.parent, invoice)
    assert chavagne.bank.orders == {}


@pytest.mark.parametrize("route", ["prelevement", "carte", "", "payfip "])
async def test_a_route_that_the_portal_does_not_drive_is_refused_with_how_to_pay(chavagne: Town, route: str) -> None:
    family = await add_family(chavagne)
    with refused(Code.PAYMENT_ROUTE_UNAVAILABLE) as caught:
        await pay(chavagne, family.parent, await owe(chavagne, family), route=route)
    assert "Prélèvement automatique" in caught.value.message


async def test_an_amount_below_one_euro_is_refused_with_the_limits(chavagne: Town) -> None:
    family = await add_family(chavagne)
    with refused(Code.AMOUNT_OUT_OF_RANGE) as caught:
        await pay(chavagne, family.parent, await owe(chavagne, family, 99))
    assert caught.value.message == (f"{euros(99)} : ce moyen de paiement accepte de {euros(100)} à {euros(9_999_999)}.")


async def test_a_paid_invoice_cannot_be_paid_again(chavagne: Town) -> None:
    family = await add_family(chavagne)
    with refused(Code.ALREADY_PAID):
        await pay(chavagne, family.parent, await owe(chavagne, family, paid_cents=DUE))


@pytest.mark.postgres
async def test_two_clicks_at_the_same_instant_open_one_payment_at_the_bank(chavagne: Town) -> None:
    family = await add_family(chavagne)
    invoice = await owe(chavagne, family)

    async def click() -> UUID | Code:
        try:
            return (await pay(chavagne, family.parent, invoice)).id
        except Refused as refusal:
            return refusal.code

    answers = await asyncio.gather(*(click() for _ in range(5)))
    assert len(chavagne.bank.orders) == 1
    assert {answer for answer in answers if isinstance(answer, Code)} <= {Code.PAYMENT_PENDING}
    assert len({answer for answer in answers if isinstance(answer, UUID)}) == 1


@pytest.mark.parametrize(
    ("remedy", "told"),
    [
        ("Changez d'adresse.", []),
        ("", ["portail.familles@chavagne.fr"]),
    ],
)
async def test_what_the_bank_refuses_is_said_with_what_to_do_and_to_the_service_when_it_alone_can(
    chavagne: Town, remedy: str, told: list[str]
) -> None:
    family = await add_family(chavagne)
    chavagne.bank.trouble = BankRefused("A2", "l'adresse n'est pas acceptée", remedy)
    with refused(Code.BANK_REFUSED) as caught:
        await pay(chavagne, family.parent, await owe(chavagne, family))
    otherwise = "Le service en est averti ; pour régler autrement, écrivez à portail.familles@chavagne.fr."
    assert caught.value.message == (
        "La banque a refusé d'ouvrir ce paiement : l'adresse n'est pas acceptée (A2). Rien n'a été débité. "
        f"{remedy or otherwise}"
    )
    assert [mail.recipient for mail in await chavagne.mails("to-check")] == told
