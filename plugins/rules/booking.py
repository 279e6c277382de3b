"""When a family may book and cancel, and what happens when it is too late."""

from dataclasses import dataclass
from datetime import date, datetime, time, tzinfo
from enum import Enum

from plugins.rules.calendar import SchoolCalendar
from plugins.rules.deadlines import Deadline, LastInstant, Opens
from plugins.rules.french import say_date
from plugins.rules.texts import require_line


class Action(Enum):
    """What a family does to a day."""

    BOOK = "BOOK"
    CANCEL = "CANCEL"


@dataclass(frozen=True, slots=True)
class Refuse:
    """Too late is no; ``other_channel`` tells the family, in French, what it may still do."""

    other_channel: str

    def __post_init__(self) -> None:
        require_line(self.other_channel, "Refuse(other_channel)")

    def say(self) -> str:
        """What the family is told."""
        return self.other_channel


@dataclass(frozen=True, slots=True)
class Accept:
    """Too late is still yes until ``last``; the tariff prices it (``When.LATE``) and ``notice`` warns, in French."""

    last: Deadline
    notice: str

    def __post_init__(self) -> None:
        require_line(self.notice, "Accept(notice)")

    def say(self) -> str:
        """What the family is told."""
        return f"{self.notice} ({self.last.say()})"


LatePolicy = Refuse | Accept


@dataclass(frozen=True, slots=True)
class BookingRules:
    """The deadlines of an activity; ``opens`` is None when booking is open as soon as the day exists."""

    book: Deadline
    cancel: Deadline
    late: LatePolicy
    opens: date | Opens | None = None

    def deadline(self, action: Action) -> Deadline:
        """The rule for an action."""
        return self.book if action is Action.BOOK else self.cancel

    def last_instant(self, action: Action, day: date, calendar: SchoolCalendar, tz: tzinfo) -> LastInstant:
        """Until when a family may act in time on a service of ``day``."""
        return self.deadline(action).instant(day, calendar, tz)

    def final_instant(self, day: date, calendar: SchoolCalendar, tz: tzinfo) -> LastInstant:
        """Until when a booking is taken at all: later than the last instant only where late bookings are accepted."""
        deadline = self.late.last if isinstance(self.late, Accept) else self.book
        return deadline.instant(day, calendar, tz)

    def first_instant(self, day: date, calendar: SchoolCalendar, tz: tzinfo) -> datetime | None:
        """From when a service of ``day`` may be booked; None when there is no opening date."""
        if isinstance(self.opens, Opens):
            return self.opens.instant(day, calendar, tz)
        return None if self.opens is None else datetime.combine(self.opens, time(), tz)

    def say(self) -> str:
        """The rules in French, one sentence a line."""
        lines = [
            f"Réservation : {self.book.say()}",
            f"Annulation : {self.cancel.say()}",
            f"Hors délai : {self.late.say()}",
        ]
        if isinstance(self.opens, Opens):
            lines.insert(0, f"Ouverture : {self.opens.say()}")
        elif self.opens is not None:
            lines.insert(0, f"Ouverture : le {say_date(self.opens)}")
        return "\n".join(lines)
