"""A card paid on Lyra's page is booked once, for what was asked, and only on a word that the bank signed."""

import asyncio
import itertools
from datetime import timedelta

import pytest

from gateway.database import Databases
from plugins.rules.french import euros
from resolvers.errors import Code
from resolvers.models import BankEvent, Effect, PaymentAttempt
from resolvers.models.effects import EffectKind
from resolvers.models.payments import AttemptState
from resolvers.paying.settlements import poll
from tests.cards import card_village, say, signed, told
from tests.paying import DUE, books, hear, owe, pay
from tests.refusals import refused
from tests.towns import Town, add_family

pytestmark = [pytest.mark.anyio, pytest.mark.database]


@pytest.fixture
def cards(databases: Databases) -> Town:
    """The village, where one pays by card."""
    return Town(card_village())


async def test_the_browser_is_given_a_signed_form_for_what_remains_due(cards: Town) -> None:
    family = await add_family(cards)
    attempt = await pay(cards, family.parent, await owe(cards, family, 7_50, paid_cents=2_50), route="carte")
    form = attempt.form or {}
    assert (attempt.state, attempt.redirect_url) == (AttemptState.RUNNING, "https://secure.payzen.eu/vads-payment/")
    assert {name: form[name] for name in ("vads_amount", "vads_order_id", "vads_url_check", "vads_url_return")} == {
        "vads_amount": "500",
        "vads_order_id": attempt.reference,
        "vads_url_check": "https://portail.example/village/payments/lyra/notification",
        "vads_url_return": "https://portail.example/village/payments/lyra/return",
    }
    assert signed(form) == form
    assert cards.bank.orders == {}


async def test_what_the_bank_signs_is_booked_once_whoever_brings_it(cards: Town) -> None:
    family = await add_family(cards)
    invoice = await owe(cards, family)
    attempt = await pay(cards, family.parent, invoice, route="carte")
    notice = told(attempt)
    for received in (notice, notice, signed({**notice, "vads_url_check_src": "RETRY"}), told(attempt, "CAPTURED")):
        assert await say(cards, received) is AttemptState.PAID
    assert await hear(cards, attempt) is AttemptState.PAID
    assert await books(cards) == {"payments": [DUE], "allocations": [(invoice, DUE)], "paid": {invoice: DUE}}
    assert len(await cards.mails("receipt")) == 1
    with cards.at_work():
        events = await BankEvent.all().order_by("external_id")
        number = (attempt.form or {})["vads_trans_id"]
        assert [(row.source, row.external_id, row.handled_at is not None) for row in events] == [
            ("lyra", f"uuid-of-{number}:AUTHORISED", True),
            ("lyra", f"uuid-of-{number}:CAPTURED", False),
        ]
        assert events[0].received == notice


@pytest.mark.parametrize(
    ("said", "state"),
    [
        (["UNDER_VERIFICATION"], AttemptState.RUNNING),
        (["REFUSED"], AttemptState.REFUSED),
        (["ABANDONED"], AttemptState.CANCELLED),
        (["EXPIRED"], AttemptState.EXPIRED),
        (["UNDER_VERIFICATION", "AUTHORISED"], AttemptState.PAID),
        (["REFUSED", "AUTHORISED", "REFUSED"], AttemptState.PAID),  # another card on the same page; PAID is terminal
        (["AUTHORISED", "CANCELLED", "ABANDONED"], AttemptState.PAID),
    ],
)
async def test_the_state_follows_what_the_bank_signs_and_paid_is_terminal(
    cards: Town, said: list[str], state: AttemptState
) -> None:
    family = await add_family(cards)
    invoice = await owe(cards, family)
    attempt = await pay(cards, family.parent, invoice, route="carte")
    for status in said:
        heard = await say(cards, told(attempt, status))
    assert heard is state
    assert (await books(cards))["paid"] == {invoice: DUE if state is AttemptState.PAID else 0}


LIES: dict[str, dict[str, str]] = {
    "another amount": {"vads_amount": "1"},
    "another currency": {"vads_currency": "952"},
    "no currency": {"vads_currency": ""},
}


@pytest.mark.parametrize("lie", LIES)
async def test_a_signed_notice_of_something_else_books_nothing_and_the_agents_are_told_once(
    cards: Town, lie: str
) -> None:
    family = await add_family(cards)
    attempt = await pay(cards, family.parent, await owe(cards, family), route="carte")
    for _ in range(2):
        assert await say(cards, told(attempt, **LIES[lie])) is AttemptState.RUNNING
    assert (await books(cards))["payments"] == []
    (mail,) = await cards.mails("to-check")
    assert mail.recipient == "enfance@village.fr"
    assert (
        f"Le paiement en ligne {attempt.reference}, de {euros(DUE)}, demande votre attention : "
        "ce que la banque annonce n'est pas ce qui lui a été demandé : rien n'a été enregistré."
    ) in mail.body


async def test_what_is_forged_or_about_no_order_of_ours_leaves_no_trace(cards: Town) -> None:
    family = await add_family(cards)
    attempt = await pay(cards, family.parent, await owe(cards, family), route="carte")
    forged = [
        {**told(attempt), "vads_amount": "1"},
        {**told(attempt, "REFUSED"), "vads_trans_status": "AUTHORISED"},
        signed(told(attempt), "0000000000000000"),
        told(attempt, vads_ctx_mode="PRODUCTION"),  # signed with the key of tests
        told(attempt, vads_site_id="87654321"),
        told(attempt, vads_order_id="2026ENF999999A01"),
    ]
    assert [await say(cards, received) for received in forged] == [None] * len(forged)
    with cards.at_work():
        assert await BankEvent.all() == []
        assert (await PaymentAttempt.get(id=attempt.id)).state is AttemptState.RUNNING
    assert (await books(cards))["payments"] == []


async def test_a_notice_signed_for_a_payfip_attempt_is_refused(cards: Town) -> None:
    family = await add_family(cards)
    card = await pay(cards, family.parent, await owe(cards, family), route="carte")
    regie = await pay(cards, family.parent, await owe(cards, family), route="payfip")
    assert await say(cards, told(card, vads_order_id=regie.reference)) is AttemptState.RUNNING
    assert (await books(cards))["payments"] == []


async def test_a_refund_made_at_the_bank_neither_pays_nor_unpays(cards: Town) -> None:
    family = await add_family(cards)
    invoice = await owe(cards, family)
    attempt = await pay(cards, family.parent, invoice, route="carte")
    assert await say(cards, told(attempt, vads_operation_type="CREDIT")) is AttemptState.RUNNING
    assert await say(cards, told(attempt)) is AttemptState.PAID
    assert await say(cards, told(attempt, "CAPTURED", vads_operation_type="CREDIT")) is AttemptState.PAID
    assert (await books(cards))["paid"] == {invoice: DUE}


async def test_one_route_is_not_opened_while_the_other_may_still_pay(cards: Town) -> None:
    family = await add_family(cards)
    invoice = await owe(cards, family)
    first = await pay(cards, family.parent, invoice, route="carte")
    again = await pay(cards, family.parent, invoice, route="carte")
    assert (again.id, again.form) == (first.id, first.form)
    with refused(Code.PAYMENT_PENDING):
        await pay(cards, family.parent, invoice, route="payfip")
    assert await say(cards, told(first, "ABANDONED")) is AttemptState.CANCELLED
    assert (await pay(cards, family.parent, invoice, route="payfip")).external_id == "idop-1"


async def test_a_page_of_which_nothing_is_heard_is_over_after_half_an_hour_and_late_money_is_still_booked(
    cards: Town,
) -> None:
    family = await add_family(cards)
    invoice = await owe(cards, family)
    attempt = await pay(cards, family.parent, invoice, route="carte")
    states = []
    for rank in itertools.count():
        cards.later(minutes=10)
        with cards.at_work() as ctx:
            await poll(ctx, attempt.id, rank)
            states.append((await PaymentAttempt.get(id=attempt.id)).state)
        if states[-1] is not AttemptState.RUNNING:
            break
    assert states == [AttemptState.RUNNING, AttemptState.RUNNING, AttemptState.EXPIRED]
    second = await pay(cards, family.parent, invoice, route="carte")
    assert second.id != attempt.id
    assert await say(cards, told(second)) is AttemptState.PAID
    assert await say(cards, told(attempt)) is AttemptState.PAID
    assert (await books(cards))["allocations"] == [(invoice, DUE), (None, DUE)]
    (mail,) = await cards.mails("to-check")
    assert f"{euros(DUE)} n'étaient plus dus et sont devenus un avoir de la famille" in mail.body


async def test_what_the_bank_signed_that_it_verifies_is_not_over_by_time_and_no_second_page_is_opened(
    cards: Town,
) -> None:
    family = await add_family(cards)
    invoice = await owe(cards, family)
    attempt = await pay(cards, family.parent, invoice, route="carte")
    assert await say(cards, told(attempt, "UNDER_VERIFICATION")) is AttemptState.RUNNING
    for rank, late in enumerate((timedelta(minutes=40), timedelta(hours=25), timedelta(days=9))):
        cards.clock.set(attempt.started_at + late)
        with refused(Code.PAYMENT_PENDING):
            await pay(cards, family.parent, invoice, route="carte")
        with cards.at_work() as ctx:
            await poll(ctx, attempt.id, rank)
            assert (await PaymentAttempt.get(id=attempt.id)).state is AttemptState.RUNNING
    with cards.at_work() as ctx:
        again = await Effect.filter(kind=EffectKind.PAYMENT_POLL).order_by("-run_at").first()
    assert again is not None and again.run_at == ctx.now + timedelta(days=1)
    (mail,) = await cards.mails("to-check")
    assert "la banque le vérifie depuis plus d'un jour : lisez chez elle ce qu'il en est." in mail.body
    assert await say(cards, told(attempt, "REFUSED")) is AttemptState.REFUSED
    second = await pay(cards, family.parent, invoice, route="carte")
    assert (second.id != attempt.id, second.pending_at) == (True, None)


@pytest.mark.postgres
async def test_notice_and_return_at_the_same_instant_book_one_payment(cards: Town) -> None:
    family = await add_family(cards)
    invoice = await owe(cards, family)
    attempt = await pay(cards, family.parent, invoice, route="carte")
    words = [told(attempt), told(attempt, "CAPTURED")] * 6
    assert await asyncio.gather(*(say(cards, word) for word in words)) == [AttemptState.PAID] * 12
    assert await books(cards) == {"payments": [DUE], "allocations": [(invoice, DUE)], "paid": {invoice: DUE}}
    assert len(await cards.mails("receipt")) == 1
