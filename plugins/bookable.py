"""Whether a family can ever book what a commune offers, over the days of a school year."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, tzinfo

from plugins.rules.absences import AbsenceRules
from plugins.rules.booking import Action, BookingRules
from plugins.rules.calendar import ONE_DAY, SchoolCalendar, SchoolYear
from plugins.rules.catalogue import Activity, Unit
from plugins.rules.errors import RuleError
from plugins.rules.french import say_date, say_instant
from plugins.rules.parts import parts_of
from plugins.rules.prices import Residency
from plugins.rules.service_days import InHolidays

_VERBS = {Action.BOOK: "booked", Action.CANCEL: "cancelled"}


@dataclass(frozen=True, slots=True)
class Season:
    """An activity over one school year of the official calendar."""

    activity: Activity
    year: SchoolYear
    calendar: SchoolCalendar

    def days_of(self, unit: Unit) -> Iterator[date]:
        """The days on which a unit takes place, in order."""
        day = self.activity.first_day
        while day <= self.activity.last_day:
            if self.activity.is_open(unit, self.calendar.day(day)):
                yield day
            day += ONE_DAY

    def check_days(self, unit: Unit) -> None:
        """Refuse a unit that takes place on no day."""
        if next(self.days_of(unit), None) is None:
            kinds = ", ".join(sorted(kind.name for kind in unit.day_kinds))
            raise RuleError(
                f"{self._say(unit)} takes place on no day: from {say_date(self.activity.first_day)} to "
                f"{say_date(self.activity.last_day)}, no {kinds} falls on weekdays {sorted(unit.weekdays)}; correct one"
            )

    def check_enrolment(self) -> None:
        """Refuse an enrolment that opens when the activity is over."""
        opens_on = self.activity.enrolment.opens_on
        if opens_on is not None and opens_on > self.activity.last_day:
            raise RuleError(
                f"activity {self.activity.code!r} of {self.year.label} opens its enrolment on {say_date(opens_on)}, "
                f"after its last day, {say_date(self.activity.last_day)}: open it earlier"
            )

    def check_instants(self, rules: BookingRules, tz: tzinfo) -> None:
        """Raise :class:`RuleError` when the rules reach no instant from the first or the last day."""
        for day in (self.activity.first_day, self.activity.last_day):
            rules.final_instant(day, self.calendar, tz)
            rules.first_instant(day, self.calendar, tz)
            for action in Action:
                rules.last_instant(action, day, self.calendar, tz)

    def check_holidays(self, rules: BookingRules | AbsenceRules) -> None:
        """Refuse a rule for holidays that no year has: their name is not the calendar's."""
        for part in parts_of(rules):
            if isinstance(part, InHolidays) and part.label not in self.calendar.holiday_names:
                known = ", ".join(sorted(self.calendar.holiday_names))
                raise RuleError(
                    f"activity {self.activity.code!r}: a rule is for « {part.label} », which the calendar does not "
                    f"have: write one of {known}"
                )

    def check_rules(self, unit: Unit, rules: BookingRules, tz: tzinfo) -> None:
        """Refuse rules that let no day of the unit be booked, ever, by any family."""
        everyone = [rules.of(residency) for residency in Residency]
        if any(_can_be_booked(day, own, self.calendar, tz) for own in everyone for day in self.days_of(unit)):
            return
        first = next(self.days_of(unit))
        last = rules.final_instant(first, self.calendar, tz).at
        opens = rules.first_instant(first, self.calendar, tz)
        if last is None:
            raise RuleError(
                f"{self._say(unit)} can never be booked: « {rules.book.say()} »; write a deadline that somebody can "
                "meet, or refuse BOOK in 'features'"
            )
        if opens is None:
            raise RuleError(
                f"{self._say(unit)} can never be booked: booking never opens for {say_date(first)}; write an opening "
                "that has a day for it, or none"
            )
        raise RuleError(
            f"{self._say(unit)} can never be booked: for {say_date(first)}, booking opens on "
            f"{say_instant(opens, tz)} and closes on {say_instant(last, tz)}; open earlier or close later"
        )

    def check_notice(self, absences: AbsenceRules, tz: tzinfo) -> None:
        """Refuse an absence rule whose notice nobody can meet, on any day of the activity."""
        notice, days = absences.notice, [day for unit in self.activity.units for day in self.days_of(unit)]
        if notice and days and all(notice.deadline.instant(day, self.calendar, tz).at is None for day in days):
            raise RuleError(
                f"activity {self.activity.code!r} of {self.year.label}: no absence can be told in time, "
                f"« {notice.say()} »; write a deadline that somebody can meet, or no notice"
            )

    def closing_late(self, unit: Unit, rules: BookingRules, tz: tzinfo) -> Iterator[str]:
        """For each action that is still in time once the unit is over, a sentence with the first such day."""
        for action, verb in _VERBS.items():
            for day in self.days_of(unit):
                last = rules.last_instant(action, day, self.calendar, tz).at
                if last is not None and last.astimezone(UTC) >= _end_of(unit, day, tz):
                    yield (
                        f"{self._say(unit)} can be {verb} when it is over: until {say_instant(last, tz)} for "
                        f"{say_date(day)}"
                    )
                    break

    def _say(self, unit: Unit) -> str:
        return f"activity {self.activity.code!r} of {self.year.label}: unit {unit.code!r}"


def _can_be_booked(day: date, rules: BookingRules, calendar: SchoolCalendar, tz: tzinfo) -> bool:
    last = rules.final_instant(day, calendar, tz).at
    opens = rules.first_instant(day, calendar, tz)
    if last is None or opens is None:
        return last is not None and rules.opens is None  # an opening without a day is one that never comes
    return opens.astimezone(UTC) <= last.astimezone(UTC)


def _end_of(unit: Unit, day: date, tz: tzinfo) -> datetime:
    """When the unit is over: its own end, or midnight when it has none."""
    if unit.ends_at is not None:
        return datetime.combine(day, unit.ends_at, tz).astimezone(UTC)
    return datetime.combine(day + ONE_DAY, time(), tz).astimezone(UTC)
