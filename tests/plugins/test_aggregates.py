"""What the priced days of a household make together: minimums, maximums, discounts, packages that switch on."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date

import pytest

from plugins.rules.aggregates import (
    Adjustment,
    Aggregate,
    Charge,
    Per,
    Reach,
    adjustments,
    child_discount,
    later_adjustments,
    maximum,
    minimum,
    refuse_order,
    switch_to,
    volume_discount,
)
from plugins.rules.conditions import When
from plugins.rules.errors import RuleError
from plugins.rules.french import NBSP
from plugins.rules.grids import constant
from plugins.rules.plans import Prorata, plan
from plugins.rules.prices import Price, PriceLine, Situation
from plugins.rules.spans import DAY, MONTH, WEEK
from plugins.rules.tariffs import Tariff

ORCHES = minimum(500, label="Minimum mensuel", per=Per.CHILD, spans=MONTH, when=When.OCCASIONAL)
A_DAY = maximum(700, label="Plafond du jour", per=Per.CHILD, spans=DAY)
A_MONTH = maximum(2000, label="Plafond du foyer", per=Per.HOUSEHOLD, spans=MONTH)
HOME_A_DAY = maximum(900, label="Plafond du foyer", per=Per.HOUSEHOLD, spans=DAY)
TENTH = volume_discount("0.1", from_unit=3, reach=Reach.THOSE_FROM_THERE, label="Fidélité", per=Per.CHILD, spans=MONTH)
ON_ALL = volume_discount("0.1", from_unit=3, reach=Reach.ALL, label="Fidélité", per=Per.CHILD, spans=MONTH)
SIBLINGS = child_discount("0.2", from_child=2, label="Fratrie")
WEDNESDAYS = frozenset({"mercredi"})
PACKAGE = plan("Forfait mensuel", constant(4500), units=WEDNESDAYS, spans=MONTH, prorata=Prorata.WHOLE, surcharges=())
MASSY = switch_to(PACKAGE, from_day=2)


def charge(
    day: int,
    cents: int,
    child: str = "Léa",
    rank: int = 1,
    unit: str = "mercredi",
    *,
    month: int = 11,
    regular: bool = True,
) -> Charge:
    """A priced unit of 2026."""
    situation = Situation(date(2026, month, day), unit, 650, child_rank=rank, regular=regular)
    return Charge(child, situation, Price(cents, (PriceLine("Tarif unique", cents),)))


def said(lines: tuple[Adjustment, ...]) -> list[tuple[str | None, str, int]]:
    """Whose, why and how much, with ordinary spaces."""
    return [(line.child, line.label.replace(NBSP, " "), line.cents) for line in lines]


def test_what_an_occasional_child_owes_for_a_month_is_raised_to_the_minimum() -> None:
    charges = [charge(4, 150, regular=False), charge(18, 200, regular=False), charge(4, 100, "Tom")]
    charges += [charge(2, 500, regular=False, month=12)]
    assert said(adjustments([ORCHES], charges)) == [
        ("Léa", "Minimum mensuel, novembre 2026 : 3,50 € portés à 5,00 €", 150)
    ]


def test_a_maximum_lowers_what_goes_beyond_it_child_by_child_then_for_the_household() -> None:
    charges = [charge(4, 500), charge(4, 400, unit="repas"), charge(5, 700, "Tom"), charge(6, 900, "Tom")]
    assert said(adjustments([A_DAY, A_MONTH], charges)) == [
        ("Léa", "Plafond du jour, le mercredi 4 novembre 2026 : 9,00 € ramenés à 7,00 €", -200),
        ("Tom", "Plafond du jour, le vendredi 6 novembre 2026 : 9,00 € ramenés à 7,00 €", -200),
        (None, "Plafond du foyer, novembre 2026 : 21,00 € ramenés à 20,00 €", -100),
    ]


@pytest.mark.parametrize(
    ("discount", "lines"),
    [
        (TENTH, [("Léa", "Fidélité, novembre 2026 : 10 % de moins sur 2 unités", -70)]),
        (ON_ALL, [("Léa", "Fidélité, novembre 2026 : 10 % de moins sur 4 unités", -100)]),
    ],
)
def test_a_discount_by_number_lowers_the_following_units_or_all(
    discount: Aggregate, lines: list[tuple[str, str, int]]
) -> None:
    charges = [charge(4, 100), charge(5, 200), charge(12, 300), charge(18, 400), charge(4, 500, "Tom")]
    assert said(adjustments([discount], charges)) == lines
    assert adjustments([discount], charges[:2]) == ()


def test_the_second_child_present_the_same_day_pays_less_whatever_its_place_in_the_list() -> None:
    charges = [charge(4, 500, "Ana", 3), charge(4, 500, "Tom", 2), charge(4, 500, "Zoé", 1), charge(5, 500, "Tom", 2)]
    assert said(adjustments([SIBLINGS], charges)) == [
        ("Tom", "Fratrie, le mercredi 4 novembre 2026 : 2e enfant présent, 20 % de moins", -100),
        ("Ana", "Fratrie, le mercredi 4 novembre 2026 : 3e enfant présent, 20 % de moins", -100),
    ]


def test_from_the_second_visit_of_the_month_the_package_takes_the_place_of_the_days() -> None:
    one = [charge(4, 1200), charge(4, 300, unit="repas")]
    assert adjustments([MASSY], one) == ()
    assert said(adjustments([MASSY], [*one, charge(18, 1200)])) == [
        ("Léa", "Forfait mensuel, novembre 2026 : 2 venues, 45,00 € au lieu de 24,00 €", 2100)
    ]
    many = [charge(day, 1200) for day in (4, 18, 25)] + [charge(day, 1200) for day in (11, 28)]
    assert said(adjustments([MASSY], many)) == [
        ("Léa", "Forfait mensuel, novembre 2026 : 5 venues, 45,00 € au lieu de 60,00 €", -1500)
    ]


def test_an_aggregate_counts_the_lines_of_those_before_it() -> None:
    charges = [charge(4, 500, "Zoé", 1), charge(4, 500, "Tom", 2)]
    a_day = maximum(950, label="Plafond", per=Per.HOUSEHOLD, spans=DAY)
    assert [line.cents for line in adjustments([SIBLINGS, a_day], charges)] == [-100]
    assert [line.cents for line in adjustments([a_day, SIBLINGS], charges)] == [-50, -100]


def test_an_aggregate_on_some_units_leaves_aside_the_lines_of_the_others() -> None:
    on_meals = minimum(700, label="Minimum repas", per=Per.CHILD, spans=MONTH, units=frozenset({"repas"}))
    charges = [charge(4, 300, unit="repas"), charge(4, 1200), charge(18, 1200)]
    assert [line.cents for line in adjustments([MASSY, on_meals], charges)] == [2100, 400]


def test_an_aggregate_in_some_situations_leaves_aside_the_lines_of_the_others() -> None:
    charges = [charge(4, 200, regular=False), *(charge(day, 1000) for day in (5, 12, 18))]
    assert [line.cents for line in adjustments([ON_ALL, ORCHES], charges)] == [-320, 300]
    capped = maximum(300, label="Plafond", per=Per.CHILD, spans=DAY, when=When.OCCASIONAL)
    of_the_occasional = [charge(day, 400, regular=False) for day in (4, 5)]
    assert [line.cents for line in adjustments([capped, ORCHES], of_the_occasional)] == [-100, -100]
    low = maximum(200, label="Plafond", per=Per.CHILD, spans=DAY, when=When.OCCASIONAL)
    assert [line.cents for line in adjustments([low, ORCHES], of_the_occasional)] == [-200, -200, 100]


def test_a_minimum_asks_nothing_of_who_owes_nothing() -> None:
    assert adjustments([ORCHES], [charge(4, 0, regular=False), charge(18, 0, regular=False)]) == ()


def test_a_package_that_takes_over_keeps_the_surcharges_that_its_author_wrote() -> None:
    late = Price(1350, (PriceLine("Tarif unique", 1200), PriceLine("Hors délai", 150)))
    charges = [replace(charge(4, 0), price=late), charge(18, 1200)]
    paid = [
        sum(line.cents for line in adjustments([switch_to(replace(PACKAGE, surcharges=kept), from_day=2)], charges))
        for kept in ((), ("Hors délai",))
    ]
    assert [1350 + 1200 + cents for cents in paid] == [4500, 4500 + 150]


def test_what_is_invoiced_later_makes_the_difference_with_what_was_invoiced() -> None:
    invoiced, due = [charge(4, 350, regular=False)], [charge(18, 200, regular=False)]
    made = adjustments([ORCHES], invoiced)
    assert said(later_adjustments([ORCHES], invoiced, made, due)) == [
        ("Léa", "Minimum mensuel, novembre 2026 : 3,50 € portés à 5,00 € (déjà facturé, repris)", -150)
    ]
    assert later_adjustments([ORCHES], invoiced, made, []) == ()
    assert later_adjustments([ORCHES], [], [], [*invoiced, *due]) == adjustments([ORCHES], [*invoiced, *due])
    assert later_adjustments([ORCHES], invoiced, made, [charge(2, 600, regular=False, month=12)]) == ()


@pytest.mark.parametrize(
    ("aggregate", "text"),
    [
        (ORCHES, "Minimum mensuel (par enfant et par mois, occasionnel) : 5,00 €"),
        (A_MONTH, "Plafond du foyer (par foyer et par mois) : 20,00 €"),
        (TENTH, "Fidélité (par enfant et par mois) : 10 % de moins à partir de la 3e unité, sur les suivantes"),
        (SIBLINGS, "Fratrie (le même jour) : 20 % de moins à partir du 2e enfant présent"),
        (
            MASSY,
            "Forfait mensuel (par mois) : 45,00 € ; toute période commencée est due ; "
            "aucune majoration en plus ; à la place du prix par jour, dès la 2e venue",
        ),
    ],
)
def test_aggregates_say_themselves(aggregate: Aggregate, text: str) -> None:
    assert aggregate.say().replace(NBSP, " ") == text


@pytest.mark.parametrize(
    ("aggregates", "message"),
    [
        ([A_MONTH, maximum(9, label="A", per=Per.HOUSEHOLD, spans=WEEK)], "its spans are finer"),
        ([A_MONTH, ORCHES], "a child's sum misses the household's line"),
        ([HOME_A_DAY, SIBLINGS, ORCHES], "« Minimum mensuel » after « Plafond du foyer »: a child's sum misses"),
        ([ORCHES, ORCHES], "labels of aggregates: Minimum mensuel appears more than once"),
    ],
)
def test_an_order_in_which_a_line_would_be_missed_is_refused(aggregates: list[Aggregate], message: str) -> None:
    with pytest.raises(RuleError, match=message):
        refuse_order(aggregates)
    refuse_order([SIBLINGS, A_DAY, ORCHES, A_MONTH])
    refuse_order([HOME_A_DAY, SIBLINGS])


@pytest.mark.parametrize(
    ("build", "message"),
    [
        (lambda: minimum(-1, label="M", per=Per.CHILD, spans=MONTH), "minimum « M »: -1 cents"),
        (lambda: maximum(-1, label="M", per=Per.CHILD, spans=MONTH), "maximum « M »: -1 cents"),
        (lambda: minimum(1, label=" M", per=Per.CHILD, spans=MONTH), "label of the aggregate ' M'"),
        (lambda: child_discount("1.1", from_child=2, label="F"), "takes 1.1 off"),
        (lambda: child_discount("0.1", from_child=1, label="F"), "« F » from 1: write 2 or more"),
        (lambda: switch_to(PACKAGE, from_day=0), "from day 0"),
    ],
)
def test_aggregates_that_contradict_themselves_are_refused(build: Callable[[], Aggregate], message: str) -> None:
    with pytest.raises(RuleError, match=message):
        build()


def test_a_tariff_says_its_aggregates_and_refuses_those_that_miss_one_another() -> None:
    prices = {"mercredi": constant(1200)}
    assert Tariff(prices, aggregates=(MASSY,)).say().splitlines() == [
        f"mercredi : {constant(1200).say()}",
        MASSY.say(),
    ]
    with pytest.raises(RuleError, match="its spans are finer"):
        Tariff(prices, aggregates=(A_MONTH, A_DAY))
    with pytest.raises(RuleError, match="« Forfait mensuel »: unit 'mercredi' has no price in this tariff"):
        Tariff({"repas": constant(300)}, aggregates=(MASSY,))
