"""What a family may say of an absence: the causes of that day, what proves them, and until when."""

from datetime import date, datetime, time
from zoneinfo import ZoneInfo

import pytest

from plugins.rules.absences import Absence, AbsenceRules
from plugins.rules.calendar import SchoolCalendar
from plugins.rules.days import CALENDAR_DAYS, SCHOOL_DAYS
from plugins.rules.excuses import (
    ILLNESS,
    NO_CARENCE,
    OTHER,
    OUTING,
    STRIKE,
    Carence,
    CarenceDays,
    Cause,
    DaysAfter,
    Edge,
    Excuse,
    HoursAfter,
    MinimumLength,
    Tier,
    automatic,
)
from plugins.rules.versions import versions

PARIS = ZoneInfo("Europe/Paris")
ZONE_A = SchoolCalendar("A")
MONDAY, TUESDAY, THURSDAY, FRIDAY = (date(2025, 1, day) for day in (13, 14, 16, 17))
CERTIFICATE = ("certificat médical",)
TWO_DAYS = Tier(HoursAfter(48, time(8), Edge.FIRST_DAY), NO_CARENCE)
TEN_DAYS = Tier(DaysAfter(10, CALENDAR_DAYS, Edge.FIRST_DAY), Carence(2, CarenceDays.BOOKED))
STRIKES = automatic(STRIKE, OUTING)
SOON = AbsenceRules(excuses=(Excuse((ILLNESS,), CERTIFICATE, (TWO_DAYS,)), STRIKES))
TWICE = AbsenceRules(excuses=(Excuse((ILLNESS,), CERTIFICATE, (TWO_DAYS, TEN_DAYS)),))
LONG = AbsenceRules(excuses=(Excuse((ILLNESS,), CERTIFICATE, (TWO_DAYS,), minimum=MinimumLength(4, SCHOOL_DAYS)),))


def test_a_family_chooses_among_the_causes_of_that_day_and_knows_what_proves_them() -> None:
    illness = Excuse((ILLNESS,), CERTIFICATE, (TWO_DAYS,))
    rules = AbsenceRules(excuses=versions((automatic(STRIKE),), (TUESDAY, (illness, STRIKES))))
    assert (rules.causes_on(MONDAY), rules.causes_on(TUESDAY)) == ((STRIKE,), (ILLNESS, STRIKE, OUTING))
    asked = [(ILLNESS, MONDAY), (ILLNESS, TUESDAY), (STRIKE, TUESDAY), (OTHER, TUESDAY)]
    assert [rules.documents_for(cause, day) for cause, day in asked] == [(), CERTIFICATE, (), ()]


@pytest.mark.parametrize(
    ("rules", "cause", "last", "until"),
    [
        (SOON, ILLNESS, FRIDAY, datetime(2025, 1, 15, 8, tzinfo=PARIS)),
        (TWICE, ILLNESS, FRIDAY, datetime(2025, 1, 23, 23, 59, 59, tzinfo=PARIS)),  # the later of its two tiers
        (LONG, ILLNESS, FRIDAY, datetime(2025, 1, 15, 8, tzinfo=PARIS)),
        (LONG, ILLNESS, THURSDAY, None),  # too short: no proof excuses it
        (SOON, STRIKE, FRIDAY, None),
        (SOON, OTHER, FRIDAY, None),
        (AbsenceRules(), ILLNESS, FRIDAY, None),
    ],
)
def test_until_when_a_proof_still_changes_what_is_due(
    rules: AbsenceRules, cause: Cause, last: date, until: datetime | None
) -> None:
    assert rules.proof_until(Absence(MONDAY, last, cause), ZONE_A, PARIS) == until
