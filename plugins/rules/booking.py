"""When a family may book and cancel, how much at once, and what happens when it is too late."""

from dataclasses import dataclass, replace
from datetime import date, datetime, time, tzinfo
from typing import Protocol, Self

from plugins.rules.actions import Action
from plugins.rules.blocks import Block
from plugins.rules.calendar import SchoolCalendar
from plugins.rules.deadlines import Deadline, LastInstant
from plugins.rules.errors import RuleError
from plugins.rules.french import euros, say_date
from plugins.rules.late import Accept, LatePolicy, Refuse, StillDue, WaitingList
from plugins.rules.prices import Residency
from plugins.rules.quotas import Quota, Strikes
from plugins.rules.windows import OpensByResidency

__all__ = ["Accept", "Action", "BookingRules", "OpeningRule", "Prepayment", "Refuse"]


class OpeningRule(Protocol):
    """From when a service of a day may be booked: ``plugins.rules.deadlines.Opens`` and whatever answers as it does."""

    def instant(self, day: date, calendar: SchoolCalendar, tz: tzinfo) -> datetime | None:
        """The first instant at which a service on ``day`` may be booked; None when nothing opens it."""

    def say(self) -> str:
        """The rule in French."""


@dataclass(frozen=True, slots=True)
class Prepayment:
    """A booking is paid when it is made: within ``hold_minutes`` or it falls; ``minimum_top_up`` is in cents.

    None: the commune says nothing of it.
    """

    hold_minutes: int | None = None
    minimum_top_up: int | None = None

    def __post_init__(self) -> None:
        if self.hold_minutes is not None and self.hold_minutes < 1:
            raise RuleError(f"Prepayment(hold_minutes={self.hold_minutes}): write at least a minute, or nothing")
        if self.minimum_top_up is not None and self.minimum_top_up < 1:
            raise RuleError(f"Prepayment(minimum_top_up={self.minimum_top_up}): write cents, or nothing")

    def say(self) -> str:
        """« à la réservation, annulée si elle n'est pas payée dans les 60 minutes ; rechargement de … au moins »."""
        within = "la minute" if self.hold_minutes == 1 else f"les {self.hold_minutes} minutes"
        hold = f", annulée si elle n'est pas payée dans {within}" if self.hold_minutes else ""
        top_up = f" ; rechargement de {euros(self.minimum_top_up)} au moins" if self.minimum_top_up else ""
        return f"à la réservation{hold}{top_up}"


@dataclass(frozen=True, slots=True)
class BookingRules:
    """The rules of an activity. ``late_cancel`` is None when who cancels late is answered as who books late;
    ``opens`` is None when booking is open as soon as the day exists.
    """

    book: Deadline
    cancel: Deadline
    late: LatePolicy
    opens: date | OpeningRule | None = None
    late_cancel: LatePolicy | None = None
    quotas: tuple[Quota, ...] = ()
    strikes: Strikes | None = None
    block: Block | None = None
    prepayment: Prepayment | None = None

    def __post_init__(self) -> None:
        if isinstance(self.late, StillDue):
            raise RuleError("BookingRules(late=StillDue): nothing is due before it is booked; write it as late_cancel")
        if isinstance(self.late_cancel, Accept | WaitingList):
            raise RuleError(
                f"BookingRules(late_cancel={type(self.late_cancel).__name__}): write Refuse, OtherChannel or StillDue; "
                "a cancellation that is accepted until later has a later « cancel »"
            )
        if len({quota.action for quota in self.quotas}) < len(self.quotas):
            raise RuleError("BookingRules(quotas): write one quota for bookings and one for cancellations at most")

    def of(self, residency: Residency) -> Self:
        """The rules as they hold for a family of the commune, or for another one, where openings differ."""
        return replace(self, opens=self.opens.of(residency)) if isinstance(self.opens, OpensByResidency) else self

    def deadline(self, action: Action) -> Deadline:
        """The rule for an action."""
        return self.book if action is Action.BOOK else self.cancel

    def late_policy(self, action: Action) -> LatePolicy:
        """What a family is told that comes too late for an action."""
        return self.late if action is Action.BOOK or self.late_cancel is None else self.late_cancel

    def quota(self, action: Action) -> Quota | None:
        """How many late acts of a kind a child may make; None when the commune counts none."""
        return next((quota for quota in self.quotas if quota.action is action), None)

    def last_instant(self, action: Action, day: date, calendar: SchoolCalendar, tz: tzinfo) -> LastInstant:
        """Until when a family may act in time on a service of ``day``."""
        return self.deadline(action).instant(day, calendar, tz)

    def final_instant(self, day: date, calendar: SchoolCalendar, tz: tzinfo) -> LastInstant:
        """Until when a booking is taken at all: later than the last instant only where late bookings are accepted."""
        deadline = self.late.last if isinstance(self.late, Accept) else self.book
        return deadline.instant(day, calendar, tz)

    def first_instant(self, day: date, calendar: SchoolCalendar, tz: tzinfo) -> datetime | None:
        """From when a service of ``day`` may be booked; None when there is no opening date."""
        if isinstance(self.opens, date):
            return datetime.combine(self.opens, time(), tz)
        return None if self.opens is None else self.opens.instant(day, calendar, tz)

    def say(self) -> str:
        """The rules in French, one sentence a line; what the commune has no rule for has no line."""
        return "\n".join(_titled(title, said) for title, said in self._lines() if said)

    def _lines(self) -> tuple[tuple[str, str], ...]:
        book, cancel = self.book.say(), self.cancel.say()
        both = (("Réservation et annulation", book),)
        return (
            ("Ouverture", self._say_opening()),
            *(both if book == cancel else (("Réservation", book), ("Annulation", cancel))),
            ("Hors délai", self.late.say()),
            ("Annulation hors délai", self.late_cancel.say() if self.late_cancel else ""),
            ("Tolérance", " ; ".join(quota.say() for quota in self.quotas)),
            ("Manquements", self.strikes.say() if self.strikes else ""),
            ("Minimum", self.block.say() if self.block else ""),
            ("Paiement", self.prepayment.say() if self.prepayment else ""),
        )

    def _say_opening(self) -> str:
        if isinstance(self.opens, date):
            return f"le {say_date(self.opens)}"
        return "" if self.opens is None else self.opens.say()


def _titled(title: str, said: str) -> str:
    """« Hors délai : contactez la mairie »; words that start with the title themselves are not introduced by it."""
    return said if said.startswith(title) else f"{title} : {said}"
