"""Preview and invoice price by all that the database and the catalogue know, and alike."""

from datetime import date, datetime, time, timedelta
from types import SimpleNamespace

import pytest

from plugins.commune import Commune
from plugins.explanation.document import Table
from plugins.explanation.pricing import WorkedPrices
from plugins.hookspecs import catalogue as catalogue_hook
from plugins.hookspecs import hookimpl
from plugins.rules.calendar import SchoolYear
from plugins.rules.catalogue import Activity, Catalogue, Unit
from plugins.rules.french import NBSP
from plugins.rules.identity import Identity, Service
from plugins.rules.quotas import QuotaSpan
from plugins.rules.tariffs import Modifier, Tariff, When, add, by_time, constant, multiply
from resolvers.agenda.bookings import agenda, preview
from resolvers.agenda.plans import Window
from resolvers.billing.billing import Month
from resolvers.billing.invoices import lines_of_invoices
from resolvers.days.sights import Check
from resolvers.families.households import households_of
from resolvers.models.bookings import Presence
from tests.invoicing import (
    DECEMBER,
    FIRST_OF_DECEMBER,
    MONDAY,
    NOVEMBER,
    SCHOOL_TERM,
    TUESDAY,
    checked,
    issued,
    prepared,
)
from tests.orders import book, order, wish
from tests.replays import TODAY, day_care
from tests.towns import Family, Signed, Town, add_agent, add_family
from tests.village import SCHOOL_DAYS

pytestmark = [pytest.mark.anyio, pytest.mark.database, pytest.mark.usefixtures("databases")]

CARE = "garderie"
DECEMBER_1, DECEMBER_3 = date(2026, 12, 1), date(2026, 12, 3)


def hamlet(*modifiers: Modifier) -> Commune:
    """Care from 16 h 30 to 18 h at 2 € an hour, by started half-hours, under some modifiers."""

    @hookimpl
    def identity() -> Identity:
        service = Service("enfance", "service Enfance", "enfance@hameau.fr")
        return Identity("village", "Hameau", "B", "portail@hameau.fr", (service,))

    @hookimpl
    def catalogue(year: SchoolYear) -> Catalogue:
        evening = Unit("soir", "Soir", *SCHOOL_DAYS, starts_at=time(16, 30), ends_at=time(18))
        care = Activity(CARE, "Garderie", "enfance", "École", year.first_day, year.last_day, (evening,))
        return Catalogue(year, (care,))

    @hookimpl
    def tariff(activity: Activity, year: SchoolYear) -> Tariff:
        return Tariff({"soir": by_time(constant(200), per=60, step=30)}, modifiers)

    return Commune("village", SimpleNamespace(identity=identity, catalogue=catalogue, tariff=tariff))


async def previewed(town: Town, family: Family) -> list[int]:
    """What each child's Monday evening would cost, the eldest first."""
    wishes = [wish(child, CARE, (MONDAY, "soir")) for child in family.children.values()]
    with town.asked_by(family.parent) as ctx:
        plan = await preview(ctx, order(*wishes, window=Window(MONDAY, MONDAY)))
    return [unit.price.cents for unit in plan.units if unit.price]


async def invoiced(town: Town, agent: Signed, month: Month = NOVEMBER) -> list[tuple[int, list[str]]]:
    """Amount and explanation of each line of the only draft."""
    (draft,) = (await prepared(town, agent, month)).drafts
    with town.at_work():
        ((*lines,),) = await lines_of_invoices([draft.id])
    return [(line.total_cents, line.detail) for line in lines]


async def test_a_unit_priced_by_the_time_costs_its_whole_duration_in_the_rulebook_the_preview_and_the_invoice() -> None:
    town = Town(hamlet())
    family, agent = await add_family(town, children=("Enfant1",), enrolled=(CARE,)), await add_agent(town)
    year = SchoolYear.of(MONDAY)
    (care,) = town.commune.ask(catalogue_hook, year=year).activities
    tables = [
        paragraph
        for paragraph in WorkedPrices(town.commune, care, year, MONDAY).paragraphs()
        if isinstance(paragraph, Table)
    ]
    assert tables[1].rows[-1][-1] == f"3,00{NBSP}€"
    assert await previewed(town, family) == [300]
    await book(town, family.parent, order(wish(family.child, CARE, (MONDAY, "soir")), window=SCHOOL_TERM))
    town.on(FIRST_OF_DECEMBER)
    await checked(town, agent)
    why = f"Tarif unique, 1{NBSP}h{NBSP}30, à 2,00{NBSP}€ l'heure : 3,00{NBSP}€"
    assert await invoiced(town, agent) == [(300, [why, "le 2 novembre"])]


async def test_a_unit_priced_by_the_time_costs_the_time_really_spent_once_it_is_written_down() -> None:
    town = Town(hamlet())
    family, agent = await add_family(town, children=("Enfant1",), enrolled=(CARE,)), await add_agent(town)
    days = [(day, "soir") for day in (MONDAY, TUESDAY)]
    await book(town, family.parent, order(wish(family.child, CARE, *days), window=SCHOOL_TERM))
    town.on(FIRST_OF_DECEMBER)
    came, left = (datetime(2026, 11, 2, *at, tzinfo=town.commune.tz) for at in ((16, 30), (17, 10)))
    came_on_tuesday = came + timedelta(days=1)
    await checked(
        town,
        agent,
        Check(family.child, CARE, "soir", MONDAY, Presence.PRESENT, came, left),
        Check(family.child, CARE, "soir", TUESDAY, Presence.PRESENT, came_on_tuesday),
    )
    spent = f"Tarif unique, 40{NBSP}min comptées 1{NBSP}h, à 2,00{NBSP}€ l'heure : 2,00{NBSP}€"
    planned = f"Tarif unique, 1{NBSP}h{NBSP}30, à 2,00{NBSP}€ l'heure : 3,00{NBSP}€"
    assert sorted(await invoiced(town, agent)) == [
        (200, ["Temps de présence relevé", spent, "le 2 novembre"]),
        (300, [planned, "le 3 novembre"]),
    ]


@pytest.mark.parametrize(
    ("modifier", "prices"),
    [
        (add(-50, when=When.enrolled(2), label="Fratrie inscrite"), [250, 250]),
        (add(-50, when=When.enrolled(3), label="Fratrie inscrite"), [300, 300]),
        (add(-50, when=When.age(0, 7), label="Petits"), [300, 250]),
        (add(-50, when=When.age(8, None), label="Grands"), [250, 300]),
    ],
    ids=lambda value: value.say() if isinstance(value, Modifier) else "",
)
async def test_children_enrolled_and_age_count_in_the_preview_and_in_the_invoice(
    modifier: Modifier, prices: list[int]
) -> None:
    town = Town(hamlet(modifier))
    family, agent = await add_family(town, enrolled=(CARE,)), await add_agent(town)
    assert await previewed(town, family) == prices
    wishes = [wish(child, CARE, (MONDAY, "soir")) for child in family.children.values()]
    await book(town, family.parent, order(*wishes, window=SCHOOL_TERM))
    town.on(FIRST_OF_DECEMBER)
    await checked(town, agent)
    assert [cents for cents, _ in await invoiced(town, agent)] == prices


@pytest.mark.parametrize(("per", "december"), [(QuotaSpan.SCHOOL_YEAR, [600, 600]), (QuotaSpan.MONTH, [300, 600])])
async def test_presences_without_booking_are_counted_since_the_first_day_of_their_span(
    per: QuotaSpan, december: list[int]
) -> None:
    town = Town(hamlet(multiply("2", when=When.from_unbooked(2, per), label="Tarif double")))
    family, agent = await add_family(town, enrolled=(CARE,)), await add_agent(town)
    town.on(FIRST_OF_DECEMBER)
    await checked(town, agent, Check(family.child, CARE, "soir", TUESDAY, Presence.UNEXPECTED))
    assert [cents for cents, _ in await invoiced(town, agent)] == [300]
    await issued(town, agent)
    town.on(date(2027, 1, 4))
    came = [Check(family.child, CARE, "soir", day, Presence.UNEXPECTED) for day in (DECEMBER_1, DECEMBER_3)]
    await checked(town, agent, *came)
    lines = await invoiced(town, agent, DECEMBER)
    assert sorted(cents for cents, _ in lines) == ([1200] if december == [600, 600] else december)


async def test_a_unit_booked_late_keeps_its_price_in_the_calendar_of_the_family() -> None:
    town = Town(TODAY.commune())
    family = await day_care(town)
    thursday = date(2026, 11, 12)
    town.on(date(2026, 11, 11), 10, 0)
    await book(town, family.parent, order(wish(family.child, "accueil", (thursday, "matin"))))
    with town.asked_by(family.parent) as ctx:
        (household,) = await households_of(ctx)
        plan = await agenda(ctx, household, Window(thursday, thursday), frozenset({family.child}))
    assert [unit.price.cents for unit in plan.units if unit.booked and unit.price] == [200 + 100]
