"""Which absences are excused, with which proof, how soon, and how many days stay due all the same (« carence »)."""

from abc import ABC, abstractmethod
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from enum import Enum
from itertools import pairwise

from plugins.rules.calendar import ONE_DAY, SchoolCalendar
from plugins.rules.clocks import require_clock
from plugins.rules.days import SCHOOL_DAYS, DayCount
from plugins.rules.errors import RuleError
from plugins.rules.french import NBSP, say_list, say_ordinal, say_time
from plugins.rules.frozen import freeze
from plugins.rules.months import LAST, in_month
from plugins.rules.texts import require_line

LAST_SECOND = time(23, 59, 59)


@dataclass(frozen=True, slots=True)
class Cause:
    """Why a child is absent, in French and without an article; two causes are the same when their words are."""

    label: str

    def __post_init__(self) -> None:
        require_line(self.label, "Cause(label)")


ILLNESS = Cause("maladie")
CONTAGION = Cause("éviction pour maladie contagieuse")
HOSPITAL = Cause("hospitalisation")
BEREAVEMENT = Cause("deuil")
FAMILY_EVENT = Cause("événement familial grave")
WORK = Cause("obligation professionnelle")
JOB_LOSS = Cause("rupture du contrat de travail")
ATYPICAL_HOURS = Cause("horaires de travail atypiques")
LEAVE = Cause("congés")
STRIKE = Cause("grève")
TEACHER_ABSENT = Cause("enseignant absent et non remplacé")
OUTING = Cause("sortie scolaire")
CLOSING = Cause("fermeture du service")
WEATHER = Cause("intempéries")
OTHER = Cause("autre")


class CarenceDays(Enum):
    """Which days a « carence » counts: those of the calendar, or those the child had booked."""

    CALENDAR = "jour du calendrier"
    BOOKED = "jour réservé"


@dataclass(frozen=True, slots=True)
class Carence:
    """The first days of an excused absence that stay due; the first day of absence is the first one counted."""

    days: int
    counting: CarenceDays

    def __post_init__(self) -> None:
        if not 0 <= self.days <= 31:
            raise RuleError(f"Carence({self.days}): write 0 to 31 days")

    def due(self, first: date, booked: Sequence[date]) -> frozenset[date]:
        """The days that stay due among ``booked``, which are those of the absence, in order."""
        if self.counting is CarenceDays.BOOKED:
            return frozenset(booked[: self.days])
        return frozenset(day for day in booked if day < first + timedelta(days=self.days))

    def say(self) -> str:
        """« rien n'est dû », « le 1er jour réservé reste dû », « les 3 premiers jours du calendrier restent dus »."""
        if not self.days:
            return "rien n'est dû"
        if self.days == 1:
            return f"le 1er {self.counting.value} reste dû"
        noun, rest = self.counting.value.split(" ", 1)
        plural = "réservés" if self.counting is CarenceDays.BOOKED else rest
        return f"les {self.days} premiers {noun}s {plural} restent dus"


NO_CARENCE = Carence(0, CarenceDays.CALENDAR)


class Edge(Enum):
    """The day of an absence from which a proof's time is counted."""

    FIRST_DAY = "premier jour d'absence"
    LAST_DAY = "dernier jour d'absence"

    def of(self, first: date, last: date) -> date:
        """The day itself, of an absence from ``first`` to ``last``."""
        return first if self is Edge.FIRST_DAY else last


class Within(ABC):
    """Until when a proof is in time."""

    __slots__ = ()

    @abstractmethod
    def instant(self, first: date, last: date, calendar: SchoolCalendar, tz: tzinfo) -> datetime:
        """The last second in time for the proof of an absence from ``first`` to ``last``."""

    @abstractmethod
    def say(self) -> str:
        """The rule in French."""


@dataclass(frozen=True, slots=True)
class HoursAfter(Within):
    """So many elapsed hours, the last one included, from an hour of the first or of the last day of absence."""

    hours: int
    start: time
    edge: Edge

    def __post_init__(self) -> None:
        if not 1 <= self.hours <= 24 * 31:
            raise RuleError(f"HoursAfter({self.hours}): write 1 to 744 hours, or count DaysAfter")
        require_clock(self.start, "HoursAfter(start)")

    def instant(self, first: date, last: date, calendar: SchoolCalendar, tz: tzinfo) -> datetime:
        """Exactly so many hours later: a change of the clocks does not matter."""
        start = datetime.combine(self.edge.of(first, last), self.start, tz).astimezone(UTC)
        return (start + timedelta(hours=self.hours)).astimezone(tz)

    def say(self) -> str:
        """« dans les 48 heures, comptées de 8 h le premier jour d'absence »."""
        within = "dans l'heure, comptée" if self.hours == 1 else f"dans les {self.hours} heures, comptées"
        return f"{within} de {say_time(self.start)} le {self.edge.value}"


@dataclass(frozen=True, slots=True)
class DaysAfter(Within):
    """Until the end of the n-th day after the first or the last day of absence, which is not counted itself."""

    days: int
    counting: DayCount
    edge: Edge

    def __post_init__(self) -> None:
        if not 1 <= self.days <= 366:
            raise RuleError(f"DaysAfter({self.days}): write 1 to 366 days")

    def instant(self, first: date, last: date, calendar: SchoolCalendar, tz: tzinfo) -> datetime:
        """23:59:59 of the day reached; past the calendar's horizon days of school are unknown, and every day counts."""
        day, left = self.edge.of(first, last), self.days
        while left:
            day += ONE_DAY
            left -= self.counting.counts(day, calendar) or (self.counting is SCHOOL_DAYS and day > calendar.horizon)
        return datetime.combine(day, LAST_SECOND, tz)

    def say(self) -> str:
        """« au plus tard le 7e jour après le premier jour d'absence »."""
        return f"au plus tard le {say_ordinal(self.days)} {self.counting.say(1)} après le {self.edge.value}"


@dataclass(frozen=True, slots=True)
class MonthEnd(Within):
    """Until the end of the month of the first or of the last day of absence, before the invoice."""

    edge: Edge

    def instant(self, first: date, last: date, calendar: SchoolCalendar, tz: tzinfo) -> datetime:
        """23:59:59 of the last day of that month."""
        return datetime.combine(in_month(self.edge.of(first, last), LAST), LAST_SECOND, tz)

    def say(self) -> str:
        """« avant la fin du mois du dernier jour d'absence »."""
        return f"avant la fin du mois du {self.edge.value}"


@dataclass(frozen=True, slots=True)
class Tier:
    """What a proof received in time is worth: its ``carence``, and ``retained`` per cent of the days deducted."""

    within: Within
    carence: Carence
    retained: int = 0

    def __post_init__(self) -> None:
        if not 0 <= self.retained <= 99:
            raise RuleError(f"Tier(retained={self.retained}): write 0 to 99 per cent of the price")

    def say(self) -> str:
        """« justificatif reçu …, le 1er jour réservé reste dû et 10 % du prix des autres jours est retenu »."""
        others = " des autres jours" if self.carence.days else ""
        retained = f"{self.retained}{NBSP}% du prix{others} est retenu" if self.retained else ""
        said = " et ".join(part for part in (self.carence.say() if self.carence.days else "", retained) if part)
        return f"justificatif reçu {self.within.say()}, {said or self.carence.say()}"


@dataclass(frozen=True, slots=True)
class MinimumLength:
    """How many days an absence lasts at least to be excused, first and last included."""

    days: int
    counting: DayCount

    def __post_init__(self) -> None:
        if not 2 <= self.days <= 366:
            raise RuleError(f"MinimumLength({self.days}): write 2 to 366 days, or no minimum")

    def is_met(self, first: date, last: date, calendar: SchoolCalendar) -> bool:
        """True when the absence is long enough."""
        days = ((first + timedelta(days=n)) for n in range((last - first).days + 1))
        return sum(self.counting.counts(day, calendar) for day in days) >= self.days

    def say(self) -> str:
        """« à partir du 4e jour d'école consécutif »."""
        return f"à partir du {self.days}e {self.counting.say(1)} consécutif"


@dataclass(frozen=True, slots=True)
class Excuse:
    """Some causes and what they are worth.

    A proof is one of ``documents``; the first of ``tiers`` it is in time for decides. ``without_proof`` holds when
    there is none in time: a carence for who just says so, None when everything stays due.
    """

    causes: tuple[Cause, ...]
    documents: tuple[str, ...] = ()
    tiers: tuple[Tier, ...] = ()
    without_proof: Carence | None = None
    minimum: MinimumLength | None = None

    def __post_init__(self) -> None:
        freeze(self, "causes", "documents", "tiers")
        what = say_list(cause.label for cause in self.causes)
        for document in self.documents:
            require_line(document, "Excuse(documents)")
        if not self.causes or len(set(self.causes)) < len(self.causes):
            raise RuleError(f"Excuse of « {what} »: write at least one cause, and each once")
        if bool(self.documents) != bool(self.tiers):
            raise RuleError(f"Excuse of « {what} »: write documents and the time they are received in, or neither")
        if not self.tiers and self.without_proof is None:
            raise RuleError(f"Excuse of « {what} » excuses nothing: write without_proof, or documents and tiers")
        for sooner, later in pairwise(self.tiers):
            if _is_no_later(later.within, sooner.within) or _is_worth_more(later.carence, later.retained, sooner):
                raise RuleError(f"Excuse of « {what} »: write its tiers by time, a later proof is never worth more")
        for tier in self.tiers:
            if self.without_proof is not None and _is_worth_more(self.without_proof, 0, tier):
                raise RuleError(f"Excuse of « {what} »: without_proof is worth more than a proof, leave the proof out")

    def is_long_enough(self, first: date, last: date, calendar: SchoolCalendar) -> bool:
        """True when an absence from ``first`` to ``last`` reaches the minimum length, if there is one."""
        return self.minimum is None or self.minimum.is_met(first, last, calendar)

    def say(self) -> str:
        """« maladie (certificat médical) : justificatif reçu …, rien n'est dû ; sinon, tout est dû »."""
        causes = say_list((cause.label for cause in self.causes), last="ou")
        minimum = f", {self.minimum.say()}" if self.minimum else ""
        if not self.tiers:
            return f"{causes}{minimum} : {_without(self.without_proof)}"
        received = " ; ".join(tier.say() for tier in self.tiers)
        proof = say_list(self.documents, last="ou")
        return f"{causes}{minimum} ({proof}) : {received} ; sinon, {_without(self.without_proof)}"


def automatic(*causes: Cause) -> Excuse:
    """Causes that excuse by themselves, from the first day: nobody has to prove a strike."""
    return Excuse(causes, without_proof=NO_CARENCE)


def _is_worth_more(carence: Carence, retained: int, tier: Tier) -> bool:
    comparable = carence.counting is tier.carence.counting or not carence.days
    return retained < tier.retained or (comparable and carence.days < tier.carence.days)


def _is_no_later(within: Within, other: Within) -> bool:
    """True when two times that are counted alike are in the wrong order."""
    match within, other:
        case DaysAfter(), DaysAfter() if (within.counting, within.edge) == (other.counting, other.edge):
            return within.days <= other.days
        case HoursAfter(), HoursAfter() if (within.start, within.edge) == (other.start, other.edge):
            return within.hours <= other.hours
    return within == other


def _without(carence: Carence | None) -> str:
    return "tout est dû" if carence is None else carence.say()
