"""Windows: from when and until when the days of a period are booked, and who may book first."""

from datetime import date, datetime, time
from zoneinfo import ZoneInfo

import pytest

from plugins.rules.calendar import SchoolCalendar
from plugins.rules.dates import on
from plugins.rules.days import months_before
from plugins.rules.deadlines import END_OF_DAY, Opens
from plugins.rules.errors import RuleError
from plugins.rules.prices import Residency
from plugins.rules.tables import by_period
from plugins.rules.windows import OpensByResidency, Window, windows

PARIS = ZoneInfo("Europe/Paris")
ZONE_B = SchoolCalendar("B")
AUTUMN = Window(date(2026, 10, 19), date(2026, 10, 30), opens=date(2026, 9, 14), closes=date(2026, 9, 25))
CHRISTMAS = Window(date(2026, 12, 21), date(2026, 12, 31), opens=date(2026, 11, 16), closes=date(2026, 11, 27))
PRINTED = windows(AUTUMN, CHRISTMAS)


def test_each_period_opens_and_closes_on_its_days() -> None:
    opening, closing = PRINTED.opening(time(8, 30)), PRINTED.closing(END_OF_DAY)
    days = (date(2026, 10, 19), date(2026, 10, 30), date(2026, 12, 24))
    autumn, christmas = datetime(2026, 9, 14, 8, 30, tzinfo=PARIS), datetime(2026, 11, 16, 8, 30, tzinfo=PARIS)
    assert [opening.instant(day, ZONE_B, PARIS) for day in days] == [autumn, autumn, christmas]
    assert [closing.instant(day, ZONE_B, PARIS).at for day in days] == [
        datetime(2026, 9, 25, 23, 59, 59, tzinfo=PARIS),
        datetime(2026, 9, 25, 23, 59, 59, tzinfo=PARIS),
        datetime(2026, 11, 27, 23, 59, 59, tzinfo=PARIS),
    ]


def test_a_day_outside_the_windows_never_opens_and_is_never_in_time() -> None:
    in_term = date(2026, 11, 9)
    assert PRINTED.opening(time(8, 30)).instant(in_term, ZONE_B, PARIS) is None
    assert PRINTED.closing(END_OF_DAY).instant(in_term, ZONE_B, PARIS).at is None


def test_a_window_is_said_in_french() -> None:
    printed = windows(AUTUMN)
    assert [printed.opening(time(8, 30)).say(), printed.closing(END_OF_DAY).say()] == [
        "à partir du jour prévu à 8 h 30 (du lundi 19 octobre 2026 au vendredi 30 octobre 2026 : "
        "le lundi 14 septembre 2026)",
        "jusqu'au jour prévu à 23 h 59 (du lundi 19 octobre 2026 au vendredi 30 octobre 2026 : "
        "le vendredi 25 septembre 2026)",
    ]


def test_a_window_that_contradicts_itself_is_refused() -> None:
    with pytest.raises(RuleError, match="window from vendredi 25 septembre 2026 to lundi 14 septembre 2026: swap"):
        Window(AUTUMN.first, AUTUMN.last, opens=AUTUMN.closes, closes=AUTUMN.opens)
    with pytest.raises(RuleError, match="period from vendredi 30 octobre 2026 to lundi 19 octobre 2026: swap"):
        Window(AUTUMN.last, AUTUMN.first, AUTUMN.opens, AUTUMN.closes)
    with pytest.raises(RuleError, match="closes on samedi 31 octobre 2026, after its last day of service"):
        Window(AUTUMN.first, AUTUMN.last, opens=AUTUMN.opens, closes=date(2026, 10, 31))
    with pytest.raises(RuleError, match="is in two periods"):
        windows(AUTUMN, AUTUMN)
    with pytest.raises(RuleError, match="at least one"):
        windows()


def test_families_of_the_commune_may_book_before_the_others() -> None:
    both = OpensByResidency(resident=Opens(months_before(2), time(8)), outside=Opens(months_before(1), time(8)))
    day = date(2026, 11, 12)
    resident, outside = datetime(2026, 9, 12, 8, tzinfo=PARIS), datetime(2026, 10, 12, 8, tzinfo=PARIS)
    assert [both.of(who).instant(day, ZONE_B, PARIS) for who in Residency] == [resident, outside]
    assert both.instant(day, ZONE_B, PARIS) == outside
    assert both.say() == (
        "familles de la commune : à partir de 2 mois avant, à 8 h ; autres familles : à partir d'un mois avant, à 8 h"
    )


def test_a_day_that_opens_to_some_families_only_does_not_open_to_whom_nothing_is_known_of() -> None:
    period = by_period((date(2026, 11, 9), date(2026, 11, 13), on(date(2026, 10, 1))))
    both = OpensByResidency(resident=Opens(months_before(2), time(8)), outside=Opens(period, time(8)))
    assert both.instant(date(2026, 12, 1), ZONE_B, PARIS) is None


def test_two_openings_that_are_the_same_are_refused() -> None:
    opens = Opens(months_before(2), time(8))
    with pytest.raises(RuleError, match="both open à partir de 2 mois avant, à 8 h: write one Opens"):
        OpensByResidency(resident=opens, outside=opens)
