"""Money is booked once, however many times, in whatever order and however late the bank says that it was paid."""

import asyncio
import itertools
from collections.abc import Iterable
from datetime import date, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest

from plugins.rules.french import euros
from resolvers.context import HouseholdRights
from resolvers.errors import Code, Refused
from resolvers.models import Allocation, BankEvent, Effect, Invoice, Payment, PaymentAttempt
from resolvers.models.billing import InvoiceState
from resolvers.models.effects import EffectKind
from resolvers.models.payments import AttemptState
from resolvers.outbox import opened
from resolvers.payments import attempts_of, keep_bank_event, poll, settle, start
from resolvers.ports import BankRefused, BankUnavailable, PaymentOutcome
from tests.refusals import refused
from tests.towns import Family, Signed, Town, add_family, add_parent, sign_in, statements

pytestmark = [pytest.mark.anyio, pytest.mark.database]

PAID, REFUSED, CANCELLED, EXPIRED, PENDING = (
    PaymentOutcome.PAID,
    PaymentOutcome.REFUSED,
    PaymentOutcome.CANCELLED,
    PaymentOutcome.EXPIRED,
    PaymentOutcome.PENDING,
)
DUE = 7_50
BACK = "https://front.example/factures"
NUMBERS = itertools.count(1)


async def owe(town: Town, family: Family, cents: int = DUE, **values: Any) -> UUID:
    """An issued invoice of a family."""
    number = next(NUMBERS)
    with town.at_work() as ctx:
        invoice = await Invoice.create(
            household_id=family.id,
            state=InvoiceState.ISSUED,
            period_first=date(2026, 11, 1),
            period_last=date(2026, 11, 30),
            year=2026,
            series="ENF",
            sequence=number,
            number=f"2026-ENF-{number:06d}",
            total_cents=cents,
            prepared_at=ctx.now,
            issued_on=date(2026, 12, 1),
            due_on=date(2026, 12, 31),
            **values,
        )
    return invoice.id


async def pay(town: Town, by: Signed, *invoices: UUID, route: str = "payfip", key: str | None = None) -> PaymentAttempt:
    """Ask to pay, and be sent to the bank."""
    with town.asked_by(by) as ctx:
        return await start(ctx, invoices, route, BACK, key)


async def hear(town: Town, attempt: PaymentAttempt) -> AttemptState | None:
    """Ask the bank about an attempt; the state it is in afterwards."""
    with town.at_work() as ctx:
        settled = await settle(ctx, attempt.external_id or "")
    return settled.state if settled else None


async def books(town: Town) -> dict[str, Any]:
    """What is booked: payments, where they went, and what each invoice has received."""
    with town.at_work():
        invoices = {row.id: row.paid_cents for row in await Invoice.all().order_by("sequence")}
        return {
            "payments": sorted(row.amount_cents for row in await Payment.all()),
            "allocations": sorted(
                ((row.invoice_id, row.amount_cents) for row in await Allocation.all()), key=lambda part: str(part[0])
            ),
            "paid": invoices,
        }


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
        assert [[row.id for row in rows] for rows in found] == [[attempt.id], [attempt.id], []]
    assert len(asked) == 2


async def test_return_notification_and_polling_book_a_payment_once_and_mail_one_receipt_to_each_parent(
    chavagne: Town,
) -> None:
    family = await add_family(chavagne)
    second = await sign_in(chavagne, await add_parent(chavagne, family.id, "Anne TEST"))
    invoice = await owe(chavagne, family)
    attempt = await pay(chavagne, family.parent, invoice)
    assert await hear(chavagne, attempt) is AttemptState.RUNNING
    chavagne.bank.decides("idop-1", PAID)
    chavagne.later(minutes=3)
    paid_at = chavagne.clock.now()
    for _ in range(3):
        assert await hear(chavagne, attempt) is AttemptState.PAID
        chavagne.later(minutes=1)
    with chavagne.at_work() as ctx:
        await poll(ctx, attempt.id, 1)
        row = await Invoice.get(id=invoice)
        payment = await Payment.get(attempt_id=attempt.id)
    assert (row.paid_cents, row.paid_at, payment.booked_at, payment.authorization) == (DUE, paid_at, paid_at, "A1B2C3")
    assert await books(chavagne) == {"payments": [DUE], "allocations": [(invoice, DUE)], "paid": {invoice: DUE}}
    mails = await chavagne.mails("receipt")
    assert {mail.recipient for mail in mails} == {family.parent.viewer.email, second.viewer.email}
    assert len(mails) == 2
    assert (
        f"Nous avons bien reçu votre paiement de {euros(DUE)} pour la facture {row.number}, "
        "le mercredi 2 décembre 2026 à 12 h 04."
    ) in mails[0].body


@pytest.mark.parametrize(
    ("said", "state"),
    [
        ([PENDING], AttemptState.RUNNING),
        ([REFUSED], AttemptState.REFUSED),
        ([CANCELLED], AttemptState.CANCELLED),
        ([EXPIRED], AttemptState.EXPIRED),
        ([EXPIRED, PENDING], AttemptState.EXPIRED),
        ([REFUSED, CANCELLED], AttemptState.REFUSED),
        ([EXPIRED, PAID], AttemptState.PAID),  # late, but paid
        ([REFUSED, PAID, REFUSED], AttemptState.PAID),
        ([PAID, EXPIRED, CANCELLED, PENDING], AttemptState.PAID),  # PAID is terminal
    ],
)
async def test_the_state_of_an_attempt_follows_the_bank_and_paid_is_terminal(
    chavagne: Town, said: Iterable[PaymentOutcome], state: AttemptState
) -> None:
    family = await add_family(chavagne)
    invoice = await owe(chavagne, family)
    attempt = await pay(chavagne, family.parent, invoice)
    for outcome in said:
        chavagne.bank.decides("idop-1", outcome)
        heard = await hear(chavagne, attempt)
    assert heard is state
    paid = state is AttemptState.PAID
    assert await books(chavagne) == {
        "payments": [DUE] if paid else [],
        "allocations": [(invoice, DUE)] if paid else [],
        "paid": {invoice: DUE if paid else 0},
    }


async def test_a_payment_paid_twice_by_two_attempts_leaves_a_credit(chavagne: Town) -> None:
    family = await add_family(chavagne)
    invoice = await owe(chavagne, family)
    first = await pay(chavagne, family.parent, invoice)
    chavagne.bank.decides("idop-1", EXPIRED)
    second = await pay(chavagne, family.parent, invoice)
    assert second.reference == first.reference.removesuffix("A01") + "A02"
    for external_id, attempt in (("idop-2", second), ("idop-1", first)):
        chavagne.bank.decides(external_id, PAID)
        assert await hear(chavagne, attempt) is AttemptState.PAID
    assert await books(chavagne) == {
        "payments": [DUE, DUE],
        "allocations": [(invoice, DUE), (None, DUE)] if str(invoice) < "None" else [(None, DUE), (invoice, DUE)],
        "paid": {invoice: DUE},
    }


@pytest.mark.parametrize(
    ("cents", "paid", "credit"), [(10_00, (3_00, 7_00), 0), (12_00, (3_00, 7_00), 2_00), (4_00, (3_00, 1_00), 0)]
)
async def test_what_the_bank_took_is_spread_over_the_invoices_and_the_rest_is_credit(
    chavagne: Town, cents: int, paid: tuple[int, int], credit: int
) -> None:
    family = await add_family(chavagne)
    invoices = sorted([await owe(chavagne, family, 3_00), await owe(chavagne, family, 7_00)])
    attempt = await pay(chavagne, family.parent, *invoices)
    chavagne.bank.decides("idop-1", PAID, cents=cents)
    await hear(chavagne, attempt)
    with chavagne.at_work():
        rows = {row.id: (row.paid_cents, row.paid_at is not None) for row in await Invoice.all()}
        kept = [row.amount_cents for row in await Allocation.filter(invoice_id__isnull=True)]
        spread = sum(row.amount_cents for row in await Allocation.all())
    totals = dict(zip(invoices, (3_00, 7_00), strict=True))
    assert rows == {id_: (part, part == totals[id_]) for id_, part in zip(invoices, paid, strict=True)}
    assert (kept, spread) == ([credit] if credit else [], cents)


async def test_an_answer_about_another_reference_books_nothing(chavagne: Town) -> None:
    family = await add_family(chavagne)
    attempt = await pay(chavagne, family.parent, await owe(chavagne, family))
    chavagne.bank.decides("idop-1", PAID, reference="2026ENF999999A01")
    assert await hear(chavagne, attempt) is AttemptState.RUNNING
    assert (await books(chavagne))["payments"] == []


async def test_a_notification_for_no_attempt_of_ours_asks_and_books_nothing(chavagne: Town) -> None:
    with chavagne.at_work() as ctx:
        assert await settle(ctx, "idop-unknown") is None
    assert chavagne.bank.questions == []


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
        (BankRefused("R3", "client inconnu"), Code.BANK_REFUSED, AttemptState.REFUSED),
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


async def polls(town: Town) -> list[tuple[int, float]]:
    """The polls that wait: their rank, and in how many minutes each is due."""
    with town.at_work() as ctx:
        effects = await Effect.filter(kind=EffectKind.PAYMENT_POLL).order_by("run_at")
        return [
            (opened(effect, town.ports)["polls"], (effect.run_at - ctx.now).total_seconds() / 60) for effect in effects
        ]


async def test_a_silent_bank_is_asked_again_and_again_for_a_day_then_the_attempt_expires(chavagne: Town) -> None:
    family = await add_family(chavagne)
    invoice = await owe(chavagne, family)
    attempt = await pay(chavagne, family.parent, invoice)
    waits = []
    for rank in itertools.count():
        with chavagne.at_work() as ctx:
            effect = await Effect.filter(kind=EffectKind.PAYMENT_POLL).order_by("-run_at").first()
            assert effect is not None
            waits.append((effect.run_at - ctx.now).total_seconds() / 60)
            chavagne.clock.set(effect.run_at)
        with chavagne.at_work() as ctx:
            assert opened(effect, chavagne.ports) == {"attempt": str(attempt.id), "polls": rank}
            await poll(ctx, attempt.id, rank)
            if (await PaymentAttempt.get(id=attempt.id)).state is not AttemptState.RUNNING:
                break
    assert waits[:6] == [1, 5, 15, 60, 60, 60]
    assert sum(waits) >= 24 * 60 > sum(waits[:-1])
    with chavagne.at_work():
        assert (await PaymentAttempt.get(id=attempt.id)).state is AttemptState.EXPIRED
    assert (await pay(chavagne, family.parent, invoice)).external_id == "idop-2"


async def test_polling_stops_once_the_bank_has_answered(chavagne: Town) -> None:
    family = await add_family(chavagne)
    attempt = await pay(chavagne, family.parent, await owe(chavagne, family))
    chavagne.bank.decides("idop-1", PAID)
    with chavagne.at_work() as ctx:
        await poll(ctx, attempt.id, 0)
        await poll(ctx, attempt.id, 1)
        await poll(ctx, uuid4(), 0)
    assert await polls(chavagne) == [(0, 1)]
    assert chavagne.bank.questions == ["idop-1"]
    assert (await books(chavagne))["payments"] == [DUE]


async def test_an_attempt_that_never_reached_the_bank_expires_when_its_page_would_be_over(chavagne: Town) -> None:
    family = await add_family(chavagne)
    attempt = await pay(chavagne, family.parent, await owe(chavagne, family))
    with chavagne.at_work():
        await PaymentAttempt.filter(id=attempt.id).update(external_id=None)  # the portal stopped before it knew
    chavagne.later(minutes=14)
    with chavagne.at_work() as ctx:
        await poll(ctx, attempt.id, 0)
        assert (await PaymentAttempt.get(id=attempt.id)).state is AttemptState.RUNNING
    chavagne.later(minutes=1)
    with chavagne.at_work() as ctx:
        await poll(ctx, attempt.id, 1)
        assert (await PaymentAttempt.get(id=attempt.id)).state is AttemptState.EXPIRED


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


async def test_what_a_bank_sent_is_kept_once(chavagne: Town) -> None:
    with chavagne.at_work() as ctx:
        assert await keep_bank_event("payfip", "idop-1", {"idop": "idop-1"}, ctx.now)
        assert not await keep_bank_event("payfip", "idop-1", {"idop": "forged"}, ctx.now)
        assert await keep_bank_event("payfip", "x" * 500, {}, ctx.now)
        assert sorted((row.external_id, row.received.get("idop")) for row in await BankEvent.all()) == [
            ("idop-1", "idop-1"),
            ("x" * 80, None),
        ]


async def test_the_event_of_a_booked_payment_is_marked_handled(chavagne: Town) -> None:
    family = await add_family(chavagne)
    attempt = await pay(chavagne, family.parent, await owe(chavagne, family))
    chavagne.bank.decides("idop-1", PAID)
    with chavagne.at_work() as ctx:
        await keep_bank_event("payfip", "idop-1", {"idop": "idop-1"}, ctx.now)
    await hear(chavagne, attempt)
    with chavagne.at_work() as ctx:
        assert [row.handled_at for row in await BankEvent.all()] == [ctx.now]


@pytest.mark.postgres
async def test_return_notification_and_polling_at_the_same_instant_book_one_payment(chavagne: Town) -> None:
    family = await add_family(chavagne)
    invoice = await owe(chavagne, family)
    attempt = await pay(chavagne, family.parent, invoice)
    chavagne.bank.decides("idop-1", PAID)
    states = await asyncio.gather(*(hear(chavagne, attempt) for _ in range(12)))
    assert states == [AttemptState.PAID] * 12
    assert await books(chavagne) == {"payments": [DUE], "allocations": [(invoice, DUE)], "paid": {invoice: DUE}}
    assert len(await chavagne.mails("receipt")) == 1


@pytest.mark.postgres
async def test_two_attempts_paid_at_the_same_instant_pay_the_invoice_once_and_leave_a_credit(chavagne: Town) -> None:
    family = await add_family(chavagne)
    invoice = await owe(chavagne, family)
    attempts = []
    for number in (1, 2, 3):
        attempts.append(await pay(chavagne, family.parent, invoice))
        chavagne.bank.decides(f"idop-{number}", EXPIRED)
    for number in (1, 2, 3):
        chavagne.bank.decides(f"idop-{number}", PAID)
    await asyncio.gather(*(hear(chavagne, attempt) for attempt in attempts))
    with chavagne.at_work():
        parts = sorted((row.invoice_id is None, row.amount_cents) for row in await Allocation.all())
        assert (await Invoice.get(id=invoice)).paid_cents == DUE
    assert parts == [(False, DUE), (True, DUE), (True, DUE)]


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
