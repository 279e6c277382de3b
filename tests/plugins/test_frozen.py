"""What a rule was built with may change afterwards: the rule does not."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest

from plugins.rules.absences import AbsenceRules
from plugins.rules.calendar import AlternatingWeeks, Closing, SchoolCalendar
from plugins.rules.days import SAME_DAY
from plugins.rules.deadlines import END_OF_DAY, at
from plugins.rules.errors import RuleError
from plugins.rules.excuses import NO_CARENCE, STRIKE, Excuse
from plugins.rules.late import Channel, OtherChannel, Way
from plugins.rules.prices import Price, PriceLine, Situation
from plugins.rules.service_days import AllOf, InMonths, OnWeekdays
from plugins.rules.tariffs import When, add

MONDAY = date(2026, 11, 9)
THAT_DAY = at(SAME_DAY, END_OF_DAY)


@pytest.mark.parametrize(
    ("build", "written", "kept"),
    [
        (lambda units: add(50, when=When.LATE, label="Retard", units=units).units, {"repas"}, frozenset({"repas"})),
        (lambda cases: Situation(MONDAY, "repas", None, cases=cases).cases, {"PAI"}, frozenset({"PAI"})),
        (lambda lines: Price(1, lines).lines, [PriceLine("Tarif", 1)], (PriceLine("Tarif", 1),)),
        (lambda days: OnWeekdays(days).weekdays, {1, 2}, frozenset({1, 2})),
        (lambda months: InMonths(months).months, {7, 8}, frozenset({7, 8})),
        (
            lambda conditions: AllOf(conditions).conditions,
            [OnWeekdays(frozenset({1})), InMonths(frozenset({7}))],
            (OnWeekdays(frozenset({1})), InMonths(frozenset({7}))),
        ),
        (lambda week: AlternatingWeeks(week, frozenset({1}), MONDAY).week_a, {1, 3}, frozenset({1, 3})),
        (lambda opened: SchoolCalendar("B", opened=opened).opened, {MONDAY}, frozenset({MONDAY})),
        (
            lambda closings: SchoolCalendar("B", closings=closings).closings,
            [Closing(MONDAY, MONDAY, "Pont")],
            (Closing(MONDAY, MONDAY, "Pont"),),
        ),
        (
            lambda ways: OtherChannel(ways, "à la mairie").ways,
            [Way(Channel.PHONE, THAT_DAY)],
            (Way(Channel.PHONE, THAT_DAY),),
        ),
        (lambda causes: Excuse(causes, without_proof=NO_CARENCE).causes, [STRIKE], (STRIKE,)),
        (lambda excuses: AbsenceRules(excuses=excuses).excuses, [], ()),
    ],
)
def test_a_value_keeps_what_it_was_built_with(
    build: Callable[[Any], object], written: set[object] | list[object], kept: object
) -> None:
    found = build(written)
    written.clear()
    assert found == kept
    assert type(found) is type(kept)


def test_a_text_where_several_are_meant_is_refused() -> None:
    with pytest.raises(RuleError, match=r"Add\(units='repas'\): write several, between brackets"):
        add(50, when=When.LATE, label="Retard", units="repas")  # type: ignore[arg-type]
