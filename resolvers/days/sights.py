"""What agents saw of a child on a day. Devices may have been offline: of two sights, the later one holds."""

from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta, tzinfo
from uuid import UUID

from plugins.rules.french import say_date
from resolvers.agenda.plans import LONGEST_WINDOW, Slot
from resolvers.models.bookings import Presence

CLOCKS_DIFFER_BY = timedelta(minutes=5)
CAME = frozenset({Presence.PRESENT, Presence.UNEXPECTED})


@dataclass(frozen=True, slots=True)
class Sight:
    """What was seen, and when. Times are instants; None when nobody told them, and always for who did not come."""

    presence: Presence
    seen_at: datetime
    arrived_at: datetime | None = None
    left_at: datetime | None = None

    @property
    def said(self) -> tuple[Presence, datetime | None, datetime | None]:
        """All but the instant of the sight."""
        return (self.presence, self.arrived_at, self.left_at)

    @property
    def minutes(self) -> int | None:
        """The time really spent, in whole minutes; None unless both instants were written down."""
        if self.arrived_at is None or self.left_at is None:
            return None
        return (self.left_at - self.arrived_at) // timedelta(minutes=1)

    def upholds(self, other: "Sight") -> bool:
        """True when this says all that another sight says."""
        return self.presence is other.presence and all(
            told in (None, held) for told, held in zip(other.said[1:], self.said[1:], strict=True)
        )


def latest(standing: Sight | None, sight: Sight) -> Sight:
    """What holds once a sight is known: the later of the two, with the times that only the earlier one tells.

    Of two sights of the same instant, the one that is told last holds.
    """
    if standing is None:
        return sight
    earlier, later = sorted((standing, sight), key=lambda each: each.seen_at)
    if not {earlier.presence, later.presence} <= CAME:
        return later
    both = replace(later, arrived_at=later.arrived_at or earlier.arrived_at, left_at=later.left_at or earlier.left_at)
    return both if _in_order(both.arrived_at, both.left_at) else later


@dataclass(frozen=True, slots=True)
class Check:
    """What an agent tells of one child, unit and day. ``seen_at`` None is now."""

    child_id: UUID
    activity: str
    unit: str
    day: date
    presence: Presence
    arrived_at: datetime | None = None
    left_at: datetime | None = None
    seen_at: datetime | None = None

    @property
    def slot(self) -> Slot:
        """The key of the booking."""
        return (self.child_id, self.day, self.activity, self.unit)

    def sight(self, now: datetime) -> Sight:
        """What was seen; a device that is a little ahead saw it now."""
        return Sight(self.presence, min(self.seen_at or now, now), self.arrived_at, self.left_at)

    def fault(self, now: datetime, tz: tzinfo) -> str | None:
        """What is wrong with it whatever was booked, as a French sentence; None when it may be recorded."""
        today = now.astimezone(tz).date()
        if self.day > today:
            return f"Le {say_date(self.day)} n'est pas encore passé."
        if today - self.day > LONGEST_WINDOW:
            return f"Un pointage remonte au plus à {LONGEST_WINDOW.days} jours."
        return self._fault_of_sight(now, tz) or self._fault_of_times(now, tz)

    def _fault_of_sight(self, now: datetime, tz: tzinfo) -> str | None:
        if self.seen_at is None:
            return None
        if self.seen_at > now + CLOCKS_DIFFER_BY:
            return "L'instant du pointage est dans le futur : réglez l'heure de l'appareil, puis recommencez."
        if self.seen_at.astimezone(tz).date() < self.day:
            return f"Ce pointage du {say_date(self.day)} a été fait avant : vérifiez l'heure de l'appareil."
        return None

    def _fault_of_times(self, now: datetime, tz: tzinfo) -> str | None:
        times = [at for at in (self.arrived_at, self.left_at) if at is not None]
        if times and self.presence not in CAME:
            return "Un enfant absent n'a ni heure d'arrivée ni heure de départ."
        if any(at.astimezone(tz).date() != self.day for at in times):
            return f"L'arrivée et le départ sont à dire pour le {say_date(self.day)}."
        if any(at > now + CLOCKS_DIFFER_BY for at in times):
            return "L'arrivée ou le départ est dans le futur : corrigez l'heure."
        if not _in_order(self.arrived_at, self.left_at):
            return "Le départ vient après l'arrivée : corrigez l'une des deux heures."
        return None


def _in_order(arrived_at: datetime | None, left_at: datetime | None) -> bool:
    return arrived_at is None or left_at is None or arrived_at < left_at
