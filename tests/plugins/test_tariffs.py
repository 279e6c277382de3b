"""Tariffs: base prices, modifiers and extras together, and the explanation that adds up to the price."""

from collections.abc import Callable
from decimal import Decimal

import pytest

from plugins.rules.errors import RuleError
from plugins.rules.french import NBSP
from plugins.rules.prices import exact_number
from plugins.rules.quotas import QuotaSpan
from plugins.rules.tariffs import (
    BasePrice,
    Price,
    PriceLine,
    Situation,
    Tariff,
    When,
    add,
    add_share,
    brackets,
    by_child_rank,
    by_residency,
    by_time,
    choose,
    constant,
    effort,
    multiply,
    replace,
    shift,
)
from tests.plugins.pricing import DAY, OUTSIDE

CANTEEN = Tariff(
    {"repas": constant(285), "garderie": constant(130)},
    (
        add(200, when=When.NOT_BOOKED, label="Sans réservation", units=frozenset({"repas"})),
        multiply("1.5", when=When.LATE, label="Hors délai, +50 %"),
        add(-500, when=When.SIBLING_PRESENT, label="Frère ou sœur présent", units=frozenset({"garderie"})),
        replace(400, when=When.OUTSIDE, label="Tarif hors commune", units=frozenset({"repas"})),
    ),
)


@pytest.mark.parametrize(
    ("situation", "price"),
    [
        (Situation(DAY, "repas", None), Price(285, (PriceLine("Tarif unique", 285),))),
        (
            Situation(DAY, "repas", None, late=True),
            Price(428, (PriceLine("Tarif unique", 285), PriceLine("Hors délai, +50 %", 143))),
        ),
        (
            Situation(DAY, "repas", None, booked=False, late=True),
            Price(
                728,
                (
                    PriceLine("Tarif unique", 285),
                    PriceLine("Sans réservation", 200),
                    PriceLine("Hors délai, +50 %", 243),
                ),
            ),
        ),
        (Situation(DAY, "garderie", None, booked=False), Price(130, (PriceLine("Tarif unique", 130),))),
        (
            Situation(DAY, "garderie", None, siblings_present=1),
            Price(0, (PriceLine("Tarif unique", 130), PriceLine("Frère ou sœur présent", -130))),
        ),
        (
            Situation(DAY, "repas", None, residency=OUTSIDE, late=True),
            Price(400, (PriceLine("Tarif hors commune", 400),)),
        ),
    ],
)
def test_modifiers_apply_in_the_order_written(situation: Situation, price: Price) -> None:
    assert CANTEEN.price(situation) == price


def test_a_tariff_can_be_proof_read() -> None:
    tariff = Tariff(
        {
            "repas": by_residency(
                resident=brackets((0, 400, 100), (401, None, 350), without_qf=350), outside=constant(600)
            ),
            "soir": by_child_rank(effort("0.0036", floor=260, cap=450, without_qf=450, qf_floor=200), constant(200)),
            "matin": effort("0.002", floor=0, cap=450, without_qf=450, qf_cap=2500),
        },
        (
            *CANTEEN.modifiers[1:2],
            add(150, when=When.LATE, label="Frais"),
            replace(0, when=When.OUTSIDE, label="Offert"),
        ),
    )
    assert tariff.say().replace(NBSP, " ").splitlines() == [
        "repas : commune, QF de 0 à 400 : 1,00 € ; commune, QF 401 et plus : 3,50 € ; "
        "commune, QF entre deux tranches : tranche inférieure ; commune, sans QF : 3,50 € ; hors commune : 6,00 €",
        "soir : 1er enfant : 0,36 % du QF (au moins 200), de 2,60 € à 4,50 € ; 1er enfant, sans QF : 4,50 € ; "
        "2e enfant et suivants : 2,00 €",
        "matin : 0,2 % du QF (au plus 2500), de 0,00 € à 4,50 € ; sans QF : 4,50 €",
        "Hors délai, +50 % : × 1,5",
        "Frais (hors délai) : +1,50 €",
        "Offert (hors commune) : 0,00 €",
    ]


def test_a_tariff_knows_its_units_and_refuses_the_others() -> None:
    assert CANTEEN.units == frozenset({"repas", "garderie"})
    with pytest.raises(RuleError, match="unit 'piscine' has no price: this tariff knows garderie, repas"):
        CANTEEN.price(Situation(DAY, "piscine", None))


def test_a_tariff_cannot_be_changed_once_written() -> None:
    written: dict[str, BasePrice] = {"repas": constant(285)}
    tariff = Tariff(written)
    written["repas"] = constant(1)
    assert tariff.price(Situation(DAY, "repas", None)).cents == 285
    with pytest.raises(TypeError):
        tariff.prices["repas"] = constant(1)  # type: ignore[index]


def test_what_cannot_be_a_tariff_is_refused() -> None:
    with pytest.raises(RuleError, match="write one for each unit"):
        Tariff({})
    with pytest.raises(RuleError, match="modifier « Majoration »: unit 'gouter' has no price in this tariff"):
        Tariff({"repas": constant(1)}, (add(1, when=When.LATE, label="Majoration", units=frozenset({"gouter"})),))
    with pytest.raises(RuleError, match="label of the modifier for « hors délai »"):
        add(1, when=When.LATE, label=" ")
    with pytest.raises(RuleError, match=r"multiply -1: write a factor from 0 to 10"):
        multiply("-1", when=When.LATE, label="Remise")
    with pytest.raises(RuleError, match="multiply 1: write a factor from 0 to 10, not 1"):
        multiply("1", when=When.LATE, label="Rien")
    with pytest.raises(RuleError, match="add « Rien »: 0 changes nothing"):
        add(0, when=When.LATE, label="Rien")
    with pytest.raises(RuleError, match=r"add « Frais »: 1\.5, write a whole number of cents; 3,50 € is 350"):
        add(1.5, when=When.LATE, label="Frais")  # type: ignore[arg-type]
    with pytest.raises(RuleError, match=r"constant: 3\.5, write a whole number of cents; 3,50 € is 350"):
        constant(3.5)  # type: ignore[arg-type]
    with pytest.raises(RuleError, match="constant: -1 cents"):
        constant(-1)
    with pytest.raises(RuleError, match="replace « Offert »: -1 cents"):
        replace(-1, when=When.LATE, label="Offert")
    with pytest.raises(RuleError, match="brackets without_qf: -1 cents"):
        brackets((0, None, 1), without_qf=-1)


def test_an_impossible_situation_is_refused() -> None:
    with pytest.raises(RuleError, match="the eldest is 1"):
        Situation(DAY, "repas", 1, child_rank=0)
    with pytest.raises(RuleError, match="count from 0"):
        Situation(DAY, "repas", 1, siblings_present=-1)


def test_lines_that_do_not_add_up_are_refused() -> None:
    with pytest.raises(RuleError, match="Price of 300 cents: its lines add up to 285"):
        Price(300, (PriceLine("Tarif unique", 285),))
    with pytest.raises(RuleError, match="neither may be negative"):
        Price(-5, (PriceLine("Remise", -5),))


def test_an_exact_number_keeps_every_digit() -> None:
    assert str(exact_number("rate", "0.00360")) == "0.00360"


WITH_EXTRAS = Tariff(
    {"soir": constant(200)},
    (
        multiply("2", when=When.OUTSIDE, label="Tarif double"),
        add(100, when=When.OCCASIONAL, label="Occasionnel", units=frozenset({"gouter"})),
    ),
    extras={"retard": by_time(constant(500), per=15, step=15), "gouter": constant(50)},
    extra_names={"retard": "Retard après 18 h 30"},
)


@pytest.mark.parametrize(
    ("unit", "facts", "cents"),
    [
        ("soir", {"residency": OUTSIDE, "regular": False}, 400),
        ("retard", {"minutes": 16, "residency": OUTSIDE}, 1000),
        ("gouter", {"residency": OUTSIDE}, 50),
        ("gouter", {"regular": False}, 150),
    ],
)
def test_an_extra_is_priced_by_its_code_and_modified_only_by_name(
    unit: str, facts: dict[str, object], cents: int
) -> None:
    assert WITH_EXTRAS.price(Situation(DAY, unit, None, **facts)).cents == cents  # type: ignore[arg-type]


def test_extras_are_not_units_and_are_proof_read_with_them() -> None:
    assert WITH_EXTRAS.units == frozenset({"soir"})
    assert WITH_EXTRAS.say().replace(NBSP, " ").splitlines() == [
        "soir : 2,00 €",
        "Retard après 18 h 30 : 5,00 € le quart d'heure ; "
        "décompte : par tranche de 15 min, toute tranche commencée est due",
        "gouter : 0,50 €",
        "Tarif double (hors commune) : × 2",
        "Occasionnel (pour gouter) : +1,00 €",
    ]


THREE_BRACKETS = brackets((0, 400, 100), (401, 800, 250), (801, None, 350), without_qf=360)
LARGE_FAMILY = shift(-1, when=When.enrolled(3), label="au moins trois enfants inscrits")


@pytest.mark.parametrize(
    ("write", "message"),
    [
        (lambda: Tariff({"repas": constant(1)}, (LARGE_FAMILY,)), "no bracket in the prices it concerns, remove it"),
        (
            lambda: Tariff({"repas": THREE_BRACKETS}, (add(1, when=When.LATE, label="Frais"), LARGE_FAMILY)),
            "changes the base price: write it before the other modifiers",
        ),
        (lambda: shift(0, when=When.LATE, label="Rien"), "0 changes nothing, write -1 for the bracket just below"),
        (lambda: add_share("0", when=When.LATE, label="Rien"), "write a share from -1 to 10, not 0"),
        (lambda: add_share("-2", when=When.LATE, label="Rien"), "write a share from -1 to 10, not 0"),
        (
            lambda: Tariff({"repas": constant(1)}, extras={"repas": constant(2)}),
            "'repas' is a unit and an extra, give the extra another code",
        ),
        (
            lambda: Tariff({"repas": constant(1)}, extra_names={"gouter": "Goûter"}),
            "'gouter' is no extra of this tariff, write its price first",
        ),
        (
            lambda: Tariff(
                {"repas": choose((When.from_unbooked(3, QuotaSpan.MONTH), constant(2)), otherwise=constant(1))},
                (multiply("2", when=When.from_unbooked(7, QuotaSpan.SCHOOL_YEAR), label="Double"),),
            ),
            "counts unbooked presences by MONTH and SCHOOL_YEAR: write one span for all of its conditions",
        ),
    ],
)
def test_a_tariff_that_contradicts_itself_is_refused(write: Callable[[], object], message: str) -> None:
    with pytest.raises(RuleError, match=message):
        write()


@pytest.mark.parametrize(
    ("facts", "message"),
    [
        ({"minutes": -5}, "Situation minutes -5: write 0 or more, None when unknown"),
        ({"unbooked_count": -1}, "siblings_present, unbooked_count, children_enrolled 0, -1, 1: count from 0"),
        ({"justified": True}, "only an absence is, write absent=True as well"),
        ({"qf": 1000.01}, r"write an int or Decimal\('1000.01'\), a float is not exact"),
        *(
            ({"qf": qf}, "a quotient familial is a number, never negative, None when unknown")
            for qf in (-1, Decimal("NaN"), Decimal("Infinity"), "650")
        ),
    ],
)
def test_a_situation_that_cannot_be_is_refused(facts: dict[str, object], message: str) -> None:
    with pytest.raises(RuleError, match=message):
        Situation(**{"day": DAY, "unit": "repas", "qf": None, **facts})  # type: ignore[arg-type]
