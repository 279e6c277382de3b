"""The kitchen cooks what is booked, by day, site and unit, with the diets of sent files; nothing is guessed."""

from datetime import date
from uuid import UUID

import pytest

from resolvers.agenda.plans import Window
from resolvers.days.meals import MealCounts, meal_counts
from resolvers.errors import Code
from resolvers.models import AbsentDay
from resolvers.models.dossiers import DossierState
from resolvers.models.keys import new_key
from tests.eating import expect, file_says
from tests.refusals import refused
from tests.towns import Town, add_agent, add_family, statements

pytestmark = [pytest.mark.anyio, pytest.mark.database]

MONDAY, TUESDAY, WEDNESDAY = date(2026, 11, 2), date(2026, 11, 3), date(2026, 11, 4)
WEEK = Window(MONDAY, date(2026, 11, 6))
SUBMITTED = DossierState.SUBMITTED
CANTEEN, CENTRE = ("restauration", "repas"), ("acm-mercredis", "repas")


async def counted(town: Town, window: Window = WEEK, site: str | None = None) -> MealCounts:
    """What an agent reads."""
    with town.asked_by(await add_agent(town)) as ctx:
        return await meal_counts(ctx, window, site)


async def test_meals_are_counted_by_day_and_unit_with_the_diets_of_sent_files(melle: Town) -> None:
    family = await add_family(melle, children=("Enfant1", "Enfant2", "Enfant3", "Enfant4", "Enfant5"))
    one, two, three, four, _ = family.children.values()
    for child in family.children.values():
        await expect(melle, family, child, MONDAY, CANTEEN, ("garderie", "soir"))
    pork = {"regime": "yes", "regime-precisions": "sans-porc", "pai": "no", "allergies": "no"}
    await file_says(melle, family.id, one, pork)
    await file_says(melle, family.id, two, {**pork, "allergies": "yes", "allergies-precisions": "Œufs"}, SUBMITTED)
    await file_says(melle, family.id, three, {"regime": "yes", "regime-precisions": "panier-repas", "pai": "yes"})
    await file_says(melle, family.id, four, pork, DossierState.DRAFT)
    (monday,) = (await counted(melle)).counts
    assert (monday.day, monday.activity.site, monday.unit.label) == (MONDAY, "Écoles communautaires", "Repas")
    assert (monday.booked, monday.allergies, monday.care_plans, monday.unknown) == (5, 1, 1, 2)
    assert monday.diets == (("Panier repas fourni par la famille (PAI)", 1), ("Sans porc", 2))


async def test_what_is_cancelled_is_not_cooked_and_a_late_absence_is_told_apart(melle: Town) -> None:
    family = await add_family(melle)
    one, two = family.children.values()
    await expect(melle, family, one, MONDAY, CANTEEN)
    melle.later(hours=1)
    await expect(melle, family, two, MONDAY, CANTEEN, live=False)
    await expect(melle, family, one, TUESDAY, CANTEEN, live=False)
    with melle.at_work() as ctx:
        await AbsentDay.create(
            household_id=family.id,
            report_id=new_key(),
            child_id=one,
            activity=CANTEEN[0],
            unit=CANTEEN[1],
            day=MONDAY,
            percent_due=100,
            reason="Prévenu trop tard.",
            decided_at=ctx.now,
        )
        last_change = ctx.now
    melle.later(hours=1)
    found = await counted(melle)
    assert [(count.day, count.booked, count.reported_absent) for count in found.counts] == [(MONDAY, 1, 1)]
    assert (found.counted_at, found.changed_at) == (melle.clock.now(), last_change)


async def test_a_site_is_counted_alone_and_a_unit_without_meal_never(melle: Town) -> None:
    family = await add_family(melle)
    await expect(melle, family, family.child, MONDAY, CANTEEN, ("garderie", "matin"))
    await expect(melle, family, family.child, WEDNESDAY, CENTRE, ("acm-mercredis", "matin"))
    everywhere = await counted(melle)
    sites = {count.activity.site: count.day for count in everywhere.counts}
    assert sorted(sites.values()) == [MONDAY, WEDNESDAY]
    for site, day in sites.items():
        assert [count.day for count in (await counted(melle, site=site)).counts] == [day]
    empty = await counted(melle, site="Ailleurs")
    assert (empty.counts, empty.changed_at) == ((), None)


async def test_the_files_of_both_households_of_a_child_are_read(melle: Town) -> None:
    family, other = await add_family(melle), await add_family(melle, "TESTBIS")
    await expect(melle, family, family.child, MONDAY, CANTEEN)
    await file_says(melle, family.id, family.child, {"regime": "no"})
    await file_says(melle, other.id, family.child, {"regime": "yes", "regime-precisions": "vegetarien"})
    (monday,) = (await counted(melle)).counts
    assert (monday.booked, monday.diets) == (1, (("Végétarien", 1),))


async def test_more_than_thirty_five_days_are_refused(melle: Town) -> None:
    with refused(Code.INVALID) as long:
        await counted(melle, Window(MONDAY, date(2026, 12, 8)))
    assert long.value.message == "Demandez au plus 35 jours à la fois."


@pytest.mark.parametrize("children", [1, 40])
async def test_meals_are_counted_in_three_statements(melle: Town, children: int) -> None:
    family = await add_family(melle, children=[f"Enfant{number}" for number in range(children)])
    ids: list[UUID] = list(family.children.values())
    for child in ids:
        await expect(melle, family, child, MONDAY, CANTEEN)
        await file_says(melle, family.id, child, {"regime": "no"})
    with melle.asked_by(await add_agent(melle)) as ctx, statements() as sent:
        found = await meal_counts(ctx, WEEK)
    assert [count.booked for count in found.counts] == [children]
    assert len(sent) == 3
