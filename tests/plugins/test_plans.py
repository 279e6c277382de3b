"""Packages and cards: what they cost, what they cover, what is given back, and every explanation adds up."""

from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from plugins.rules.errors import RuleError
from plugins.rules.french import NBSP
from plugins.rules.grids import constant
from plugins.rules.modifiers import replace as replace_by
from plugins.rules.plans import Card, Plan, Prorata, card, plan
from plugins.rules.prices import Price, PriceLine, Residency, Situation
from plugins.rules.spans import MONTH, SCHOOL_YEAR, WEEK, terms
from plugins.rules.tariffs import Tariff, When, add, brackets, multiply, shift

MEALS = frozenset({"repas"})
CARE = frozenset({"matin", "soir"})
MONTHLY = plan(
    "Forfait mensuel", constant(5900), units=MEALS, spans=MONTH, prorata=Prorata.WHOLE, surcharges=(), refund=385
)
SHARED = plan("Forfait mensuel", constant(5900), units=MEALS, spans=MONTH, prorata=Prorata.BY_DAY, surcharges=())
TERMLY = plan(
    "Forfait trimestriel",
    *[constant(5000), constant(3700), constant(3700)],
    units=CARE,
    spans=terms(9, 1, 4),
    prorata=Prorata.WHOLE,
    surcharges=(),
)
YEARLY = plan(
    "Forfait annuel",
    constant(60_000),
    units=MEALS,
    spans=SCHOOL_YEAR,
    prorata=Prorata.WHOLE,
    surcharges=(),
    instalments=10,
)
TEN = card("Carte de 10 présences", constant(1800), units=CARE, count=10, surcharges=())


def on(day: date, unit: str = "repas") -> Situation:
    """A child of the commune on a day."""
    return Situation(day, unit, 650)


NOVEMBER = on(date(2026, 11, 3))


def plain(price: Price) -> list[tuple[str, int]]:
    """The lines with ordinary spaces."""
    return [(line.label.replace(NBSP, " "), line.cents) for line in price.lines]


def test_a_package_costs_the_same_whatever_the_number_of_units_and_covers_them() -> None:
    assert plain(MONTHLY.price(NOVEMBER)) == [("Forfait mensuel, novembre 2026 : Tarif unique", 5900)]
    assert (MONTHLY.covers("repas"), MONTHLY.covers("matin")) == (True, False)
    assert MONTHLY.unit_price() == Price(0, (PriceLine("Compris dans le forfait « Forfait mensuel »", 0),))


@pytest.mark.parametrize(("month", "cents"), [(9, 5000), (12, 5000), (1, 3700), (3, 3700), (4, 3700), (7, 3700)])
def test_each_term_has_its_price(month: int, cents: int) -> None:
    assert TERMLY.price(on(date(2026, month, 5), "soir")).cents == cents


@pytest.mark.parametrize(
    ("untaken", "back", "owed"), [(0, None, 5900), (2, "Non pris, remboursé : 2 × 3,85 €", 5130), (16, "", 0)]
)
def test_units_not_taken_are_given_back_never_more_than_the_package(untaken: int, back: str, owed: int) -> None:
    price = MONTHLY.price(NOVEMBER, untaken=untaken)
    assert price.cents == owed
    if back:
        assert plain(price)[1] == (back, -385 * untaken)
    assert SHARED.price(NOVEMBER, untaken=untaken).cents == 5900


@pytest.mark.parametrize(
    ("entered", "left", "lines"),
    [
        (date(2026, 11, 21), None, [("Entrée le samedi 21 novembre 2026 : 10 jours sur 30", -3933)]),
        (None, date(2026, 11, 1), [("Sortie le dimanche 1er novembre 2026 : 1 jour sur 30", -5703)]),
        (
            date(2026, 11, 11),
            date(2026, 11, 20),
            [("Entrée le mercredi 11 novembre 2026, sortie le vendredi 20 novembre 2026 : 10 jours sur 30", -3933)],
        ),
        (date(2026, 9, 1), date(2027, 7, 5), []),
        (date(2026, 12, 1), None, [("Hors du forfait pendant toute la période", -5900)]),
    ],
)
def test_the_author_writes_whether_a_span_entered_on_the_way_is_shared(
    entered: date | None, left: date | None, lines: list[tuple[str, int]]
) -> None:
    assert plain(SHARED.price(NOVEMBER, entered=entered, left=left))[1:] == lines
    whole = 0 if lines and lines[0][1] == -5900 else 5900
    assert MONTHLY.price(NOVEMBER, entered=entered, left=left).cents == whole


def test_a_yearly_package_is_paid_in_instalments_the_last_one_carrying_what_does_not_divide() -> None:
    prices = YEARLY.instalment_prices(NOVEMBER)
    assert [price.cents for price in prices] == [6000] * 10
    assert plain(prices[2]) == [("Forfait annuel : échéance 3 sur 10", 6000)]
    thirds = plan("F", constant(1000), units=MEALS, spans=MONTH, prorata=Prorata.WHOLE, surcharges=(), instalments=3)
    assert [price.cents for price in thirds.instalment_prices(NOVEMBER)] == [333, 333, 334]


def test_a_card_is_paid_with_its_first_presence() -> None:
    prices = [TEN.price(on(date(2026, 11, 3), "soir"), used=used) for used in (0, 1, 9, 10)]
    assert [plain(price) for price in prices] == [
        [("Carte de 10 présences, 10 présences : Tarif unique", 1800)],
        [("Carte de 10 présences : 2e sur 10", 0)],
        [("Carte de 10 présences : 10e sur 10", 0)],
        [("Carte de 10 présences, 10 présences : Tarif unique", 1800)],
    ]
    assert TEN.unit_price().lines == (PriceLine("Décompté de « Carte de 10 présences »", 0),)


@pytest.mark.parametrize(
    ("package", "said"),
    [
        (
            MONTHLY,
            "Forfait mensuel (par mois) : 59,00 € ; toute période commencée est due ; 3,85 € remboursés par unité non "
            "prise ; aucune majoration en plus",
        ),
        (
            SHARED,
            "Forfait mensuel (par mois) : 59,00 € ; au prorata des jours du calendrier ; aucune majoration en plus",
        ),
        (
            TERMLY,
            "Forfait trimestriel (par trimestre) : 50,00 €, puis 37,00 €, puis 37,00 € ; toute période commencée est "
            "due ; aucune majoration en plus",
        ),
        (
            YEARLY,
            "Forfait annuel (par année scolaire) : 600,00 € ; en 10 échéances ; toute période commencée est due ; "
            "aucune majoration en plus",
        ),
        (TEN, "Carte de 10 présences (10 présences) : 18,00 € ; aucune majoration en plus"),
        (
            replace(SHARED, surcharges=("Hors délai", "Imprévu")),
            "Forfait mensuel (par mois) : 59,00 € ; au prorata des jours du calendrier ; en plus, par jour : "
            "« Hors délai » et « Imprévu »",
        ),
    ],
)
def test_packages_say_themselves(package: Plan | Card, said: str) -> None:
    assert package.say().replace(NBSP, " ") == said


def test_packages_that_contradict_themselves_are_refused() -> None:
    price = constant(100)
    with pytest.raises(RuleError, match="covers no unit"):
        plan("F", price, units=frozenset(), spans=MONTH, prorata=Prorata.WHOLE, surcharges=())
    with pytest.raises(RuleError, match="has 2 prices: write 1, or 3"):
        plan("F", price, price, units=CARE, spans=terms(9, 1, 4), prorata=Prorata.WHOLE, surcharges=())
    with pytest.raises(RuleError, match="has 2 prices: write 1, or 1"):
        plan("F", price, price, units=CARE, spans=WEEK, prorata=Prorata.WHOLE, surcharges=())
    with pytest.raises(RuleError, match="0 instalments"):
        plan("F", price, units=CARE, spans=MONTH, prorata=Prorata.WHOLE, surcharges=(), instalments=0)
    with pytest.raises(RuleError, match="refund of the plan « F »: -1 cents"):
        plan("F", price, units=CARE, spans=MONTH, prorata=Prorata.WHOLE, surcharges=(), refund=-1)
    with pytest.raises(RuleError, match="label of the plan ''"):
        plan("", price, units=CARE, spans=MONTH, prorata=Prorata.WHOLE, surcharges=())
    with pytest.raises(RuleError, match="of 1 presences"):
        card("C", price, units=CARE, count=1, surcharges=())
    with pytest.raises(RuleError, match="covers no unit"):
        card("C", price, units=frozenset(), count=10, surcharges=())
    with pytest.raises(RuleError, match="-1 units to give back"):
        MONTHLY.price(NOVEMBER, untaken=-1)
    with pytest.raises(RuleError, match="-1 presences used"):
        TEN.price(NOVEMBER, used=-1)


def test_a_tariff_knows_its_packages_and_what_they_cover_costs_nothing_by_the_day() -> None:
    tariff = Tariff({"repas": constant(450), "matin": constant(200)}, plans={"mois": MONTHLY})
    prices = {unit: tariff.price(replace(on(NOVEMBER.day, unit), plan="mois")) for unit in tariff.units}
    assert prices == {"repas": MONTHLY.unit_price(), "matin": Price(200, (PriceLine("Tarif unique", 200),))}
    assert tariff.say().splitlines()[-1] == MONTHLY.say()
    with pytest.raises(RuleError, match="plan 'annee' has no price: this tariff knows mois"):
        tariff.price(replace(NOVEMBER, plan="annee"))
    with pytest.raises(RuleError, match="« Forfait mensuel »: unit 'repas' has no price in this tariff"):
        Tariff({"matin": constant(200)}, plans={"mois": MONTHLY})


SURCHARGES = (
    add(-100, when=When.from_rank(2), label="Fratrie"),
    multiply("1.5", when=When.LATE, label="Hors délai"),
    add(200, when=When.OUTSIDE, label="Hors commune"),
    replace_by(1000, when=When.NOT_BOOKED, label="Imprévu"),
)


@pytest.mark.parametrize(
    ("facts", "none", "late", "both"),
    [
        ({}, 0, 0, 0),
        ({"late": True}, 0, 225, 225),
        ({"late": True, "residency": Residency.OUTSIDE, "child_rank": 2}, 0, 225, 225),
        ({"booked": False}, 0, 0, 1000),
        ({"booked": False, "late": True}, 0, 225, 1000),
    ],
)
def test_a_package_keeps_the_surcharges_that_its_author_wrote_and_no_other(
    facts: dict[str, Any], none: int, late: int, both: int
) -> None:
    packages = {
        "none": MONTHLY,
        "late": replace(MONTHLY, label="A", surcharges=("Hors délai",)),
        "both": replace(MONTHLY, label="B", surcharges=("Hors délai", "Imprévu")),
    }
    tariff = Tariff({"repas": constant(450)}, SURCHARGES, plans=packages)
    prices = [tariff.price(replace(NOVEMBER, plan=code, **facts)) for code in packages]
    assert [price.cents for price in prices] == [none, late, both]
    assert [price.lines[0].cents for price in prices] == [0, 0, 0]


@pytest.mark.parametrize("label", ["Hors délais", "Tranche"])
def test_a_package_that_keeps_no_surcharge_of_its_tariff_is_refused(label: str) -> None:
    down = shift(-1, when=When.from_rank(2), label="Tranche")
    prices = {"repas": brackets((0, 400, 100), (401, None, 350), without_qf=350)}
    package = replace(MONTHLY, surcharges=(label,))
    with pytest.raises(RuleError, match=f"« Forfait mensuel » keeps the surcharge « {label} »: write the label of"):
        Tariff(prices, (down, *SURCHARGES), plans={"mois": package})
    with pytest.raises(RuleError, match="surcharges"):
        replace(MONTHLY, surcharges=("Hors délai", "Hors délai"))


days = st.dates(date(2026, 1, 1), date(2027, 12, 31))


@given(days, st.none() | days, st.none() | days, st.integers(0, 30), st.sampled_from(Prorata), st.integers(0, 900))
def test_a_package_is_never_below_zero_nor_above_its_price(
    day: date, entered: date | None, left: date | None, untaken: int, prorata: Prorata, refund: int
) -> None:
    package = plan("F", constant(5900), units=MEALS, spans=MONTH, prorata=prorata, surcharges=(), refund=refund)
    price = package.price(on(day), entered=entered, left=left, untaken=untaken)
    assert 0 <= price.cents <= 5900


@given(st.integers(0, 100_000), st.integers(1, 12))
def test_instalments_add_up_to_the_package(cents: int, number: int) -> None:
    package = plan(
        "F", constant(cents), units=MEALS, spans=SCHOOL_YEAR, prorata=Prorata.WHOLE, surcharges=(), instalments=number
    )
    assert sum(price.cents for price in package.instalment_prices(NOVEMBER)) == cents
