"""The present instant: the system's, or one that a demonstration moves by hand."""

from datetime import UTC, datetime, timedelta


class SystemClock:
    """The computer's own time."""

    def now(self) -> datetime:
        """The present instant, in UTC."""
        return datetime.now(UTC)


class SteppedClock:
    """A clock that stands still until it is moved, for the demonstration and the tests.

    Production never builds one. Instants must carry a time zone (``ValueError`` otherwise).
    """

    def __init__(self, start: datetime) -> None:
        self.set(start)

    def now(self) -> datetime:
        """The instant last set, in UTC."""
        return self._now

    def set(self, instant: datetime) -> None:
        """Show another instant, earlier or later."""
        if instant.tzinfo is None:
            raise ValueError(f"{instant} has no time zone: a clock cannot tell which instant that is.")
        self._now = instant.astimezone(UTC)

    def advance(self, by: timedelta) -> None:
        """Move by a duration (backwards when it is negative)."""
        self._now += by


class ShiftedClock:
    """The computer's time moved by a fixed distance: it runs, but elsewhere. For the demonstration only."""

    def __init__(self, shift: timedelta = timedelta()) -> None:
        self._shift = shift

    def now(self) -> datetime:
        """The shifted instant, in UTC."""
        return datetime.now(UTC) + self._shift

    def jump(self, instant: datetime) -> None:
        """Show that instant now, and run on from there; it must carry a time zone (``ValueError`` otherwise)."""
        if instant.tzinfo is None:
            raise ValueError(f"{instant} has no time zone: a clock cannot tell which instant that is.")
        self._shift = instant - datetime.now(UTC)
