"""Who waits when a day is full: in which order, and how long a freed place is kept for the family it is offered to."""

from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta, tzinfo

from plugins.rules.conditions import Absence, FromUnbooked, OneOf, When
from plugins.rules.errors import RuleError
from plugins.rules.french import say_list, say_time
from plugins.rules.frozen import freeze
from plugins.rules.parts import parts_of
from plugins.rules.prices import Situation
from plugins.rules.texts import require_line, require_unique

SHORTEST, LONGEST = 15, 7 * 24 * 60  # minutes
LONGEST_LABEL = 60


@dataclass(frozen=True, slots=True)
class Priority:
    """Points for the children that wait in some situation; the family reads the ``label``, in French."""

    when: When
    points: int
    label: str

    def __post_init__(self) -> None:
        require_line(self.label, "Priority(label)")
        if len(self.label) > LONGEST_LABEL:
            raise RuleError(f"Priority « {self.label} »: write at most {LONGEST_LABEL} characters")
        if self.points < 1:
            raise RuleError(f"Priority « {self.label} » of {self.points} points: write 1 or more")
        if any(_is_known_later(part) for part in parts_of(self.when)):
            raise RuleError(
                f"Priority « {self.label} » ({self.when.say()}): who waits has neither booked nor been absent, write "
                "another condition"
            )

    def say(self) -> str:
        """« habitants de la commune (10 points) »."""
        return f"{self.label} ({self.points} point{'s' if self.points > 1 else ''})"


@dataclass(frozen=True, slots=True)
class Precedence:
    """How a child that waits comes before others: the points it keeps, and why, in French."""

    points: int
    reason: str


@dataclass(frozen=True, slots=True)
class WaitingListPolicy:
    """Whether families may wait for a place; the highest sum of points comes first, then who asked first.

    A freed place is kept ``hold_minutes`` for the family it is offered to. An offer never ends during the ``quiet``
    hours (first and last, which may cross midnight; None for none): it then lasts until they are over.
    """

    is_open: bool = True
    priorities: tuple[Priority, ...] = ()
    hold_minutes: int = 24 * 60
    quiet: tuple[time, time] | None = (time(21), time(8))

    def __post_init__(self) -> None:
        freeze(self, "priorities")
        if not SHORTEST <= self.hold_minutes <= LONGEST:
            raise RuleError(f"WaitingListPolicy(hold_minutes={self.hold_minutes}): write {SHORTEST} to {LONGEST}")
        if self.quiet is not None and self.quiet[0] == self.quiet[1]:
            raise RuleError("WaitingListPolicy(quiet): hours that begin when they end are a whole day, write None")
        require_unique(tuple(priority.label for priority in self.priorities), "WaitingListPolicy priorities")
        if self.priorities and not self.is_open:
            raise RuleError("WaitingListPolicy(is_open=False): nobody waits, leave the priorities out")

    def precedence(self, situation: Situation) -> Precedence:
        """The points of a child that starts to wait, from all the priorities that hold."""
        earned = [priority for priority in self.priorities if priority.when.holds(situation)]
        return Precedence(sum(priority.points for priority in earned), say_list(one.say() for one in earned))

    def offered_until(self, now: datetime, tz: tzinfo) -> datetime:
        """Until when a place offered now is kept; the service may end it sooner, at its own deadline."""
        end = (now.astimezone(UTC) + timedelta(minutes=self.hold_minutes)).astimezone(tz)
        if self.quiet is None:
            return end
        first, last = self.quiet
        moment = end.time()
        if first < last:
            is_quiet, tomorrow = first <= moment < last, False
        else:
            is_quiet, tomorrow = moment >= first or moment < last, moment >= first
        if not is_quiet:
            return end
        return datetime.combine(end.date() + timedelta(days=tomorrow), last, tzinfo=tz)

    def say_full(self) -> str:
        """What a family does when there is no place left."""
        if not self.is_open:
            return "Aucune liste d'attente n'est ouverte : contactez le service."
        return "Une liste d'attente est ouverte : inscrivez-vous, une place qui se libère vous sera proposée."

    def say(self) -> str:
        """The list in French, a sentence a line."""
        if not self.is_open:
            return "Aucune liste d'attente n'est ouverte quand il n'y a plus de place."
        order = "Passe d'abord qui a demandé le premier."
        if self.priorities:
            first = say_list(priority.say() for priority in self.priorities)
            order = f"Passe d'abord qui a le plus de points, puis qui a demandé le premier : {first}."
        return "\n".join(
            (
                "Quand il n'y a plus de place, une liste d'attente est ouverte.",
                order,
                f"Une place qui se libère est gardée {_say_minutes(self.hold_minutes)} pour la famille à qui elle est "
                f"proposée{self._say_quiet()} ; jamais au-delà de la date limite de réservation.",
            )
        )

    def _say_quiet(self) -> str:
        if self.quiet is None:
            return ""
        first, last = self.quiet
        return f", et plus longtemps si ce délai finit entre {say_time(first)} et {say_time(last)}"


def _is_known_later(part: object) -> bool:
    return isinstance(part, Absence | FromUnbooked) or (isinstance(part, OneOf) and part.fact in {"late", "booked"})


def _say_minutes(minutes: int) -> str:
    hours, rest = divmod(minutes, 60)
    if rest:
        return f"{minutes} minutes" if not hours else f"{hours} h {rest:02}"
    return f"{hours} heure{'s' if hours > 1 else ''}"
