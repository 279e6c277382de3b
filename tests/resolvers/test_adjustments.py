"""Invoices carry what the days of a month make together, once, whatever is checked late; quotients follow the rule."""

from collections.abc import Callable
from datetime import UTC, date, datetime
from types import SimpleNamespace

import pytest

from gateway.database import Databases
from plugins.commune import Commune
from plugins.hookspecs import hookimpl
from plugins.rules.aggregates import (
    Aggregate,
    Per,
    Reach,
    child_discount,
    maximum,
    minimum,
    switch_to,
    volume_discount,
)
from plugins.rules.calendar import SchoolYear
from plugins.rules.catalogue import Activity, Catalogue, Unit
from plugins.rules.french import NBSP
from plugins.rules.identity import Identity, Service
from plugins.rules.plans import Prorata, plan
from plugins.rules.quotients import Effect, QuotientRule
from plugins.rules.spans import MONTH, WEEK
from plugins.rules.tariffs import Modifier, Tariff, When, add, brackets, constant
from resolvers.billing.billing import Month
from resolvers.billing.invoices import lines_of_invoices
from resolvers.days.sights import Check
from resolvers.models import Invoice, QuotientFamilial
from resolvers.models.bookings import Presence
from tests.invoicing import (
    DECEMBER,
    FIRST_OF_DECEMBER,
    MONDAY,
    NOVEMBER,
    SCHOOL_TERM,
    THURSDAY,
    TUESDAY,
    checked,
    issued,
    prepared,
)
from tests.orders import book, order, wish
from tests.towns import Family, Signed, Town, add_agent, add_family
from tests.village import SCHOOL_DAYS

pytestmark = [pytest.mark.anyio, pytest.mark.database]

CARE = "garderie"
JANUARY = Month(2027, 1)
FIVE_EUROS = minimum(500, label="Minimum mensuel", per=Per.CHILD, spans=MONTH)
SIBLINGS = child_discount("0.5", from_child=2, label="Fratrie")
WEEKLY = switch_to(
    plan("Forfait semaine", constant(450), units=frozenset({"soir"}), spans=WEEK, prorata=Prorata.WHOLE, surcharges=()),
    from_day=2,
)


def hamlet(
    *aggregates: Aggregate, quotients: QuotientRule | None = None, modifiers: tuple[Modifier, ...] = ()
) -> Commune:
    """Care in the evening, 2 € below a quotient of 700 and 3 € above, under some aggregates and a quotient rule."""

    @hookimpl
    def identity() -> Identity:
        service = Service("enfance", "service Enfance", "enfance@hameau.fr")
        return Identity("village", "Hameau", "B", "portail@hameau.fr", (service,))

    @hookimpl
    def catalogue(year: SchoolYear) -> Catalogue:
        care = Activity(
            CARE, "Garderie", "enfance", "École", year.first_day, year.last_day, (Unit("soir", "Soir", *SCHOOL_DAYS),)
        )
        return Catalogue(year, (care,), ())

    @hookimpl
    def tariff(activity: Activity, year: SchoolYear) -> Tariff:
        prices = {"soir": brackets((0, 700, 200), (701, None, 300), without_qf=300)}
        return Tariff(prices, modifiers, aggregates=aggregates)

    @hookimpl
    def quotient_rule() -> QuotientRule | None:
        return quotients

    plugin = SimpleNamespace(identity=identity, catalogue=catalogue, tariff=tariff, quotient_rule=quotient_rule)
    return Commune("village", plugin)


@pytest.fixture
def opened(databases: Databases) -> Callable[..., Town]:
    """A town that lives by such rules."""
    return lambda *aggregates, **rules: Town(hamlet(*aggregates, **rules))


async def cared_for(
    town: Town, *days: date, second: tuple[date, ...] = (), quotient: int = 650
) -> tuple[Family, Signed]:
    """A family whose first child, and second, stay these evenings, all of them seen."""
    family, agent = await add_family(town, enrolled=(CARE,), quotient=quotient), await add_agent(town)
    evenings = zip(family.children.values(), (days, second), strict=True)
    wishes = [wish(child, CARE, *((day, "soir") for day in those)) for child, those in evenings]
    await book(town, family.parent, order(*wishes, window=SCHOOL_TERM))
    town.on(FIRST_OF_DECEMBER)
    await checked(town, agent)
    return family, agent


async def lines_and_total(town: Town, agent: Signed, month: Month = NOVEMBER) -> tuple[list[tuple[str, str, int]], int]:
    """Child, unit or else reason, and amount of each line of the only draft, and its total."""
    (draft,) = (await prepared(town, agent, month)).drafts
    with town.at_work():
        ((*lines,),) = await lines_of_invoices([draft.id])
    said = [(line.child, line.unit or line.detail[0].replace(NBSP, " "), line.total_cents) for line in lines]
    return said, draft.total_cents


async def test_a_month_under_the_minimum_is_raised_by_a_line_of_its_own_and_issued(opened: Callable[..., Town]) -> None:
    town = opened(FIVE_EUROS)
    _, agent = await cared_for(town, MONDAY, TUESDAY, second=(MONDAY, TUESDAY, THURSDAY))
    assert await lines_and_total(town, agent) == (
        [
            ("Enfant1 TEST", "Soir", 400),
            ("Enfant2 TEST", "Soir", 600),
            ("Enfant1 TEST", "Minimum mensuel, novembre 2026 : 4,00 € portés à 5,00 €", 100),
        ],
        1100,
    )
    (invoice,) = await issued(town, agent)
    with town.at_work():
        assert (await Invoice.get(id=invoice)).total_cents == 1100


async def test_a_day_checked_after_the_invoice_takes_back_what_the_minimum_had_added(
    opened: Callable[..., Town],
) -> None:
    town = opened(FIVE_EUROS)
    family, agent = await cared_for(town, MONDAY, TUESDAY)
    await issued_after_preparing(town, agent)
    await checked(town, agent, Check(family.child, CARE, "soir", THURSDAY, Presence.UNEXPECTED))
    town.on(date(2027, 1, 4))
    assert await lines_and_total(town, agent, DECEMBER) == (
        [
            ("Enfant1 TEST", "Soir", 200),
            ("Enfant1 TEST", "Minimum mensuel, novembre 2026 : 4,00 € portés à 5,00 € (déjà facturé, repris)", -100),
        ],
        100,
    )


async def test_an_absence_without_reason_is_priced_as_the_tariff_says(opened: Callable[..., Town]) -> None:
    town = opened(modifiers=(add(150, when=When.UNJUSTIFIED_ABSENCE, label="Absence non excusée"),))
    family, agent = await cared_for(town, MONDAY, TUESDAY)
    await checked(town, agent, Check(family.child, CARE, "soir", MONDAY, Presence.ABSENT_UNJUSTIFIED))
    assert await lines_and_total(town, agent) == (
        [("Enfant1 TEST", "Soir", 200), ("Enfant1 TEST", "Soir", 350)],
        550,
    )


async def test_a_week_across_two_months_is_one_week_on_two_invoices(opened: Callable[..., Town]) -> None:
    town = opened(WEEKLY)
    week = "Forfait semaine, semaine du lundi 30 novembre 2026"
    last_monday, tuesday = date(2026, 11, 30), date(2026, 12, 1)
    _, agent = await cared_for(town, last_monday, tuesday)
    await issued_after_preparing(town, agent)
    town.on(date(2027, 1, 4))
    await checked(town, agent, until=date(2026, 12, 31))
    assert await lines_and_total(town, agent, DECEMBER) == (
        [
            ("Enfant1 TEST", "Soir", 200),
            ("Enfant1 TEST", f"{week} : 2 venues, 4,50 € au lieu de 4,00 €", 50),
        ],
        250,
    )


async def test_the_second_child_of_a_day_pays_less_and_a_household_s_line_names_no_child(
    opened: Callable[..., Town],
) -> None:
    for_all = minimum(2000, label="Minimum du foyer", per=Per.HOUSEHOLD, spans=MONTH)
    town = opened(SIBLINGS, for_all)
    _, agent = await cared_for(town, MONDAY, TUESDAY, second=(MONDAY,))
    assert await lines_and_total(town, agent) == (
        [
            ("Enfant1 TEST", "Soir", 400),
            ("Enfant2 TEST", "Soir", 200),
            ("Enfant2 TEST", "Fratrie, le lundi 2 novembre 2026 : 2e enfant présent, 50 % de moins", -100),
            ("", "Minimum du foyer, novembre 2026 : 5,00 € portés à 20,00 €", 1500),
        ],
        2000,
    )


async def test_a_quotient_counts_from_the_day_that_the_commune_wrote_in_its_own_time_zone(
    opened: Callable[..., Town],
) -> None:
    town = opened(quotients=QuotientRule(Effect.NEXT_MONTH, retroactive=False))
    december = date(2026, 12, 3)
    family, agent = await cared_for(town, MONDAY, december)
    with town.at_work():
        await QuotientFamilial.filter(household_id=family.id).update(recorded_at=datetime(2026, 1, 1, tzinfo=UTC))
        await QuotientFamilial.create(
            household_id=family.id,
            euros=900,
            valid_from=date(2026, 10, 1),
            recorded_at=datetime(2026, 10, 31, 23, 30, tzinfo=UTC),  # 1 November in Paris: it counts from December
        )
    await checked(town, agent)
    assert await lines_and_total(town, agent) == ([("Enfant1 TEST", "Soir", 200)], 200)
    town.on(date(2027, 1, 4))
    await checked(town, agent, until=date(2026, 12, 31))
    assert await lines_and_total(town, agent, DECEMBER) == ([("Enfant1 TEST", "Soir", 300)], 300)


TEN_EUROS = maximum(1000, label="Plafond", per=Per.HOUSEHOLD, spans=MONTH)
HALF = volume_discount("0.5", from_unit=3, reach=Reach.ALL, label="Fidélité", per=Per.CHILD, spans=MONTH)
FRIDAY, SECOND_MONDAY = date(2026, 11, 6), date(2026, 11, 9)


@pytest.mark.parametrize(
    ("aggregate", "quotients", "first", "then", "invoiced"),
    [
        (TEN_EUROS, (900, 650), (MONDAY, TUESDAY, THURSDAY, FRIDAY), (SECOND_MONDAY,), (1000, 0)),
        (TEN_EUROS, (650, 900), (MONDAY, TUESDAY), (THURSDAY, FRIDAY, SECOND_MONDAY), (400, 600)),
        (FIVE_EUROS, (900, 650), (MONDAY,), (TUESDAY,), (500, 0)),
        (FIVE_EUROS, (900, 650), (MONDAY,), (TUESDAY, THURSDAY), (500, 200)),
        (FIVE_EUROS, (650, 900), (MONDAY,), (TUESDAY, THURSDAY), (500, 300)),
        (WEEKLY, (900, 650), (MONDAY, TUESDAY), (THURSDAY, SECOND_MONDAY), (450, 200)),
        (HALF, (900, 650), (MONDAY,), (TUESDAY, THURSDAY, FRIDAY), (300, 150)),
    ],
)
async def test_a_quotient_received_since_never_moves_what_was_invoiced_and_counted(
    opened: Callable[..., Town],
    aggregate: Aggregate,
    quotients: tuple[int, int],
    first: tuple[date, ...],
    then: tuple[date, ...],
    invoiced: tuple[int, int],
) -> None:
    town = opened(aggregate, quotients=QuotientRule(Effect.AT_ONCE, retroactive=True))
    family, agent = await cared_for(town, *first, quotient=quotients[0])
    await issued_after_preparing(town, agent)
    with town.at_work() as ctx:
        await QuotientFamilial.create(
            household_id=family.id, euros=quotients[1], valid_from=date(2026, 1, 1), recorded_at=ctx.now
        )
    came = [Check(family.child, CARE, "soir", day, Presence.UNEXPECTED) for day in then]
    await checked(town, agent, *came)
    town.on(date(2027, 1, 4))
    await prepared(town, agent, DECEMBER)
    with town.at_work():
        totals = (
            await Invoice.filter(household_id=family.id).order_by("period_first").values_list("total_cents", flat=True)
        )
    assert (*totals, 0)[:2] == invoiced


async def test_three_invoices_of_a_month_come_to_what_one_would(opened: Callable[..., Town]) -> None:
    town = opened(FIVE_EUROS)
    family, agent = await cared_for(town, MONDAY)
    await issued_after_preparing(town, agent)
    for month, today, day in (
        (DECEMBER, date(2027, 1, 4), (TUESDAY, THURSDAY)),
        (JANUARY, date(2027, 2, 1), (FRIDAY,)),
    ):
        town.on(today)
        await checked(town, agent, *(Check(family.child, CARE, "soir", one, Presence.UNEXPECTED) for one in day))
        await prepared(town, agent, month)
        await issued(town, agent, month)
    with town.at_work():
        totals = [row.total_cents for row in await Invoice.all().order_by("period_first")]
    assert totals == [500, 100, 200]


async def test_a_week_that_holds_the_first_of_september_counts_as_two(opened: Callable[..., Town]) -> None:
    town = opened(WEEKLY)
    family, agent = await add_family(town), await add_agent(town)
    town.on(FIRST_OF_DECEMBER)
    days = (date(2026, 8, 31), date(2026, 9, 1), date(2026, 9, 7), date(2026, 9, 8))
    await checked(town, agent, *(Check(family.child, CARE, "soir", day, Presence.UNEXPECTED) for day in days))
    lines, total = await lines_and_total(town, agent, Month(2026, 9))
    assert lines[1:] == [
        ("Enfant1 TEST", "Forfait semaine, semaine du lundi 7 septembre 2026 : 2 venues, 4,50 € au lieu de 4,00 €", 50)
    ]
    assert total == 4 * 200 + 50


async def issued_after_preparing(town: Town, agent: Signed) -> None:
    """The invoices of November, issued."""
    await prepared(town, agent)
    await issued(town, agent)
