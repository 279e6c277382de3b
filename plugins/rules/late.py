"""What happens to who comes after the deadline. Only ``Accept`` is bookable late on the portal; the rest is told."""

from dataclasses import dataclass
from datetime import date, datetime, tzinfo
from enum import Enum

from plugins.rules.calendar import SchoolCalendar
from plugins.rules.deadlines import Deadline, Never
from plugins.rules.errors import RuleError
from plugins.rules.french import euros, say_instant, say_list, say_sentence
from plugins.rules.frozen import freeze
from plugins.rules.texts import require_line


@dataclass(frozen=True, slots=True)
class Refuse:
    """Too late is no; ``other_channel`` tells the family, in French, what it may still do."""

    other_channel: str

    def __post_init__(self) -> None:
        require_line(self.other_channel, "Refuse(other_channel)")

    def say(self) -> str:
        """What the family is told."""
        return self.other_channel


@dataclass(frozen=True, slots=True)
class Accept:
    """Too late is still yes until ``last``; the tariff prices it (``When.LATE``) and ``notice`` warns, in French."""

    last: Deadline
    notice: str

    def __post_init__(self) -> None:
        require_line(self.notice, "Accept(notice)")
        if isinstance(self.last, Never):
            raise RuleError("Accept(last=never): nothing is accepted late, write Refuse")

    def announce(self, cents: int) -> str:
        """What a family is told before it confirms a late booking: « Accepté avec une majoration. Supplément : … ».

        ``cents`` is what the booking costs more than in time; nothing is said of it when it costs the same.
        """
        return f"{say_sentence(self.notice)} Supplément : {euros(cents)}." if cents else say_sentence(self.notice)

    def say(self) -> str:
        """« Accepté avec une majoration. Dernier recours : le jour même avant 9 h. »."""
        return f"{say_sentence(self.notice)} Dernier recours : {self.last.say()}."


class Channel(Enum):
    """How a family reaches the service without the portal."""

    PHONE = "par téléphone"
    EMAIL = "par courriel"
    LETTER = "par courrier"
    DESK = "au guichet"


@dataclass(frozen=True, slots=True)
class Way:
    """A channel that stays open after the portal's deadline, until its own; ``then`` confirms the first one."""

    channel: Channel
    until: Deadline
    then: Channel | None = None

    def __post_init__(self) -> None:
        if self.then is self.channel:
            raise RuleError(f"Way({self.channel.name}, then={self.channel.name}): confirm by another channel, or none")
        if isinstance(self.until, Never):
            raise RuleError(f"Way({self.channel.name}, never): nobody can take it, leave it out")

    def say(self) -> str:
        """« par téléphone le jour même avant 9 h, puis par courrier »."""
        confirmed = f", puis {self.then.value}" if self.then else ""
        return f"{self.channel.value} {self.until.say()}{confirmed}"

    def say_open(self, day: date, calendar: SchoolCalendar, tz: tzinfo, now: datetime) -> str | None:
        """« par téléphone jusqu'au mardi 3 novembre 2026 à 8 h 59, puis par courrier »; None once it is closed."""
        last = self.until.instant(day, calendar, tz)
        if last.at is None or not last.is_open(now):
            return None
        confirmed = f", puis {self.then.value}" if self.then else ""
        return f"{self.channel.value} jusqu'au {say_instant(last.at, tz)}{confirmed}"


@dataclass(frozen=True, slots=True)
class OtherChannel:
    """Too late for the portal, not for the service; ``contact`` says in French where to write or to call."""

    ways: tuple[Way, ...]
    contact: str

    def __post_init__(self) -> None:
        freeze(self, "ways")
        require_line(self.contact, "OtherChannel(contact)")
        channels = [way.channel for way in self.ways]
        if not channels or len(set(channels)) < len(channels):
            names = ", ".join(channel.name for channel in channels) or "nothing"
            raise RuleError(f"OtherChannel of {names}: write at least one way, and each channel once")

    def say(self) -> str:
        """« Encore possible par courriel jusqu'au jour même à 8 h ou par téléphone la veille avant 18 h : … »."""
        return f"Encore possible {say_list((way.say() for way in self.ways), last='ou')} : {self.contact}"

    def say_open(self, day: date, calendar: SchoolCalendar, tz: tzinfo, now: datetime) -> str:
        """The ways that are still open at an instant for a service of ``day``, each until its own last instant."""
        ways = [said for way in self.ways if (said := way.say_open(day, calendar, tz, now))]
        if not ways:
            return f"Les autres moyens sont clos aussi : {say_list(way.say() for way in self.ways)}."
        return f"Encore possible {say_list(ways, last='ou')} : {self.contact}"


@dataclass(frozen=True, slots=True)
class WaitingList:
    """Too late is a place on a waiting list that the service keeps; ``notice`` says in French how to ask for it."""

    notice: str

    def __post_init__(self) -> None:
        require_line(self.notice, "WaitingList(notice)")

    def say(self) -> str:
        """« Liste d'attente. Le service vous rappelle quand une place se libère. »."""
        return f"Liste d'attente. {self.notice}"


@dataclass(frozen=True, slots=True)
class StillDue:
    """A late cancellation is taken note of, but the day is charged; ``notice`` may say in French what else there is."""

    notice: str | None = None

    def __post_init__(self) -> None:
        if self.notice is not None:
            require_line(self.notice, "StillDue(notice)")

    def say(self) -> str:
        """« La journée reste due. Prévenez quand même le service. »."""
        return f"La journée reste due. {self.notice}" if self.notice else "La journée reste due."


LatePolicy = Refuse | Accept | OtherChannel | WaitingList | StillDue


def say_refused(policy: LatePolicy, day: date, calendar: SchoolCalendar, tz: tzinfo, now: datetime) -> str:
    """What a family that is refused a service of ``day`` may still do at this instant.

    After the last resort of ``Accept``, nothing is left but the service.
    """
    match policy:
        case Accept():
            return "Contactez le service."
        case OtherChannel():
            return policy.say_open(day, calendar, tz, now)
        case _:
            return policy.say()
