"""From what agents checked to drafts: every line explained, nothing forgotten, nothing invoiced twice."""

import asyncio
from contextvars import copy_context
from datetime import date

import pytest
from tortoise.transactions import in_transaction

from plugins.rules.french import euros
from plugins.rules.tariffs import Residency
from resolvers.billing.billing import Month
from resolvers.billing.invoices import lines_of_invoices
from resolvers.days.attendance import record
from resolvers.days.sights import Check
from resolvers.errors import Code
from resolvers.models import Attendance, Booking, Household, Invoice, InvoiceLine, QuotientFamilial, RunProblem
from resolvers.models.billing import InvoiceState
from resolvers.models.bookings import Presence
from tests.invoicing import (
    DECEMBER,
    FIRST_OF_DECEMBER,
    MEALS,
    MONDAY,
    NOVEMBER,
    SCHOOL_TERM,
    THURSDAY,
    TUESDAY,
    checked,
    fed_family,
    issued,
    lines_as_text,
    prepared,
)
from tests.orders import book, order, wish
from tests.refusals import refused
from tests.towns import Signed, Town, add_agent, add_family

pytestmark = [pytest.mark.anyio, pytest.mark.database]


async def test_a_month_that_has_not_ended_is_not_invoiced(chavagne: Town) -> None:
    agent = await add_agent(chavagne)
    chavagne.on(date(2026, 11, 30), 23, 59)
    with refused(Code.INVALID) as early:
        await prepared(chavagne, agent)
    assert early.value.message == "Novembre 2026 : cette période n'est pas terminée, facturez-la ensuite."
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


async def test_what_waits_below_the_minimum_and_is_too_old_for_the_next_run_is_told_by_the_last_one(
    chavagne: Town,
) -> None:
    family, agent = await add_family(chavagne, enrolled=("periscolaire",)), await add_agent(chavagne)
    wanted = wish(family.child, "periscolaire", (MONDAY, "temps-des-lecons"))  # 80 cents, of 2 November 2026
    await book(chavagne, family.parent, order(wanted, window=SCHOOL_TERM))
    chavagne.on(FIRST_OF_DECEMBER)
    await checked(chavagne, agent)
    told = []
    for month, day in ((Month(2027, 9), date(2027, 10, 1)), (Month(2027, 10), date(2027, 11, 2))):
        chavagne.on(day)
        run = await prepared(chavagne, agent, month)
        assert (run.drafts, run.below_minimum) == ((), (family.id,))
        with chavagne.at_work():
            problems = RunProblem.filter(run_id=run.id, code="NOT_CARRIED")
            told.append(await problems.values_list("child_id", "day", "unit"))
    assert told == [[], [(family.child, MONDAY, "temps-des-lecons")]]


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


@pytest.mark.parametrize("text", ["2026-13", "2026-00", "1999-12", "2101-01", "2026-1", "26-11", "٢٠٢٦-١١", "", "x"])
def test_a_month_is_written_in_one_way(text: str) -> None:
    with refused(Code.INVALID):
        Month.parse(text)
    assert Month.parse("2026-11") == NOVEMBER


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
