"""Money is booked once, however many times, in whatever order and however late the bank says that it was paid."""

import asyncio
import itertools
from collections.abc import Iterable
from datetime import timedelta
from uuid import UUID, uuid4

import pytest

from plugins.rules.french import euros
from resolvers.models import Allocation, BankEvent, Effect, Invoice, Payment, PaymentAttempt
from resolvers.models.effects import EffectKind
from resolvers.models.payments import AttemptState
from resolvers.outbox import opened
from resolvers.paying.settlements import keep_bank_event, poll, settle
from resolvers.ports import PaymentOutcome, PaymentReport
from tests.paying import CANCELLED, DUE, EXPIRED, LATE, PAID, PENDING, REFUSED, books, hear, owe, pay
from tests.towns import Town, add_family, add_parent, sign_in

pytestmark = [pytest.mark.anyio, pytest.mark.database]


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
        ([LATE], AttemptState.EXPIRED),
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
        "allocations": [(invoice, DUE), (None, DUE)],
        "paid": {invoice: DUE},
    }


@pytest.mark.parametrize(
    ("cleared", "paid", "credit"),
    [
        ((0, 0), (3_00, 7_00), 0),
        ((3_00, 0), (0, 7_00), 3_00),
        ((0, 2_00), (3_00, 5_00), 2_00),
        ((3_00, 7_00), (0, 0), 10_00),
    ],
)
async def test_what_was_cleared_while_the_bank_was_paid_is_credit_and_the_agents_are_told(
    chavagne: Town, cleared: tuple[int, int], paid: tuple[int, int], credit: int
) -> None:
    family = await add_family(chavagne)
    totals = {UUID(int=1): 3_00, UUID(int=2): 7_00}
    invoices = [await owe(chavagne, family, total, id=id_) for id_, total in totals.items()]
    attempt = await pay(chavagne, family.parent, *invoices)
    with chavagne.at_work():
        for id_, cents in zip(invoices, cleared, strict=True):
            await Invoice.filter(id=id_).update(cleared_cents=cents)
    chavagne.bank.decides("idop-1", PAID)
    await hear(chavagne, attempt)
    with chavagne.at_work():
        rows = {row.id: row.paid_cents for row in await Invoice.all()}
        kept = [row.amount_cents for row in await Allocation.filter(invoice_id__isnull=True)]
        spread = sum(row.amount_cents for row in await Allocation.all())
    assert rows == dict(zip(invoices, paid, strict=True))
    assert (kept, spread) == ([credit] if credit else [], 10_00)
    told = [mail.recipient for mail in await chavagne.mails("to-check")]
    assert told == ([chavagne.commune.identity.services[0].mailbox] if credit else [])


@pytest.mark.parametrize("cents", [1, DUE - 1, DUE + 1])
async def test_an_answer_with_another_amount_books_nothing_and_the_agents_are_told(chavagne: Town, cents: int) -> None:
    family = await add_family(chavagne)
    attempt = await pay(chavagne, family.parent, await owe(chavagne, family))
    chavagne.bank.decides("idop-1", PAID, cents=cents)
    assert await hear(chavagne, attempt) is AttemptState.RUNNING
    assert (await books(chavagne))["payments"] == []
    (mail,) = await chavagne.mails("to-check")
    assert "la banque annonce un autre montant : rien n'a été enregistré" in mail.body


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


@pytest.mark.parametrize("silence", [LATE, CANCELLED])
async def test_an_attempt_that_is_over_for_the_family_is_asked_about_every_hour_of_its_day_and_late_money_is_booked(
    chavagne: Town, silence: PaymentOutcome
) -> None:
    family = await add_family(chavagne)
    invoice = await owe(chavagne, family)
    attempt = await pay(chavagne, family.parent, invoice)
    chavagne.bank.decides("idop-1", silence)
    asked = [timedelta(hours=2, minutes=21), timedelta(hours=3, minutes=21), timedelta(hours=23, minutes=59)]
    for rank, late in enumerate(asked, start=4):
        chavagne.clock.set(attempt.started_at + late)
        with chavagne.at_work() as ctx:
            await poll(ctx, attempt.id, rank)
            assert (await PaymentAttempt.get(id=attempt.id)).state.name == {LATE: "EXPIRED"}.get(silence, "CANCELLED")
        assert (await polls(chavagne))[-1] == (rank + 1, 60)
    chavagne.bank.decides("idop-1", PAID)
    chavagne.later(hours=1)
    with chavagne.at_work() as ctx:
        await poll(ctx, attempt.id, 7)
    assert await books(chavagne) == {"payments": [DUE], "allocations": [(invoice, DUE)], "paid": {invoice: DUE}}
    assert [rank for rank, _ in await polls(chavagne)] == [0, 5, 6, 7]


@pytest.mark.parametrize(("last", "late"), [(EXPIRED, timedelta(hours=3)), (LATE, timedelta(hours=24))])
async def test_nothing_is_asked_any_more_once_the_bank_forgot_the_attempt_or_its_day_has_ended(
    chavagne: Town, last: PaymentOutcome, late: timedelta
) -> None:
    family = await add_family(chavagne)
    attempt = await pay(chavagne, family.parent, await owe(chavagne, family))
    chavagne.bank.decides("idop-1", last)
    chavagne.clock.set(attempt.started_at + late)
    with chavagne.at_work() as ctx:
        await poll(ctx, attempt.id, 5)
    assert [rank for rank, _ in await polls(chavagne)] == [0]


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


async def test_what_nobody_can_believe_stays_under_way_is_asked_about_every_day_and_told_to_the_agents_once(
    chavagne: Town,
) -> None:
    family = await add_family(chavagne)
    attempt = await pay(chavagne, family.parent, await owe(chavagne, family))
    chavagne.bank.answers["idop-1"] = PaymentReport(PENDING, {"resultrans": "Q"}, doubt="PayFiP répond « Q »")
    for late in (timedelta(minutes=5), timedelta(days=1), timedelta(days=40)):
        chavagne.clock.set(attempt.started_at + late)
        with chavagne.at_work() as ctx:
            await poll(ctx, attempt.id, late.days)
            assert (await PaymentAttempt.get(id=attempt.id)).state is AttemptState.RUNNING
    assert [rank for rank, _ in await polls(chavagne)] == [0, 1, 2, 41]
    assert (await polls(chavagne))[-1] == (41, 24 * 60)
    (mail,) = await chavagne.mails("to-check")
    assert "PayFiP répond « Q » : rien n'a été enregistré" in mail.body
    chavagne.bank.decides("idop-1", PAID)
    with chavagne.at_work() as ctx:
        await poll(ctx, attempt.id, 41)
    assert (await books(chavagne))["payments"] == [DUE]
