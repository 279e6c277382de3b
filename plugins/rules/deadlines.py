"""Until when a family may act: instants on the clocks of the commune, with the reason.

A time is always written with its boundary, because communes mean both: ``before(10)`` is « avant 10 h » (09:59:59 is
the last second in time), ``until(10)`` is « jusqu'à 10 h » (10:00:00 still is). Hours counted backwards say theirs as
``INCLUSIVE`` or ``EXCLUSIVE``.
"""

from abc import ABC, abstractmethod
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from enum import Enum

from plugins.rules.calendar import SchoolCalendar
from plugins.rules.clocks import require_clock
from plugins.rules.days import SAME_DAY, Day
from plugins.rules.errors import RuleError
from plugins.rules.french import say_date, say_from, say_instant, say_time, say_until
from plugins.rules.texts import require_line

__all__ = [
    "END_OF_DAY",
    "EXCLUSIVE",
    "INCLUSIVE",
    "NEVER",
    "At",
    "Boundary",
    "Deadline",
    "Earliest",
    "HoursBefore",
    "LastInstant",
    "Latest",
    "Moment",
    "Never",
    "Opens",
    "at",
    "before",
    "earliest",
    "hours_before",
    "latest",
    "never",
    "until",
    "wall_hours_before",
]

NO_TIME, ONE_SECOND = timedelta(), timedelta(seconds=1)


@dataclass(frozen=True, slots=True)
class LastInstant:
    """The last second that is still in time, the rule it comes from and the steps that lead to it, in French.

    ``at`` is None when no instant is in time: the rule never allows it, or has no date for that service.
    """

    at: datetime | None
    rule: str
    steps: tuple[str, ...]

    def __post_init__(self) -> None:
        if self.at is not None and (self.at.tzinfo is None or self.at.microsecond):
            raise RuleError(f"LastInstant at {self.at}: write a timezone-aware datetime of whole seconds")

    def is_open(self, now: datetime) -> bool:
        """True while it is not too late, the whole last second included; ``now`` is timezone-aware."""
        if now.tzinfo is None:
            raise RuleError(f"now {now}: pass a timezone-aware datetime")
        return self.at is not None and now.astimezone(UTC).replace(microsecond=0) <= self.at.astimezone(UTC)

    def say(self, tz: tzinfo) -> str:
        """« jusqu'à la veille à 10 h : lundi 9 novembre 2026 à 10 h », on the clocks of ``tz``."""
        return self.rule if self.at is None else f"{self.rule} : {say_instant(self.at, tz)}"


class Deadline(ABC):
    """A rule that tells, for a day of service, until when a family may act."""

    __slots__ = ()

    @abstractmethod
    def instant(self, day: date, calendar: SchoolCalendar, tz: tzinfo) -> LastInstant:
        """The last instant for a service on ``day``, on the wall clocks of ``tz``."""

    @abstractmethod
    def say(self) -> str:
        """The rule in French."""


@dataclass(frozen=True, slots=True)
class Moment:
    """A time of the day, and whether it is itself too late (« avant ») or still in time (« jusqu'à »).

    In the hour that clocks show twice, it is the first of the two.
    """

    clock: time
    text: str
    exclusive: bool

    def __post_init__(self) -> None:
        require_clock(self.clock, "Moment(clock)")
        require_line(self.text, "Moment(text)")

    def say(self, day: Day) -> str:
        """« jusqu'au jeudi 18 h », « la veille avant 10 h »."""
        return f"{day.say()} avant {self.text}" if self.exclusive else say_until(day.say(self.text))


END_OF_DAY = Moment(time(23, 59, 59), "23 h 59", exclusive=False)


def before(hour: int, minute: int = 0) -> Moment:
    """« Avant 10 h »: at 10:00:00 it is too late."""
    moment = _time("before", hour, minute)
    if moment == time(0):
        raise RuleError("before(0) leaves no second in the day: write END_OF_DAY on the day before")
    return Moment(moment, say_time(moment), exclusive=True)


def until(hour: int, minute: int = 0) -> Moment:
    """« Jusqu'à 10 h »: at 10:00:00 it is still time, at 10:00:01 it is too late."""
    moment = _time("until", hour, minute)
    if moment == time(23, 59):
        raise RuleError("until(23, 59) would close at 23:59:00: write END_OF_DAY, which closes at 23:59:59")
    return Moment(moment, say_time(moment), exclusive=False)


@dataclass(frozen=True, slots=True)
class At(Deadline):
    """A moment of a day."""

    day: Day
    moment: Moment
    _rule: str = field(init=False, repr=False, compare=False)
    _step: str = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        # A month on screen asks thousands of instants: the words, always the same, are put together once.
        object.__setattr__(self, "_rule", self.moment.say(self.day))
        object.__setattr__(self, "_step", self.day.say())

    def instant(self, day: date, calendar: SchoolCalendar, tz: tzinfo) -> LastInstant:
        """The moment, on the day reached from ``day``; never when there is no such day."""
        chosen = self.day.chosen(day, calendar)
        if chosen is not self.day:
            return At(chosen, self.moment).instant(day, calendar, tz)
        reached = self.day.reach(day, calendar)
        if reached is None:
            return LastInstant(None, self._rule, (f"{self._step} : pas de jour pour le {say_date(day)}",))
        moment = datetime.combine(reached, self.moment.clock, tz)
        instant = _before(moment, ONE_SECOND if self.moment.exclusive else NO_TIME)
        return LastInstant(instant, self._rule, (f"{self._step} : {say_date(reached)}",))

    def say(self) -> str:
        """« jusqu'au jeudi 23 h 59 de la semaine précédente », « la veille (jour ouvré) avant 10 h »."""
        return self._rule


class Boundary(Enum):
    """Whether the instant itself is still in time."""

    INCLUSIVE = "jusqu'à"
    EXCLUSIVE = "plus de"


INCLUSIVE, EXCLUSIVE = Boundary


@dataclass(frozen=True, slots=True)
class HoursBefore(Deadline):
    """Hours before a time of a day, which is the day of the service unless ``of`` says otherwise.

    ``elapsed`` hours really pass: 48 hours stay 48 hours when the clocks change. Wall hours are read on the clocks.
    """

    hours: int
    start: time
    boundary: Boundary
    elapsed: bool
    of: Day = SAME_DAY
    _rule: str = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        if not 1 <= self.hours <= 24 * 366:
            raise RuleError(f"hours_before({self.hours}): write a positive number of hours")
        require_clock(self.start, "hours_before(start)")
        clocks = "" if self.elapsed else " à l'horloge"
        hours = "une heure" if self.hours == 1 else f"{self.hours} heures"
        until = "plus d'" if self.boundary is EXCLUSIVE and self.hours == 1 else f"{self.boundary.value} "
        said = f"{until}{hours}{clocks} avant {say_time(self.start)} {self.of.say()}"
        object.__setattr__(self, "_rule", said)

    def instant(self, day: date, calendar: SchoolCalendar, tz: tzinfo) -> LastInstant:
        """The second that lies exactly that many hours before, or the one before it."""
        reached = self.of.reach(day, calendar)
        if reached is None:
            return LastInstant(None, self._rule, (f"{self.of.say()} : pas de jour pour le {say_date(day)}",))
        start, hours = datetime.combine(reached, self.start, tz), timedelta(hours=self.hours)
        instant = _before(start, hours) if self.elapsed else _before(start - hours)
        if self.boundary is EXCLUSIVE:
            instant = _before(instant, ONE_SECOND)
        step = f"{self.hours} h avant le {say_date(reached)} à {say_time(self.start)}"
        return LastInstant(instant, self._rule, (step,))

    def say(self) -> str:
        """« jusqu'à 48 heures avant 12 h le jour même », « plus de 72 heures avant 0 h le jour même »."""
        return self._rule


@dataclass(frozen=True, slots=True)
class Never(Deadline):
    """No instant is in time; ``because`` tells the family why, in French."""

    because: str

    def __post_init__(self) -> None:
        if not self.because.strip():
            raise RuleError("never(''): write why, in French: « le lundi n'est jamais remboursé »")

    def instant(self, day: date, calendar: SchoolCalendar, tz: tzinfo) -> LastInstant:
        """No instant, whatever the day."""
        return LastInstant(None, self.because, ())

    def say(self) -> str:
        """« jamais », « le lundi n'est jamais remboursé »."""
        return self.because


NEVER = Never("jamais")


@dataclass(frozen=True, slots=True)
class Earliest(Deadline):
    """The first to fall of several deadlines."""

    deadlines: tuple[Deadline, ...]
    _rule: str = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        _refuse_alone("earliest", self.deadlines)
        _refuse_never("earliest", self.deadlines, "no instant would be in time: write NEVER alone, or leave it out")
        object.__setattr__(self, "_rule", f"le plus tôt de ces délais : {_alternatives(self.deadlines)}")

    def instant(self, day: date, calendar: SchoolCalendar, tz: tzinfo) -> LastInstant:
        """The earliest instant, with the steps of all; none when one of them has no date for that service."""
        found = [deadline.instant(day, calendar, tz) for deadline in self.deadlines]
        instants = _instants(found)
        earliest = min(instants, key=_utc) if len(instants) == len(found) else None
        return LastInstant(earliest, self._rule, _steps(found))

    def say(self) -> str:
        """« le plus tôt de ces délais : … ; … »."""
        return self._rule


@dataclass(frozen=True, slots=True)
class Latest(Deadline):
    """The last to fall of several deadlines."""

    deadlines: tuple[Deadline, ...]
    _rule: str = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        _refuse_alone("latest", self.deadlines)
        _refuse_never("latest", self.deadlines, "it changes nothing: leave it out, or write NEVER alone")
        object.__setattr__(self, "_rule", f"le plus tard de ces délais : {_alternatives(self.deadlines)}")

    def instant(self, day: date, calendar: SchoolCalendar, tz: tzinfo) -> LastInstant:
        """The latest instant, with the steps of all; none when none of them has a date for that service."""
        found = [deadline.instant(day, calendar, tz) for deadline in self.deadlines]
        return LastInstant(max(_instants(found), key=_utc, default=None), self._rule, _steps(found))

    def say(self) -> str:
        """« le plus tard de ces délais : … ; … »."""
        return self._rule


@dataclass(frozen=True, slots=True)
class Opens:
    """From when a family may book: a time of a day reached from the day of the service."""

    day: Day
    start: time

    def __post_init__(self) -> None:
        require_clock(self.start, "Opens(start)")

    def instant(self, day: date, calendar: SchoolCalendar, tz: tzinfo) -> datetime | None:
        """The first instant at which a service on ``day`` may be booked; None when nothing ever opens it."""
        reached = self.day.reach(day, calendar)
        return None if reached is None else datetime.combine(reached, self.start, tz)

    def say(self) -> str:
        """« à partir du lundi 8 h 30 de la semaine précédente »."""
        return say_from(self.day.say(say_time(self.start)))


def at(day: Day, moment: Moment) -> At:
    """A moment of a day: ``at(days_before(1, WORKING_DAYS), before(10))``."""
    return At(day, moment)


def hours_before(hours: int, start: time, boundary: Boundary = INCLUSIVE, of: Day = SAME_DAY) -> HoursBefore:
    """Elapsed hours before ``start`` on the service day: ``hours_before(48, start=time(12))`` still takes 12:00:00."""
    return HoursBefore(hours, start, boundary, elapsed=True, of=of)


def wall_hours_before(hours: int, start: time, boundary: Boundary = INCLUSIVE, of: Day = SAME_DAY) -> HoursBefore:
    """Hours read on the clocks: 48 of them are two days before at the same time, whatever the clocks did in between."""
    return HoursBefore(hours, start, boundary, elapsed=False, of=of)


def never(because: str) -> Never:
    """No instant is in time, and why: ``never("le lundi n'est jamais remboursé")``."""
    return Never(because)


def earliest(*deadlines: Deadline) -> Earliest:
    """The first to fall of several deadlines, none of them ``NEVER``."""
    return Earliest(deadlines)


def latest(*deadlines: Deadline) -> Latest:
    """The last to fall of several deadlines, none of them ``NEVER``."""
    return Latest(deadlines)


def _time(name: str, hour: int, minute: int) -> time:
    if not (0 <= hour <= 23 and 0 <= minute <= 59):
        raise RuleError(f"{name}({hour}, {minute}): write an hour from 0 to 23 and minutes from 0 to 59")
    return time(hour, minute)


def _refuse_alone(name: str, deadlines: tuple[Deadline, ...]) -> None:
    if len(deadlines) < 2:
        raise RuleError(f"{name}() of {len(deadlines)} deadline: write at least two")


def _refuse_never(name: str, deadlines: tuple[Deadline, ...], remedy: str) -> None:
    """A deadline that has no date for some days is fine; one that never has any is a mistake."""
    if never := next((deadline for deadline in deadlines if isinstance(deadline, Never)), None):
        raise RuleError(f"{name}() of « {never.say()} »: {remedy}")


def _instants(found: list[LastInstant]) -> list[datetime]:
    return [last.at for last in found if last.at is not None]


def _utc(instant: datetime) -> datetime:
    # Two datetimes of one time zone compare by their wall clocks, which is wrong in the hour that happens twice.
    return instant.astimezone(UTC)


def _before(start: datetime, length: timedelta = NO_TIME) -> datetime:
    """So much time before, as it really passes; a time that clocks skip becomes the one that they show instead."""
    return (start.astimezone(UTC) - length).astimezone(start.tzinfo)


def _steps(instants: list[LastInstant]) -> tuple[str, ...]:
    return tuple(step for instant in instants for step in instant.steps)


def _alternatives(deadlines: tuple[Deadline, ...]) -> str:
    return " ; ".join(deadline.say() for deadline in deadlines)
