"""The printed invoice of a household: how it is paid is what stands now."""

from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID

import pytest

from gateway.database import Databases
from plugins.rules.debit_answers import BankWord
from plugins.rules.invoice_documents import InvoiceDocument, Reminder
from resolvers.billing.invoices import document_of
from resolvers.models import Invoice, InvoiceLine, Mandate
from resolvers.models.direct_debits import MandateState
from resolvers.models.keys import new_key
from tests.debiting import collections, heard, sent
from tests.paying import owe
from tests.towns import Family, Town, add_agent, add_family

pytestmark = [pytest.mark.anyio, pytest.mark.database]
DEBIT_ON, LATER = date(2026, 12, 15), date(2026, 12, 18)


async def owed(town: Town, family: Family, **values: Any) -> UUID:
    """An invoice of five meals, 20 euros."""
    invoice = await owe(town, family, 20_00, **values)
    with town.at_work():
        await InvoiceLine.create(
            invoice_id=invoice,
            household_id=family.id,
            position=0,
            child="Enfant1 TEST",
            activity="Restauration scolaire",
            unit="Repas",
            quantity=5,
            unit_cents=4_00,
            total_cents=20_00,
        )
    return invoice


async def document(town: Town, family: Family, invoice: UUID) -> InvoiceDocument:
    """What a parent is printed."""
    with town.asked_by(family.parent) as ctx:
        return await document_of(ctx, await Invoice.get(id=invoice))


async def mandate(town: Town, family: Family, state: MandateState) -> None:
    """A mandate of the household."""
    with town.at_work():
        await Mandate.create(
            household_id=family.id,
            account_id=new_key(),
            rum=f"RUM-{state.value}",
            holder="Camille TEST",
            iban="sealed",
            iban_end="0189",
            bic="",
            state=state,
            conditions="1",
            active_from=date(2026, 10, 2),
            asked_at=datetime(2026, 10, 1, tzinfo=UTC),
        )


@pytest.mark.parametrize(
    ("slug", "address"),
    [("chavagne", "https://www.espace-citoyens.net/chavagne"), ("chailles", "https://www.payfip.gouv.fr")],
)
async def test_an_invoice_is_paid_at_the_treasury_s_site_in_a_town_of_titres_and_here_elsewhere(
    databases: Databases, slug: str, address: str
) -> None:
    town = Town.called(slug)
    family = await add_family(town)
    assert (await document(town, family, await owed(town, family))).pay_online_at == address


async def test_what_was_cleared_and_reminded_is_printed_until_it_is_paid(chavagne: Town) -> None:
    family = await add_family(chavagne)
    told: dict[str, Any] = {"reminders": 1, "reminded_on": date(2027, 1, 11), "payable_until": date(2027, 3, 1)}
    late = await document(chavagne, family, await owed(chavagne, family, cleared_cents=5_00, **told))
    paid = await document(chavagne, family, await owed(chavagne, family, paid_cents=20_00, **told))
    assert (late.remaining_cents, late.reminder, late.payable_until) == (
        15_00,
        Reminder(1, date(2027, 1, 11)),
        date(2027, 3, 1),
    )
    assert (paid.remaining_cents, paid.reminder) == (0, None)


async def test_after_a_reject_an_invoice_says_how_it_is_paid_instead(chavagne: Town) -> None:
    family = await add_family(chavagne)
    await mandate(chavagne, family, MandateState.ACTIVE)
    invoice = await owed(chavagne, family, debit_on=DEBIT_ON)
    agent = await add_agent(chavagne)
    chavagne.on(date(2026, 12, 4))
    await sent(chavagne, agent, LATER)
    told = (await document(chavagne, family, invoice)).debit
    assert told is not None
    assert (told.on, told.rum) == (LATER, "RUM-ACTIVE")  # the day of the remittance that holds it
    ((reference,),) = await collections(chavagne, "end_to_end_id")
    await heard(chavagne, agent, BankWord(reference, "AM04", 20_00))
    rejected = await document(chavagne, family, invoice)
    assert rejected.debit is None
    assert rejected.say_payment()[0] == "Cette facture n'est plus prélevée : elle se règle autrement."
    assert not any("rélèvement automatique" in sentence for sentence in rejected.say_payment())


async def test_only_a_mandate_in_force_is_announced(chavagne: Town) -> None:
    family = await add_family(chavagne)
    await mandate(chavagne, family, MandateState.SUSPENDED)
    invoice = await owed(chavagne, family, debit_on=DEBIT_ON)
    assert (await document(chavagne, family, invoice)).debit is None
    await mandate(chavagne, family, MandateState.ACTIVE)
    told = (await document(chavagne, family, invoice)).debit
    assert told is not None
    assert (told.on, told.rum, told.account_end) == (DEBIT_ON, "RUM-ACTIVE", "0189")
