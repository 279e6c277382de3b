"""How time is cut: every day in exactly one span, and spans that follow one another."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from plugins.rules.errors import RuleError
from plugins.rules.spans import DAY, MONTH, SCHOOL_YEAR, WEEK, MonthsFrom, Span, Spans, terms

TERMS = terms(9, 1, 4)


@pytest.mark.parametrize(
    ("spans", "day", "span"),
    [
        (DAY, date(2026, 11, 3), Span(date(2026, 11, 3), date(2026, 11, 3), "le mardi 3 novembre 2026")),
        (WEEK, date(2026, 12, 3), Span(date(2026, 11, 30), date(2026, 12, 6), "semaine du lundi 30 novembre 2026")),
        (MONTH, date(2028, 2, 29), Span(date(2028, 2, 1), date(2028, 2, 29), "février 2028", 6)),
        (TERMS, date(2026, 12, 31), Span(date(2026, 9, 1), date(2026, 12, 31), "de septembre 2026 à décembre 2026", 1)),
        (TERMS, date(2027, 3, 31), Span(date(2027, 1, 1), date(2027, 3, 31), "de janvier 2027 à mars 2027", 2)),
        (TERMS, date(2027, 8, 31), Span(date(2027, 4, 1), date(2027, 8, 31), "d'avril 2027 à août 2027", 3)),
        (SCHOOL_YEAR, date(2027, 1, 5), Span(date(2026, 9, 1), date(2027, 8, 31), "de septembre 2026 à août 2027", 1)),
    ],
)
def test_a_day_belongs_to_the_span_of_its_name(spans: Spans, day: date, span: Span) -> None:
    assert spans.of(day) == span


@given(
    st.sampled_from([DAY, WEEK, MONTH, TERMS, SCHOOL_YEAR, terms(10), terms(3, 9)]),
    st.dates(date(2000, 1, 1), date(2090, 1, 1)),
)
def test_spans_follow_one_another_without_gap_or_overlap(spans: Spans, day: date) -> None:
    span = spans.of(day)
    following = spans.of(span.last + timedelta(days=1))
    assert span.holds(day)
    assert spans.of(span.first) == spans.of(span.last) == span
    assert following.first == span.last + timedelta(days=1)
    assert span.days <= max(spans.longest, 1)
    assert 1 <= span.number <= spans.a_year


@pytest.mark.parametrize("months", [(), (0,), (13,), (9, 9), (9, 4, 1)])
def test_months_that_do_not_open_one_span_after_another_are_refused(months: tuple[int, ...]) -> None:
    with pytest.raises(RuleError, match="months_from"):
        MonthsFrom(months, "par trimestre")


def test_spans_say_themselves() -> None:
    assert [spans.say() for spans in (DAY, WEEK, MONTH, TERMS, SCHOOL_YEAR)] == [
        "par jour",
        "par semaine",
        "par mois",
        "par trimestre",
        "par année scolaire",
    ]
