"""Collections are booked once; a reject undoes what was booked, counts on the mandate, and the family is told."""

from dataclasses import replace
from datetime import date, timedelta
from uuid import UUID

import pytest

from plugins import hookspecs
from plugins.rules.debit_answers import BankWord
from plugins.rules.french import euros
from resolvers.errors import Code
from resolvers.models import Allocation, BankEvent, Collection, Invoice, Mandate, Payment, PaymentAttempt, Remittance
from resolvers.models.direct_debits import CollectionState, MandateState
from resolvers.models.payments import AttemptState
from resolvers.paying import collecting, rejects, remittances
from resolvers.paying.rejects import Heard
from tests.debiting import DEBIT_DAY, booked, collections, heard, made, mandate, owe_debit, paid_cents, sent
from tests.paying import books
from tests.refusals import refused
from tests.towns import Family, Signed, Town, add_agent, add_family
from tests.village import village

pytestmark = [pytest.mark.anyio, pytest.mark.database]

TODAY = date(2026, 12, 4)


@pytest.fixture
async def town(epagny: Town) -> Town:
    """Épagny, where two rejects suspend, when the remittance of the 21st is made."""
    epagny.on(TODAY)
    return epagny


@pytest.fixture
async def agent(town: Town) -> Signed:
    """Who invoices."""
    return await add_agent(town)


async def family_with_mandate(town: Town) -> tuple[Family, UUID]:
    family = await add_family(town, services=["enfance-jeunesse"])
    return family, await mandate(town, family)


async def word(town: Town, code: str = "", place: int = 0, **values: object) -> BankWord:
    """What the bank says of the collection of that place."""
    rows = await collections(town, "end_to_end_id", "cents")
    reference, cents = rows[place]
    return BankWord(reference, code, **{"cents": cents, **values})


async def standing(town: Town, key: UUID) -> tuple[MandateState, int]:
    with town.at_work():
        row = await Mandate.get(id=key)
    return row.state, row.rejects


async def test_collections_are_booked_once_after_their_day_as_payments_by_debit(town: Town, agent: Signed) -> None:
    family, _ = await family_with_mandate(town)
    invoice = await owe_debit(town, family, 7_50)
    remittance = await sent(town, agent)
    with refused(Code.STATE_CONFLICT):
        await booked(town, agent, remittance)
    town.on(DEBIT_DAY)
    first, again = [await booked(town, agent, remittance) for _ in range(2)]
    assert first.booked_at == again.booked_at == town.clock.now()
    assert await books(town) == {"payments": [7_50], "allocations": [(invoice, 7_50)], "paid": {invoice: 7_50}}
    with town.at_work():
        payment, attempt = await Payment.get(), await PaymentAttempt.get()
    assert (payment.means, payment.route, f"{payment.paid_at:%Y-%m-%d %H}") == ("debit", "prelevement", "2026-12-21 11")
    assert (attempt.state, attempt.reference) == (AttemptState.PAID, payment.authorization)
    assert await collections(town, "state", "payment_id") == [(CollectionState.COLLECTED, payment.id)]


async def test_a_remittance_that_was_not_sent_is_not_booked(town: Town, agent: Signed) -> None:
    family, _ = await family_with_mandate(town)
    await owe_debit(town, family)
    remittance = await made(town, agent)
    town.on(DEBIT_DAY)
    with refused(Code.STATE_CONFLICT):
        await booked(town, agent, remittance)


async def test_what_an_invoice_no_longer_owes_becomes_credit(town: Town, agent: Signed) -> None:
    family, _ = await family_with_mandate(town)
    invoice = await owe_debit(town, family, 7_50)
    remittance = await sent(town, agent)
    with town.at_work():
        await Invoice.filter(id=invoice).update(cleared_cents=2_00)
    town.on(DEBIT_DAY)
    await booked(town, agent, remittance)
    assert (await books(town))["allocations"] == [(invoice, 5_50), (None, 2_00)]


async def test_a_reject_before_booking_closes_the_collection_and_books_nothing(town: Town, agent: Signed) -> None:
    family, key = await family_with_mandate(town)
    invoice = await owe_debit(town, family)
    remittance = await sent(town, agent)
    assert await heard(town, agent, await word(town, "AC04")) == Heard(1, 0, 0, ())
    town.on(DEBIT_DAY)
    await booked(town, agent, remittance)
    assert await books(town) == {"payments": [], "allocations": [], "paid": {invoice: 0}}
    assert await collections(town, "state", "code") == [(CollectionState.REJECTED, "AC04")]
    with town.at_work():
        assert (await Mandate.get(id=key)).used_at is None  # its next collection is the first one again


async def test_a_reject_after_booking_reverses_the_payment_and_deletes_nothing(town: Town, agent: Signed) -> None:
    family, key = await family_with_mandate(town)
    invoice = await owe_debit(town, family, 7_50)
    remittance = await sent(town, agent)
    town.on(DEBIT_DAY)
    await booked(town, agent, remittance)
    town.later(days=4)
    bounced = await word(town, "AM04")
    assert await heard(town, agent, bounced, bounced) == Heard(1, 0, 1, ())
    assert await heard(town, agent, bounced, source="camt.054") == Heard(0, 0, 1, ())
    with town.at_work():
        payment = await Payment.get()
        rows = await Allocation.all().order_by("id").values_list("invoice_id", "amount_cents")
        assert (await Mandate.get(id=key)).used_at is not None
    assert (payment.reversed_at, payment.reversal) == (
        town.clock.now(),
        "Prélèvement rejeté : provision insuffisante (AM04)",
    )
    assert sorted(rows, key=lambda row: row[1]) == [(invoice, -7_50), (invoice, 7_50)]
    assert await paid_cents(town, invoice) == [0]
    assert await standing(town, key) == (MandateState.ACTIVE, 1)


async def test_the_second_reject_suspends_and_the_next_invoice_is_paid_otherwise(town: Town, agent: Signed) -> None:
    family, key = await family_with_mandate(town)
    await owe_debit(town, family, 5_00)
    await owe_debit(town, family, 6_00)
    await sent(town, agent)
    await heard(town, agent, await word(town, "AM04", 0))
    assert await standing(town, key) == (MandateState.ACTIVE, 1)
    await heard(town, agent, await word(town, "MD06", 1))
    assert await standing(town, key) == (MandateState.SUSPENDED, 2)
    await owe_debit(town, family, 8_00)
    with refused(Code.NOTHING_TO_COLLECT):
        await made(town, agent)
    first, second = await town.mails("debit-rejected")
    assert first.recipient == second.recipient == family.parent.viewer.email
    assert f"le prélèvement de {euros(5_00)} pour la facture" in first.body
    assert "prévu le lundi 21 décembre 2026" in first.body
    assert "Motif : provision insuffisante (AM04)" in first.body
    assert "Pour régler cette facture :" in second.body
    (stopped,) = await town.mails("mandate:")
    assert "au bout de 2 rejets" in stopped.body


@pytest.mark.parametrize(
    "changes",
    [
        {"reference": "SDD-20261204-001-00099"},
        {"cents": 1},
        {"message_id": "SDD-20261204-999"},
    ],
)
async def test_what_names_no_collection_of_ours_is_refused_and_logged(
    town: Town, agent: Signed, changes: dict[str, object], caplog: pytest.LogCaptureFixture
) -> None:
    family, key = await family_with_mandate(town)
    await owe_debit(town, family)
    await sent(town, agent)
    forged = replace(await word(town, "AM04", raw="FR7630006000011234567890189"), **changes)  # type: ignore[arg-type]
    assert await heard(town, agent, forged) == Heard(0, 0, 0, (forged.reference,))
    assert await collections(town, "state") == [(CollectionState.WAITING,)]
    assert await standing(town, key) == (MandateState.ACTIVE, 0)
    assert [record.message for record in caplog.records if record.name == "portail.rejects"] == [
        "the bank speaks of no collection of ours"
    ]
    with town.at_work():
        event = await BankEvent.get()
    assert (event.handled_at, "30006000" in str(event.received)) == (None, False)
    assert await heard(town, agent, await word(town, "AM04")) == Heard(1, 0, 0, ())


async def test_nothing_is_believed_of_a_remittance_whose_file_nobody_has(town: Town, agent: Signed) -> None:
    family, key = await family_with_mandate(town)
    await owe_debit(town, family)
    remittance = await made(town, agent)
    lie = await word(town, "AM04")
    assert await heard(town, agent, lie) == Heard(0, 0, 0, (lie.reference,))
    with town.asked_by(agent) as ctx, refused(Code.STATE_CONFLICT) as told:
        await rejects.reject(ctx, (await Collection.all().get()).id, "AM04")
    assert "La remise de ce prélèvement n'est pas partie à la banque" in str(told.value)
    assert await standing(town, key) == (MandateState.ACTIVE, 0)
    with town.asked_by(agent) as ctx:
        await remittances.drop(ctx, remittance.id)


async def test_the_bank_may_say_that_a_collection_went_well(town: Town, agent: Signed) -> None:
    family, _ = await family_with_mandate(town)
    invoice = await owe_debit(town, family, 7_50)
    await sent(town, agent)
    town.on(DEBIT_DAY)
    went_well = await word(town)
    assert await heard(town, agent, went_well, went_well) == Heard(0, 1, 1, ())
    assert await paid_cents(town, invoice) == [7_50]
    assert await heard(town, agent, await word(town, "MD06")) == Heard(1, 0, 0, ())
    assert await heard(town, agent, went_well, source="camt.054") == Heard(0, 0, 1, ())
    assert await paid_cents(town, invoice) == [0]


async def test_a_reject_is_entered_by_hand_once(town: Town, agent: Signed) -> None:
    family, _ = await family_with_mandate(town)
    await owe_debit(town, family)
    await sent(town, agent)
    ((key,),) = await collections(town, "id")
    with town.asked_by(agent) as ctx:
        with refused(Code.INVALID):
            await rejects.reject(ctx, key, "  ")
        with refused(Code.INVALID):
            await rejects.reject(ctx, key, "provision")
        assert (await rejects.reject(ctx, key, " am04 ")).code == "AM04"
        with refused(Code.STATE_CONFLICT):
            await rejects.reject(ctx, key, "MD06")
    with town.asked_by(family.parent) as ctx, refused(Code.NOT_FOUND):
        await rejects.reject(ctx, key, "AM04")
    with refused(Code.NOT_FOUND):
        await heard(town, family.parent, await word(town, "AM04"))


async def test_a_file_that_the_bank_refuses_whole_is_given_up_and_nobody_s_mandate_bounced(
    town: Town, agent: Signed
) -> None:
    family, key = await family_with_mandate(town)
    await owe_debit(town, family, 7_50)
    file = (await made(town, agent)).message_id
    told = BankWord(file, "FF01", message_id=file)
    assert await heard(town, agent, told) == Heard(0, 0, 0, (file,))  # it was not sent: the bank cannot have read it
    with town.asked_by(agent) as ctx:
        await remittances.mark_sent(ctx, (await Remittance.get()).id)
    assert await heard(town, agent, told, told) == Heard(0, 0, 1, (), (file,))
    assert (await collections(town, "id"), await standing(town, key)) == ([], (MandateState.ACTIVE, 0))
    assert await town.mails("debit-rejected") == []
    again = await sent(town, agent)
    assert (again.message_id, again.total_cents) == ("SDD-20261204-002", 7_50)


async def test_a_file_of_which_the_bank_collected_something_is_not_given_up(town: Town, agent: Signed) -> None:
    family, _ = await family_with_mandate(town)
    invoice = await owe_debit(town, family, 7_50)
    file = (await sent(town, agent)).message_id
    await heard(town, agent, await word(town))
    assert await heard(town, agent, BankWord(file, "FF01", message_id=file)) == Heard(0, 0, 0, (file,))
    assert await paid_cents(town, invoice) == [7_50]


@pytest.mark.parametrize(("days", "paid"), [(None, 0), (5, 7_50), (6, 0)])
async def test_collections_are_booked_by_themselves_where_the_commune_says_after_how_many_days(
    databases: object, days: int | None, paid: int
) -> None:
    policy = Town.called("chavagne").commune.ask(hookspecs.direct_debit)
    town = Town(village(debit=replace(policy, booked_after_days=days)))
    town.on(TODAY)
    agent = await add_agent(town)
    family = await add_family(town)
    await mandate(town, family)
    invoice = await owe_debit(town, family, 7_50)
    remittance = await sent(town, agent)
    town.on(DEBIT_DAY + timedelta(days=5))
    with town.at_work() as ctx:
        await collecting.book_due(ctx)
        row = await Remittance.get(id=remittance.id)
        assert await Collection.filter(payment_id__not_isnull=True).exists() is bool(paid)
    assert await paid_cents(town, invoice) == [paid]
    assert (row.booked_at is None) is (paid == 0)
