"""Remittances: what a day collects and leaves out, made once, sent or given up; the file says what the rows say."""

from datetime import date
from typing import Any

import pytest

from plugins.rules.bank_files import BankFile
from plugins.rules.remittances import Amendment
from resolvers.context import AgentRight
from resolvers.errors import Code
from resolvers.models import Collection, Instalment, Invoice, Mandate, Remittance
from resolvers.models.direct_debits import MandateState
from resolvers.paying import remittances
from resolvers.paying.remittance_files import file_of
from tests.debiting import DEBIT_DAY, collections, made, mandate, owe_debit, sent
from tests.paying import pay
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


async def left_out(town: Town, agent: Signed) -> list[tuple[str, str]]:
    with town.asked_by(agent) as ctx:
        found = await remittances.preview(ctx, DEBIT_DAY)
    assert found.collected == ()
    return [(each.invoice.number or "", each.reason) for each in found.left_out]


async def test_a_day_collects_what_is_owed_by_households_with_a_mandate(town: Town, agent: Signed) -> None:
    first, second = [await add_family(town, name) for name in ("TEST", "TESTBIS")]
    for family in (first, second):
        await mandate(town, family)
    await owe_debit(town, first, 10_00, paid_cents=2_00, cleared_cents=1_00)
    await owe_debit(town, first, 5_00)
    await owe_debit(town, second, 4_00)
    await owe_debit(town, second, 9_00, debit_on=date(2027, 1, 21))  # another day
    await owe_debit(town, second, 6_00, paid_cents=6_00)
    with town.asked_by(agent) as ctx:
        found = await remittances.preview(ctx, DEBIT_DAY)
    assert [(each.cents, each.sequence) for each in found.collected] == [
        (7_00, "FRST"),
        (5_00, "RCUR"),
        (4_00, "FRST"),
    ]
    assert (found.left_out, found.total_cents) == ((), 16_00)
    made_one = await made(town, agent)
    assert (made_one.message_id, made_one.count, made_one.total_cents) == ("SDD-20261204-001", 3, 16_00)
    assert await collections(town, "end_to_end_id", "cents", "sequence") == [
        ("SDD-20261204-001-00001", 7_00, "FRST"),
        ("SDD-20261204-001-00002", 5_00, "RCUR"),
        ("SDD-20261204-001-00003", 4_00, "FRST"),
    ]


@pytest.mark.parametrize(
    ("values", "reason"),
    [
        ({"state": MandateState.ENDED}, "Aucun mandat de prélèvement n'est en vigueur."),
        ({"state": MandateState.TO_SIGN}, "Aucun mandat de prélèvement n'est en vigueur."),
        ({"state": MandateState.SUSPENDED}, "Le prélèvement est suspendu : cette facture se règle autrement."),
        ({"active_from": date(2026, 12, 2)}, "Le mandat prend effet à la facturation suivante."),
        ({"active_from": None}, "Le mandat prend effet à la facturation suivante."),
    ],
)
async def test_a_mandate_that_does_not_hold_collects_nothing(
    town: Town, agent: Signed, values: dict[str, Any], reason: str
) -> None:
    family = await add_family(town)
    await mandate(town, family, **values)
    await owe_debit(town, family)
    assert [why for _, why in await left_out(town, agent)] == [reason]
    with refused(Code.NOTHING_TO_COLLECT):
        await made(town, agent)


async def test_what_is_paid_otherwise_or_told_too_late_is_left_out(town: Town, agent: Signed) -> None:
    family = await add_family(town)
    await mandate(town, family)
    online = await owe_debit(town, family, number="2026-0")
    parts = await owe_debit(town, family, number="2026-1")
    await owe_debit(town, family, number="2026-2", issued_on=date(2026, 12, 8))
    await pay(town, family.parent, online)
    with town.at_work() as ctx:
        await Instalment.create(
            household_id=family.id,
            invoice_id=parts,
            position=1,
            cents=7_50,
            due_on=DEBIT_DAY,
            agreed_by=family.id,
            agreed_at=ctx.now,
        )
    assert await left_out(town, agent) == [
        ("2026-0", "Un paiement en ligne est en cours."),
        ("2026-1", "Elle est payée en plusieurs fois, selon son échéancier."),
        ("2026-2", "La famille a été prévenue trop tard : facture émise le mardi 8 décembre 2026."),
    ]


async def test_a_plan_that_was_withdrawn_leaves_its_invoice_to_be_collected(town: Town, agent: Signed) -> None:
    family = await add_family(town)
    await mandate(town, family)
    invoice = await owe_debit(town, family)
    with town.at_work() as ctx:
        await Instalment.create(
            household_id=family.id,
            invoice_id=invoice,
            position=1,
            cents=7_50,
            due_on=DEBIT_DAY,
            agreed_by=family.id,
            agreed_at=ctx.now,
            withdrawn_at=ctx.now,
        )
    assert (await made(town, agent)).total_cents == 7_50


async def test_an_invoice_is_in_one_waiting_collection_and_a_key_makes_one_remittance(
    town: Town, agent: Signed
) -> None:
    family = await add_family(town)
    await mandate(town, family)
    await owe_debit(town, family, number="2026-1")
    first, again = [await made(town, agent, key="key") for _ in range(2)]
    assert first.id == again.id
    with refused(Code.NOTHING_TO_COLLECT):
        await made(town, agent)
    assert await left_out(town, agent) == [("2026-1", "Elle est déjà dans une remise.")]


@pytest.mark.parametrize("day", [TODAY, date(2026, 12, 3), date(2027, 2, 3)])
async def test_a_day_that_no_bank_takes_is_refused(town: Town, agent: Signed, day: date) -> None:
    with refused(Code.INVALID):
        await made(town, agent, day)


async def test_only_an_agent_of_billing_of_every_service_makes_remittances(town: Town, agent: Signed) -> None:
    family = await add_family(town)
    await mandate(town, family)
    await owe_debit(town, family)
    remittance = await sent(town, agent)
    strangers = [
        await add_agent(town, frozenset(AgentRight) - {AgentRight.BILLING}),
        await add_agent(town, services=["enfance"]),
        family.parent,
    ]
    for stranger in strangers:
        with refused(Code.NOT_FOUND):
            await made(town, stranger)
        with town.asked_by(stranger) as ctx:
            assert await file_of(ctx, remittance.id) is None
            with refused(Code.NOT_FOUND):
                await remittances.mark_sent(ctx, remittance.id)


async def test_where_the_treasury_collects_the_portal_does_not(databases: object) -> None:
    chailles = Town.called("chailles")
    chailles.on(TODAY)
    with refused(Code.FEATURE_CLOSED):
        await made(chailles, await add_agent(chailles))


async def test_the_file_says_what_the_rows_say_and_nothing_else_changes_it(town: Town, agent: Signed) -> None:
    family = await add_family(town)
    await mandate(town, family, rum="ENF-2026-000001")
    await owe_debit(town, family, number="2026-ENF-000007")
    remittance = await sent(town, agent)
    with town.asked_by(agent) as ctx:
        first = await file_of(ctx, remittance.id)
        town.later(days=3)
    with town.asked_by(agent) as ctx:
        again = await file_of(ctx, remittance.id)
    assert first is not None
    assert first == again
    assert (first.message_id, first.collect_on, first.format) == ("SDD-20261204-001", DEBIT_DAY, BankFile())
    assert f"{first.made_at:%Y-%m-%d %H:%M}" == "2026-12-04 09:30"
    (debit,) = first.debits
    assert (debit.mandate, debit.holder, debit.iban, debit.bic, debit.label, debit.amendment) == (
        "ENF-2026-000001",
        "Parent TEST",
        "FR7630006000011234567890189",
        "AGRIFRPPXXX",
        "Facture 2026-ENF-000007 Chavagne",
        None,
    )


@pytest.mark.parametrize(
    ("used", "bic", "sequence", "amendment"),
    [
        (True, "AGRIFRPPXXX", "RCUR", Amendment("ENF-2025-000001", False)),
        (True, "PSSTFRPP", "FRST", Amendment("ENF-2025-000001", True)),
        (True, "", "FRST", Amendment("ENF-2025-000001", True)),
        (False, "PSSTFRPP", "FRST", None),  # the bank never saw the former one
    ],
)
async def test_an_amended_mandate_tells_the_bank_once(
    town: Town, agent: Signed, used: bool, bic: str, sequence: str, amendment: Amendment | None
) -> None:
    family = await add_family(town)
    before = await mandate(
        town,
        family,
        rum="ENF-2025-000001",
        state=MandateState.ENDED,
        used_at=town.clock.now() if used else None,
    )
    await mandate(town, family, bic=bic, amends=before)
    for cents in (5_00, 6_00):
        await owe_debit(town, family, cents)
    remittance = await sent(town, agent)
    with town.asked_by(agent) as ctx:
        found = await file_of(ctx, remittance.id)
    assert found is not None
    assert [(debit.sequence, debit.amendment) for debit in found.debits] == [(sequence, amendment), ("RCUR", None)]


async def test_a_remittance_that_was_not_sent_is_given_up_and_made_again(town: Town, agent: Signed) -> None:
    family = await add_family(town)
    key = await mandate(town, family)
    await owe_debit(town, family)
    remittance = await made(town, agent)
    with town.asked_by(agent) as ctx:
        await remittances.drop(ctx, remittance.id)
        assert (await Remittance.all().count(), await Collection.all().count()) == (0, 0)
        assert (await Mandate.get(id=key)).used_at is None
    again = await sent(town, agent)
    assert (again.message_id, again.sent_at) == ("SDD-20261204-002", town.clock.now())
    assert await collections(town, "end_to_end_id", "sequence") == [("SDD-20261204-002-00001", "FRST")]
    with town.asked_by(agent) as ctx, refused(Code.STATE_CONFLICT):
        await remittances.drop(ctx, again.id)


async def test_a_remittance_that_is_given_up_leaves_to_its_mandates_what_another_one_made_of_them(
    town: Town, agent: Signed
) -> None:
    family = await add_family(town)
    key = await mandate(town, family)
    await owe_debit(town, family)
    first = await made(town, agent)
    await owe_debit(town, family)
    await sent(town, agent)
    with town.asked_by(agent) as ctx:
        await remittances.drop(ctx, first.id)
        assert (await Mandate.get(id=key)).used_at == town.clock.now()
    await made(town, agent)
    assert await collections(town, "end_to_end_id", "sequence") == [
        ("SDD-20261204-002-00001", "RCUR"),
        ("SDD-20261204-003-00001", "RCUR"),
    ]


async def test_a_file_is_not_read_before_its_remittance_is_sent_and_can_be_given_up_no_more(
    town: Town, agent: Signed
) -> None:
    family = await add_family(town)
    await mandate(town, family)
    await owe_debit(town, family)
    remittance = await made(town, agent)
    with town.asked_by(agent) as ctx:
        assert await file_of(ctx, remittance.id) is None
        await remittances.mark_sent(ctx, remittance.id)
        assert await file_of(ctx, remittance.id) is not None


async def test_a_remittance_that_missed_its_day_is_not_sent_but_made_again_for_a_later_one(
    town: Town, agent: Signed
) -> None:
    family = await add_family(town)
    await mandate(town, family)
    await owe_debit(town, family)
    remittance = await made(town, agent)
    town.on(DEBIT_DAY, hour=0, minute=5)  # five past midnight in the commune is still the eve in UTC
    with town.asked_by(agent) as ctx, refused(Code.STATE_CONFLICT) as told:
        await remittances.mark_sent(ctx, remittance.id)
    assert told.value.message == (
        "Cette remise est à prélever le lundi 21 décembre 2026 : la banque la reçoit la veille au plus tard. "
        "Abandonnez cette remise, puis faites-en une autre pour un jour à venir."
    )
    with town.asked_by(agent) as ctx:
        await remittances.drop(ctx, remittance.id)
    assert (await sent(town, agent, date(2026, 12, 22))).sent_at == town.clock.now()


@pytest.mark.parametrize("state", [MandateState.SUSPENDED, MandateState.ENDED])
async def test_what_changed_since_a_remittance_was_made_is_named_and_nothing_is_sent(
    town: Town, agent: Signed, state: MandateState
) -> None:
    first, second, third = [await add_family(town, name) for name in ("TEST", "TESTBIS", "TESTTER")]
    keys = [await mandate(town, family) for family in (first, second, third)]
    await owe_debit(town, first, number="2026-1")
    cleared = await owe_debit(town, second, number="2026-2")
    await owe_debit(town, third, number="2026-3")
    remittance = await made(town, agent)
    with town.at_work():
        await Mandate.filter(id=keys[0]).update(state=state)
        await Invoice.filter(id=cleared).update(cleared_cents=1_00)
    with town.asked_by(agent) as ctx, refused(Code.STATE_CONFLICT) as told:
        await remittances.mark_sent(ctx, remittance.id)
    assert "2026-1 et 2026-2. Abandonnez cette remise, puis faites-en une autre." in str(told.value)
    with town.asked_by(agent) as ctx:
        assert await file_of(ctx, remittance.id) is None
        await remittances.drop(ctx, remittance.id)
    again = await sent(town, agent)
    assert (again.count, again.total_cents) == (2, 6_50 + 7_50)


async def test_a_remittance_costs_as_many_statements_for_one_family_as_for_many(town: Town, agent: Signed) -> None:
    counts = []
    for number in (1, 6):
        for place in range(number):
            family = await add_family(town, f"TEST{number}{place}", children=())
            await mandate(town, family)
            await owe_debit(town, family)
        with statements() as sent_to_database:
            remittance = await sent(town, agent)
        with statements() as read, town.asked_by(agent) as ctx:
            assert (await file_of(ctx, remittance.id)) is not None
        counts.append((len(sent_to_database), len(read)))
    assert counts[0] == counts[1]


async def test_an_account_is_in_no_log(town: Town, agent: Signed, caplog: pytest.LogCaptureFixture) -> None:
    family = await add_family(town)
    await mandate(town, family)
    await owe_debit(town, family)
    remittance = await sent(town, agent)
    with caplog.at_level("INFO"), town.asked_by(agent) as ctx:
        await file_of(ctx, remittance.id)
    told = [record for record in caplog.records if record.name == "portail.remittances"]
    assert [record.__dict__["facts"]["remittance"] for record in told] == [str(remittance.id)]
    assert not any("30006000" in str(record.__dict__) for record in told)
