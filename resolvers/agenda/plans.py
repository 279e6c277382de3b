"""A plan: what is wanted in a window of days, and the answer for every unit of every day."""

from dataclasses import dataclass
from datetime import date, timedelta
from enum import Enum
from uuid import UUID

from plugins.rules.calendar import CalendarDay, SchoolYear
from plugins.rules.catalogue import Activity, Unit
from plugins.rules.rhythms import UnitRhythm
from plugins.rules.tariffs import Price
from plugins.rules.verdicts import Instants, Reason, Verdict
from resolvers.errors import Code, Refused
from resolvers.families.households import HouseholdFile, Member

LONGEST_WINDOW = timedelta(days=400)

Slot = tuple[UUID, date, str, str]  # child, day, activity, unit
Place = tuple[date, str]  # day, pool
Hold = tuple[UUID, date, str]  # child, day, pool


@dataclass(frozen=True, slots=True)
class Window:
    """Days, first and last included."""

    first: date
    last: date

    def __post_init__(self) -> None:
        if self.first.year < 2000 or self.last.year > 2098:
            raise Refused(Code.INVALID, "Cette période est hors du calendrier.", field=("firstDay",))
        if self.last < self.first:
            raise Refused(Code.INVALID, "La période se termine avant de commencer.", field=("lastDay",))
        if self.last - self.first > LONGEST_WINDOW:
            raise Refused(
                Code.INVALID, f"La période dépasse {LONGEST_WINDOW.days} jours : découpez-la.", field=("lastDay",)
            )

    @property
    def days(self) -> list[date]:
        """Every day of the window."""
        return [self.first + timedelta(days=n) for n in range((self.last - self.first).days + 1)]

    @property
    def school_years(self) -> list[SchoolYear]:
        """The school years the window touches."""
        return [
            SchoolYear(start) for start in range(SchoolYear.of(self.first).start, SchoolYear.of(self.last).start + 1)
        ]


class Skip(Enum):
    """Which days of a rhythm or of a copy are left out, and told, instead of being refused."""

    CLOSED = "CLOSED"  # the unit does not take place, or the child is with its other household
    REFUSED = "REFUSED"  # whatever cannot be booked: too late, full, not open yet…


@dataclass(frozen=True, slots=True)
class Wish:
    """What is wanted for a child in an activity, inside a window: what is not in it is not wanted, unless ``keep``.

    ``ticks`` are chosen one by one. ``resolvers.agenda.wanted`` makes ticks of the rest, and leaves out what ``skip``
    says: rhythms, what is wanted ``like`` a sibling, what was booked in the ``month`` of that day.
    """

    child_id: UUID
    activity: str
    ticks: frozenset[tuple[date, str]]
    rhythms: tuple[UnitRhythm, ...] = ()
    like: UUID | None = None
    month: date | None = None
    keep: bool = False
    skip: Skip = Skip.CLOSED


@dataclass(frozen=True, slots=True)
class PlannedUnit:
    """One unit, one child, one day: how it stands, what is wanted, and the answer.

    ``notice`` is what the family must know before it confirms: a late booking is taken, for a surcharge.
    ``places_left`` is what is left once the whole plan is made; None when there is no limit.
    """

    child: Member
    activity: Activity
    unit: Unit
    day: CalendarDay
    booked: bool
    wanted: bool | None
    verdict: Verdict
    reason: Reason | None
    instants: Instants
    places_left: int | None
    price: Price | None
    notice: str | None = None

    @property
    def slot(self) -> Slot:
        """The key of the booking."""
        return (self.child.person_id, self.day.day, self.activity.code, self.unit.code)

    @property
    def is_change(self) -> bool:
        """True when the wish can be done and changes something."""
        return self.wanted is not None and self.verdict in (Verdict.BOOKABLE, Verdict.CANCELLABLE)

    @property
    def is_refused(self) -> bool:
        """True when a wish was expressed and cannot be done."""
        return self.wanted is not None and self.verdict.is_refusal


@dataclass(frozen=True, slots=True)
class Plan:
    """All the units of a window, in the order of days.

    ``skipped`` are those that a rhythm or a copy left out, ``notices`` what is held against the children, in French,
    ``closed_days`` the days on which something is closed, each with its name.
    """

    household: HouseholdFile
    window: Window
    units: tuple[PlannedUnit, ...]
    skipped: tuple[PlannedUnit, ...] = ()
    notices: tuple[str, ...] = ()
    closed_days: tuple[tuple[date, str], ...] = ()

    @property
    def changes(self) -> tuple[PlannedUnit, ...]:
        """What a commit would change."""
        return tuple(unit for unit in self.units if unit.is_change)

    @property
    def refused(self) -> tuple[PlannedUnit, ...]:
        """What a commit would refuse."""
        return tuple(unit for unit in self.units if unit.is_refused)

    @property
    def change_cents(self) -> int:
        """What the changes add to (or take from) the household's next invoice, in cents."""
        prices = ((unit.price.cents if unit.price else 0, unit.verdict) for unit in self.changes)
        return sum(cents if verdict is Verdict.BOOKABLE else -cents for cents, verdict in prices)
