"""Online payments as clients see them: what awaits its money, what was taken back, what an agent decides."""

from datetime import timedelta

import pytest

from gateway.database import Databases
from plugins.rules.french import euros
from resolvers.context import AgentRight
from resolvers.models import BankEvent, Invoice, Payment
from resolvers.paying.settlements import settle
from resolvers.ports import BankRefused, BankUnavailable, PaymentOutcome, PaymentReport
from schema.relay import global_id
from tests.asking import asked
from tests.paying import DUE, books, hear, owe, pay
from tests.towns import Town, add_agent, add_family

pytestmark = [pytest.mark.anyio, pytest.mark.database]

SHOWN = "id state sentence awaitsCollection reversedAt reversal receiptUrl"
READ = f"query($id: ID!) {{ node(id: $id) {{ ... on Payment {{ {SHOWN} }} }} }}"
ERRORS = "userErrors { code field message until }"
REJECT = f"""mutation($input: PaymentRejectInput!) {{ paymentReject(input: $input) {{
  payment {{ {SHOWN} }} {ERRORS} }} }}"""
DECIDE = f"""mutation($input: PaymentDecideInput!) {{ paymentDecide(input: $input) {{
  payment {{ {SHOWN} }} {ERRORS} }} }}"""
REGIES = "{ payfipRegies { route clientNumber mode standing labels sentence activations { state redirectUrl } } }"
ACTIVATE = f"""mutation($input: PayfipActivationStartInput!) {{ payfipActivationStart(input: $input) {{
  activation {{ startedAt state sentence redirectUrl }} {ERRORS} }} }}"""


@pytest.fixture
def chavagne(databases: Databases) -> Town:
    """PayFiP, and direct debit."""
    return Town.called("chavagne")


def ordered(town: Town, external_id: str, cents: int = DUE) -> None:
    """The bank accepts an order of direct debit."""
    order = town.bank.orders[external_id]
    town.bank.answers[external_id] = PaymentReport(
        PaymentOutcome.PAID, {"resultrans": "V"}, cents, order.reference, "112233445566-tip", means="debit"
    )


async def test_an_order_of_direct_debit_is_booked_and_said_to_await_its_money(chavagne: Town) -> None:
    family = await add_family(chavagne)
    invoice = await owe(chavagne, family, number="2026-7")
    attempt = await pay(chavagne, family.parent, invoice)
    ordered(chavagne, "idop-1")
    await hear(chavagne, attempt)
    shown = await asked(chavagne, family.parent, READ, id=global_id("Payment", attempt.id))
    assert (shown["state"], shown["awaitsCollection"], shown["reversedAt"], shown["reversal"]) == (
        "PAID",
        True,
        None,
        None,
    )
    assert shown["sentence"].startswith("Votre ordre de prélèvement a été accepté : il est en attente d'encaissement.")
    assert await books(chavagne) == {"payments": [DUE], "allocations": [(invoice, DUE)], "paid": {invoice: DUE}}
    (mail,) = await chavagne.mails("receipt")
    assert mail.subject == "Paiement en attente d'encaissement pour la facture 2026-7"


async def test_what_a_bank_takes_back_is_owed_again_once_and_the_family_is_told_why_and_how_to_pay(
    chavagne: Town,
) -> None:
    family, agent = await add_family(chavagne), await add_agent(chavagne, frozenset({AgentRight.BILLING}))
    invoice = await owe(chavagne, family, number="2026-7")
    attempt = await pay(chavagne, family.parent, invoice)
    ordered(chavagne, "idop-1")
    await hear(chavagne, attempt)
    wanted = {"id": global_id("Payment", attempt.id), "reason": "Provision insuffisante"}
    done, again = [await asked(chavagne, agent, REJECT, input=wanted) for _ in range(2)]
    assert {**done["payment"], "id": None} == {
        "id": None,
        "state": "REVERSED",
        "sentence": "Ce paiement a été annulé : ce qu'il avait réglé est de nouveau à payer.",
        "awaitsCollection": False,
        "reversedAt": "2026-10-05T07:30:00Z",
        "reversal": "Provision insuffisante",
        "receiptUrl": None,
    }
    assert [error["code"] for error in again["userErrors"]] == ["STATE_CONFLICT"]
    with chavagne.at_work():
        assert (await Invoice.get(id=invoice)).paid_cents == 0
    (mail,) = await chavagne.mails("payment-reversed")
    assert mail.recipient == family.parent.viewer.email
    assert f"La banque a repris le paiement de {euros(DUE)} fait en ligne le lundi 5 octobre 2026" in mail.body
    assert "Motif : Provision insuffisante" in mail.body
    assert "Paiement en ligne" in mail.body
    chavagne.bank.decides("idop-1", PaymentOutcome.PAID)
    with chavagne.at_work() as ctx:
        await settle(ctx, "idop-1")
        assert await Payment.all().count() == 1  # what the bank repeats of it books nothing more


@pytest.mark.parametrize("reason", ["", "   ", "x" * 301, "deux\nlignes"])
async def test_a_payment_is_taken_back_for_a_reason(chavagne: Town, reason: str) -> None:
    family, agent = await add_family(chavagne), await add_agent(chavagne)
    attempt = await pay(chavagne, family.parent, await owe(chavagne, family))
    wanted = {"id": global_id("Payment", attempt.id), "reason": reason}
    for mutation, more in ((REJECT, {}), (DECIDE, {"isPaid": True})):
        told = await asked(chavagne, agent, mutation, input={**wanted, **more})
        assert [(error["code"], error["field"]) for error in told["userErrors"]] == [
            ("INVALID" if reason.strip() else "BLANK", ["input", "reason"])
        ]


async def test_a_payment_that_nobody_made_is_not_taken_back(chavagne: Town) -> None:
    family, agent = await add_family(chavagne), await add_agent(chavagne)
    attempt = await pay(chavagne, family.parent, await owe(chavagne, family))
    wanted = {"id": global_id("Payment", attempt.id), "reason": "Rejeté"}
    told = await asked(chavagne, agent, REJECT, input=wanted)
    assert [error["code"] for error in told["userErrors"]] == ["NOT_FOUND"]


@pytest.mark.parametrize(("is_paid", "state", "paid"), [(True, "PAID", DUE), (False, "EXPIRED", 0)])
async def test_an_agent_decides_what_the_bank_does_not_tell_once_its_page_is_over(
    chavagne: Town, is_paid: bool, state: str, paid: int
) -> None:
    family, agent = await add_family(chavagne), await add_agent(chavagne, frozenset({AgentRight.BILLING}))
    invoice = await owe(chavagne, family)
    attempt = await pay(chavagne, family.parent, invoice)
    wanted = {"id": global_id("Payment", attempt.id), "isPaid": is_paid, "reason": "Lu dans l'outil de PayFiP"}
    early = await asked(chavagne, agent, DECIDE, input=wanted)
    until = attempt.started_at + timedelta(minutes=15)
    assert [(error["code"], error["until"]) for error in early["userErrors"]] == [
        ("STATE_CONFLICT", until.strftime("%Y-%m-%dT%H:%M:%SZ"))
    ]
    chavagne.later(minutes=15)
    done, again = [await asked(chavagne, agent, DECIDE, input=wanted) for _ in range(2)]
    assert (done["payment"]["state"], [error["code"] for error in again["userErrors"]]) == (state, ["STATE_CONFLICT"])
    chavagne.bank.decides("idop-1", PaymentOutcome.PAID)
    for _ in range(2):
        await hear(chavagne, attempt)  # the bank is still believed, and books once
    assert (await books(chavagne))["payments"] == [DUE]
    with chavagne.at_work():
        kept = [(row.entered_by, row.note) for row in await Payment.all()]
    decided = (agent.viewer.account_id, "Lu dans l'outil de PayFiP")
    assert kept == [decided if paid else (None, "")]


async def test_the_regies_are_told_as_the_bank_knows_them(chavagne: Town) -> None:
    agent = await add_agent(chavagne, frozenset({AgentRight.SETTINGS}))
    shown = {
        "route": "payfip",
        "clientNumber": "035076",
        "mode": "TEST",
        "standing": "KNOWN",
        "labels": ["COMMUNE DE TEST", "REGIE ENFANCE"],
        "sentence": "PayFiP connaît la régie 035076 : COMMUNE DE TEST, REGIE ENFANCE.",
        "activations": [],
    }
    assert await asked(chavagne, agent, REGIES) == [shown]
    for trouble, standing, sentence in (
        (BankRefused("T2", "PayFiP ne connaît pas ce numéro de client"), "REFUSED", "PayFiP refuse la régie 035076"),
        (BankUnavailable("down"), "UNREACHABLE", "PayFiP ne répond pas"),
    ):
        chavagne.bank.trouble = trouble
        (told,) = await asked(chavagne, agent, REGIES)
        assert (told["standing"], told["labels"], told["sentence"].startswith(sentence)) == (standing, [], True)


@pytest.mark.parametrize(
    ("outcome", "means", "state"),
    [
        (PaymentOutcome.PENDING, "card", "WAITING"),
        (PaymentOutcome.PAID, "card", "CARD_ACCEPTED"),
        (PaymentOutcome.PAID, "debit", "DEBIT_ACCEPTED"),
        (PaymentOutcome.REFUSED, "card", "REFUSED"),
        (PaymentOutcome.CANCELLED, "card", "ABANDONED"),
        (PaymentOutcome.EXPIRED, "card", "EXPIRED"),
    ],
)
async def test_an_agent_activates_a_regie_by_a_payment_that_is_nobody_s(
    chavagne: Town, outcome: PaymentOutcome, means: str, state: str
) -> None:
    agent = await add_agent(chavagne, frozenset({AgentRight.SETTINGS}))
    wanted = {"route": "payfip", "idempotencyKey": "ouvrir"}
    opened, again = [await asked(chavagne, agent, ACTIVATE, input=wanted) for _ in range(2)]
    assert opened == again
    assert opened == {
        "activation": {
            "startedAt": "2026-10-05T07:30:00Z",
            "state": "WAITING",
            "sentence": "PayFiP n'a pas encore donné le résultat de ce paiement d'activation.",
            "redirectUrl": "https://bank.example/pay?idop=idop-1",
        },
        "userErrors": [],
    }
    (order,) = chavagne.bank.orders.values()
    assert (order.mode, order.amount_cents, order.client_number, order.reference, order.return_url) == (
        "X",
        100,
        "035076",
        "ACTIVATION20261005073000",
        "https://portail.example/chavagne/payments/payfip/activation",
    )
    chavagne.bank.answers["idop-1"] = PaymentReport(outcome, {}, 100, order.reference, means=means)
    (regie,) = await asked(chavagne, agent, REGIES)
    page = "https://bank.example/pay?idop=idop-1" if state == "WAITING" else None
    assert regie["activations"] == [{"state": state, "redirectUrl": page}]
    with chavagne.at_work():
        (event,) = await BankEvent.all()
        assert (event.handled_at is None, await Payment.all().count()) == (state == "WAITING", 0)


async def test_only_a_regie_of_the_commune_is_activated_and_a_bank_that_refuses_says_why(chavagne: Town) -> None:
    agent = await add_agent(chavagne, frozenset({AgentRight.SETTINGS}))
    told = await asked(chavagne, agent, ACTIVATE, input={"route": "prelevement"})
    assert [error["code"] for error in told["userErrors"]] == ["NOT_FOUND"]
    chavagne.bank.trouble = BankRefused("T4", "la régie n'a pas accès au service sécurisé de PayFiP")
    told = await asked(chavagne, agent, ACTIVATE, input={"route": "payfip"})
    assert [(error["code"], error["message"]) for error in told["userErrors"]] == [
        (
            "BANK_REFUSED",
            "PayFiP refuse ce paiement d'activation : la régie n'a pas accès au service sécurisé de PayFiP (T4).",
        )
    ]
