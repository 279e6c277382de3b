"""Quotas and strikes: how often, within which days, and what follows."""

from collections.abc import Callable
from datetime import date

import pytest

from plugins.rules.actions import Action
from plugins.rules.calendar import Holiday, OwnHolidays, SchoolCalendar
from plugins.rules.errors import RuleError
from plugins.rules.quotas import Quota, QuotaSpan, StrikeEvent, Strikes

ZONE_B = SchoolCalendar("B")
TWO_MONTHS = SchoolCalendar(
    OwnHolidays(
        date(2026, 9, 1),
        date(2026, 10, 31),
        (Holiday("Vacances de mi-période", date(2026, 10, 3), date(2026, 10, 18)),),
    )
)


@pytest.mark.parametrize(
    ("span", "day", "first", "last"),
    [
        (QuotaSpan.MONTH, date(2028, 2, 10), date(2028, 2, 1), date(2028, 2, 29)),
        (QuotaSpan.MONTH, date(2026, 12, 31), date(2026, 12, 1), date(2026, 12, 31)),
        (QuotaSpan.QUARTER, date(2026, 11, 12), date(2026, 10, 1), date(2026, 12, 31)),
        (QuotaSpan.QUARTER, date(2026, 4, 1), date(2026, 4, 1), date(2026, 6, 30)),
        (QuotaSpan.SCHOOL_YEAR, date(2026, 8, 31), date(2025, 9, 1), date(2026, 8, 31)),
        (QuotaSpan.SCHOOL_PERIOD, date(2025, 11, 13), date(2025, 11, 3), date(2025, 12, 19)),
        (QuotaSpan.SCHOOL_PERIOD, date(2025, 12, 25), date(2025, 12, 20), date(2026, 1, 4)),
        (QuotaSpan.SCHOOL_PERIOD, date(2026, 5, 14), date(2026, 4, 27), date(2026, 7, 3)),  # across a bridge
    ],
)
def test_a_span_holds_a_day_and_those_that_count_with_it(span: QuotaSpan, day: date, first: date, last: date) -> None:
    assert Quota(4, span, Action.BOOK).span(day, ZONE_B) == (first, last)


def test_where_no_holidays_are_known_the_period_is_the_school_year() -> None:
    quota = Quota(4, QuotaSpan.SCHOOL_PERIOD, Action.BOOK)
    assert quota.span(date(2026, 9, 15), TWO_MONTHS) == (date(2026, 9, 1), date(2026, 10, 2))
    assert quota.span(date(2026, 11, 12), TWO_MONTHS) == (date(2026, 9, 1), date(2027, 8, 31))


def test_a_quota_allows_as_many_as_it_says() -> None:
    assert [Quota(2, QuotaSpan.MONTH, Action.BOOK).allows(used) for used in (0, 1, 2, 3)] == [True, True, False, False]


def test_strikes_take_effect_from_their_threshold_on() -> None:
    strikes = Strikes(StrikeEvent.NOT_BOOKED, 3, QuotaSpan.SCHOOL_YEAR, "l'accès est refusé")
    assert [strikes.reached(count) for count in (2, 3, 4)] == [False, True, True]


@pytest.mark.parametrize(
    ("rule", "said"),
    [
        (Quota(4, QuotaSpan.SCHOOL_PERIOD, Action.BOOK), "4 ajouts tardifs au plus par période de vacances à vacances"),
        (Quota(1, QuotaSpan.MONTH, Action.CANCEL), "1 retrait tardif au plus par mois"),
        (
            Strikes(StrikeEvent.NOT_BOOKED, 3, QuotaSpan.SCHOOL_YEAR, "l'accès est refusé"),
            "dès 3 présences sans réservation par année scolaire, l'accès est refusé",
        ),
        (
            Strikes(StrikeEvent.LATE_PICK_UP, 1, QuotaSpan.QUARTER, "un courrier est envoyé"),
            "dès 1 retard après la fermeture par trimestre civil, un courrier est envoyé",
        ),
    ],
)
def test_quotas_and_strikes_are_said_in_french(rule: Quota | Strikes, said: str) -> None:
    assert rule.say() == said


@pytest.mark.parametrize(
    ("build", "said"),
    [
        (lambda: Quota(0, QuotaSpan.MONTH, Action.BOOK), r"Quota\(0\): write at least 1"),
        (lambda: Strikes(StrikeEvent.NOT_BOOKED, 0, QuotaSpan.MONTH, "rien"), r"Strikes\(0\)"),
        (lambda: Strikes(StrikeEvent.NOT_BOOKED, 3, QuotaSpan.MONTH, ""), r"Strikes\(effect\)"),
    ],
)
def test_a_quota_of_nothing_is_refused(build: Callable[[], object], said: str) -> None:
    with pytest.raises(RuleError, match=said):
        build()


def test_a_tolerance_that_is_used_up_says_how_often_and_until_when() -> None:
    said = [
        Quota(limit, QuotaSpan.MONTH, action).say_reached(limit, date(2026, 11, 30))
        for limit, action in ((4, Action.BOOK), (1, Action.CANCEL))
    ]
    assert said == [
        "4 ajouts tardifs sont déjà faits, 4 au plus par mois : plus aucun jusqu'au lundi 30 novembre 2026.",
        "1 retrait tardif est déjà fait, 1 au plus par mois : plus aucun jusqu'au lundi 30 novembre 2026.",
    ]


def test_strikes_are_counted_aloud() -> None:
    strikes = Strikes(StrikeEvent.NOT_CANCELLED, 2, QuotaSpan.MONTH, "l'accès est refusé")
    assert strikes.say_count(1, date(2026, 11, 30)) == (
        "1 absence sans annulation ; dès 2 absences sans annulation par mois, l'accès est refusé (compté jusqu'au "
        "lundi 30 novembre 2026)."
    )
