"""Windows: from when and until when the days of a period are booked, and who may book first."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, tzinfo

from plugins.rules.calendar import SchoolCalendar
from plugins.rules.dates import on
from plugins.rules.deadlines import At, Moment, Opens, at
from plugins.rules.errors import RuleError
from plugins.rules.french import say_date
from plugins.rules.prices import Residency
from plugins.rules.tables import by_period


@dataclass(frozen=True, slots=True)
class Window:
    """The days of service from ``first`` to ``last`` are booked from ``opens`` to ``closes``, all four included."""

    first: date
    last: date
    opens: date
    closes: date

    def __post_init__(self) -> None:
        for name, start, end in (("period", self.first, self.last), ("window", self.opens, self.closes)):
            if end < start:
                raise RuleError(f"{name} from {say_date(start)} to {say_date(end)}: swap the two dates")
        if self.closes > self.last:
            raise RuleError(
                f"window that closes on {say_date(self.closes)}, after its last day of service, {say_date(self.last)}: "
                "write an earlier end"
            )


@dataclass(frozen=True, slots=True)
class Windows:
    """The windows a commune prints, period after period; days of service outside them are never open."""

    windows: tuple[Window, ...]

    def __post_init__(self) -> None:
        by_period(*((window.first, window.last, on(window.opens)) for window in self.windows))

    def opening(self, start: time) -> Opens:
        """From when each period is booked: ``start`` on its opening day."""
        return Opens(by_period(*((window.first, window.last, on(window.opens)) for window in self.windows)), start)

    def closing(self, moment: Moment) -> At:
        """Until when each period is booked: ``moment`` of its closing day."""
        return at(by_period(*((window.first, window.last, on(window.closes)) for window in self.windows)), moment)


def windows(*printed: Window) -> Windows:
    """``windows(Window(first, last, opens, closes), …)``."""
    return Windows(printed)


@dataclass(frozen=True, slots=True)
class OpensByResidency:
    """The families of the commune book before, or after, the others."""

    resident: Opens
    outside: Opens

    def __post_init__(self) -> None:
        if self.resident == self.outside:
            raise RuleError(f"OpensByResidency: both open {self.resident.say()}: write one Opens")

    def of(self, residency: Residency) -> Opens:
        """The opening that holds for a family of the commune, or for another one."""
        return self.resident if residency is Residency.RESIDENT else self.outside

    def instant(self, day: date, calendar: SchoolCalendar, tz: tzinfo) -> datetime | None:
        """The first instant at which everyone may book; None when some never may."""
        instants = [self.of(residency).instant(day, calendar, tz) for residency in Residency]
        known = [instant.astimezone(UTC) for instant in instants if instant is not None]
        return max(known).astimezone(tz) if len(known) == len(instants) else None

    def say(self) -> str:
        """« familles de la commune : à partir du … ; autres familles : à partir du … »."""
        return f"familles de la commune : {self.resident.say()} ; autres familles : {self.outside.say()}"
