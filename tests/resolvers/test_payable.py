"""An invoice is paid online until its last day, and never while a remittance collects it: of the two one gives way."""

import asyncio
from datetime import date

import pytest

from resolvers.errors import Code, Refused
from resolvers.models import Collection, Invoice, PaymentAttempt, Remittance
from resolvers.paying.refunds import spend
from resolvers.paying.rejects import reject
from resolvers.paying.remittances import drop
from tests.debiting import DEBIT_DAY, collections, made, mandate, owe_debit, paid_cents, sent
from tests.paying import PAID, hear, owe, pay
from tests.refusals import refused
from tests.towns import Signed, Town, add_agent, add_family, statements

pytestmark = [pytest.mark.anyio, pytest.mark.database]

TODAY = date(2026, 12, 4)


@pytest.fixture
async def town(chavagne: Town) -> Town:
    """Chavagne on a Friday, when the remittance of the 21st is made."""
    chavagne.on(TODAY)
    return chavagne


@pytest.fixture
async def agent(town: Town) -> Signed:
    """Who invoices."""
    return await add_agent(town)


async def test_an_invoice_is_paid_online_until_the_end_of_its_last_day_and_then_elsewhere(town: Town) -> None:
    family = await add_family(town)
    invoice = await owe(town, family, number="2026-7", payable_until=TODAY)
    town.on(TODAY, 23, 59)
    await pay(town, family.parent, invoice)
    town.on(date(2026, 12, 5), 0, 0)
    with refused(Code.PAYMENT_CLOSED) as closed:
        await pay(town, family.parent, invoice)
    assert closed.value.field == ("invoiceIds",)
    assert closed.value.message == (
        "La facture 2026-7 ne se paie plus en ligne depuis le samedi 5 décembre 2026. Pour la régler, contactez Mairie "
        "de Chavagne, régie du service Enfance (service Enfance, 02 99 64 28 53, portail.familles@chavagne.fr)."
    )


@pytest.mark.parametrize(
    ("settled", "why"),
    [
        ({"paid_cents": 7_50}, "est déjà payée"),
        ({"paid_cents": 5_00, "cleared_cents": 2_50}, "est déjà payée"),
        ({"cleared_cents": 7_50}, "est annulée : rien n'est à payer"),
    ],
)
async def test_what_is_paid_and_what_is_cancelled_are_told_apart(town: Town, settled: dict[str, int], why: str) -> None:
    family = await add_family(town)
    invoice = await owe(town, family, number="2026-7", **settled)
    with refused(Code.ALREADY_PAID) as told:
        await pay(town, family.parent, invoice)
    assert told.value.message == f"La facture 2026-7 {why}."


async def test_what_a_remittance_collects_is_not_paid_online_too_and_the_refusal_says_when_and_by_which_mandate(
    town: Town, agent: Signed
) -> None:
    family = await add_family(town)
    await mandate(town, family, rum="ENF-2026-T1")
    invoice = await owe_debit(town, family, number="2026-7")
    await sent(town, agent)
    otherwise = (
        "(mandat ENF-2026-T1) : ne la payez pas une seconde fois. Si votre banque rejette le prélèvement, vous en "
        "serez averti et vous pourrez la payer ici."
    )
    for day, when in (
        (TODAY, "sera prélevée le lundi 21 décembre 2026"),
        (DEBIT_DAY, "est en cours de prélèvement depuis le lundi 21 décembre 2026"),
    ):
        town.on(day)
        with refused(Code.COLLECTION_PENDING) as pending:
            await pay(town, family.parent, invoice)
        assert pending.value.message == f"La facture 2026-7 {when} {otherwise}"
    with town.at_work():
        (collection,) = await Collection.all()
        assert await PaymentAttempt.all().count() == 0
    with town.asked_by(agent) as ctx:
        await reject(ctx, collection.id, "AM04")
    assert (await pay(town, family.parent, invoice)).amount_cents == 7_50


async def test_what_a_remittance_collects_is_not_paid_out_of_the_credit_too(town: Town, agent: Signed) -> None:
    family = await add_family(town)
    await mandate(town, family)
    first = await owe_debit(town, family, 5_00)
    attempt = await pay(town, family.parent, first)
    with town.at_work():
        await Invoice.filter(id=first).update(cleared_cents=5_00)
    town.bank.decides("idop-1", PAID)
    await hear(town, attempt)  # five euros of credit
    second = await owe_debit(town, family, 7_50)
    remittance = await made(town, agent)
    with town.asked_by(family.parent) as ctx, refused(Code.COLLECTION_PENDING):
        await spend(ctx, [second], None)
    assert await paid_cents(town, second) == [0]
    with town.asked_by(agent) as ctx:
        await drop(ctx, remittance.id)
    with town.asked_by(family.parent) as ctx:
        assert await spend(ctx, [second], None) == [second]
    assert await paid_cents(town, second) == [5_00]


async def test_a_remittance_that_is_given_up_leaves_its_invoices_to_be_paid_online(town: Town, agent: Signed) -> None:
    family = await add_family(town)
    await mandate(town, family)
    invoice = await owe_debit(town, family)
    remittance = await made(town, agent)
    with town.asked_by(agent) as ctx:
        await drop(ctx, remittance.id)
    assert (await pay(town, family.parent, invoice)).amount_cents == 7_50


async def test_starting_takes_as_many_statements_for_five_invoices_as_for_one(town: Town) -> None:
    asked = []
    for count in (1, 5):
        family = await add_family(town)
        invoices = [await owe(town, family) for _ in range(count)]
        with statements() as sent_to_database:
            await pay(town, family.parent, *invoices)
        asked.append(len(sent_to_database))
    assert asked[0] == asked[1]


@pytest.mark.postgres
async def test_a_payment_and_a_remittance_started_at_the_same_instant_never_hold_the_same_invoice(
    town: Town, agent: Signed
) -> None:
    family = await add_family(town)
    await mandate(town, family)
    for _ in range(10):
        invoice = await owe_debit(town, family)
        told = await asyncio.gather(pay(town, family.parent, invoice), made(town, agent), return_exceptions=True)
        gave_way = [each.code for each in told if isinstance(each, Refused)]
        assert gave_way in ([Code.COLLECTION_PENDING], [Code.NOTHING_TO_COLLECT]), told
        collected = (invoice,) in await collections(town, "invoice_id")
        assert collected is (gave_way == [Code.COLLECTION_PENDING])


@pytest.mark.postgres
async def test_a_payment_started_while_a_remittance_is_given_up_waits_for_it_or_is_refused(
    town: Town, agent: Signed
) -> None:
    family = await add_family(town)
    await mandate(town, family)

    async def given_up(remittance: Remittance) -> None:
        with town.asked_by(agent) as ctx:
            await drop(ctx, remittance.id)

    for _ in range(20):
        invoice = await owe_debit(town, family)
        remittance = await made(town, agent)
        told = await asyncio.gather(
            *(pay(town, family.parent, invoice) for _ in range(3)), given_up(remittance), return_exceptions=True
        )
        for each in told:
            assert not isinstance(each, BaseException) or (
                isinstance(each, Refused) and each.code in (Code.COLLECTION_PENDING, Code.PAYMENT_PENDING)
            ), told
