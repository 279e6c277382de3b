"""From what agents checked to numbered invoices: every line explained, each number taken once, nothing edited after."""

import asyncio
from contextvars import copy_context
from datetime import date
from uuid import UUID

import pytest
from tortoise.transactions import in_transaction

from plugins import hookspecs
from plugins.rules.french import euros
from plugins.rules.tariffs import Residency
from resolvers.attendance import Check, record
from resolvers.billing import Month, Run, issue, prepare, take_numbers
from resolvers.errors import Code, Refused
from resolvers.invoices import document_of, invoices_page, issued_invoice, lines_of_invoices, printed
from resolvers.models import Attendance, Booking, Household, Invoice, InvoiceLine, NumberCounter, QuotientFamilial
from resolvers.models.billing import InvoiceState
from resolvers.models.bookings import Presence
from resolvers.models.tenancy import unit_of_work
from resolvers.plans import Window
from tests.orders import book, order, wish
from tests.refusals import refused
from tests.towns import Family, Signed, Town, add_agent, add_family, add_parent, sign_in

pytestmark = [pytest.mark.anyio, pytest.mark.database]

NOVEMBER, DECEMBER = Month(2026, 11), Month(2026, 12)
MONDAY, TUESDAY, THURSDAY = date(2026, 11, 2), date(2026, 11, 3), date(2026, 11, 5)
MEALS = [(day, "repas") for day in (MONDAY, TUESDAY, THURSDAY)]
FIRST_OF_DECEMBER = date(2026, 12, 1)


async def fed_family(town: Town, name: str = "TEST", *ticks: tuple[date, str], quotient: int = 650) -> Family:
    """A family whose first child eats at the canteen on the given days (three in November by default)."""
    family = await add_family(town, name, enrolled=("restauration", "periscolaire"), quotient=quotient)
    await book(town, family.parent, order(wish(family.child, "restauration", *(ticks or MEALS)), window=SCHOOL_TERM))
    return family


SCHOOL_TERM = Window(date(2026, 11, 1), date(2026, 12, 18))


async def checked(town: Town, agent: Signed, *checks: Check, until: date = date(2026, 11, 30)) -> None:
    """Record these, and that everybody else came, from the beginning of November."""
    with town.asked_by(agent) as ctx:
        await record(ctx, checks, (Window(date(2026, 11, 1), until), Presence.PRESENT))


async def prepared(town: Town, agent: Signed, month: Month = NOVEMBER) -> Run:
    """Draw the drafts of a month."""
    with town.asked_by(agent) as ctx:
        return await prepare(ctx, month)


async def issued(town: Town, agent: Signed, month: Month = NOVEMBER, key: str | None = None) -> tuple[UUID, ...]:
    """Issue the drafts of a month."""
    with town.asked_by(agent) as ctx:
        return await issue(ctx, month, key)


async def lines_as_text(town: Town, invoice_id: UUID) -> list[tuple[str, str, int, int, int]]:
    """Child, unit, quantity, unit price and total of each line."""
    with town.at_work():
        ((*lines,),) = await lines_of_invoices([invoice_id])
    return [(line.child, line.unit, line.quantity, line.unit_cents, line.total_cents) for line in lines]


async def test_a_month_that_has_not_ended_is_not_invoiced(chavagne: Town) -> None:
    agent = await add_agent(chavagne)
    chavagne.on(date(2026, 11, 30), 23, 59)
    with refused(Code.INVALID) as early:
        await prepared(chavagne, agent)
    assert early.value.message == "Novembre 2026 n'est pas terminé : préparez les factures ensuite."
    chavagne.on(FIRST_OF_DECEMBER, 0, 0)
    assert (await prepared(chavagne, agent)).drafts == ()


async def test_a_household_with_an_unchecked_unit_gets_no_draft_and_the_unit_is_named(chavagne: Town) -> None:
    checked_family, unchecked_family = await fed_family(chavagne, "UN"), await fed_family(chavagne, "DEUX")
    agent = await add_agent(chavagne)
    chavagne.on(FIRST_OF_DECEMBER)
    with chavagne.asked_by(agent) as ctx:
        checks = [Check(checked_family.child, "restauration", "repas", day, Presence.PRESENT) for day, _ in MEALS]
        checks += [
            Check(unchecked_family.child, "restauration", "repas", day, Presence.PRESENT) for day, _ in MEALS[1:]
        ]
        await record(ctx, checks, None)
    run = await prepared(chavagne, agent)
    assert [draft.household_id for draft in run.drafts] == [checked_family.id]
    assert [(line.child, line.day) for line in run.unchecked] == [("Enfant1 DEUX", MONDAY)]
    assert (run.total_cents, run.below_minimum) == (750, ())


async def test_lines_say_what_was_consumed_at_which_price_and_add_up(chavagne: Town) -> None:
    family, agent = await add_family(chavagne, enrolled=("restauration", "periscolaire")), await add_agent(chavagne)
    first, second = family.children.values()
    mornings = [(day, "garderie-matin") for day in (MONDAY, TUESDAY)]
    wishes = (
        wish(first, "restauration", *MEALS),
        wish(second, "restauration", *MEALS),
        wish(first, "periscolaire", *mornings),
    )
    await book(chavagne, family.parent, order(*wishes))
    chavagne.on(FIRST_OF_DECEMBER)
    await checked(
        chavagne,
        agent,
        Check(first, "restauration", "repas", MONDAY, Presence.ABSENT_JUSTIFIED),
        Check(second, "restauration", "repas", MONDAY, Presence.ABSENT_UNJUSTIFIED),
        Check(second, "periscolaire", "garderie-soir", MONDAY, Presence.UNEXPECTED),
    )
    (draft,) = (await prepared(chavagne, agent)).drafts
    assert await lines_as_text(chavagne, draft.id) == [
        ("Enfant1 TEST", "Garderie du matin", 2, 110, 220),
        ("Enfant1 TEST", "Repas du midi", 2, 250, 500),
        ("Enfant2 TEST", "Garderie du soir", 1, 165, 165),
        ("Enfant2 TEST", "Repas du midi", 2, 250, 500),
        ("Enfant2 TEST", "Repas du midi", 1, 250, 250),
    ]
    assert (draft.total_cents, draft.state, draft.number, draft.sequence, draft.issued_on) == (
        220 + 500 + 165 + 500 + 250,
        InvoiceState.DRAFT,
        None,
        None,
        None,
    )
    with chavagne.at_work():
        ((*lines,),) = await lines_of_invoices([draft.id])
    care, meal = "Quotient familial 650 : tranche de 0 à 800", "Quotient familial 650 : tranche de 401 à 800"
    assert [line.detail for line in lines] == [
        [f"{care} : {euros(110)}", "les 2 et 3 novembre"],
        [f"{meal} : {euros(250)}", "les 3 et 5 novembre"],
        [
            "Présence sans réservation",
            f"{care} : {euros(110)}",
            f"Présence sans réservation : {euros(55)}",
            "le 2 novembre",
        ],
        [f"{meal} : {euros(250)}", "les 3 et 5 novembre"],
        ["Absence non justifiée", f"{meal} : {euros(250)}", "le 2 novembre"],
    ]


async def test_prices_follow_the_quotient_that_was_valid_on_each_day_and_the_residency(chavagne: Town) -> None:
    resident, outside = await fed_family(chavagne, "UN"), await fed_family(chavagne, "DEUX")
    agent = await add_agent(chavagne)
    with chavagne.at_work() as ctx:
        await Household.filter(id=outside.id).update(residency=Residency.OUTSIDE)
        for euros_a_month, since in ((300, TUESDAY), (900, THURSDAY), (100, date(2026, 11, 6))):
            await QuotientFamilial.create(
                household_id=resident.id, euros=euros_a_month, valid_from=since, recorded_at=ctx.now
            )
    chavagne.on(FIRST_OF_DECEMBER)
    await checked(chavagne, agent)
    drafts = {draft.household_id: draft for draft in (await prepared(chavagne, agent)).drafts}
    assert [line[3] for line in await lines_as_text(chavagne, drafts[resident.id].id)] == [100, 250, 360]
    assert [line[2:] for line in await lines_as_text(chavagne, drafts[outside.id].id)] == [(3, 520, 1560)]


async def test_a_late_booking_is_invoiced_at_its_late_price(scarce: Town) -> None:
    family, agent = await add_family(scarce, enrolled=("accueil",)), await add_agent(scarce)
    await book(scarce, family.parent, order(wish(family.child, "accueil", (TUESDAY, "matin"))))
    scarce.on(date(2026, 11, 1), 11)
    await book(scarce, family.parent, order(wish(family.child, "accueil", (MONDAY, "matin"), (TUESDAY, "matin"))))
    scarce.on(FIRST_OF_DECEMBER)
    await checked(scarce, agent)
    (draft,) = (await prepared(scarce, agent)).drafts
    assert [line[2:] for line in await lines_as_text(scarce, draft.id)] == [(1, 200, 200), (1, 300, 300)]


async def test_drafts_are_redrawn_from_the_records_and_replace_the_former_ones(chavagne: Town) -> None:
    family, agent = await fed_family(chavagne), await add_agent(chavagne)
    chavagne.on(FIRST_OF_DECEMBER)
    await checked(chavagne, agent)
    (first,) = (await prepared(chavagne, agent)).drafts
    await checked(chavagne, agent, Check(family.child, "restauration", "repas", MONDAY, Presence.ABSENT_JUSTIFIED))
    (second,) = (await prepared(chavagne, agent)).drafts
    assert (first.total_cents, second.total_cents) == (750, 500)
    with chavagne.at_work():
        assert [row.id for row in await Invoice.all()] == [second.id]
        assert {row.invoice_id for row in await InvoiceLine.all()} == {second.id}
        assert sorted(str(row.invoice_id) for row in await Attendance.all()) == sorted(
            ["None", str(second.id), str(second.id)]
        )


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
        counters = {row.series: row.taken for row in await NumberCounter.filter(taken__gt=0)}
    assert [row.number for row in rows] == ["2026-ENF-000001", "2026-ENF-000002", "2027-ENF-000001", "2027-ENF-000002"]
    assert counters == {"ENF-2026": 2, "ENF-2027": 2}


async def test_a_refused_issue_takes_no_number(chavagne: Town) -> None:
    await fed_family(chavagne)
    agent = await add_agent(chavagne)
    chavagne.on(FIRST_OF_DECEMBER)
    with refused(Code.NOTHING_TO_INVOICE) as nothing:
        await issued(chavagne, agent)
    assert nothing.value.message == "Aucune facture préparée pour novembre 2026 : préparez-les d'abord."

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
    await prepared(chavagne, agent)
    await checked(chavagne, agent, Check(family.child, "restauration", "repas", MONDAY, presence))
    with refused(Code.STATE_CONFLICT) as moved:
        await issued(chavagne, agent)
    assert moved.value.message == (
        "Des présences de novembre 2026 ont changé depuis la préparation : préparez de nouveau les factures."
    )
    await prepared(chavagne, agent)
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
    with refused(Code.ATTENDANCE_LOCKED) as locked:
        await checked(chavagne, agent, Check(family.child, "restauration", "repas", MONDAY, Presence.ABSENT_JUSTIFIED))
    assert locked.value.message == (
        "Une de ces présences est déjà facturée : elle ne change plus. Corrigez par un avoir."
    )
    # what is not on it still does, and what changes nothing is no change
    await checked(chavagne, agent, Check(family.child, "restauration", "repas", MONDAY, Presence.PRESENT))
    assert (await prepared(chavagne, agent)).drafts == ()


async def test_issuing_again_finds_nothing_and_with_the_same_key_gives_the_same_answer(chavagne: Town) -> None:
    await fed_family(chavagne)
    agent = await add_agent(chavagne)
    chavagne.on(FIRST_OF_DECEMBER)
    await checked(chavagne, agent)
    await prepared(chavagne, agent)
    first = await issued(chavagne, agent, key="k1")
    assert await issued(chavagne, agent, key="k1") == first
    with refused(Code.IDEMPOTENCY_KEY_REUSED):
        await issued(chavagne, agent, DECEMBER, key="k1")
    with refused(Code.NOTHING_TO_INVOICE):
        await issued(chavagne, agent, key="k2")
    assert len(await chavagne.mails("invoice:")) == 1


async def test_what_is_below_the_minimum_waits_for_the_next_month_and_is_then_on_its_invoice(chavagne: Town) -> None:
    cheap = [(MONDAY, "temps-des-lecons")]  # 80 cents: the commune invoices from 1 €
    family, agent = await add_family(chavagne, enrolled=("periscolaire",)), await add_agent(chavagne)
    later = [(date(2026, 12, 1), "temps-des-lecons"), (date(2026, 12, 3), "temps-des-lecons")]
    await book(chavagne, family.parent, order(wish(family.child, "periscolaire", *cheap, *later), window=SCHOOL_TERM))
    chavagne.on(FIRST_OF_DECEMBER)
    await checked(chavagne, agent)
    run = await prepared(chavagne, agent)
    assert (run.drafts, run.below_minimum) == ((), (family.id,))
    chavagne.on(date(2027, 1, 4))
    await checked(chavagne, agent, until=date(2026, 12, 31))
    (draft,) = (await prepared(chavagne, agent, DECEMBER)).drafts
    assert await lines_as_text(chavagne, draft.id) == [("Enfant1 TEST", "Temps des leçons", 3, 80, 240)]
    with chavagne.at_work():
        ((line,),) = await lines_of_invoices([draft.id])
    assert line.detail[-1] == "le 2 novembre, les 1er et 3 décembre"
    assert len(await issued(chavagne, agent, DECEMBER)) == 1
    assert (await prepared(chavagne, agent)).drafts == ()


async def test_what_was_checked_after_the_issue_is_on_the_next_invoice(chavagne: Town) -> None:
    one, two = await fed_family(chavagne, "UN"), await fed_family(chavagne, "DEUX")
    agent = await add_agent(chavagne)
    chavagne.on(FIRST_OF_DECEMBER)
    with chavagne.asked_by(agent) as ctx:
        await record(ctx, [Check(one.child, "restauration", "repas", day, Presence.PRESENT) for day, _ in MEALS], None)
    await prepared(chavagne, agent)
    assert len(await issued(chavagne, agent)) == 1
    await checked(chavagne, agent)
    (late,) = (await prepared(chavagne, agent)).drafts
    assert (late.household_id, late.total_cents) == (two.id, 750)


async def test_a_day_that_costs_nothing_does_not_hold_back_the_years_to_come(melle: Town) -> None:
    family, agent = await add_family(melle, enrolled=("tap",)), await add_agent(melle)
    with melle.at_work() as ctx:
        for day in (date(2026, 11, 6), date(2028, 5, 5)):
            await Booking.create(
                household_id=family.id,
                child_id=family.child,
                activity="tap",
                unit="atelier",
                day=day,
                changed_at=ctx.now,
            )
    for month, day in ((NOVEMBER, date(2026, 12, 1)), (Month(2028, 5), date(2028, 6, 1))):
        melle.on(day)
        await checked_month(melle, agent, month)
        run = await prepared(melle, agent, month)
        assert (run.drafts, run.below_minimum) == ((), (family.id,))


async def checked_month(town: Town, agent: Signed, month: Month) -> None:
    """Everybody came in this month."""
    with town.asked_by(agent) as ctx:
        await record(ctx, [], (month.window, Presence.PRESENT))


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
    assert (document.number, document.household_name, document.addressee_lines, document.period_label) == (
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
    assert document.issuer == chavagne.commune.ask(hookspecs.invoicing).issuer
    with chavagne.asked_by(agent) as ctx:
        assert await issued_invoice(ctx, mine.id) == mine


@pytest.mark.parametrize("text", ["2026-13", "2026-00", "1999-12", "2101-01", "2026-1", "26-11", "٢٠٢٦-١١", "", "x"])
def test_a_month_is_written_in_one_way(text: str) -> None:
    with refused(Code.INVALID):
        Month.parse(text)
    assert Month.parse("2026-11") == NOVEMBER


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

    async def attempt(agent: Signed, month: Month) -> int | Code:
        try:
            return len(await issued(chavagne, agent, month))
        except Refused as refusal:
            return refusal.code

    answers = await asyncio.gather(
        *(attempt(agent, month) for agent, month in zip(agents, [NOVEMBER, DECEMBER] * 2, strict=True))
    )
    assert sorted(map(str, answers)) == sorted(["8", "8", *[str(Code.NOTHING_TO_INVOICE)] * 2])
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
        with refused(Code.ATTENDANCE_LOCKED):
            await correcting
        assert {(row.presence, row.invoice_id) for row in await Attendance.all()} == {(Presence.PRESENT, invoice_id)}


@pytest.mark.postgres
async def test_a_draft_never_bills_what_was_corrected_while_it_was_drawn(chavagne: Town) -> None:
    family, agent = await fed_family(chavagne), await add_agent(chavagne)
    chavagne.on(FIRST_OF_DECEMBER)
    await checked(chavagne, agent)
    elsewhere = copy_context()
    with chavagne.at_work():
        async with in_transaction("chavagne"):
            await checked(
                chavagne, agent, Check(family.child, "restauration", "repas", MONDAY, Presence.ABSENT_JUSTIFIED)
            )
            drawing = asyncio.create_task(prepared(chavagne, agent), context=elsewhere)
            await asyncio.sleep(0.3)
        (draft,) = (await drawing).drafts
    assert draft.total_cents == 500
    assert len(await issued(chavagne, agent)) == 1
