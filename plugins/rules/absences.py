"""Which days of an absence a family pays: told in time, excused, or due."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import UTC, date, datetime, tzinfo
from itertools import combinations

from plugins.rules.calendar import SchoolCalendar
from plugins.rules.deadlines import Deadline
from plugins.rules.errors import RuleError
from plugins.rules.excuses import Carence, Cause, Excuse
from plugins.rules.french import NBSP, say_date, say_instant, say_list
from plugins.rules.frozen import freeze
from plugins.rules.texts import require_line
from plugins.rules.versions import Versions

FULL_PRICE = 100


@dataclass(frozen=True, slots=True)
class Proof:
    """A document that reached the service, named as the commune's rules name it."""

    document: str
    received: datetime

    def __post_init__(self) -> None:
        _refuse_naive(self.received, "Proof(received)")


@dataclass(frozen=True, slots=True)
class Absence:
    """A child is absent from ``first`` to ``last``, both included; ``told`` is when the family said so."""

    first: date
    last: date
    cause: Cause
    told: datetime | None = None
    proof: Proof | None = None

    def __post_init__(self) -> None:
        if self.last < self.first:
            raise RuleError(f"Absence ends on {say_date(self.last)} before {say_date(self.first)}: swap the two dates")
        if self.told is not None:
            _refuse_naive(self.told, "Absence(told)")


@dataclass(frozen=True, slots=True)
class Notice:
    """Who tells the service in time does not pay.

    ``each_day``: every day has its own deadline, and the last days of an absence told on its first morning are not
    due; otherwise the deadline is that of the first day of absence, for all of them.
    """

    deadline: Deadline
    each_day: bool

    def covers(self, day: date, absence: Absence, calendar: SchoolCalendar, tz: tzinfo) -> bool:
        """True when the service was told in time of the absence on ``day``."""
        counted = day if self.each_day else absence.first
        return absence.told is not None and self.deadline.instant(counted, calendar, tz).is_open(absence.told)

    def say(self) -> str:
        """« la veille avant 10 h, pour chaque jour d'absence »."""
        counted = "pour chaque jour d'absence" if self.each_day else "compté du premier jour d'absence"
        return f"{self.deadline.say()}, {counted}"


@dataclass(frozen=True, slots=True)
class AbsenceDay:
    """One booked day of an absence: how many per cent of its price stay due, and why, in French."""

    day: date
    percent_due: int
    reason: str

    def say(self) -> str:
        """« lundi 13 janvier 2025 : dû (le 1er jour réservé reste dû) »."""
        due = {0: "déduit", FULL_PRICE: "dû"}.get(self.percent_due, f"dû à {self.percent_due}{NBSP}%")
        return f"{say_date(self.day)} : {due} ({self.reason})"


@dataclass(frozen=True, slots=True)
class AbsenceDecision:
    """What was decided of each booked day of an absence, in order, each exactly once."""

    days: tuple[AbsenceDay, ...]

    @property
    def due(self) -> tuple[date, ...]:
        """The days charged in full."""
        return tuple(day.day for day in self.days if day.percent_due == FULL_PRICE)

    @property
    def deducted(self) -> tuple[date, ...]:
        """The days that are not, even when some per cent of their price is retained."""
        return tuple(day.day for day in self.days if day.percent_due < FULL_PRICE)

    def say(self) -> str:
        """The decision in French, one day a line."""
        return "\n".join(day.say() for day in self.days)


@dataclass(frozen=True, slots=True)
class AbsenceRules:
    """The absences an activity does not charge; what no rule excuses is due.

    ``excuses`` may be ``Versions``, read on the first day of the absence. ``when_due`` tells the family, in French,
    what it still has: the meal may be fetched at the kitchen.
    """

    notice: Notice | None = None
    excuses: tuple[Excuse, ...] | Versions[tuple[Excuse, ...]] = ()
    when_due: str | None = None

    def __post_init__(self) -> None:
        freeze(self, "excuses")
        if self.when_due is not None:
            require_line(self.when_due, "AbsenceRules(when_due)")
        versions = self._versions()
        for excuses in (versions.first, *(later for _, later in versions.later)):
            for one, other in combinations(excuses, 2):
                if both := set(one.causes) & set(other.causes):
                    labels = say_list(sorted(cause.label for cause in both))
                    raise RuleError(f"AbsenceRules: two excuses for « {labels} », write each cause in one of them")

    def decide(
        self, absence: Absence, booked: Collection[date], calendar: SchoolCalendar, tz: tzinfo
    ) -> AbsenceDecision:
        """What a family pays of ``booked``, days of service; those outside the absence are left alone.

        A day told in time is not due, whatever the excuse; it counts among the days of a carence all the same.
        """
        days = sorted(day for day in set(booked) if absence.first <= day <= absence.last)
        carence, retained, reason = self._ruling(absence, calendar, tz)
        kept = frozenset(days) if carence is None else carence.due(absence.first, days)

        def decided(day: date) -> AbsenceDay:
            if self.notice is not None and self.notice.covers(day, absence, calendar, tz):
                return AbsenceDay(day, 0, f"service prévenu à temps : {self.notice.say()}")
            if carence is not None and day in kept:
                return AbsenceDay(day, FULL_PRICE, f"{reason} : {carence.say()}")
            return AbsenceDay(day, FULL_PRICE if day in kept else retained, reason)

        return AbsenceDecision(tuple(decided(day) for day in days))

    def causes_on(self, day: date) -> tuple[Cause, ...]:
        """What excuses an absence that begins on a day, in the order of the règlement."""
        return tuple(cause for excuse in self._versions().on(day) for cause in excuse.causes)

    def documents_for(self, cause: Cause, day: date) -> tuple[str, ...]:
        """What proves that cause for an absence that begins on a day, as the règlement names it; empty for nothing."""
        excuse = self._excuse(cause, day)
        return excuse.documents if excuse else ()

    def proof_until(self, absence: Absence, calendar: SchoolCalendar, tz: tzinfo) -> datetime | None:
        """The last second in which a proof still changes what is due of an absence; None when no proof does."""
        excuse = self._excuse(absence.cause, absence.first)
        if excuse is None or not excuse.is_long_enough(absence.first, absence.last, calendar):
            return None
        lasts = [tier.within.instant(absence.first, absence.last, calendar, tz) for tier in excuse.tiers]
        return max(lasts, default=None)

    def _excuse(self, cause: Cause, day: date) -> Excuse | None:
        return next((excuse for excuse in self._versions().on(day) if cause in excuse.causes), None)

    def _ruling(self, absence: Absence, calendar: SchoolCalendar, tz: tzinfo) -> tuple[Carence | None, int, str]:
        """The carence (None: everything is due), the per cent retained and the reason in French."""
        label = absence.cause.label
        excuse = self._excuse(absence.cause, absence.first)
        if excuse is None:
            return None, 0, f"{label} : motif que le règlement n'excuse pas"
        if excuse.minimum is not None and not excuse.is_long_enough(absence.first, absence.last, calendar):
            return None, 0, f"{label} : absence excusée seulement {excuse.minimum.say()}"
        if not excuse.tiers:
            return excuse.without_proof, 0, label
        proof = absence.proof
        if proof is None or proof.document not in excuse.documents:
            wanted = say_list(excuse.documents, last="ou")
            return excuse.without_proof, 0, f"{label} : justificatif non reçu ({wanted})"
        received = f"{label} : justificatif reçu le {say_instant(proof.received, tz)} ({proof.document})"
        for tier in excuse.tiers:
            last = tier.within.instant(absence.first, absence.last, calendar, tz)
            if proof.received.astimezone(UTC).replace(microsecond=0) <= last.astimezone(UTC):
                return tier.carence, tier.retained, f"{received}, à temps"
        return excuse.without_proof, 0, f"{received}, trop tard"

    def _versions(self) -> Versions[tuple[Excuse, ...]]:
        return self.excuses if isinstance(self.excuses, Versions) else Versions(self.excuses)

    def say(self) -> str:
        """The rules in French, one sentence a line."""
        told = [f"Absence annoncée à temps : rien n'est dû (délai : {self.notice.say()})"] if self.notice else []
        versions = self._versions()
        lines = told + _say_excuses("Absence", versions.first)
        for day, excuses in versions.later:
            since = f"À partir du {say_date(day)}, "
            lines += _say_excuses(f"{since}absence", excuses) or [f"{since}aucune absence n'est excusée"]
        rest = "Toute autre absence est due" if lines else "Une journée réservée et non annulée à temps est due"
        return "\n".join([*lines, f"{rest} : {self.when_due}" if self.when_due else rest])


def _say_excuses(absence: str, excuses: tuple[Excuse, ...]) -> list[str]:
    return [f"{absence} pour {excuse.say()}" for excuse in excuses]


def _refuse_naive(instant: datetime, what: str) -> None:
    if instant.tzinfo is None:
        raise RuleError(f"{what} {instant}: write a timezone-aware datetime")
