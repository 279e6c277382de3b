"""What holds of every absence: each booked day is decided once, and proving, telling or booking more never costs."""

from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from hypothesis import given
from hypothesis import strategies as st

from plugins.rules.absences import Absence, AbsenceRules, Notice, Proof
from plugins.rules.calendar import SchoolCalendar
from plugins.rules.days import CALENDAR_DAYS, days_before
from plugins.rules.deadlines import at, before
from plugins.rules.excuses import (
    ILLNESS,
    NO_CARENCE,
    Carence,
    CarenceDays,
    DaysAfter,
    Edge,
    Excuse,
    HoursAfter,
    Tier,
    automatic,
)

PARIS = ZoneInfo("Europe/Paris")
ZONE_A = SchoolCalendar("A")
FIRST = date(2025, 3, 24)  # the clocks change six days later
DOCUMENT = "certificat médical"

carences = st.builds(Carence, st.integers(0, 5), st.sampled_from(CarenceDays))
notices = st.none() | st.builds(
    lambda days, each_day: Notice(at(days_before(days, CALENDAR_DAYS), before(10)), each_day),
    st.integers(1, 5),
    st.booleans(),
)
tiers = st.builds(
    lambda edge, carence, retained: (
        Tier(HoursAfter(48, time(8), edge), NO_CARENCE),
        Tier(DaysAfter(10, CALENDAR_DAYS, edge), carence, retained),
    ),
    st.sampled_from(Edge),
    carences,
    st.integers(0, 99),
)
excuses = st.one_of(
    st.just(()),
    st.just((automatic(ILLNESS),)),
    st.builds(lambda carence: (Excuse((ILLNESS,), without_proof=carence),), carences),
    st.builds(lambda levels: (Excuse((ILLNESS,), (DOCUMENT,), levels),), tiers),
)
rules = st.builds(AbsenceRules, notices, excuses)
instants = st.none() | st.integers(-10 * 24, 30 * 24).map(
    lambda hours: datetime(2025, 3, 24, tzinfo=PARIS) + timedelta(hours=hours)
)
lengths = st.integers(0, 15)
booked = st.sets(st.integers(-3, 18).map(lambda days: FIRST + timedelta(days=days)))


def absence(length: int, told: datetime | None, received: datetime | None) -> Absence:
    """An illness from Monday 24 March 2025 on."""
    proof = None if received is None else Proof(DOCUMENT, received)
    return Absence(FIRST, FIRST + timedelta(days=length), ILLNESS, told, proof)


@given(rules, lengths, instants, instants, booked)
def test_due_and_deducted_days_are_the_booked_days_of_the_absence(
    rules: AbsenceRules, length: int, told: datetime | None, received: datetime | None, booked: set[date]
) -> None:
    what = absence(length, told, received)
    decision = rules.decide(what, booked, ZONE_A, PARIS)
    in_absence = sorted(day for day in booked if what.first <= day <= what.last)
    assert [day.day for day in decision.days] == in_absence
    assert sorted(decision.due + decision.deducted) == in_absence


@given(rules, lengths, instants, instants, instants, booked)
def test_a_proof_that_comes_sooner_never_makes_more_days_due(
    rules: AbsenceRules,
    length: int,
    told: datetime | None,
    one: datetime | None,
    other: datetime | None,
    booked: set[date],
) -> None:
    sooner, later = sorted((one, other), key=lambda instant: (instant is None, instant))
    proved_sooner = rules.decide(absence(length, told, sooner), booked, ZONE_A, PARIS)
    proved_later = rules.decide(absence(length, told, later), booked, ZONE_A, PARIS)
    assert set(proved_sooner.due) <= set(proved_later.due)


@given(rules, lengths, instants, instants, instants, booked)
def test_telling_sooner_never_makes_more_days_due(
    rules: AbsenceRules,
    length: int,
    one: datetime | None,
    other: datetime | None,
    received: datetime | None,
    booked: set[date],
) -> None:
    sooner, later = sorted((one, other), key=lambda instant: (instant is None, instant))
    told_sooner = rules.decide(absence(length, sooner, received), booked, ZONE_A, PARIS)
    told_later = rules.decide(absence(length, later, received), booked, ZONE_A, PARIS)
    assert set(told_sooner.due) <= set(told_later.due)


@given(rules, lengths, lengths, instants, instants, booked)
def test_an_absence_that_lasts_longer_never_makes_its_first_days_due(
    rules: AbsenceRules,
    one: int,
    other: int,
    told: datetime | None,
    received: datetime | None,
    booked: set[date],
) -> None:
    shorter = rules.decide(absence(min(one, other), told, received), booked, ZONE_A, PARIS)
    longer = rules.decide(absence(max(one, other), told, received), booked, ZONE_A, PARIS)
    assert set(shorter.deducted) <= set(longer.deducted)


@given(rules, lengths, instants, instants, booked, booked)
def test_booking_more_days_never_makes_another_day_due(
    rules: AbsenceRules,
    length: int,
    told: datetime | None,
    received: datetime | None,
    booked: set[date],
    more: set[date],
) -> None:
    what = absence(length, told, received)
    few, all_of_them = (rules.decide(what, days, ZONE_A, PARIS) for days in (booked, booked | more))
    assert set(all_of_them.due) & booked <= set(few.due)
