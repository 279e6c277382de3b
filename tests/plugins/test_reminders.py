"""What soon closes: every day whose last instant comes within a time, and how the days are told."""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from plugins import hookspecs
from plugins.rules.calendar import SchoolYear
from plugins.rules.reminders import Closing, closing_soon, say_days_left
from tests.towns import communes

PARIS = ZoneInfo("Europe/Paris")


def closings(now: datetime, hours: int) -> list[tuple[str, str, date]]:
    """What closes in Chavagne within some hours of a moment there."""
    chavagne = communes()["chavagne"]
    activities = chavagne.ask(hookspecs.catalogue, year=SchoolYear(2026)).activities
    offered = [(each, chavagne.ask(hookspecs.booking_rules, activity=each)) for each in activities[:2]]
    found = closing_soon(offered, chavagne.ask(hookspecs.calendar), chavagne.tz, now, timedelta(hours=hours))
    assert all(isinstance(each, Closing) for each in found)
    return [(each.at.astimezone(chavagne.tz).isoformat(), each.activity, each.day) for each in found]


def test_a_week_closes_on_the_thursday_before_it_on_the_commune_s_own_clocks() -> None:
    monday = date(2026, 11, 23)
    week = [monday + timedelta(days=offset) for offset in (0, 1, 3, 4)]
    at = "2026-11-19T23:59:59+01:00"
    found = closings(datetime(2026, 11, 19, 12, tzinfo=PARIS), 12)
    assert [each for each in found if each[1] == "restauration"] == [(at, "restauration", day) for day in week]
    assert [each for each in closings(datetime(2026, 11, 19, 12, tzinfo=PARIS), 11) if each[1] == "restauration"] == []
    assert [each for each in closings(datetime(2026, 11, 20, 0, tzinfo=PARIS), 12) if each[1] == "restauration"] == []


def test_what_soon_closes_is_in_the_order_of_the_instants() -> None:
    found = closings(datetime(2026, 11, 2, 8, tzinfo=PARIS), 14 * 24)
    assert found == sorted(found, key=lambda each: (each[0], each[2], each[1]))
    assert len({at for at, _, _ in found}) > 1


@pytest.mark.parametrize(
    ("days", "said"),
    [
        ([6], "mardi 6 octobre 2026"),
        ([6, 8, 5], "lundi 5 octobre 2026, mardi 6 octobre 2026 et jeudi 8 octobre 2026"),
        ([5, 6, 8, 9], "4 jours, du lundi 5 octobre 2026 au vendredi 9 octobre 2026"),
    ],
)
def test_days_are_told_one_by_one_up_to_three(days: list[int], said: str) -> None:
    assert say_days_left([date(2026, 10, day) for day in days]) == said
