"""Which quotient holds on a day: by its validity, by the day it was given, by the year's reference."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from plugins.rules.errors import RuleError
from plugins.rules.french import NBSP
from plugins.rules.prices import Rounding
from plugins.rules.quotients import (
    NO_QUOTIENT,
    Effect,
    GivenQuotient,
    HeldQuotient,
    QuotientFormula,
    QuotientRule,
    YearDay,
    YearlyReference,
    quotient_formula,
)

OLD = GivenQuotient(900, date(2026, 1, 1), date(2026, 1, 10))
NEW = GivenQuotient(500, date(2026, 10, 1), date(2026, 11, 3))
HISTORY = (OLD, NEW)

SCHOOL_YEAR = YearlyReference(as_of=YearDay(31, 3), year_starts=YearDay(1, 9))
AT_VALIDITY = QuotientRule(Effect.AT_ONCE, retroactive=True)
ON_RECEIPT = QuotientRule(Effect.AT_ONCE, retroactive=False)
NEXT_MONTH = QuotientRule(Effect.NEXT_MONTH, retroactive=False)
MONTH_AFTER_VALIDITY = QuotientRule(Effect.NEXT_MONTH, retroactive=True)
ONCE_A_YEAR = QuotientRule(None, retroactive=False, reference=SCHOOL_YEAR)
FAY = QuotientRule(Effect.NEXT_MONTH, retroactive=False, reference=SCHOOL_YEAR)


@pytest.mark.parametrize(
    ("rule", "last_of_the_old", "first_of_the_new"),
    [
        (AT_VALIDITY, date(2026, 9, 30), date(2026, 10, 1)),
        (ON_RECEIPT, date(2026, 11, 2), date(2026, 11, 3)),
        (NEXT_MONTH, date(2026, 11, 30), date(2026, 12, 1)),
        (MONTH_AFTER_VALIDITY, date(2026, 10, 31), date(2026, 11, 1)),
        (FAY, date(2026, 11, 30), date(2026, 12, 1)),
        (ONCE_A_YEAR, date(2027, 8, 31), date(2027, 9, 1)),
    ],
)
def test_a_new_quotient_counts_from_the_day_that_the_commune_wrote(
    rule: QuotientRule, last_of_the_old: date, first_of_the_new: date
) -> None:
    assert (rule.on(last_of_the_old, HISTORY).qf, rule.on(first_of_the_new, HISTORY).qf) == (900, 500)


def test_a_december_quotient_counts_from_the_first_of_january() -> None:
    given_in_december = GivenQuotient(500, date(2026, 12, 1), date(2026, 12, 31))
    assert NEXT_MONTH.on(date(2026, 12, 31), [given_in_december]) == NO_QUOTIENT
    assert NEXT_MONTH.on(date(2027, 1, 1), [given_in_december]) == HeldQuotient(given_in_december, date(2027, 1, 1))


def test_a_quotient_given_before_it_is_valid_waits_for_its_validity() -> None:
    early = GivenQuotient(500, date(2026, 12, 15), date(2026, 11, 3))
    assert [ON_RECEIPT.on(day, [early]).qf for day in (date(2026, 12, 14), date(2026, 12, 15))] == [None, 500]


def test_the_quotient_of_the_reference_given_late_counts_from_then_or_for_the_whole_year() -> None:
    late = GivenQuotient(700, date(2026, 3, 1), date(2026, 10, 12))
    whole_year = QuotientRule(None, retroactive=True, reference=SCHOOL_YEAR)
    days = (date(2026, 8, 31), date(2026, 9, 1), date(2026, 10, 11), date(2026, 10, 12), date(2026, 11, 1))
    assert [ONCE_A_YEAR.on(day, [late]).qf for day in days] == [None, None, None, 700, 700]
    assert [whole_year.on(day, [late]).qf for day in days] == [None, 700, 700, 700, 700]
    assert [FAY.on(day, [late]).qf for day in days] == [None, None, None, None, 700]


def test_a_change_of_the_past_year_does_not_outlive_it() -> None:
    in_may = GivenQuotient(400, date(2026, 5, 1), date(2026, 5, 10))
    days = (date(2026, 5, 31), date(2026, 6, 1), date(2026, 8, 31), date(2026, 9, 1))
    assert [FAY.on(day, [OLD, in_may]).qf for day in days] == [900, 400, 400, 900]


def test_a_correction_of_an_older_quotient_does_not_hide_the_present_one() -> None:
    corrected = GivenQuotient(450, date(2026, 9, 1), date(2026, 12, 1))
    assert AT_VALIDITY.on(date(2026, 12, 2), [*HISTORY, corrected]).qf == 500
    assert AT_VALIDITY.on(date(2026, 9, 2), [*HISTORY, corrected]).qf == 450
    assert ON_RECEIPT.on(date(2026, 12, 2), [*HISTORY, corrected]).qf == 500


def test_of_two_quotients_of_the_same_day_the_last_one_given_holds() -> None:
    again = GivenQuotient(520, NEW.valid_from, date(2026, 11, 4))
    same_day = GivenQuotient(530, NEW.valid_from, date(2026, 11, 4))
    assert AT_VALIDITY.on(date(2026, 12, 1), [again, NEW]).qf == 520
    assert AT_VALIDITY.on(date(2026, 12, 1), [again, same_day, NEW]).qf == 530


def test_what_holds_says_when_it_was_received_and_since_when_it_counts() -> None:
    assert NEXT_MONTH.on(date(2026, 12, 24), HISTORY).say() == (
        "Quotient familial 500, reçu le mardi 3 novembre 2026, appliqué à partir du mardi 1er décembre 2026"
    )
    assert NEXT_MONTH.on(date(2025, 12, 24), HISTORY).say() == "Aucun quotient familial applicable à cette date"


@pytest.mark.parametrize(
    ("rule", "said"),
    [
        (AT_VALIDITY, "un nouveau quotient compte dès le début de sa validité, même pour les jours passés"),
        (ON_RECEIPT, "un nouveau quotient compte dès sa réception, sans rétroactivité"),
        (NEXT_MONTH, "un nouveau quotient compte à partir du 1er du mois suivant sa réception, sans rétroactivité"),
        (
            FAY,
            "le quotient au 31 mars est retenu pour l'année qui commence le 1er septembre ; un nouveau quotient compte "
            "à partir du 1er du mois suivant sa réception, sans rétroactivité",
        ),
        (
            ONCE_A_YEAR,
            "le quotient au 31 mars est retenu pour l'année qui commence le 1er septembre ; reçu après, il compte "
            "aussitôt ; un changement en cours d'année attend l'année suivante",
        ),
    ],
)
def test_a_rule_of_quotients_says_itself(rule: QuotientRule, said: str) -> None:
    assert rule.say() == said


def test_a_rule_by_which_no_quotient_ever_counts_is_refused() -> None:
    with pytest.raises(RuleError, match="no quotient would ever count"):
        QuotientRule(None, retroactive=False)


@pytest.mark.parametrize(("day", "month"), [(31, 4), (0, 1), (1, 13), (29, 2)])
def test_a_day_that_does_not_come_back_every_year_is_refused(day: int, month: int) -> None:
    with pytest.raises(RuleError, match=rf"YearDay\({day}, {month}\)"):
        YearDay(day, month)


histories = st.lists(
    st.builds(GivenQuotient, st.integers(0, 3000), *[st.dates(date(2024, 1, 1), date(2027, 12, 31))] * 2), max_size=6
)
rules = st.sampled_from([AT_VALIDITY, ON_RECEIPT, NEXT_MONTH, MONTH_AFTER_VALIDITY, ONCE_A_YEAR, FAY])


@given(rules, st.dates(date(2024, 1, 1), date(2028, 12, 31)), histories)
def test_what_holds_was_given_and_counts_already(rule: QuotientRule, day: date, history: list[GivenQuotient]) -> None:
    held = rule.on(day, history)
    if held.given is None:
        assert held == NO_QUOTIENT
    else:
        assert held.given in history and held.since is not None and held.since <= day
        assert rule.retroactive or held.given.given_on <= day


VEIGY = quotient_formula(
    couple="2", lone_parent="2", children=("0.5", "0.5", "1", "0.5"), decimals=2, rounding=Rounding.HALF_UP
)


@pytest.mark.parametrize(
    ("resources", "benefits", "children", "qf", "said"),
    [
        (240_000, 15_000, 2, "850", "(2 400,00 € + 150,00 €) ÷ 3 parts = 850"),
        (210_000, 15_000, 2, "750", "(2 100,00 € + 150,00 €) ÷ 3 parts = 750"),
        (290_000, 10_000, 3, "750", "(2 900,00 € + 100,00 €) ÷ 4 parts = 750"),
        (300_000, 0, 5, "600", "(3 000,00 € + 0,00 €) ÷ 5 parts = 600"),
        (100_000, 0, 1, "400", "(1 000,00 € + 0,00 €) ÷ 2,5 parts = 400"),
        (100_000, 0, 2, "333.33", "(1 000,00 € + 0,00 €) ÷ 3 parts = 333,33"),
    ],
)
def test_a_commune_computes_its_own_quotient_and_shows_how(
    resources: int, benefits: int, children: int, qf: str, said: str
) -> None:
    computed = VEIGY.of(resources, benefits, children, lone_parent=False)
    assert computed.qf == Decimal(qf)
    assert computed.explanation.replace(NBSP, " ") == f"Quotient de la commune : {said}"


def test_the_formula_says_itself() -> None:
    assert VEIGY.say() == (
        "(ressources + prestations mensuelles) ÷ parts (couple 2 ; parent seul 2 ; par enfant 0,5, puis 0,5, puis 1, "
        "puis 0,5)"
    )


@pytest.mark.parametrize(
    ("couple", "children", "decimals", "message"),
    [
        ("0", ("0.5",), 0, "parts above 0 for the adults"),
        ("2", (), 0, "0 or more for each child"),
        ("2", ("-1",), 0, "0 or more for each child"),
        ("2", ("0.5",), 3, "decimals 3"),
    ],
)
def test_a_formula_that_cannot_be_computed_is_refused(
    couple: str, children: tuple[str, ...], decimals: int, message: str
) -> None:
    with pytest.raises(RuleError, match=message):
        QuotientFormula(Decimal(couple), Decimal(2), tuple(map(Decimal, children)), decimals, Rounding.DOWN)


@pytest.mark.parametrize(("resources", "children", "message"), [(-1, 1, "-1 and 0 cents"), (0, -1, "-1 children")])
def test_a_household_that_cannot_be_is_refused(resources: int, children: int, message: str) -> None:
    with pytest.raises(RuleError, match=message):
        VEIGY.of(resources, 0, children, lone_parent=True)


@pytest.mark.parametrize(
    ("qf", "message"),
    [(500.5, r"write an int or Decimal\('500.5'\), a float is not exact"), (-1, "is never negative")],
)
def test_a_quotient_that_cannot_be_is_refused(qf: Any, message: str) -> None:
    with pytest.raises(RuleError, match=message):
        GivenQuotient(qf, date(2026, 9, 1), date(2026, 9, 1))
