"""What may be done with one unit on one day: a table of situations and answers."""

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest

from plugins.rules.anchors import holidays_start
from plugins.rules.booking import Accept, BookingRules, Refuse
from plugins.rules.calendar import IN_CLASS, SCHOOL_WEEK, CalendarDay, DayKind, SchoolCalendar
from plugins.rules.catalogue import Activity, Unit
from plugins.rules.custody import CustodyPattern, Share
from plugins.rules.days import CALENDAR_DAYS, SAME_DAY, days_before
from plugins.rules.deadlines import END_OF_DAY, NEVER, Opens, at, before, never
from plugins.rules.features import ALLOWED, refuse
from plugins.rules.late import StillDue
from plugins.rules.verdicts import Instants, Judge, Question, Reason, Standing, Verdict

PARIS = ZoneInfo("Europe/Paris")
CALENDAR = SchoolCalendar("B")
MONDAY = date(2026, 11, 23)
MEAL = Unit("repas", "Repas", SCHOOL_WEEK, IN_CLASS)
CANTEEN = Activity("cantine", "Cantine", "enfance", "École", date(2026, 9, 1), date(2027, 7, 2), (MEAL,))
RULES = BookingRules(
    book=at(days_before(2, CALENDAR_DAYS), END_OF_DAY),
    cancel=at(days_before(1, CALENDAR_DAYS), before(10)),
    late=Refuse("Appelez la mairie."),
)
IN_TIME = datetime(2026, 11, 21, 22, 59, 59, 999999, tzinfo=UTC)  # the last second of 21 November in Paris
ENROLLED = Standing(ALLOWED, (date(2026, 9, 1), date(2027, 7, 2)), None, "Enfant n'est pas inscrit.")


def judge(
    now: datetime = IN_TIME,
    *,
    standing: Standing = ENROLLED,
    rules: BookingRules = RULES,
    day: date = MONDAY,
    what: CalendarDay | None = None,
    booked: bool = False,
    wanted: bool | None = True,
    places_left: int | None = None,
) -> tuple[Verdict, Reason | None]:
    """The answer for the canteen on a day."""
    instants = {day: Instants.of(rules, day, CALENDAR, PARIS)}
    judging = Judge(CANTEEN, rules, CALENDAR, PARIS, now, standing, instants)
    return judging.judge(Question(MEAL, what or CALENDAR.day(day), booked, wanted), places_left)


def refusal(**situation: object) -> Reason:
    """The reason of an answer that must be a refusal."""
    verdict, reason = judge(**situation)  # type: ignore[arg-type]
    assert reason is not None
    assert verdict.is_refusal
    assert reason.verdict is verdict
    return reason


@pytest.mark.parametrize(
    ("booked", "wanted", "expected"),
    [
        (False, None, Verdict.BOOKABLE),
        (False, True, Verdict.BOOKABLE),
        (False, False, Verdict.FREE),
        (True, None, Verdict.BOOKED),
        (True, True, Verdict.BOOKED),
        (True, False, Verdict.CANCELLABLE),
    ],
)
def test_what_is_possible_is_said_for_what_is_wanted(booked: bool, wanted: bool | None, expected: Verdict) -> None:
    assert judge(booked=booked, wanted=wanted) == (expected, None)
    assert not expected.is_refusal


def test_the_last_second_is_in_time_and_the_next_one_is_too_late() -> None:
    assert judge(IN_TIME)[0] is Verdict.BOOKABLE

    late = refusal(now=IN_TIME + timedelta(microseconds=1))
    assert late == Reason(
        Verdict.TOO_LATE,
        "Trop tard pour réserver Repas du lundi 23 novembre 2026 : c'était possible jusqu'au samedi 21 novembre 2026 "
        f"à 23 h 59 ({RULES.book.say()}). Appelez la mairie.",
        until=datetime(2026, 11, 21, 23, 59, 59, tzinfo=PARIS),
    )


def test_cancelling_has_its_own_deadline() -> None:
    at_ten = datetime(2026, 11, 22, 9, tzinfo=UTC)
    assert judge(at_ten - timedelta(seconds=1), booked=True, wanted=False)[0] is Verdict.CANCELLABLE
    too_late = refusal(now=at_ten, booked=True, wanted=False)
    assert (too_late.verdict, too_late.until) == (Verdict.TOO_LATE, datetime(2026, 11, 22, 9, 59, 59, tzinfo=PARIS))
    assert too_late.message.startswith("Trop tard pour annuler Repas")


def test_a_day_that_no_instant_is_in_time_for_says_why_and_what_to_do() -> None:
    weekly = replace(RULES, cancel=never("le lundi n'est jamais remboursé"), book=NEVER)
    assert [refusal(rules=weekly), refusal(rules=weekly, booked=True, wanted=False)] == [
        Reason(
            Verdict.TOO_LATE,
            "Repas du lundi 23 novembre 2026 : le règlement ne permet pas de réserver ce jour-là (jamais). "
            "Appelez la mairie.",
        ),
        Reason(
            Verdict.TOO_LATE,
            "Repas du lundi 23 novembre 2026 : le règlement ne permet pas d'annuler ce jour-là "
            "(le lundi n'est jamais remboursé). Appelez la mairie.",
        ),
    ]


def test_a_day_that_no_date_opens_is_not_open_yet() -> None:
    in_holidays = replace(RULES, opens=Opens(holidays_start(), time(8, 30)))
    assert refusal(rules=in_holidays) == Reason(
        Verdict.NOT_YET_OPEN,
        "Repas du lundi 23 novembre 2026 : aucune date n'ouvre encore les réservations de ce jour.",
    )


def test_a_late_booking_is_taken_where_the_commune_accepts_it() -> None:
    accepting = replace(RULES, late=Accept(at(SAME_DAY, before(9)), "Majoré d'un quart"))
    monday_at_eight = datetime(2026, 11, 23, 7, tzinfo=UTC)
    assert judge(monday_at_eight, rules=accepting)[0] is Verdict.BOOKABLE
    over = refusal(now=monday_at_eight + timedelta(hours=1), rules=accepting)
    assert over.verdict is Verdict.TOO_LATE
    assert over.message.endswith("(le jour même avant 9 h). Contactez le service.")
    assert Instants.of(accepting, MONDAY, CALENDAR, PARIS).is_late(monday_at_eight)


def test_who_cancels_too_late_is_told_what_the_commune_says_of_cancelling() -> None:
    told = replace(RULES, late_cancel=StillDue("Prévenez quand même."))
    too_late = datetime(2026, 11, 22, 9, tzinfo=UTC)
    assert refusal(now=too_late, rules=told, booked=True, wanted=False).message.endswith(
        "La journée reste due. Prévenez quand même."
    )
    assert refusal(now=IN_TIME + timedelta(days=1), rules=told).message.endswith("Appelez la mairie.")


def test_nothing_is_booked_before_the_opening() -> None:
    opening = replace(RULES, opens=Opens(days_before(10, CALENDAR_DAYS), time(8, 30)))
    opens = datetime(2026, 11, 13, 8, 30, tzinfo=PARIS)
    early = refusal(now=opens - timedelta(seconds=1), rules=opening)
    assert (early.verdict, early.until) == (Verdict.NOT_YET_OPEN, opens)
    assert "vendredi 13 novembre 2026 à 8 h 30" in early.message
    assert judge(opens, rules=opening)[0] is Verdict.BOOKABLE


@pytest.mark.parametrize(
    ("day", "label"),
    [
        (date(2026, 11, 25), "mercredi 25 novembre 2026"),
        (date(2026, 11, 28), "samedi 28 novembre 2026"),
        (date(2026, 12, 21), "lundi 21 décembre 2026"),
    ],
)
def test_a_closed_day_says_so(day: date, label: str) -> None:
    reason = refusal(day=day)
    assert reason.verdict is Verdict.CLOSED_DAY
    assert label in reason.message


def test_a_public_holiday_is_named() -> None:
    easter = refusal(day=date(2027, 3, 29))
    assert easter.verdict is Verdict.CLOSED_DAY
    assert "Lundi de Pâques" in easter.message


def test_a_day_outside_the_activity_is_closed_even_with_class() -> None:
    before_it = CalendarDay(date(2027, 7, 5), DayKind.SCHOOL)
    assert refusal(day=before_it.day, what=before_it).verdict is Verdict.CLOSED_DAY


def test_yesterday_is_past_and_what_no_calendar_knows_is_not_open() -> None:
    assert refusal(day=date(2026, 11, 20)).verdict is Verdict.PAST_DAY
    assert refusal(day=date(2030, 1, 7)).verdict is Verdict.HORIZON


def test_today_is_counted_on_the_commune_s_clocks() -> None:
    # 23:30 UTC on the 23rd is already the 24th in Paris: the 23rd is past there.
    late_evening = datetime(2026, 11, 23, 23, 30, tzinfo=UTC)
    assert refusal(now=late_evening, day=MONDAY).verdict is Verdict.PAST_DAY


def test_a_closed_feature_comes_first_and_gives_the_mailbox() -> None:
    closed = refuse("Écrivez à creche@commune.fr.", "creche@commune.fr")
    reason = refusal(standing=replace(ENROLLED, feature=closed), day=date(2026, 11, 20))
    assert reason == Reason(Verdict.FEATURE_CLOSED, "Écrivez à creche@commune.fr.", contact="creche@commune.fr")


def test_the_yearly_file_comes_before_the_enrolment() -> None:
    without_either = replace(ENROLLED, enrolled=None, dossier_reason="Le dossier manque.")
    assert refusal(standing=without_either) == Reason(Verdict.DOSSIER_NOT_ACCEPTED, "Le dossier manque.")
    assert refusal(standing=replace(without_either, dossier_reason=None)) == Reason(
        Verdict.NOT_ENROLLED, "Enfant n'est pas inscrit."
    )


@pytest.mark.parametrize("day", [date(2026, 11, 30), date(2026, 12, 4)])
def test_an_enrolment_ends_on_its_last_day(day: date) -> None:
    until = replace(ENROLLED, enrolled=(date(2026, 9, 1), date(2026, 11, 30)))
    expected = Verdict.BOOKABLE if day == date(2026, 11, 30) else Verdict.NOT_ENROLLED
    assert judge(standing=until, day=day)[0] is expected


def test_a_child_without_file_may_still_cancel() -> None:
    nothing = replace(ENROLLED, enrolled=None, dossier_reason="Le dossier manque.")
    assert judge(standing=nothing, booked=True, wanted=False) == (Verdict.CANCELLABLE, None)


@pytest.mark.parametrize(("left", "expected"), [(None, Verdict.BOOKABLE), (1, Verdict.BOOKABLE), (0, Verdict.FULL)])
def test_the_last_place_is_given_and_then_it_is_full(left: int | None, expected: Verdict) -> None:
    assert judge(places_left=left)[0] is expected


def test_too_late_is_said_before_full() -> None:
    assert refusal(now=IN_TIME + timedelta(seconds=1), places_left=0).verdict is Verdict.TOO_LATE


def test_a_full_pool_keeps_nobody_from_cancelling() -> None:
    assert judge(booked=True, wanted=False, places_left=0) == (Verdict.CANCELLABLE, None)


def test_a_day_that_custody_gives_to_the_other_household_is_not_booked_and_may_still_be_cancelled() -> None:
    alternate = Share(CustodyPattern.ALTERNATE_WEEKS, date(2026, 11, 16), anchor=date(2026, 11, 16))
    theirs = replace(ENROLLED, custody=(alternate,))
    assert refusal(standing=theirs) == Reason(
        Verdict.OTHER_CUSTODY,
        "D'après le calendrier de garde, le lundi 23 novembre 2026 n'est pas l'un de vos jours (une semaine sur deux, "
        "dont celle du lundi 16 novembre 2026) : il se réserve depuis l'autre foyer de l'enfant. Si ce calendrier a "
        "changé, contactez le service.",
    )
    assert judge(standing=theirs, booked=True, wanted=False) == (Verdict.CANCELLABLE, None)
    assert judge(standing=theirs, day=date(2026, 11, 30))[0] is Verdict.BOOKABLE


def test_what_an_agent_closed_is_not_booked_and_may_still_be_cancelled() -> None:
    strike = Question(MEAL, replace(CALENDAR.day(MONDAY), label="Grève"), booked=False, wanted=True, closed=True)
    instants = {MONDAY: Instants.of(RULES, MONDAY, CALENDAR, PARIS)}
    judging = Judge(CANTEEN, RULES, CALENDAR, PARIS, IN_TIME, ENROLLED, instants)
    assert judging.judge(strike, None) == (
        Verdict.CLOSED_DAY,
        Reason(Verdict.CLOSED_DAY, "Repas : pas d'accueil le lundi 23 novembre 2026 (Grève)."),
    )
    assert judging.judge(replace(strike, booked=True, wanted=False), None) == (Verdict.CANCELLABLE, None)
