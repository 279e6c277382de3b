"""Invoice runs: batch after batch, killed anywhere, corrected, compared with the run before."""

import random
from dataclasses import replace
from datetime import date, timedelta
from types import SimpleNamespace
from typing import Any

import pytest

from gateway.database import Databases
from plugins.commune import Commune
from plugins.hookspecs import hookimpl
from plugins.rules.calendar import SchoolYear
from plugins.rules.catalogue import Activity
from plugins.rules.grids import BasePrice, PriceRow
from plugins.rules.invoicing import InvoicingPolicy, Issuer
from plugins.rules.prices import PriceLine, Situation
from plugins.rules.quotas import QuotaSpan
from plugins.rules.tariffs import Tariff, constant
from resolvers.billing.bills import Trouble
from resolvers.billing.run_reviews import Changed, compare
from resolvers.billing.runs import Wanted, drop, go_on, issue, redraw, start
from resolvers.context import Context
from resolvers.days.sights import Check
from resolvers.errors import Code
from resolvers.models import Attendance, Booking, Invoice, InvoiceLine, InvoiceRun, Mandate, NumberCounter, RunProblem
from resolvers.models.billing import InvoiceState, RunState
from resolvers.models.bookings import Presence
from resolvers.models.direct_debits import MandateState
from resolvers.ports import Sealer
from tests.invoicing import (
    DECEMBER,
    FIRST_OF_DECEMBER,
    MEALS,
    MONDAY,
    THURSDAY,
    TUESDAY,
    checked,
    drawn,
    fed_family,
    issued,
    prepared,
)
from tests.refusals import refused
from tests.towns import Family, Signed, Town, add_agent, add_family, statements
from tests.village import village

pytestmark = [pytest.mark.anyio, pytest.mark.database]


class Killed(BaseException):
    """The process dies here."""


class Dying:
    """A :class:`resolvers.ports.Sealer` in the middle of which the process dies, after so many mails."""

    def __init__(self, sealer: Sealer, left: int) -> None:
        self._sealer, self._left = sealer, left

    def seal(self, text: str) -> str:
        """Seal, or die."""
        self._left -= 1
        if self._left < 0:
            raise Killed
        return self._sealer.seal(text)

    def marks(self, clear: str) -> tuple[str, ...]:
        """The marks of a short secret."""
        return self._sealer.marks(clear)

    def seal_bytes(self, clear: bytes) -> bytes:
        """Seal a file."""
        return self._sealer.seal_bytes(clear)

    def unseal_bytes(self, sealed: bytes) -> bytes:
        """Read a file that was sealed."""
        return self._sealer.unseal_bytes(sealed)

    def unseal(self, sealed: str) -> str:
        """Read what was sealed."""
        return self._sealer.unseal(sealed)


async def fed_families(town: Town, many: int) -> tuple[list[Family], Signed]:
    """Families that ate in November, all of it seen, and an agent on the first of December."""
    families = [await fed_family(town, f"F{number}") for number in range(many)]
    agent = await add_agent(town)
    town.on(FIRST_OF_DECEMBER)
    await checked(town, agent)
    return families, agent


async def test_a_run_killed_twenty_times_issues_each_invoice_once_without_a_gap(chavagne: Town) -> None:
    _, agent = await fed_families(chavagne, 12)
    run = await drawn(chavagne, agent)
    ports, chance, deaths, passed = chavagne.ports, random.Random(6), 0, 0
    while run.state is not RunState.ISSUED:
        dying = replace(ports, sealer=Dying(ports.sealer, chance.randrange(2)))
        chavagne.ports = dying if deaths < 4 * passed + 4 and deaths < 20 else ports
        with chavagne.asked_by(agent) as ctx:
            try:
                run = await issue(ctx, run.id, batch=2)
                passed += 1
            except Killed:
                deaths += 1
    chavagne.ports = ports
    with chavagne.at_work():
        invoices = await Invoice.filter(state=InvoiceState.ISSUED).order_by("sequence")
        counter = await NumberCounter.get(series="ENF-2026")
    assert (deaths, counter.taken, run.issued) == (20, 12, 12)
    assert [row.sequence for row in invoices] == list(range(1, 13))
    assert len({row.household_id for row in invoices}) == 12
    assert len(await chavagne.mails("invoice:")) == 12


class DeadlyPrice(BasePrice):
    """Two euros, in the computing of which the process dies now and then, ``deaths`` times in all."""

    def __init__(self, deaths: int) -> None:
        self.deaths, self._chance = deaths, random.Random(6)

    def line(self, situation: Situation) -> PriceLine:
        """The price, or death."""
        if self.deaths and self._chance.random() < 0.4:
            self.deaths -= 1
            raise Killed
        return PriceLine("Tarif unique", 200)

    def rows(self) -> tuple[PriceRow, ...]:
        """Two euros."""
        return (PriceRow("", "2,00 €"),)


async def test_a_run_killed_twenty_times_while_it_is_drawn_charges_each_unit_once(databases: Databases) -> None:
    deadly = DeadlyPrice(20)

    @hookimpl
    def tariff(activity: Activity, year: SchoolYear) -> Tariff:
        return Tariff({unit.code: deadly for unit in activity.units})

    town = Town(village().trying(SimpleNamespace(tariff=tariff)))
    families, agent = [await add_family(town, f"F{number}") for number in range(12)], await add_agent(town)
    with town.at_work() as ctx:
        for family in families:
            await came(ctx, family, ("accueil", "matin", MONDAY), ("accueil", "matin", TUESDAY))
    town.on(FIRST_OF_DECEMBER)
    run: InvoiceRun | None = None
    while run is None or run.drawn_at is None:
        with town.asked_by(agent) as ctx:
            try:
                run = await (go_on(ctx, run.id, batch=2) if run else start(ctx, Wanted(MONDAY), batch=2))
            except Killed:
                run = await InvoiceRun.get()
    with town.at_work():
        charged = await InvoiceLine.all().values_list("household_id", "quantity", "total_cents")
        bound = await Attendance.filter(invoice_id__not_isnull=True).count()
    assert sorted(charged) == sorted((family.id, 2, 400) for family in families)
    assert (deadly.deaths, bound, run.drawn, run.total_cents) == (0, 24, 12, 4800)


async def test_a_run_is_drawn_batch_after_batch_and_tells_how_far_it_is(chavagne: Town) -> None:
    _, agent = await fed_families(chavagne, 5)
    with chavagne.asked_by(agent) as ctx:
        run = await start(ctx, Wanted(MONDAY), batch=2)
        told = [(run.households, run.drawn, run.total_cents, run.drawn_at is not None)]
        with refused(Code.STATE_CONFLICT) as unfinished:
            await issue(ctx, run.id)
        while run.drawn_at is None:
            run = await go_on(ctx, run.id, batch=2)
            told.append((run.households, run.drawn, run.total_cents, run.drawn_at is not None))
    assert told == [(5, 2, 1500, False), (5, 4, 3000, False), (5, 5, 3750, True)]
    assert unfinished.value.message == "Le calcul de novembre 2026 n'est pas terminé : continuez-le d'abord."


async def test_a_batch_takes_as_many_statements_for_ten_households_as_for_two(chavagne: Town) -> None:
    _, agent = await fed_families(chavagne, 12)
    counted = []
    with chavagne.asked_by(agent) as ctx:
        run = await start(ctx, Wanted(MONDAY), batch=2)
        for size in (2, 8):
            with statements() as sent:
                run = await go_on(ctx, run.id, batch=size)
            counted.append(len(sent))
        run = await issue(ctx, run.id, batch=2)
        for size in (2, 8):
            with statements() as sent:
                run = await go_on(ctx, run.id, batch=size)
            counted.append(len(sent))
    assert run.state is RunState.ISSUED
    assert (counted[0], counted[2]) == (counted[1], counted[3])


async def test_a_run_started_again_with_its_key_is_the_same_and_without_it_replaces_the_draft(chavagne: Town) -> None:
    _, agent = await fed_families(chavagne, 1)
    with chavagne.asked_by(agent) as ctx:
        first = await start(ctx, Wanted(MONDAY), "k1")
        assert (await start(ctx, Wanted(MONDAY), "k1")).id == first.id
        with refused(Code.IDEMPOTENCY_KEY_REUSED):
            await start(ctx, Wanted(FIRST_OF_DECEMBER), "k1")
        second = await start(ctx, Wanted(THURSDAY))
        states = {run.id: run.state for run in await InvoiceRun.all()}
        assert [row.run_id for row in await Invoice.all()] == [second.id]
    assert states == {first.id: RunState.DROPPED, second.id: RunState.DRAFT}


async def test_a_dropped_run_leaves_everything_due_and_is_not_issued(chavagne: Town) -> None:
    _, agent = await fed_families(chavagne, 1)
    run = await drawn(chavagne, agent)
    with chavagne.asked_by(agent) as ctx:
        await drop(ctx, run.id)
        assert await Attendance.filter(invoice_id__isnull=True).count() == 3
        with refused(Code.STATE_CONFLICT):
            await issue(ctx, run.id)
    run = await drawn(chavagne, agent)
    await issued(chavagne, agent)
    with chavagne.asked_by(agent) as ctx, refused(Code.STATE_CONFLICT) as too_late:
        await drop(ctx, run.id)
    assert too_late.value.message == "Ces factures sont émises : corrigez par un avoir."


async def test_a_household_is_drawn_again_after_a_correction_and_the_others_are_left(chavagne: Town) -> None:
    (one, two), agent = await fed_families(chavagne, 2)
    run = await prepared(chavagne, agent)
    kept = {draft.household_id: draft.id for draft in run.drafts}
    await checked(chavagne, agent, Check(one.child, "restauration", "repas", MONDAY, Presence.ABSENT_JUSTIFIED))
    with chavagne.asked_by(agent) as ctx:
        again = await redraw(ctx, run.id, one.id)
        drafts = {draft.household_id: draft for draft in await Invoice.filter(run_id=run.id)}
    assert (again.total_cents, drafts[one.id].total_cents) == (1250, 500)
    assert drafts[two.id].id == kept[two.id]
    assert len(await issued(chavagne, agent)) == 2


async def test_who_moved_while_the_run_is_issued_is_left_to_the_next_one(chavagne: Town) -> None:
    families, agent = await fed_families(chavagne, 3)
    run = await drawn(chavagne, agent)
    with chavagne.asked_by(agent) as ctx:
        run = await issue(ctx, run.id, batch=1)
        (left,) = (
            {family.id for family in families}
            - set(await Invoice.filter(state=InvoiceState.ISSUED).values_list("household_id", flat=True))
            - {max(family.id for family in families)}
        )
    child = next(family.child for family in families if family.id == left)
    await checked(chavagne, agent, Check(child, "restauration", "repas", MONDAY, Presence.ABSENT_JUSTIFIED))
    assert len(await issued(chavagne, agent)) == 2
    with chavagne.at_work():
        assert [(row.household_id, row.code) for row in await RunProblem.all()] == [(left, "MOVED")]
        assert sorted(row.sequence or 0 for row in await Invoice.all()) == [1, 2]
    await drawn(chavagne, agent)
    assert len(await issued(chavagne, agent)) == 1


async def test_a_run_of_a_service_leaves_what_the_others_provide(chavagne: Town) -> None:
    _, agent = await fed_families(chavagne, 1)
    with chavagne.asked_by(agent) as ctx, refused(Code.NOT_FOUND):
        await start(ctx, Wanted(MONDAY, frozenset({"voirie"})))
    run = await drawn(chavagne, agent, services=frozenset({"enfance"}))
    assert (run.services, run.total_cents) == (["enfance"], 750)
    narrow = await add_agent(chavagne, services=["ailleurs"])
    with chavagne.asked_by(narrow) as ctx, refused(Code.NOT_FOUND):
        await start(ctx, Wanted(MONDAY))
    with chavagne.asked_by(narrow) as ctx, refused(Code.NOT_FOUND):
        await go_on(ctx, run.id)


def rules(**policy: object) -> Commune:
    """The village, which invoices otherwise, and has no price for the « stage »."""

    @hookimpl
    def invoicing() -> InvoicingPolicy:
        issuer = Issuer("Village", ("35310 Village",), None, "enfance@village.fr")
        return InvoicingPolicy(series="VIL", due_days=20, issuer=issuer, **policy)  # type: ignore[arg-type]

    @hookimpl
    def tariff(activity: Activity, year: SchoolYear) -> Tariff:
        return Tariff({"matin": constant(200), "repas": constant(300), "apres-midi": constant(250)})

    return village().trying(SimpleNamespace(invoicing=invoicing, tariff=tariff))


async def came(ctx: Context, family: Family, *units: tuple[str, str, date]) -> None:
    """The first child of a family booked these units and was seen."""
    for activity, unit, day in units:
        slot: dict[str, Any] = {"household_id": family.id, "child_id": family.child, "activity": activity}
        slot |= {"unit": unit, "day": day}
        await Booking.create(changed_at=ctx.now, **slot)
        await Attendance.create(presence=Presence.PRESENT, recorded_by=family.id, recorded_at=ctx.now, **slot)


async def test_the_journal_says_which_units_have_no_price_and_why(databases: Databases) -> None:
    town = Town(rules())
    family, sound, agent = await add_family(town, "UN"), await add_family(town, "DEUX"), await add_agent(town)
    with town.at_work() as ctx:
        await came(ctx, family, ("accueil", "matin", MONDAY), ("stage", "seance", MONDAY), ("piscine", "bain", TUESDAY))
        await came(ctx, sound, ("accueil", "matin", MONDAY))
    town.on(FIRST_OF_DECEMBER)
    run = await drawn(town, agent)
    with town.at_work():
        problems = await RunProblem.filter(run_id=run.id).order_by("day", "activity")
        assert [row.household_id for row in await Invoice.all()] == [sound.id]
    assert [(row.household_id, row.child_id, row.activity, row.unit, row.day, row.reason) for row in problems] == [
        (family.id, family.child, "stage", "seance", MONDAY, Trouble.NO_PRICE.value),
        (family.id, family.child, "piscine", "bain", TUESDAY, Trouble.UNKNOWN_UNIT.value),
    ]


async def test_a_quarter_is_invoiced_at_once_with_its_own_dates(databases: Databases) -> None:
    town = Town(rules(cycle=QuotaSpan.QUARTER, payable_days=10, debit_days=8))
    debited, other, agent = await add_family(town, "UN"), await add_family(town, "DEUX"), await add_agent(town)
    with town.at_work() as ctx:
        for family in (debited, other):
            await came(ctx, family, ("accueil", "matin", MONDAY), ("accueil", "matin", date(2026, 12, 7)))
        await Mandate.create(
            household_id=debited.id,
            account_id=debited.parent.viewer.account_id,
            rum="RUM1",
            holder="TEST",
            iban="scellé",
            iban_end="2606",
            bic="AGRIFRPP",
            state=MandateState.ACTIVE,
            conditions="1",
            asked_at=ctx.now,
            active_from=date(2026, 12, 1),
        )
    town.on(date(2026, 12, 31))
    with town.asked_by(agent) as ctx, refused(Code.INVALID) as early:
        await start(ctx, Wanted(MONDAY))
    today = date(2027, 1, 4)
    town.on(today)
    run = await drawn(town, agent)
    with town.asked_by(agent) as ctx:
        await issue(ctx, run.id)
        invoices = {row.household_id: row for row in await Invoice.all()}
    assert early.value.message == (
        "Du 1er octobre au 31 décembre 2026 : cette période n'est pas terminée, facturez-la ensuite."
    )
    assert {
        home: (row.period_first, row.period_last, row.total_cents, row.due_on, row.payable_until, row.debit_on)
        for home, row in invoices.items()
    } == {
        home: (
            date(2026, 10, 1),
            date(2026, 12, 31),
            400,
            today + timedelta(days=20),
            today + timedelta(days=30),
            today + timedelta(days=8) if home == debited.id else None,
        )
        for home in (debited.id, other.id)
    }


async def test_a_run_is_compared_with_the_one_before(chavagne: Town) -> None:
    december = [(date(2026, 12, 1), "repas"), (date(2026, 12, 3), "repas"), (date(2026, 12, 4), "repas")]
    same = await fed_family(chavagne, "PAREIL", *MEALS, *december)
    more = await fed_family(chavagne, "MOINS", *MEALS, *december[:1])
    gone = await fed_family(chavagne, "PARTI", *MEALS)
    new = await fed_family(chavagne, "NOUVEAU", *december)
    agent = await add_agent(chavagne)
    chavagne.on(FIRST_OF_DECEMBER)
    await checked(chavagne, agent)
    first = await drawn(chavagne, agent)
    await issued(chavagne, agent)
    chavagne.on(date(2027, 1, 4))
    await checked(chavagne, agent, until=date(2026, 12, 31))
    run = await drawn(chavagne, agent, DECEMBER)
    with chavagne.asked_by(agent):
        assert await compare(first, 20, 100) is None
        found = await compare(run, 20, 100)
        assert found is not None
        shortest = await compare(run, 20, 1)
        assert shortest is not None and len(shortest.changed) == 1
    assert ([one.id for one in found.previous], found.new, found.gone) == ([first.id], 1, 1)
    assert {(change.household_id, change.name, change.before, change.now) for change in found.changed} == {
        (more.id, "MOINS", 750, 250),
        (gone.id, "PARTI", 750, None),
        (new.id, "NOUVEAU", None, 750),
    }
    assert same.id not in {change.household_id for change in found.changed}
    assert found.activities == (Changed("Restauration scolaire", 2250, 1750),)
