"""What other rules would have changed: each change judged twice, each unit priced twice, and what that adds up to."""

from dataclasses import dataclass
from datetime import date, datetime
from enum import Enum
from uuid import UUID

from plugins.rules.booking import Action
from plugins.rules.french import euros, say_list
from plugins.rules.prices import PriceLine, total_of
from plugins.rules.verdicts import Verdict

UNKNOWN_UNIT = "Cette prestation n'existe pas dans ces règles."


@dataclass(frozen=True, slots=True)
class Ruling:
    """What a set of rules says of a change at the instant it was made.

    ``verdict`` is None when they do not know the unit. ``late`` is true of a booking that is taken after its ordinary
    deadline. ``last`` is the last instant for such a change, and ``says`` the refusal or the rule, in French.
    """

    verdict: Verdict | None
    late: bool
    last: datetime | None
    says: str

    @property
    def accepted(self) -> bool:
        """True when the change would be made."""
        return self.verdict is not None and not self.verdict.is_refusal


class Outcome(Enum):
    """How other rules would have treated a change; the value says so of one booking or cancellation, and of several."""

    TOO_LATE = ("refusée car trop tardive", "refusées car trop tardives")
    REFUSED = ("refusée pour une autre raison", "refusées pour une autre raison")
    LATE = ("acceptée hors délai", "acceptées hors délai")
    IN_TIME = ("acceptée dans les délais", "acceptées dans les délais")
    ALLOWED = ("acceptée", "acceptées")

    def say(self, count: int = 1) -> str:
        """« acceptée », « refusées car trop tardives »."""
        one, several = self.value
        return several if count > 1 else one

    @classmethod
    def of(cls, before: Ruling, after: Ruling) -> "Outcome | None":
        """What changes from one ruling to the other; None when the family would have met the same answer."""
        if after.accepted and not before.accepted:
            return cls.ALLOWED
        if before.accepted and not after.accepted:
            return cls.TOO_LATE if after.verdict is Verdict.TOO_LATE else cls.REFUSED
        if before.late is not after.late:
            return cls.LATE if after.late else cls.IN_TIME
        return None


@dataclass(frozen=True, slots=True)
class Subject:
    """The unit of a child on a day, by the codes of the catalogue.

    Without child nor unit, it is what the days of the whole household make together in an activity, until that day.
    """

    household: UUID
    child: UUID | None
    day: date
    activity: str
    unit: str


@dataclass(frozen=True, slots=True)
class Rejudged:
    """A booking or a cancellation that was made at ``at``, under the present rules and under the others."""

    subject: Subject
    action: Action
    at: datetime
    before: Ruling
    after: Ruling

    @property
    def outcome(self) -> Outcome | None:
        """What the other rules change for it."""
        return Outcome.of(self.before, self.after)


@dataclass(frozen=True, slots=True)
class Repriced:
    """The lines of a price under the present rules and under the others; None when a rule set does not know the unit.

    What several days make together (a minimum, a discount) is a subject without child, whose sum may be negative.
    """

    subject: Subject
    before: tuple[PriceLine, ...] | None
    after: tuple[PriceLine, ...] | None

    @property
    def before_cents(self) -> int:
        """What it costs today, in cents."""
        return total_of(self.before or ())

    @property
    def after_cents(self) -> int:
        """What it would cost, in cents."""
        return total_of(self.after or ())

    @property
    def is_changed(self) -> bool:
        """True when the family would not pay the same."""
        return self.before_cents != self.after_cents


@dataclass(frozen=True, slots=True)
class Comparison:
    """A period under two sets of rules. ``unjudged`` counts the changes of children who have left their household."""

    judged: tuple[Rejudged, ...]
    priced: tuple[Repriced, ...]
    unjudged: int = 0

    @property
    def subjects(self) -> tuple[Subject, ...]:
        """What was judged, then what was priced."""
        return (*(change.subject for change in self.judged), *(unit.subject for unit in self.priced))

    @property
    def rejudged(self) -> tuple[Rejudged, ...]:
        """The bookings and cancellations that the other rules treat otherwise."""
        return tuple(change for change in self.judged if change.outcome is not None)

    @property
    def repriced(self) -> tuple[Repriced, ...]:
        """The units, and what days make together, that the other rules price otherwise."""
        return tuple(unit for unit in self.priced if unit.is_changed)

    @property
    def before_cents(self) -> int:
        """What the period costs the families today, in cents."""
        return sum(unit.before_cents for unit in self.priced)

    @property
    def after_cents(self) -> int:
        """What it would cost them, in cents."""
        return sum(unit.after_cents for unit in self.priced)

    @property
    def households(self) -> frozenset[UUID]:
        """The households for which something changes."""
        changed: tuple[Rejudged | Repriced, ...] = (*self.rejudged, *self.repriced)
        return frozenset(row.subject.household for row in changed)

    @property
    def already_refused(self) -> int:
        """How many changes, made in their time, the present rules themselves would refuse: they changed since."""
        return sum(not change.before.accepted for change in self.judged)

    def made(self, action: Action) -> int:
        """How many bookings, or cancellations, were judged."""
        return sum(change.action is action for change in self.judged)

    def count(self, action: Action, *outcomes: Outcome) -> int:
        """How many bookings, or cancellations, meet one of these outcomes."""
        return sum(change.action is action and change.outcome in outcomes for change in self.judged)

    def by_activity(self) -> dict[str, "Comparison"]:
        """The same for each activity, in the alphabetical order of their codes; ``unjudged`` is left at 0."""
        return {
            code: Comparison(
                tuple(change for change in self.judged if change.subject.activity == code),
                tuple(unit for unit in self.priced if unit.subject.activity == code),
            )
            for code in sorted({subject.activity for subject in self.subjects})
        }

    def say(self) -> tuple[str, ...]:
        """The totals in French, one sentence each."""
        said = [
            self._say_made(Action.BOOK, ("réservation rejugée", "réservations rejugées")),
            self._say_made(Action.CANCEL, ("annulation rejugée", "annulations rejugées")),
            self._say_prices(),
            _count(len(self.households), ("foyer concerné", "foyers concernés")) + ".",
        ]
        if self.already_refused:
            kinds = ("changement fait à l'époque", "changements faits à l'époque")
            said.append(f"{_count(self.already_refused, kinds)} que les règles actuelles refuseraient déjà.")
        if self.unjudged:
            kinds = ("changement n'est pas rejugé", "changements ne sont pas rejugés")
            said.append(f"{_count(self.unjudged, kinds)} : l'enfant a quitté le foyer.")
        return tuple(said)

    def _say_made(self, action: Action, kinds: tuple[str, str]) -> str:
        counted = {outcome: self.count(action, outcome) for outcome in Outcome}
        parts = [f"{n} {'seraient' if n > 1 else 'serait'} {outcome.say(n)}" for outcome, n in counted.items() if n]
        return f"{_count(self.made(action), kinds)} : {say_list(parts) if parts else 'rien ne change'}."

    def _say_prices(self) -> str:
        units, changed = (
            sum(price.subject.child is not None for price in prices) for prices in (self.priced, self.repriced)
        )
        together = _count(len(self.repriced) - changed, ("total de foyer", "totaux de foyers"))
        also = f" et {together} avec un autre minimum, plafond ou rabais" if len(self.repriced) > changed else ""
        return (
            f"{_count(units, ('prestation tarifée', 'prestations tarifées'))}, dont {changed} à un autre prix{also} : "
            f"{euros(self.before_cents)} aujourd'hui, {euros(self.after_cents)} avec les autres règles, "
            f"soit {say_gap(self.after_cents - self.before_cents)}."
        )


def say_gap(cents: int) -> str:
    """« 2,00 € de plus », « 1,00 € de moins », « aucune différence »."""
    return f"{euros(abs(cents))} de {'plus' if cents > 0 else 'moins'}" if cents else "aucune différence"


def _count(number: int, kinds: tuple[str, str]) -> str:
    return f"{number} {kinds[number > 1]}"


LIMITS = (
    "Les places ne sont pas recomptées ; les dossiers, les inscriptions et les foyers sont ceux d'aujourd'hui.",
    "Les demandes refusées à l'époque n'ont pas été gardées : celles que les autres règles accepteraient manquent ici.",
    "Les prix portent sur les prestations réservées ou dues aujourd'hui, même si les autres règles les refusaient.",
    "Les minimums, les plafonds et les rabais ne comptent que les jours de la période.",
)
"""What a comparison cannot know, in French."""
