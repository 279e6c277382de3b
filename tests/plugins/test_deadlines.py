"""Deadlines, on real weekdays, public holidays, holidays and clock changes of 2026-2027."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest

from plugins.rules.anchors import holidays_start
from plugins.rules.calendar import FRIDAY, MONDAY, SUNDAY, THURSDAY, TUESDAY, SchoolCalendar
from plugins.rules.days import (
    CALENDAR_DAYS,
    SAME_DAY,
    SCHOOL_DAYS,
    WORKING_DAYS,
    day_of_month_before,
    days_before,
    previous_weekday,
    weekday_of_week_before,
)
from plugins.rules.deadlines import (
    END_OF_DAY,
    EXCLUSIVE,
    NEVER,
    Deadline,
    LastInstant,
    Moment,
    Opens,
    at,
    before,
    earliest,
    hours_before,
    latest,
    never,
    until,
    wall_hours_before,
)
from plugins.rules.errors import RuleError

PARIS = ZoneInfo("Europe/Paris")
ZONE_B = SchoolCalendar("B")

THURSDAY_OF_WEEK_BEFORE = at(weekday_of_week_before(THURSDAY), END_OF_DAY)
EVE_AT_TEN = at(days_before(1, WORKING_DAYS), until(10))
SCHOOL_EVE_BEFORE_ELEVEN = at(days_before(1, SCHOOL_DAYS), before(11))


def last(deadline: Deadline, day: date) -> str:
    """The last instant on the clocks of Paris, with its offset."""
    return str(deadline.instant(day, ZONE_B, PARIS).at).replace(" ", "T")


@pytest.mark.parametrize(
    ("day", "instant"),
    [
        (date(2026, 11, 9), "2026-11-05T23:59:59+01:00"),  # Monday
        (date(2026, 11, 13), "2026-11-05T23:59:59+01:00"),  # Friday of the same week
        (date(2026, 11, 15), "2026-11-05T23:59:59+01:00"),  # Sunday belongs to the week that ends
        (date(2026, 11, 16), "2026-11-12T23:59:59+01:00"),
        (date(2026, 10, 26), "2026-10-22T23:59:59+02:00"),  # the clocks go back on Sunday 25 October
        (date(2027, 3, 30), "2027-03-25T23:59:59+01:00"),  # the clocks go forward on Sunday 28 March
        (date(2026, 9, 1), "2026-08-27T23:59:59+02:00"),  # rentrée
        (date(2027, 1, 4), "2026-12-31T23:59:59+01:00"),
    ],
)
def test_thursday_of_the_week_before(day: date, instant: str) -> None:
    assert last(THURSDAY_OF_WEEK_BEFORE, day) == instant


@pytest.mark.parametrize(
    ("day", "instant"),
    [
        (date(2026, 11, 10), "2026-11-09T10:00:00+01:00"),
        (date(2026, 11, 9), "2026-11-06T10:00:00+01:00"),  # Monday: the Friday before
        (date(2026, 11, 12), "2026-11-10T10:00:00+01:00"),  # the day after 11 November
        (date(2027, 3, 30), "2027-03-26T10:00:00+01:00"),  # the day after Easter Monday and the clock change
        (date(2027, 5, 7), "2027-05-05T10:00:00+02:00"),  # the day after Ascension
        (date(2026, 10, 26), "2026-10-23T10:00:00+02:00"),  # the Monday after the autumn clock change
        (date(2027, 1, 4), "2026-12-31T10:00:00+01:00"),  # the Monday after New Year's Day
    ],
)
def test_the_working_day_before_at_ten(day: date, instant: str) -> None:
    assert last(EVE_AT_TEN, day) == instant


@pytest.mark.parametrize(
    ("day", "instant"),
    [
        (date(2026, 11, 5), "2026-11-03T10:59:59+01:00"),  # Thursday: the Tuesday before
        (date(2026, 11, 2), "2026-10-16T10:59:59+02:00"),  # back from the autumn holidays
        (date(2026, 11, 12), "2026-11-10T10:59:59+01:00"),
        (date(2027, 5, 10), "2027-05-04T10:59:59+02:00"),  # back from the Ascension bridge
        (date(2026, 9, 1), "2026-07-03T10:59:59+02:00"),  # rentrée: the last day of class before summer
        (date(2027, 3, 30), "2027-03-26T10:59:59+01:00"),
    ],
)
def test_the_school_day_before_eleven(day: date, instant: str) -> None:
    assert last(SCHOOL_EVE_BEFORE_ELEVEN, day) == instant


@pytest.mark.parametrize(
    ("deadline", "day", "instant"),
    [
        (at(days_before(3, WORKING_DAYS), END_OF_DAY), date(2026, 11, 16), "2026-11-10T23:59:59+01:00"),
        (at(days_before(2, SCHOOL_DAYS), END_OF_DAY), date(2026, 11, 5), "2026-11-02T23:59:59+01:00"),
        (at(days_before(8, CALENDAR_DAYS), END_OF_DAY), date(2026, 11, 2), "2026-10-25T23:59:59+01:00"),
        (at(days_before(1, CALENDAR_DAYS), before(10)), date(2026, 11, 2), "2026-11-01T09:59:59+01:00"),
        (at(SAME_DAY, before(7)), date(2026, 11, 2), "2026-11-02T06:59:59+01:00"),
        (at(previous_weekday(MONDAY), before(12)), date(2026, 11, 4), "2026-11-02T11:59:59+01:00"),
        (at(previous_weekday(MONDAY), before(12)), date(2026, 11, 2), "2026-10-26T11:59:59+01:00"),
        (at(previous_weekday(TUESDAY), before(9)), date(2026, 11, 6), "2026-11-03T08:59:59+01:00"),
        (at(previous_weekday(FRIDAY), before(9)), date(2026, 11, 9), "2026-11-06T08:59:59+01:00"),
        (at(weekday_of_week_before(SUNDAY), END_OF_DAY), date(2026, 11, 4), "2026-11-01T23:59:59+01:00"),
        (at(weekday_of_week_before(MONDAY, weeks=2), until(8, 30)), date(2026, 11, 4), "2026-10-19T08:30:00+02:00"),
        (at(day_of_month_before(20), END_OF_DAY), date(2026, 11, 4), "2026-10-20T23:59:59+02:00"),
        (at(day_of_month_before(20), END_OF_DAY), date(2027, 1, 31), "2026-12-20T23:59:59+01:00"),
        (at(day_of_month_before(31), END_OF_DAY), date(2027, 3, 1), "2027-02-28T23:59:59+01:00"),
        (at(day_of_month_before(15, months=2), END_OF_DAY), date(2027, 1, 5), "2026-11-15T23:59:59+01:00"),
    ],
)
def test_each_way_to_count_reaches_its_day(deadline: Deadline, day: date, instant: str) -> None:
    assert last(deadline, day) == instant


@pytest.mark.parametrize(
    ("day", "instant"),
    [
        (date(2026, 11, 4), "2026-11-02T12:00:00+01:00"),
        (date(2026, 10, 26), "2026-10-24T13:00:00+02:00"),  # Sunday 25 October lasts 25 hours
        (date(2027, 3, 29), "2027-03-27T11:00:00+01:00"),  # Sunday 28 March lasts 23 hours
    ],
)
def test_forty_eight_hours_are_really_elapsed(day: date, instant: str) -> None:
    assert last(hours_before(48, start=time(12)), day) == instant


def test_two_days_before_at_noon_stay_at_noon_when_the_clocks_change() -> None:
    noon = at(days_before(2, CALENDAR_DAYS), until(12))
    assert [last(noon, day) for day in (date(2026, 10, 26), date(2027, 3, 29))] == [
        "2026-10-24T12:00:00+02:00",
        "2027-03-27T12:00:00+01:00",
    ]


def test_a_deadline_follows_the_clocks_of_its_commune() -> None:
    reunion = EVE_AT_TEN.instant(date(2026, 11, 10), ZONE_B, ZoneInfo("Indian/Reunion"))
    assert reunion.at == datetime(2026, 11, 9, 10, tzinfo=ZoneInfo("Indian/Reunion"))


@pytest.mark.parametrize(
    ("deadline", "day", "instant", "said"),
    [
        (at(SAME_DAY, before(3)), date(2027, 3, 28), "2027-03-28T01:59:59+01:00", "1 h 59"),
        (at(SAME_DAY, until(2, 30)), date(2027, 3, 28), "2027-03-28T03:30:00+02:00", "3 h 30"),
        (wall_hours_before(24, time(3), EXCLUSIVE), date(2027, 3, 29), "2027-03-28T01:59:59+01:00", "1 h 59"),
        (wall_hours_before(24, time(2, 30)), date(2027, 3, 29), "2027-03-28T03:30:00+02:00", "3 h 30"),
        (at(SAME_DAY, before(3)), date(2026, 10, 25), "2026-10-25T02:59:59+01:00", "2 h 59"),
        (wall_hours_before(24, time(3), EXCLUSIVE), date(2026, 10, 26), "2026-10-25T02:59:59+01:00", "2 h 59"),
    ],
)
def test_the_hour_that_clocks_skip_and_the_one_they_show_twice(
    deadline: Deadline, day: date, instant: str, said: str
) -> None:
    assert last(deadline, day) == instant
    assert deadline.instant(day, ZONE_B, PARIS).say(PARIS).endswith(f" à {said}")


def test_an_answer_carries_its_rule_and_its_steps() -> None:
    assert THURSDAY_OF_WEEK_BEFORE.instant(date(2026, 11, 12), ZONE_B, PARIS) == LastInstant(
        datetime(2026, 11, 5, 23, 59, 59, tzinfo=PARIS),
        "jusqu'au jeudi 23 h 59 de la semaine précédente",
        ("le jeudi de la semaine précédente : jeudi 5 novembre 2026",),
    )


def test_a_combined_answer_carries_the_steps_of_all() -> None:
    answer = earliest(EVE_AT_TEN, hours_before(48, start=time(12))).instant(date(2026, 11, 12), ZONE_B, PARIS)
    assert answer == LastInstant(
        datetime(2026, 11, 10, 10, tzinfo=PARIS),
        "le plus tôt de ces délais : jusqu'à la veille (jour ouvré) à 10 h ; jusqu'à 48 heures avant 12 h le jour même",
        (
            "la veille (jour ouvré) : mardi 10 novembre 2026",
            "48 h avant le jeudi 12 novembre 2026 à 12 h",
        ),
    )


@pytest.mark.parametrize(
    ("deadline", "said"),
    [
        (EVE_AT_TEN, "jusqu'à la veille (jour ouvré) à 10 h"),
        (SCHOOL_EVE_BEFORE_ELEVEN, "la veille (jour d'école) avant 11 h"),
        (at(days_before(1, CALENDAR_DAYS), END_OF_DAY), "jusqu'à la veille à 23 h 59"),
        (at(days_before(2, CALENDAR_DAYS), until(12)), "jusqu'à l'avant-veille à 12 h"),
        (at(days_before(2, WORKING_DAYS), before(9, 30)), "le 2e jour ouvré précédent avant 9 h 30"),
        (at(days_before(15, CALENDAR_DAYS), END_OF_DAY), "jusqu'au 15e jour précédent à 23 h 59"),
        (at(SAME_DAY, until(7)), "jusqu'au jour même à 7 h"),
        (at(SAME_DAY, before(7)), "le jour même avant 7 h"),
        (hours_before(1, start=time(8)), "jusqu'à une heure avant 8 h le jour même"),
        (hours_before(1, time(8), EXCLUSIVE), "plus d'une heure avant 8 h le jour même"),
        (at(previous_weekday(MONDAY), before(12)), "le lundi précédent avant 12 h"),
        (at(weekday_of_week_before(THURSDAY), before(10)), "le jeudi de la semaine précédente avant 10 h"),
        (at(weekday_of_week_before(MONDAY, weeks=3), until(8)), "jusqu'au lundi 8 h de la 3e semaine précédente"),
        (at(day_of_month_before(20), END_OF_DAY), "jusqu'au 20 du mois précédent à 23 h 59"),
        (at(day_of_month_before(1, months=2), END_OF_DAY), "jusqu'au 1er du 2e mois précédent à 23 h 59"),
        (
            latest(EVE_AT_TEN, at(SAME_DAY, before(7))),
            "le plus tard de ces délais : jusqu'à la veille (jour ouvré) à 10 h ; le jour même avant 7 h",
        ),
    ],
)
def test_a_deadline_says_itself_in_french(deadline: Deadline, said: str) -> None:
    assert deadline.say() == said


def test_an_opening_says_itself_and_follows_the_day() -> None:
    opens = Opens(weekday_of_week_before(MONDAY, weeks=4), time(8, 30))
    assert opens.say() == "à partir du lundi 8 h 30 de la 4e semaine précédente"
    assert opens.instant(date(2026, 11, 12), ZONE_B, PARIS) == datetime(2026, 10, 12, 8, 30, tzinfo=PARIS)


@pytest.mark.parametrize(
    ("now", "still_open"),
    [
        (datetime(2026, 11, 9, 8, 59, 59, tzinfo=UTC), True),
        (datetime(2026, 11, 9, 8, 59, 59, 999_999, tzinfo=UTC), True),  # the last second is in time to its end
        (datetime(2026, 11, 9, 9, 0, 0, tzinfo=UTC), False),
    ],
)
def test_before_ten_excludes_ten(now: datetime, still_open: bool) -> None:
    deadline = at(days_before(1, WORKING_DAYS), before(10)).instant(date(2026, 11, 10), ZONE_B, PARIS)
    assert deadline.is_open(now) is still_open


def test_until_ten_includes_ten() -> None:
    deadline = EVE_AT_TEN.instant(date(2026, 11, 10), ZONE_B, PARIS)
    ten = datetime(2026, 11, 9, 10, tzinfo=PARIS)
    assert [deadline.is_open(ten + timedelta(seconds=n)) for n in (0, 1)] == [True, False]


def test_a_time_of_day_compares_by_instant_when_an_hour_happens_twice() -> None:
    deadline = at(SAME_DAY, until(2, 45)).instant(date(2026, 10, 25), ZONE_B, PARIS)
    assert not deadline.is_open(datetime(2026, 10, 25, 2, 30, fold=1, tzinfo=PARIS))


def test_a_naive_now_is_refused() -> None:
    with pytest.raises(RuleError, match="pass a timezone-aware datetime"):
        EVE_AT_TEN.instant(date(2026, 11, 10), ZONE_B, PARIS).is_open(datetime(2026, 11, 9))  # noqa: DTZ001


def test_an_instant_without_time_zone_is_refused() -> None:
    with pytest.raises(RuleError, match="write a timezone-aware datetime of whole seconds"):
        LastInstant(datetime(2026, 11, 9), "", ())  # noqa: DTZ001


def test_what_cannot_be_a_deadline_is_refused_with_the_remedy() -> None:
    with pytest.raises(RuleError, match="or SAME_DAY for the day of the service"):
        days_before(0, WORKING_DAYS)
    with pytest.raises(RuleError, match="write 1 to 52, or use previous_weekday"):
        weekday_of_week_before(MONDAY, weeks=0)
    with pytest.raises(RuleError, match="weekday 8: write MONDAY to SUNDAY"):
        weekday_of_week_before(8)
    with pytest.raises(RuleError, match="weekday 0: write MONDAY to SUNDAY"):
        previous_weekday(0)
    with pytest.raises(RuleError, match="write a day from 1 to 31"):
        day_of_month_before(32)
    with pytest.raises(RuleError, match="write 1 to 12 months"):
        day_of_month_before(1, months=0)
    with pytest.raises(RuleError, match="write END_OF_DAY on the day before"):
        before(0)
    with pytest.raises(RuleError, match="write END_OF_DAY, which closes at 23:59:59"):
        until(23, 59)
    with pytest.raises(RuleError, match=r"until\(24, 0\): write an hour from 0 to 23"):
        until(24)
    with pytest.raises(RuleError, match="write a positive number of hours"):
        hours_before(0, start=time(12))
    with pytest.raises(RuleError, match="write a plain time of whole seconds"):
        hours_before(1, start=time(12, tzinfo=UTC))
    with pytest.raises(RuleError, match="write a plain time of whole seconds"):
        Moment(time(12, 0, 0, 1), "12 h", exclusive=False)
    with pytest.raises(RuleError, match=r"earliest\(\) of 1 deadline: write at least two"):
        earliest(EVE_AT_TEN)
    with pytest.raises(RuleError, match=r"latest\(\) of 0 deadline: write at least two"):
        latest()


def test_past_the_horizon_school_days_are_counted_from_the_last_one_known() -> None:
    assert last(SCHOOL_EVE_BEFORE_ELEVEN, date(2032, 1, 5)) == "2028-07-03T10:59:59+02:00"


def test_school_days_cannot_be_counted_before_the_calendar_begins() -> None:
    with pytest.raises(RuleError, match="1 jour d'école before lundi 6 janvier 1800: the calendar knows no such day"):
        last(SCHOOL_EVE_BEFORE_ELEVEN, date(1800, 1, 6))


@pytest.mark.parametrize(
    ("deadline", "instant", "said"),
    [
        (
            hours_before(48, start=time(12)),
            "2027-03-27T11:00:00+01:00",
            "jusqu'à 48 heures avant 12 h le jour même",
        ),
        (
            hours_before(48, start=time(12), boundary=EXCLUSIVE),
            "2027-03-27T10:59:59+01:00",
            "plus de 48 heures avant 12 h le jour même",
        ),
        (
            wall_hours_before(48, start=time(12)),
            "2027-03-27T12:00:00+01:00",
            "jusqu'à 48 heures à l'horloge avant 12 h le jour même",
        ),
        (
            wall_hours_before(48, start=time(0), boundary=EXCLUSIVE),
            "2027-03-26T23:59:59+01:00",
            "plus de 48 heures à l'horloge avant 0 h le jour même",
        ),
        (
            hours_before(24, start=time(12), of=days_before(1, CALENDAR_DAYS)),
            "2027-03-27T11:00:00+01:00",
            "jusqu'à 24 heures avant 12 h la veille",
        ),
    ],
)
def test_hours_have_a_boundary_and_a_way_to_be_counted(deadline: Deadline, instant: str, said: str) -> None:
    after_the_clocks_went_forward = date(2027, 3, 29)
    assert last(deadline, after_the_clocks_went_forward) == instant
    assert deadline.say() == said


def test_never_is_never_open_and_says_why() -> None:
    refunded = never("le lundi n'est jamais remboursé")
    answer = refunded.instant(date(2026, 11, 9), ZONE_B, PARIS)
    assert answer == LastInstant(None, "le lundi n'est jamais remboursé", ())
    assert not answer.is_open(datetime(2000, 1, 1, tzinfo=UTC))
    assert [NEVER.say(), refunded.say(), answer.say(PARIS)] == ["jamais", *["le lundi n'est jamais remboursé"] * 2]


def test_an_instant_says_itself_on_the_clocks_of_its_commune() -> None:
    answer = EVE_AT_TEN.instant(date(2026, 11, 10), ZONE_B, PARIS)
    assert answer.say(PARIS) == "jusqu'à la veille (jour ouvré) à 10 h : lundi 9 novembre 2026 à 10 h"


@pytest.mark.parametrize(
    ("deadline", "rule", "step"),
    [
        (
            at(holidays_start(), END_OF_DAY),
            "jusqu'au premier jour officiel des vacances à 23 h 59",
            "le premier jour officiel des vacances : pas de jour pour le mardi 10 novembre 2026",
        ),
        (
            hours_before(48, start=time(12), of=holidays_start()),
            "jusqu'à 48 heures avant 12 h le premier jour officiel des vacances",
            "le premier jour officiel des vacances : pas de jour pour le mardi 10 novembre 2026",
        ),
    ],
)
def test_a_deadline_counted_from_a_day_that_does_not_exist_is_never(deadline: Deadline, rule: str, step: str) -> None:
    assert deadline.instant(date(2026, 11, 10), ZONE_B, PARIS) == LastInstant(None, rule, (step,))


def test_a_never_without_a_reason_and_an_opening_with_a_time_zone_are_refused() -> None:
    with pytest.raises(RuleError, match=r"never\(''\): write why, in French"):
        never("")
    with pytest.raises(RuleError, match="write a plain time of whole seconds"):
        Opens(SAME_DAY, time(8, tzinfo=UTC))
