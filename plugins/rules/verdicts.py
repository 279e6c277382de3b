"""What may be done with one unit, for one child, on one day: one judgement for calendar, preview and commit."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, tzinfo
from enum import Enum
from typing import Self

from plugins.rules.booking import Accept, Action, BookingRules
from plugins.rules.calendar import CalendarDay, DayKind, SchoolCalendar
from plugins.rules.catalogue import Activity, Unit
from plugins.rules.custody import Share, given_elsewhere
from plugins.rules.deadlines import LastInstant
from plugins.rules.features import FeatureAnswer
from plugins.rules.french import say_date, say_instant, say_of
from plugins.rules.late import say_refused


class Verdict(Enum):
    """The answer for one unit on one day."""

    BOOKABLE = "BOOKABLE"
    BOOKED = "BOOKED"
    CANCELLABLE = "CANCELLABLE"
    FREE = "FREE"  # not booked, not wanted: nothing to do
    CLOSED_DAY = "CLOSED_DAY"
    PAST_DAY = "PAST_DAY"
    HORIZON = "HORIZON"
    NOT_YET_OPEN = "NOT_YET_OPEN"
    TOO_LATE = "TOO_LATE"
    FULL = "FULL"
    NOT_ENROLLED = "NOT_ENROLLED"
    DOSSIER_NOT_ACCEPTED = "DOSSIER_NOT_ACCEPTED"
    FEATURE_CLOSED = "FEATURE_CLOSED"
    UNIT_RULE = "UNIT_RULE"
    LATE_QUOTA = "LATE_QUOTA"
    LEAST_BOOKING = "LEAST_BOOKING"
    OTHER_CUSTODY = "OTHER_CUSTODY"

    @property
    def is_refusal(self) -> bool:
        """True when the wanted change cannot be made."""
        return self not in (Verdict.BOOKABLE, Verdict.BOOKED, Verdict.CANCELLABLE, Verdict.FREE)


@dataclass(frozen=True, slots=True)
class Reason:
    """Why a change is refused, in French, with the instant or the contact that matters."""

    verdict: Verdict
    message: str
    until: datetime | None = None
    contact: str | None = None


@dataclass(frozen=True, slots=True)
class Standing:
    """What is true of a child in an activity, whatever the day.

    ``dossier_reason`` is set while a file is missing; ``custody`` are the calendars of the household that asks,
    ``when_full`` says in French what to do when there is no place left.
    """

    feature: FeatureAnswer
    enrolled: tuple[date, date] | None
    dossier_reason: str | None
    not_enrolled_reason: str
    custody: tuple[Share, ...] = ()
    when_full: str = "Contactez le service."


@dataclass(frozen=True, slots=True)
class Question:
    """One unit on one day: how it stands and what is wanted (``None``: just tell what could be done).

    ``closed`` is true when it does not take place although it usually does: the label of the day says why.
    """

    unit: Unit
    day: CalendarDay
    booked: bool
    wanted: bool | None
    closed: bool = False


@dataclass(frozen=True, slots=True)
class Instants:
    """When a day may be booked and cancelled: opening, in time, at the very last, and until when to cancel."""

    opens: datetime | None
    book: LastInstant
    final: LastInstant
    cancel: LastInstant

    @classmethod
    def of(cls, rules: BookingRules, day: date, calendar: SchoolCalendar, tz: tzinfo) -> Self:
        """The instants that an activity's rules give for a day of service."""
        # A month on screen asks hundreds of days: a deadline that serves twice is computed once.
        book = rules.last_instant(Action.BOOK, day, calendar, tz)
        return cls(
            opens=rules.first_instant(day, calendar, tz),
            book=book,
            final=rules.final_instant(day, calendar, tz) if isinstance(rules.late, Accept) else book,
            cancel=book if rules.cancel is rules.book else rules.last_instant(Action.CANCEL, day, calendar, tz),
        )

    def is_late(self, now: datetime) -> bool:
        """True when a booking made now would come after the ordinary deadline."""
        return not self.book.is_open(now)


@dataclass(frozen=True, slots=True)
class Judge:
    """Judges every unit and day of one activity, at one instant, by the commune's rules.

    ``by_service`` when an agent does it for the family: what is closed online, the deadlines and the tolerance of late
    bookings are for families; places, closings, rules between units and enrolments are for everybody.
    """

    activity: Activity
    rules: BookingRules
    calendar: SchoolCalendar
    tz: tzinfo
    now: datetime
    standing: Standing
    instants: Mapping[date, Instants]
    by_service: bool = False
    today: date = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "today", self.now.astimezone(self.tz).date())

    def is_late(self, day: date) -> bool:
        """True when a booking made now would come after the ordinary deadline of the day."""
        return self.instants[day].is_late(self.now)

    def judge(self, question: Question, places_left: int | None) -> tuple[Verdict, Reason | None]:
        """The verdict, and the reason when it is a refusal; ``places_left`` is None when there is no limit."""
        if question.booked and question.wanted is not False:
            return Verdict.BOOKED, None
        if not question.booked and question.wanted is False:
            return Verdict.FREE, None
        reason = self._refusal(question)
        if reason is None and not question.booked and places_left is not None and places_left <= 0:
            reason = self._full(question)
        if reason is not None:
            return reason.verdict, reason
        return (Verdict.CANCELLABLE if question.booked else Verdict.BOOKABLE), None

    def _refusal(self, question: Question) -> Reason | None:
        """What the rules refuse, whatever the places."""
        return (
            (None if self.by_service else self._feature())
            or self._day(question)
            or (None if question.booked else self._entry(question))
            or (None if self.by_service else self._deadline(question))
        )

    def _entry(self, question: Question) -> Reason | None:
        """What keeps from booking, and never from cancelling."""
        return self._custody(question) or self._standing(question) or self._opening(question)

    def _feature(self) -> Reason | None:
        answer = self.standing.feature
        if answer.allowed:
            return None
        return Reason(Verdict.FEATURE_CLOSED, answer.reason or "", contact=answer.contact)

    def _day(self, question: Question) -> Reason | None:
        day = question.day
        if day.kind is DayKind.UNKNOWN:
            return Reason(
                Verdict.HORIZON,
                f"Le calendrier officiel ne va pas encore jusqu'au {say_date(day.day)} : cette date n'est pas ouverte.",
            )
        if day.day < self.today:
            return Reason(Verdict.PAST_DAY, f"Le {say_date(day.day)} est passé : contactez le service.")
        if not self.activity.is_open(question.unit, day) or (question.closed and not question.booked):
            because = f" ({day.label})" if day.label else ""
            return Reason(Verdict.CLOSED_DAY, f"{question.unit.label} : pas d'accueil le {say_date(day.day)}{because}.")
        return None

    def _custody(self, question: Question) -> Reason | None:
        day = question.day.day
        share = given_elsewhere(day, self.standing.custody)
        if share is None:
            return None
        return Reason(
            Verdict.OTHER_CUSTODY,
            f"D'après le calendrier de garde, le {say_date(day)} n'est pas l'un de vos jours ({share.say()}) : il se "
            "réserve depuis l'autre foyer de l'enfant. Si ce calendrier a changé, contactez le service.",
        )

    def _standing(self, question: Question) -> Reason | None:
        if self.standing.dossier_reason is not None:
            return Reason(Verdict.DOSSIER_NOT_ACCEPTED, self.standing.dossier_reason)
        enrolled = self.standing.enrolled
        if enrolled is None or not enrolled[0] <= question.day.day <= enrolled[1]:
            return Reason(Verdict.NOT_ENROLLED, self.standing.not_enrolled_reason)
        return None

    def _opening(self, question: Question) -> Reason | None:
        opens = self.instants[question.day.day].opens
        if opens is None and self.rules.opens is not None:
            return Reason(
                Verdict.NOT_YET_OPEN,
                f"{question.unit.label} du {say_date(question.day.day)} : aucune date n'ouvre encore les réservations "
                "de ce jour.",
            )
        if opens is None or opens <= self.now:
            return None
        return Reason(
            Verdict.NOT_YET_OPEN,
            f"{question.unit.label} du {say_date(question.day.day)} : les réservations ouvrent le "
            f"{say_instant(opens, self.tz)}.",
            until=opens,
        )

    def _deadline(self, question: Question) -> Reason | None:
        instants = self.instants[question.day.day]
        last = instants.cancel if question.booked else instants.final
        if last.is_open(self.now):
            return None
        verb, action = ("annuler", Action.CANCEL) if question.booked else ("réserver", Action.BOOK)
        what = f"{question.unit.label} du {say_date(question.day.day)}"
        then = say_refused(self.rules.late_policy(action), question.day.day, self.calendar, self.tz, self.now)
        if last.at is None:
            said = f"{what} : le règlement ne permet pas {say_of(verb)} ce jour-là ({last.rule}). {then}"
        else:
            until = say_instant(last.at, self.tz)
            said = f"Trop tard pour {verb} {what} : c'était possible jusqu'au {until} ({last.rule}). {then}"
        return Reason(Verdict.TOO_LATE, said, until=last.at)

    def quota_refusal(self, question: Question, used: int) -> Reason | None:
        """Why a late booking is one too many, when ``used`` of its span were made already; None when it is not."""
        quota = self.rules.quota(Action.BOOK)
        day = question.day.day
        if quota is None or self.by_service or quota.allows(used):
            return None
        what = f"{question.unit.label} du {say_date(day)}"
        _, last = quota.span(day, self.calendar)
        return Reason(Verdict.LATE_QUOTA, f"{what} : hors délai. {quota.say_reached(used, last)} Contactez le service.")

    def _full(self, question: Question) -> Reason:
        said = f"{question.unit.label} : il n'y a plus de place le {say_date(question.day.day)}."
        return Reason(Verdict.FULL, f"{said} {self.standing.when_full}")
