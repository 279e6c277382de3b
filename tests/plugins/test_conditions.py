"""Conditions: in which situations they hold, how they combine, and what they say in French."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest

from plugins.rules.conditions import When
from plugins.rules.errors import RuleError
from plugins.rules.prices import Regime, Residency, Situation
from plugins.rules.quotas import QuotaSpan

DAY = date(2026, 7, 8)


def situation(**facts: Any) -> Situation:
    """A meal on a Wednesday of July, with these facts."""
    return Situation(**{"day": DAY, "unit": "repas", "qf": 700, **facts})


OUTSIDE = {"residency": Residency.OUTSIDE}
UNJUSTIFIED = {"absent": True}
JUSTIFIED = {"absent": True, "justified": True}


@pytest.mark.parametrize(
    ("condition", "holding", "failing", "said"),
    [
        (When.LATE, {"late": True}, {}, "hors délai"),
        (When.NOT_BOOKED, {"booked": False}, {}, "sans réservation"),
        (When.OUTSIDE, OUTSIDE, {}, "hors commune"),
        (When.SIBLING_PRESENT, {"siblings_present": 1}, {}, "frère ou sœur présent le même jour"),
        (When.OCCASIONAL, {"regular": False}, {}, "occasionnel"),
        (When.UNJUSTIFIED_ABSENCE, UNJUSTIFIED, JUSTIFIED, "absence injustifiée"),
        (When.UNJUSTIFIED_ABSENCE, UNJUSTIFIED, {}, "absence injustifiée"),
        (When.JUSTIFIED_ABSENCE, JUSTIFIED, UNJUSTIFIED, "absence justifiée"),
        (When.NO_QUOTIENT, {"qf": None}, {"qf": 0}, "sans quotient familial"),
        (When.case("PAI panier-repas"), {"cases": frozenset({"PAI panier-repas"})}, {}, "PAI panier-repas"),
        (When.enrolled(3), {"children_enrolled": 3}, {"children_enrolled": 2}, "au moins 3 enfants inscrits"),
        (
            When.siblings(2),
            {"siblings_present": 2},
            {"siblings_present": 1},
            "au moins 2 frères ou sœurs présents le même jour",
        ),
        (When.from_rank(3), {"child_rank": 3}, {"child_rank": 2}, "à partir du 3e enfant"),
        (
            When.from_unbooked(7, QuotaSpan.SCHOOL_YEAR),
            {"booked": False, "unbooked_count": 7},
            {"booked": False, "unbooked_count": 6},
            "à partir de la 7e présence sans réservation par année scolaire",
        ),
        (
            When.from_unbooked(7, QuotaSpan.MONTH),
            {"booked": False, "unbooked_count": 8},
            {"booked": True, "unbooked_count": 8},
            "à partir de la 7e présence sans réservation par mois",
        ),
        (
            When.regime(Regime.MSA, Regime.OTHER),
            {"regime": Regime.MSA},
            {"regime": Regime.GENERAL},
            "régime agricole (MSA) ou autre régime",
        ),
        (When.regime(Regime.GENERAL), {"regime": Regime.GENERAL}, {}, "régime général"),
        (When.level("maternelle"), {"level": "maternelle"}, {"level": "élémentaire"}, "maternelle"),
        (When.tranche("A", "B"), {"tranche": "B"}, {"tranche": "C"}, "tranche A ou B"),
        (When.age(3, 5), {"age": 5}, {"age": 6}, "de 3 à 5 ans"),
        (When.age(3, 5), {"age": 3}, {"age": 2}, "de 3 à 5 ans"),
        (When.age(6, None), {"age": 17}, {}, "6 ans et plus"),
        (When.age(1, 1), {"age": 1}, {"age": 2}, "1 an"),
        (When.age(1, None), {"age": 2}, {"age": 0}, "1 an et plus"),
        (When.months(7, 8), {}, {"day": date(2026, 6, 30)}, "en juillet et août"),
        (
            When.between(date(2026, 7, 6), DAY),
            {},
            {"day": date(2026, 7, 9)},
            "du lundi 6 juillet 2026 au mercredi 8 juillet 2026",
        ),
        (
            When.between(DAY, DAY),
            {},
            {"day": date(2026, 7, 7)},
            "le mercredi 8 juillet 2026",
        ),
        (~When.OUTSIDE, {}, OUTSIDE, "sauf hors commune"),
        (When.LATE & ~When.OUTSIDE, {"late": True}, {"late": True, **OUTSIDE}, "hors délai, sauf hors commune"),
        (When.LATE & When.OUTSIDE, {"late": True, **OUTSIDE}, {"late": True}, "hors délai et hors commune"),
        (~When.LATE & ~When.OUTSIDE, {}, OUTSIDE, "sauf hors délai, sauf hors commune"),
        (When.LATE | When.NOT_BOOKED, {"booked": False}, {}, "hors délai ou sans réservation"),
        (~(When.LATE | When.NOT_BOOKED), {}, {"late": True}, "sauf (hors délai ou sans réservation)"),
        (~When.LATE | When.NOT_BOOKED, {}, {"late": True}, "(sauf hors délai) ou sans réservation"),
        (
            (When.LATE & ~When.OUTSIDE) | When.NOT_BOOKED,
            {"booked": False},
            {"late": True, **OUTSIDE},
            "(hors délai, sauf hors commune) ou sans réservation",
        ),
        (
            When.LATE & (When.NOT_BOOKED & ~When.OUTSIDE) & When.OCCASIONAL,
            {"late": True, "booked": False, "regular": False},
            {"late": True, "booked": False},
            "hors délai et sans réservation et occasionnel, sauf hors commune",
        ),
        (
            (When.LATE | When.NOT_BOOKED) & When.OUTSIDE,
            {"late": True, **OUTSIDE},
            {"late": True},
            "(hors délai ou sans réservation) et hors commune",
        ),
    ],
)
def test_a_condition_holds_where_it_says(
    condition: When, holding: dict[str, Any], failing: dict[str, Any], said: str
) -> None:
    held = (condition.holds(situation(**holding)), condition.holds(situation(**failing)))
    assert (*held, condition.say()) == (True, False, said)


def test_the_opposite_of_the_opposite_is_the_condition_itself() -> None:
    assert ~~When.LATE == When.LATE


def test_two_conditions_written_alike_are_equal() -> None:
    assert When.case("PAI") & When.enrolled(2) == When.case("PAI") & When.enrolled(2)


@pytest.mark.parametrize(
    ("write", "message"),
    [
        (lambda: When.enrolled(1), "every household fulfils it, write 2 or more"),
        (lambda: When.from_rank(1), "every household fulfils it, write 2 or more"),
        (lambda: When.from_unbooked(1, QuotaSpan.MONTH), "the first one is When.NOT_BOOKED"),
        (lambda: When.regime(), "When.regime.*: write at least one value"),
        (lambda: When.case(" "), "name of the case"),
        (lambda: When.age(5, 3), "write years from 0, the younger first"),
        (lambda: When.months(13), "write numbers from 1 to 12"),
        (lambda: When.months(), "write numbers from 1 to 12"),
        (lambda: When.months(7, 7), "write each month once"),
        (lambda: When.level("maternelle", "maternelle"), "write each value once"),
        (lambda: When.tranche(""), "write each value once, and none empty"),
        (lambda: When.between(DAY, date(2026, 7, 7)), "2026-07-07 comes before 2026-07-08, swap them"),
    ],
)
def test_a_condition_that_says_nothing_is_refused(write: Callable[[], When], message: str) -> None:
    with pytest.raises(RuleError, match=message):
        write()
