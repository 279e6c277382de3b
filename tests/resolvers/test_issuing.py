"""An issued invoice is numbered, announced, printed and never changes, even when two agents act at once."""

import asyncio
from contextvars import copy_context
from datetime import date

import pytest
from tortoise.transactions import in_transaction

from plugins import hookspecs
from plugins.rules.french import euros
from resolvers.billing import credit_notes
from resolvers.billing.invoices import document_of, invoices_page, issued_invoice, printed
from resolvers.billing.runs import redraw
from resolvers.days.sights import Check
from resolvers.errors import Code, Refusals, Refused
from resolvers.models import Attendance, Invoice, InvoiceLine, NumberCounter
from resolvers.models.billing import InvoiceState
from resolvers.models.bookings import Presence
from resolvers.models.tenancy import unit_of_work
from resolvers.numbers import take_numbers
from tests.debits import collected
from tests.invoicing import (
    DECEMBER,
    FIRST_OF_DECEMBER,
    MEALS,
    MONDAY,
    NOVEMBER,
    checked,
    fed_family,
    issued,
    prepared,
)
from tests.paying import pay
from tests.refusals import refused
from tests.towns import Town, add_agent, add_parent, sign_in

pytestmark = [pytest.mark.anyio, pytest.mark.database]


async def test_issuing_numbers_dates_and_announces_every_invoice(chavagne: Town) -> None:
    one, two = await fed_family(chavagne, "UN"), await fed_family(chavagne, "DEUX")
    other_parent = await sign_in(chavagne, await add_parent(chavagne, one.id, "Anne UN"))
    agent = await add_agent(chavagne)
    chavagne.on(FIRST_OF_DECEMBER)
    await checked(chavagne, agent)
    await prepared(chavagne, agent)
    ids = await issued(chavagne, agent)
    with chavagne.at_work():
        invoices = await Invoice.filter(id__in=list(ids)).order_by("sequence")
    assert [
        (row.state, row.year, row.sequence, row.number, row.issued_on, row.due_on, row.total_cents, row.paid_cents)
        for row in invoices
    ] == [
        (InvoiceState.ISSUED, 2026, n, f"2026-ENF-00000{n}", FIRST_OF_DECEMBER, date(2026, 12, 31), 750, 0)
        for n in (1, 2)
    ]
    mails = await chavagne.mails("invoice:")
    assert {mail.recipient for mail in mails} == {
        family.viewer.email for family in (one.parent, two.parent, other_parent)
    }
    numbers = {row.household_id: row.number for row in invoices}
    (mail,) = [mail for mail in mails if mail.recipient == two.parent.viewer.email]
    assert mail.subject == f"Votre facture {numbers[two.id]}"
    assert f"({'novembre 2026'}) est disponible" in mail.body
    assert f"Montant : {euros(750)}\nÀ régler avant le jeudi 31 décembre 2026" in mail.body


async def test_who_signed_a_mandate_is_told_that_nothing_is_left_to_do(chavagne: Town) -> None:
    family, agent = await fed_family(chavagne), await add_agent(chavagne)
    chavagne.on(date(2026, 11, 20))
    await collected(chavagne, family, agent)
    chavagne.on(FIRST_OF_DECEMBER)
    await checked(chavagne, agent)
    await prepared(chavagne, agent)
    await issued(chavagne, agent)
    (mail,) = await chavagne.mails("invoice:")
    assert (
        f"Montant : {euros(750)}\nVous n'avez rien à faire : cette somme sera prélevée le jeudi 31 décembre"
        in mail.body
    )


async def test_numbers_go_on_from_month_to_month_without_a_gap_and_start_again_with_the_year(chavagne: Town) -> None:
    ticks = [*MEALS, (date(2026, 12, 1), "repas"), (date(2026, 12, 3), "repas")]
    for name in ("UN", "DEUX"):
        await fed_family(chavagne, name, *ticks)
    agent = await add_agent(chavagne)
    chavagne.on(FIRST_OF_DECEMBER)
    await checked(chavagne, agent)
    await prepared(chavagne, agent)
    await issued(chavagne, agent)
    chavagne.on(date(2027, 1, 4))
    await checked(chavagne, agent, until=date(2026, 12, 31))
    run = await prepared(chavagne, agent, DECEMBER)
    assert [draft.total_cents for draft in run.drafts] == [500, 500]
    await issued(chavagne, agent, DECEMBER)
    with chavagne.at_work():
        rows = await Invoice.all().order_by("year", "sequence")
        counters = {row.series: row.taken for row in await NumberCounter.filter(series__startswith="ENF")}
    assert [row.number for row in rows] == ["2026-ENF-000001", "2026-ENF-000002", "2027-ENF-000001", "2027-ENF-000002"]
    assert counters == {"ENF-2026": 2, "ENF-2027": 2}


async def test_a_refused_issue_takes_no_number(chavagne: Town) -> None:
    await fed_family(chavagne)
    agent = await add_agent(chavagne)
    chavagne.on(FIRST_OF_DECEMBER)
    await prepared(chavagne, agent)  # nobody checked anything yet
    with refused(Code.NOTHING_TO_INVOICE) as nothing:
        await issued(chavagne, agent)
    assert nothing.value.message == "Aucune facture préparée pour novembre 2026 : rien à émettre."

    @unit_of_work
    async def take_then_fail() -> None:
        await take_numbers("ENF-2026", 3)
        raise Refused(Code.STATE_CONFLICT, "Changement d'avis.")

    with chavagne.at_work(), refused(Code.STATE_CONFLICT):
        await take_then_fail()
    await checked(chavagne, agent)
    await prepared(chavagne, agent)
    await issued(chavagne, agent)
    with chavagne.at_work():
        assert [row.number for row in await Invoice.all()] == ["2026-ENF-000001"]


@pytest.mark.parametrize("presence", [Presence.ABSENT_JUSTIFIED, Presence.ABSENT_UNJUSTIFIED])
async def test_drafts_that_attendance_has_overtaken_are_not_issued(chavagne: Town, presence: Presence) -> None:
    family, agent = await fed_family(chavagne), await add_agent(chavagne)
    chavagne.on(FIRST_OF_DECEMBER)
    await checked(chavagne, agent)
    run = await prepared(chavagne, agent)
    await checked(chavagne, agent, Check(family.child, "restauration", "repas", MONDAY, presence))
    with refused(Code.STATE_CONFLICT) as moved:
        await issued(chavagne, agent)
    assert moved.value.message == (
        "Des présences de novembre 2026 ont changé depuis le calcul (foyers concernés : 1) : "
        "recalculez-les avant d'émettre."
    )
    with chavagne.asked_by(agent) as ctx:
        await redraw(ctx, run.id)
    assert len(await issued(chavagne, agent)) == 1


async def test_drafts_that_miss_a_child_seen_meanwhile_are_not_issued(chavagne: Town) -> None:
    family, agent = await fed_family(chavagne), await add_agent(chavagne)
    chavagne.on(FIRST_OF_DECEMBER)
    await checked(chavagne, agent)
    await prepared(chavagne, agent)
    seen = Check(family.children["Enfant2"], "restauration", "repas", MONDAY, Presence.UNEXPECTED)
    await checked(chavagne, agent, seen)
    with refused(Code.STATE_CONFLICT):
        await issued(chavagne, agent)


async def test_an_invoiced_attendance_no_longer_changes(chavagne: Town) -> None:
    family, agent = await fed_family(chavagne), await add_agent(chavagne)
    chavagne.on(FIRST_OF_DECEMBER)
    await checked(chavagne, agent)
    await prepared(chavagne, agent)
    await issued(chavagne, agent)
    with pytest.raises(Refusals) as locked:
        await checked(chavagne, agent, Check(family.child, "restauration", "repas", MONDAY, Presence.ABSENT_JUSTIFIED))
    assert [(refusal.code, refusal.message) for refusal in locked.value.refusals] == [
        (
            Code.ATTENDANCE_LOCKED,
            "Cette présence est déjà facturée : elle ne change plus. Corrigez par un avoir.",
        )
    ]
    # what is not on it still does, and what changes nothing is no change
    await checked(chavagne, agent, Check(family.child, "restauration", "repas", MONDAY, Presence.PRESENT))
    assert (await prepared(chavagne, agent)).drafts == ()


async def test_issuing_a_run_again_changes_nothing_and_a_new_run_finds_nothing(chavagne: Town) -> None:
    await fed_family(chavagne)
    agent = await add_agent(chavagne)
    chavagne.on(FIRST_OF_DECEMBER)
    await checked(chavagne, agent)
    await prepared(chavagne, agent)
    first = await issued(chavagne, agent)
    assert await issued(chavagne, agent) == first
    assert (await prepared(chavagne, agent)).drafts == ()
    with refused(Code.NOTHING_TO_INVOICE):
        await issued(chavagne, agent)
    assert len(await chavagne.mails("invoice:")) == 1


async def test_a_family_reads_its_invoices_page_by_page_and_prints_them(chavagne: Town) -> None:
    family, other = await fed_family(chavagne, "UN"), await fed_family(chavagne, "DEUX")
    agent = await add_agent(chavagne)
    chavagne.on(FIRST_OF_DECEMBER)
    await checked(chavagne, agent)
    await prepared(chavagne, agent)
    with chavagne.asked_by(family.parent) as ctx:
        assert await invoices_page([family.id], None, 10) == ([], 0)  # a draft is nobody's business
    ids = await issued(chavagne, agent)
    with chavagne.asked_by(family.parent) as ctx:
        (mine,), total = await invoices_page([family.id], None, 10)
        assert (total, await invoices_page([family.id, other.id], None, 10)) == (1, ([mine], 1))
        assert await invoices_page([family.id], (FIRST_OF_DECEMBER, mine.id), 10) == ([], 1)
        assert [await issued_invoice(ctx, id_) for id_ in ids if id_ != mine.id] == [None]
        document = await document_of(ctx, mine)
        pdf = await printed(ctx, mine)
    assert pdf.startswith(b"%PDF-")
    assert (
        document.number,
        document.letterhead.household_name,
        document.letterhead.addressee_lines,
        document.period_label,
    ) == (
        mine.number,
        "UN",
        ("Parent UN", "1 rue du Pont", "35310 Chavagne"),
        "novembre 2026",
    )
    assert (document.total_cents, document.due_on, [line.total_cents for line in document.lines]) == (
        750,
        date(2026, 12, 31),
        [750],
    )
    assert document.letterhead.issuer == chavagne.commune.ask(hookspecs.invoicing).issuer
    with chavagne.asked_by(agent) as ctx:
        assert await issued_invoice(ctx, mine.id) == mine


async def test_the_new_year_begins_at_midnight_in_the_commune_for_numbers_and_for_payfip(chavagne: Town) -> None:
    family, agent = await fed_family(chavagne), await add_agent(chavagne)
    chavagne.on(date(2026, 12, 31), 23, 59)
    await checked(chavagne, agent)
    await prepared(chavagne, agent)
    chavagne.on(date(2027, 1, 1), 0, 30)  # the year is still 2026 in UTC
    (key,) = await issued(chavagne, agent)
    with chavagne.at_work():
        invoice = await Invoice.get(id=key)
    assert (invoice.number, invoice.year, invoice.issued_on) == ("2027-ENF-000001", 2027, date(2027, 1, 1))
    attempt = await pay(chavagne, family.parent, key)
    assert (attempt.reference, chavagne.bank.orders["idop-1"].year) == ("2027ENF000001A01", 2027)
    with chavagne.asked_by(agent) as ctx:
        note = await credit_notes.issue(ctx, key, None, "Facturé deux fois", None)
    assert (note.number, note.issued_on) == ("2027-AV-000001", date(2027, 1, 1))


@pytest.mark.postgres
async def test_two_agents_who_issue_at_once_give_every_invoice_one_number(chavagne: Town) -> None:
    ticks = [*MEALS, (date(2026, 12, 1), "repas")]
    for n in range(8):
        await fed_family(chavagne, f"F{n}", *ticks)
    agents = [await add_agent(chavagne) for _ in range(4)]
    chavagne.on(date(2027, 1, 4))
    await checked(chavagne, agents[0], until=date(2026, 12, 31))
    await prepared(chavagne, agents[0], NOVEMBER)
    await prepared(chavagne, agents[0], DECEMBER)

    one, other, again, and_again = await asyncio.gather(
        *(issued(chavagne, agent, month) for agent, month in zip(agents, [NOVEMBER, DECEMBER] * 2, strict=True))
    )
    assert (one, other) == (again, and_again)
    with chavagne.at_work():
        assert sorted(row.sequence or 0 for row in await Invoice.all()) == list(range(1, 17))
    assert len(await chavagne.mails("invoice:")) == 16


@pytest.mark.postgres
async def test_an_invoice_being_issued_is_not_redrawn_by_another_agent(chavagne: Town) -> None:
    await fed_family(chavagne)
    agent = await add_agent(chavagne)
    chavagne.on(FIRST_OF_DECEMBER)
    await checked(chavagne, agent)
    await prepared(chavagne, agent)
    elsewhere = copy_context()
    with chavagne.at_work():
        async with in_transaction("chavagne"):
            (invoice_id,) = await issued(chavagne, agent)
            redrawing = asyncio.create_task(prepared(chavagne, agent), context=elsewhere)
            await asyncio.sleep(0.3)  # it has read what it needs and waits for what we hold
        run = await redrawing
        assert run.drafts == ()
        assert [(row.id, row.state) for row in await Invoice.all()] == [(invoice_id, InvoiceState.ISSUED)]
        assert await InvoiceLine.filter(invoice_id=invoice_id).count() == 1


@pytest.mark.postgres
async def test_an_attendance_is_not_corrected_while_it_is_being_invoiced(chavagne: Town) -> None:
    family, agent = await fed_family(chavagne), await add_agent(chavagne)
    chavagne.on(FIRST_OF_DECEMBER)
    await checked(chavagne, agent)
    await prepared(chavagne, agent)
    elsewhere = copy_context()
    correction = Check(family.child, "restauration", "repas", MONDAY, Presence.ABSENT_JUSTIFIED)
    with chavagne.at_work():
        async with in_transaction("chavagne"):
            (invoice_id,) = await issued(chavagne, agent)
            correcting = asyncio.create_task(checked(chavagne, agent, correction), context=elsewhere)
            await asyncio.sleep(0.3)
        with pytest.raises(Refusals, match="ATTENDANCE_LOCKED"):
            await correcting
        assert {(row.presence, row.invoice_id) for row in await Attendance.all()} == {(Presence.PRESENT, invoice_id)}
