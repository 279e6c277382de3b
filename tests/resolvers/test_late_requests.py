"""Who comes late: told first what it costs, counted, refused past the tolerance; and the least booked at once."""

from dataclasses import replace
from datetime import date, datetime, time, timedelta
from types import SimpleNamespace
from typing import Any
from uuid import UUID

import pytest

from plugins import hookspecs
from plugins.hookspecs import hookimpl
from plugins.rules.actions import Action
from plugins.rules.blocks import Block, DaysAPeriod, DaysAWeek, WholeWeeks
from plugins.rules.booking import BookingRules
from plugins.rules.calendar import SchoolYear
from plugins.rules.catalogue import Activity, Catalogue
from plugins.rules.french import NBSP
from plugins.rules.quotas import Quota, QuotaSpan, StrikeEvent, Strikes
from resolvers.agenda.bookings import CommitMode, agenda, preview
from resolvers.agenda.plans import Plan, Window
from resolvers.families.households import households_of
from resolvers.models import Attendance, BookingChange
from resolvers.models.bookings import Presence
from resolvers.models.keys import new_key
from schema.portal import schema
from schema.relay import global_id
from tests.orders import book, live, order, wish
from tests.towns import Family, Town, add_family, statements
from tests.village import village

pytestmark = [pytest.mark.anyio, pytest.mark.database]

MONDAY, TUESDAY, THURSDAY, FRIDAY = (date(2026, 11, day) for day in (2, 3, 5, 6))
PREVIEW = """mutation($input: BookingsPreviewInput!) { bookingsPreview(input: $input) {
  plan { notices units { day verdict notice price { total { amount } } } } userErrors { code } } }"""


def with_rules(town: Town, *, ends_at: time | None = None, **changed: Any) -> Town:
    """The village of the tests, whose booking rules have something more; its units end at an hour when one is given."""
    usual = village()

    @hookimpl
    def booking_rules(activity: Activity) -> BookingRules:
        return replace(usual.ask(hookspecs.booking_rules, activity=activity), **changed)

    @hookimpl
    def catalogue(year: SchoolYear) -> Catalogue:
        offered = usual.ask(hookspecs.catalogue, year=year)
        activities = (
            replace(activity, units=tuple(replace(unit, ends_at=ends_at) for unit in activity.units))
            for activity in offered.activities
        )
        return replace(offered, activities=tuple(activities))

    town.commune = usual.trying(SimpleNamespace(booking_rules=booking_rules, catalogue=catalogue))
    return town


async def day_care(town: Town, *children: str) -> Family:
    """A family of the village whose children are enrolled."""
    return await add_family(town, children=children or ("Enfant1",), enrolled=("accueil",))


def mornings(family: Family, *days: date, child: UUID | None = None) -> Any:
    """These mornings of November and no other."""
    return order(wish(child or family.child, "accueil", *((day, "matin") for day in days)))


async def previewed(town: Town, family: Family, wanted: Any) -> Plan:
    """What the family is told before it confirms."""
    with town.asked_by(family.parent) as ctx:
        return await preview(ctx, wanted)


async def test_a_late_booking_tells_what_it_costs_more_before_it_is_confirmed(scarce: Town) -> None:
    family = await day_care(scarce)
    scarce.on(date(2026, 11, 1))  # the Sunday before: too late for an ordinary booking of Monday
    child = global_id("Child", family.child)
    ticks = [{"day": day.isoformat(), "units": ["matin"]} for day in (MONDAY, THURSDAY)]
    selections = [{"childId": child, "activity": "accueil", "ticks": ticks}]
    asked = {"firstDay": "2026-11-02", "lastDay": "2026-11-05", "selections": selections}
    with scarce.asked_by(family.parent) as ctx:
        answer = await schema.execute(PREVIEW, {"input": asked}, context_value=ctx)
    assert answer.errors is None
    plan = (answer.data or {})["bookingsPreview"]["plan"]
    assert plan["notices"] == []
    assert [unit for unit in plan["units"] if unit["verdict"] == "BOOKABLE"] == [
        {
            "day": "2026-11-02",
            "verdict": "BOOKABLE",
            "notice": f"Une réservation tardive coûte 1{NBSP}€ de plus. Supplément : 1,00{NBSP}€.",
            "price": {"total": {"amount": "3.00"}},
        },
        {"day": "2026-11-05", "verdict": "BOOKABLE", "notice": None, "price": {"total": {"amount": "2.00"}}},
    ]


async def test_late_bookings_are_counted_from_the_log_and_one_too_many_is_refused(scarce: Town) -> None:
    town = with_rules(scarce, quotas=(Quota(2, QuotaSpan.MONTH, Action.BOOK),))
    family = await day_care(town, "Enfant1", "Enfant2")
    second = family.children["Enfant2"]
    town.on(date(2026, 11, 1))
    await book(town, family.parent, mornings(family, MONDAY))
    town.on(date(2026, 11, 2))
    await book(town, family.parent, mornings(family, MONDAY, TUESDAY))
    town.on(date(2026, 11, 4))
    third = mornings(family, MONDAY, TUESDAY, THURSDAY, date(2026, 11, 9))
    done = await book(town, family.parent, third, CommitMode.BEST_EFFORT)
    assert [(unit.day, unit.verdict.name, unit.message) for unit in done.refused] == [
        (
            THURSDAY,
            "LATE_QUOTA",
            "Enfant1 : Matin du jeudi 5 novembre 2026 : hors délai. 2 ajouts tardifs sont déjà faits, 2 au plus par "
            "mois : plus aucun jusqu'au lundi 30 novembre 2026. Contactez le service.",
        )
    ]
    assert done.receipt_id is not None  # the 9th is in time, and no tolerance is needed
    await book(town, family.parent, mornings(family, THURSDAY, child=second))  # each child has its own
    with town.at_work():
        late = await BookingChange.filter(late=True).order_by("at")
    assert [(line.child_id, line.day) for line in late] == [
        (family.child, MONDAY),
        (family.child, TUESDAY),
        (second, THURSDAY),
    ]


async def test_several_late_bookings_of_one_order_are_counted_together(scarce: Town) -> None:
    town = with_rules(scarce, quotas=(Quota(1, QuotaSpan.SCHOOL_YEAR, Action.BOOK),))
    family = await day_care(town)
    town.on(date(2026, 11, 1))
    both = order(wish(family.child, "accueil", (MONDAY, "matin"), (MONDAY, "apres-midi")))
    plan = await previewed(town, family, both)
    done = await book(town, family.parent, both, CommitMode.BEST_EFFORT)
    assert [(unit.unit.code, unit.verdict.name) for unit in plan.refused] == [("apres-midi", "LATE_QUOTA")]
    assert [unit.unit for unit in done.refused] == ["apres-midi"]


async def test_strikes_are_told_with_their_effect_and_refuse_nothing(scarce: Town) -> None:
    strikes = Strikes(StrikeEvent.NOT_BOOKED, 3, QuotaSpan.SCHOOL_YEAR, "l'accès est refusé")
    town = with_rules(scarce, strikes=strikes)
    family = await day_care(town)
    with town.at_work() as ctx:
        for offset in (0, 1, 400):  # the last one is of the year before
            await Attendance.create(
                household_id=family.id,
                child_id=family.child,
                activity="accueil",
                unit="matin",
                day=date(2026, 9, 14) - timedelta(days=offset),
                presence=Presence.UNEXPECTED,
                recorded_by=new_key(),
                recorded_at=ctx.now,
            )
    plan = await previewed(town, family, mornings(family, MONDAY))
    assert (plan.notices, len(plan.changes)) == (
        (
            "Enfant1, Accueil : 2 présences sans réservation ; dès 3 présences sans réservation par année scolaire, "
            "l'accès est refusé (compté jusqu'au mardi 31 août 2027).",
        ),
        1,
    )


async def test_late_pick_ups_are_counted_by_the_end_of_the_unit_on_the_clocks_of_the_commune(scarce: Town) -> None:
    strikes = Strikes(StrikeEvent.LATE_PICK_UP, 3, QuotaSpan.SCHOOL_YEAR, "un courrier est envoyé")
    town = with_rules(scarce, ends_at=time(12), strikes=strikes)
    family = await day_care(town)
    with town.at_work() as ctx:
        for day, minute in ((1, 0), (2, 1), (3, 30)):  # noon sharp is in time
            await Attendance.create(
                household_id=family.id,
                child_id=family.child,
                activity="accueil",
                unit="matin",
                day=date(2026, 10, day),
                presence=Presence.PRESENT,
                recorded_by=new_key(),
                recorded_at=ctx.now,
                left_at=datetime(2026, 10, day, 12, minute, tzinfo=town.commune.tz),
            )
    assert (await previewed(town, family, mornings(family, MONDAY))).notices == (
        "Enfant1, Accueil : 2 retards après la fermeture ; dès 3 retards après la fermeture par année scolaire, un "
        "courrier est envoyé (compté jusqu'au mardi 31 août 2027).",
    )


WEEK = (MONDAY, TUESDAY, THURSDAY, FRIDAY)


@pytest.mark.parametrize(
    ("block", "days", "said"),
    [
        (WholeWeeks(), WEEK, None),
        (
            WholeWeeks(),
            WEEK[:3],
            "La semaine du lundi 2 novembre 2026 se réserve entière : il manque le vendredi 6 novembre 2026.",
        ),
        (DaysAWeek(2, with_public_holiday=1), WEEK[:2], None),
        (
            DaysAWeek(2, with_public_holiday=1),
            WEEK[:1],
            "Semaine du lundi 2 novembre 2026 : 2 jours au moins, 1 réservé.",
        ),
        (DaysAWeek(2, with_public_holiday=1), (date(2026, 11, 9),), None),  # the 11th is a public holiday
        (DaysAPeriod(5), (*WEEK, date(2026, 11, 9)), None),
        (DaysAPeriod(5), WEEK, "Période : 5 jours au moins, 4 réservés."),
    ],
)
async def test_less_than_the_least_booking_is_refused(
    scarce: Town, block: Block, days: tuple[date, ...], said: str | None
) -> None:
    town = with_rules(scarce, block=block)
    family = await day_care(town)
    plan = await previewed(town, family, mornings(family, *days))
    refusals = {(unit.verdict.name, unit.reason.message) for unit in plan.refused if unit.reason}
    assert refusals == ({("LEAST_BOOKING", f"{said} Ajoutez ce qui manque, ou retirez tout.")} if said else set())
    assert len(plan.changes) == (0 if said else len(days))


async def test_what_is_booked_beside_the_window_counts_in_the_least_booking(scarce: Town) -> None:
    town = with_rules(scarce, block=DaysAWeek(2, with_public_holiday=1))
    family = await day_care(town)
    await book(town, family.parent, mornings(family, MONDAY, TUESDAY))
    thursday = replace(mornings(family, THURSDAY), window=Window(THURSDAY, FRIDAY))
    assert (await book(town, family.parent, thursday)).refused == ()
    left = await previewed(town, family, replace(mornings(family, TUESDAY), window=Window(MONDAY, TUESDAY)))
    assert [unit.day.day for unit in left.changes] == [MONDAY]
    alone = await book(town, family.parent, mornings(family, THURSDAY), CommitMode.BEST_EFFORT)
    assert [unit.verdict.name for unit in alone.refused] == ["LEAST_BOOKING", "LEAST_BOOKING"]
    await book(town, family.parent, mornings(family))
    assert await live(town) == set()


async def test_what_is_counted_costs_one_statement_each_and_nothing_where_nobody_counts(scarce: Town) -> None:
    family = await day_care(scarce)
    strikes = Strikes(StrikeEvent.NOT_BOOKED, 3, QuotaSpan.MONTH, "l'accès est refusé")
    sent = []
    for changed in ({}, {"quotas": (Quota(1, QuotaSpan.MONTH, Action.BOOK),)}, {"strikes": strikes}):
        town = with_rules(scarce, **changed)
        with town.asked_by(family.parent) as ctx:
            (household,) = await households_of(ctx)
            with statements() as counted:
                await agenda(ctx, household, Window(MONDAY, FRIDAY), frozenset())
        sent.append(len(counted))
    assert sent == [sent[0], sent[0] + 1, sent[0] + 1]
