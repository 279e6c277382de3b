"""What clients are told of a day that can never be booked, or cancelled."""

from datetime import date
from zoneinfo import ZoneInfo

from plugins.rules.calendar import SchoolCalendar
from plugins.rules.deadlines import never
from schema.bookings import LastInstant


def test_a_rule_that_no_instant_meets_has_no_instant_and_says_why() -> None:
    found = never("le lundi n'est jamais remboursé").instant(
        date(2026, 11, 9), SchoolCalendar("B"), ZoneInfo("Europe/Paris")
    )
    assert LastInstant.of(found) == LastInstant(at=None, rule="le lundi n'est jamais remboursé", steps=[])
