"""What an agent closes for everybody: which units, where, on which days, and what families read of it."""

from datetime import date

import pytest

from plugins.rules.calendar import IN_CLASS, SCHOOL_WEEK, Closing, SchoolCalendar
from plugins.rules.catalogue import Activity, Unit
from plugins.rules.closings import ClosedUnits, closed_by, closed_days
from plugins.rules.errors import RuleError

MONDAY, TUESDAY, WEDNESDAY = date(2026, 11, 2), date(2026, 11, 3), date(2026, 11, 4)
MORNING, MEAL = Unit("matin", "Matin", SCHOOL_WEEK, IN_CLASS), Unit("repas", "Repas", SCHOOL_WEEK, IN_CLASS)
CARE = Activity("garderie", "Garderie", "enfance", "École", date(2026, 9, 1), date(2027, 7, 2), (MORNING, MEAL))
STRIKE = ("Grève", MONDAY, TUESDAY)


@pytest.mark.parametrize(
    ("closing", "day", "closed"),
    [
        (ClosedUnits(*STRIKE), MONDAY, {"matin", "repas"}),
        (ClosedUnits(*STRIKE), TUESDAY, {"matin", "repas"}),
        (ClosedUnits(*STRIKE), WEDNESDAY, set()),
        (ClosedUnits(*STRIKE, activity="garderie"), MONDAY, {"matin", "repas"}),
        (ClosedUnits(*STRIKE, activity="cantine"), MONDAY, set()),
        (ClosedUnits(*STRIKE, site="École"), MONDAY, {"matin", "repas"}),
        (ClosedUnits(*STRIKE, site="Gymnase"), MONDAY, set()),
        (ClosedUnits(*STRIKE, units=frozenset({"repas"})), MONDAY, {"repas"}),
    ],
)
def test_a_closing_covers_what_it_names_and_everything_where_it_names_nothing(
    closing: ClosedUnits, day: date, closed: set[str]
) -> None:
    assert {unit.code for unit in CARE.units if closing.covers(CARE, unit, day)} == closed


def test_the_first_closing_that_covers_a_unit_says_why_it_is_closed() -> None:
    snow, outing = ClosedUnits("Neige", TUESDAY, WEDNESDAY), ClosedUnits("Sortie", TUESDAY, TUESDAY)
    assert [closed_by((snow, outing), CARE, MEAL, day) for day in (MONDAY, TUESDAY)] == [None, snow]


def test_a_closing_says_itself_in_french() -> None:
    assert [ClosedUnits(*STRIKE).say(), ClosedUnits("Neige", TUESDAY, TUESDAY).say()] == [
        "Grève, du lundi 2 novembre 2026 au mardi 3 novembre 2026",
        "Neige, le mardi 3 novembre 2026",
    ]


@pytest.mark.parametrize(("label", "first", "last"), [("", MONDAY, TUESDAY), ("Grève", TUESDAY, MONDAY)])
def test_a_closing_without_reason_or_that_ends_before_it_starts_is_refused(label: str, first: date, last: date) -> None:
    with pytest.raises(RuleError):
        ClosedUnits(label, first, last)


def test_closed_days_are_named_in_order_whoever_closed_them() -> None:
    calendar = SchoolCalendar("B", closings=(Closing(date(2026, 11, 12), date(2026, 11, 13), "Pont"),))
    strike = ClosedUnits("Grève", date(2026, 11, 9), date(2026, 11, 10), units=frozenset({"repas"}))
    assert closed_days(calendar, (strike,), date(2026, 11, 10), date(2026, 11, 12)) == (
        (date(2026, 11, 10), "Grève"),
        (date(2026, 11, 11), "11 novembre"),
        (date(2026, 11, 12), "Pont"),
    )
    assert closed_days(calendar, (strike,), date(2026, 11, 16), date(2026, 11, 20)) == ()
