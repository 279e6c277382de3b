"""Tables that communes print: days and deadlines, line by line."""

from datetime import date, datetime, time
from zoneinfo import ZoneInfo

import pytest

from plugins.rules.calendar import FRIDAY, MONDAY, THURSDAY, TUESDAY, WEDNESDAY, SchoolCalendar
from plugins.rules.dates import day_of_school_year, on
from plugins.rules.days import CALENDAR_DAYS, days_before, previous_weekday, weekday_of_week
from plugins.rules.deadlines import END_OF_DAY, LastInstant, Opens, at, before, never
from plugins.rules.errors import RuleError
from plugins.rules.service_days import (
    ServiceDays,
    all_of,
    between,
    in_holidays,
    in_months,
    on_weekdays,
    when_public_holiday,
)
from plugins.rules.tables import DayTable, Line, by_case, by_holidays, by_period, by_weekday, dated

PARIS = ZoneInfo("Europe/Paris")
ZONE_B = SchoolCalendar("B")

FRIDAY_AT_NINE = at(previous_weekday(FRIDAY), before(9))
THE_EVE_AT_NOON = at(days_before(1, CALENDAR_DAYS), before(12))
WEEK = by_weekday({MONDAY: FRIDAY_AT_NINE, TUESDAY: FRIDAY_AT_NINE, THURSDAY: THE_EVE_AT_NOON})
AUTUMN = (date(2026, 10, 17), date(2026, 11, 1), on(date(2026, 9, 30)))
CHRISTMAS = (date(2026, 12, 19), date(2027, 1, 3), on(date(2026, 11, 27)))
PERIODS = by_period(AUTUMN, CHRISTMAS)


def test_each_weekday_has_its_deadline_its_hour_and_its_own_rule() -> None:
    answers = [WEEK.instant(day, ZONE_B, PARIS) for day in (date(2026, 11, 10), date(2026, 11, 12))]
    assert answers == [
        LastInstant(
            datetime(2026, 11, 6, 8, 59, 59, tzinfo=PARIS),
            "le vendredi précédent avant 9 h",
            ("le vendredi précédent : vendredi 6 novembre 2026",),
        ),
        LastInstant(
            datetime(2026, 11, 11, 11, 59, 59, tzinfo=PARIS),
            "la veille avant 12 h",
            ("la veille : mercredi 11 novembre 2026",),
        ),
    ]


def test_a_weekday_that_no_line_is_for_is_never_in_time() -> None:
    friday = WEEK.instant(date(2026, 11, 13), ZONE_B, PARIS)
    assert friday == LastInstant(None, "jamais", ())
    assert not friday.is_open(datetime(2026, 1, 1, tzinfo=PARIS))


def test_a_table_by_weekday_is_said_line_by_line() -> None:
    refunded = by_weekday({TUESDAY: THE_EVE_AT_NOON}, otherwise=never("le lundi n'est jamais remboursé"))
    assert [WEEK.say(), refunded.say()] == [
        "le lundi et le mardi : le vendredi précédent avant 9 h ; le jeudi : la veille avant 12 h ; "
        "les autres jours : jamais",
        "le mardi : la veille avant 12 h ; les autres jours : le lundi n'est jamais remboursé",
    ]


def test_the_first_line_that_holds_is_the_answer() -> None:
    monday_off = when_public_holiday(weekday_of_week(MONDAY))
    table = by_case(
        (all_of(on_weekdays(WEDNESDAY), monday_off), FRIDAY_AT_NINE),
        (on_weekdays(WEDNESDAY), THE_EVE_AT_NOON),
        otherwise=never("fermé"),
    )
    days = (date(2027, 3, 31), date(2027, 4, 7), date(2027, 4, 8))
    assert [table.instant(day, ZONE_B, PARIS).rule for day in days] == [
        "le vendredi précédent avant 9 h",
        "la veille avant 12 h",
        "fermé",
    ]


@pytest.mark.parametrize(
    ("day", "reached"),
    [
        (date(2026, 10, 17), date(2026, 9, 30)),
        (date(2026, 11, 1), date(2026, 9, 30)),
        (date(2026, 12, 21), date(2026, 11, 27)),
        (date(2026, 11, 2), None),
    ],
)
def test_a_period_has_its_date_from_its_first_to_its_last_day(day: date, reached: date | None) -> None:
    assert PERIODS.reach(day, ZONE_B) == reached


def test_a_deadline_by_period_tells_the_date_of_the_service_and_no_other() -> None:
    deadline = at(days_before(1, CALENDAR_DAYS, of=PERIODS), END_OF_DAY)
    assert deadline.instant(date(2026, 12, 21), ZONE_B, PARIS) == LastInstant(
        datetime(2026, 11, 26, 23, 59, 59, tzinfo=PARIS),
        "jusqu'à la veille du vendredi 27 novembre 2026 à 23 h 59",
        ("la veille du vendredi 27 novembre 2026 : jeudi 26 novembre 2026",),
    )


def test_a_service_without_a_printed_date_is_never_in_time_and_never_opens() -> None:
    said = (
        "le jour prévu à 23 h 59 (du samedi 17 octobre 2026 au dimanche 1er novembre 2026 : le mercredi 30 septembre "
        "2026 ; du samedi 19 décembre 2026 au dimanche 3 janvier 2027 : le vendredi 27 novembre 2026)"
    )
    in_term = date(2026, 11, 9)
    answer = at(PERIODS, END_OF_DAY).instant(in_term, ZONE_B, PARIS)
    assert (answer.at, answer.rule) == (None, said.replace("le jour prévu", "jusqu'au jour prévu", 1))
    assert answer.steps == (f"{said.replace(' à 23 h 59', '', 1)} : pas de jour pour le lundi 9 novembre 2026",)
    assert Opens(PERIODS, time(8)).instant(in_term, ZONE_B, PARIS) is None


def test_holidays_have_their_day_every_year() -> None:
    table = by_holidays({"Vacances de Noël": day_of_school_year(month=12, day=2)})
    assert [table.reach(day, ZONE_B) for day in (date(2025, 12, 22), date(2027, 1, 2), date(2026, 10, 21))] == [
        date(2025, 12, 2),
        date(2026, 12, 2),
        None,
    ]
    assert table.say("18 h") == (
        "le jour prévu à 18 h (pendant les vacances de Noël : le 2 décembre de l'année scolaire)"
    )


def test_a_deadline_changes_on_a_date() -> None:
    deadline = dated(FRIDAY_AT_NINE, (date(2026, 11, 10), THE_EVE_AT_NOON))
    days = (date(2026, 11, 9), date(2026, 11, 10))
    assert [deadline.instant(day, ZONE_B, PARIS).rule for day in days] == [
        "le vendredi précédent avant 9 h",
        "la veille avant 12 h",
    ]
    assert deadline.say() == (
        "jusqu'au lundi 9 novembre 2026 : le vendredi précédent avant 9 h ; "
        "à partir du mardi 10 novembre 2026 : la veille avant 12 h"
    )


def test_a_table_that_contradicts_itself_is_refused() -> None:
    with pytest.raises(RuleError, match="a table without a line: write at least one"):
        by_weekday({})
    with pytest.raises(RuleError, match="a table without a line: write at least one"):
        DayTable(())
    with pytest.raises(RuleError, match=r"two lines of a table are for the same services \(le mercredi\): keep one"):
        by_case(
            (on_weekdays(WEDNESDAY), FRIDAY_AT_NINE),
            (on_weekdays(WEDNESDAY), THE_EVE_AT_NOON),
            otherwise=FRIDAY_AT_NINE,
        )
    with pytest.raises(RuleError, match="dimanche 1er novembre 2026 is in two periods"):
        by_period(AUTUMN, (date(2026, 11, 1), date(2026, 11, 8), on(date(2026, 9, 30))))
    with pytest.raises(RuleError, match="swap the two dates"):
        by_period((date(2026, 11, 8), date(2026, 11, 1), on(date(2026, 9, 30))))


@pytest.mark.parametrize(
    ("read", "unread"),
    [
        ((on_weekdays(MONDAY, TUESDAY),), on_weekdays(MONDAY)),
        ((on_weekdays(MONDAY), on_weekdays(TUESDAY)), on_weekdays(MONDAY, TUESDAY)),
        ((in_months(7), in_months(8)), in_months(7, 8)),
        ((between(*AUTUMN[:2]),), between(date(2026, 10, 19), date(2026, 10, 23))),
        ((on_weekdays(MONDAY, TUESDAY),), all_of(on_weekdays(MONDAY), in_months(7))),
        ((all_of(on_weekdays(MONDAY, TUESDAY), in_months(7)),), all_of(in_months(7), on_weekdays(MONDAY))),
        ((in_holidays("Vacances de Noël"),), all_of(in_holidays("Vacances de Noël"), on_weekdays(MONDAY))),
    ],
)
def test_a_line_that_is_never_read_is_refused(read: tuple[ServiceDays, ...], unread: ServiceDays) -> None:
    lines = [(services, FRIDAY_AT_NINE) for services in read]
    with pytest.raises(RuleError) as refused:
        by_case(*lines, (unread, THE_EVE_AT_NOON), otherwise=FRIDAY_AT_NINE)
    assert str(refused.value) == (
        f"the line of a table for « {unread.say()} » is never read, lines before it are for the same days: write it "
        "first, or remove it"
    )


@pytest.mark.parametrize(
    "services",
    [
        (on_weekdays(MONDAY), on_weekdays(MONDAY, TUESDAY)),
        (in_months(7), in_months(8), on_weekdays(MONDAY)),
        (all_of(on_weekdays(MONDAY), in_months(7)), on_weekdays(MONDAY), in_months(7)),
        (all_of(on_weekdays(MONDAY), in_months(7)), all_of(on_weekdays(MONDAY), in_months(8))),
        (between(*AUTUMN[:2]), between(date(2026, 10, 19), date(2026, 11, 2))),
        (in_holidays("Vacances de Noël"), in_holidays("Vacances d'hiver")),
    ],
)
def test_a_line_that_is_read_some_day_is_taken(services: tuple[ServiceDays, ...]) -> None:
    lines = tuple(Line(days, THE_EVE_AT_NOON) for days in services)
    assert by_case(*((line.services, line.answer) for line in lines), otherwise=FRIDAY_AT_NINE).lines == lines
