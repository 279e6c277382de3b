"""What changes from one rule set to another: a report in French, and the same rows for a spreadsheet."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, tzinfo

from plugins import hookspecs
from plugins.commune import Commune
from plugins.rules.booking import Action
from plugins.rules.calendar import SchoolYear
from plugins.rules.french import euros, say_date, say_time
from plugins.rules.replay import LIMITS, UNKNOWN_UNIT, Comparison, Rejudged, Repriced, Ruling, Subject, say_gap
from plugins.rules.spreadsheets import Cell, amount
from plugins.rules.tariffs import PriceLine
from resolvers.agenda.plans import Window
from resolvers.agenda.replay import Replay

COLUMNS = (
    "Nature",
    "Jour",
    "Activité",
    "Prestation",
    "Foyer",
    "Enfant",
    "Fait le",
    "Effet",
    "Règles actuelles",
    "Instant actuel",
    "Autres règles",
    "Autre instant",
    "Prix actuel",
    "Autre prix",
)
NATURES = {Action.BOOK: "Réservation", Action.CANCEL: "Annulation"}
TOGETHER = ("toutes les prestations", "tous les enfants")  # of what several days make together


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One thing that changes: a booking, a cancellation or a price; what does not apply is None.

    ``before`` and ``after`` are the answer of each rule set or the explanation of each price, in French. Instants are
    on the clocks of the commune, amounts in cents.
    """

    nature: str
    day: date
    activity: str
    unit: str
    household: str
    child: str
    outcome: str
    before: str
    after: str
    made: datetime | None = None
    instant_before: datetime | None = None
    instant_after: datetime | None = None
    cents_before: int | None = None
    cents_after: int | None = None

    def say(self) -> tuple[str, ...]:
        """The row as a few lines of text."""
        made = f" du {_instant(self.made)}" if self.made else ""
        return (
            f"{say_date(self.day)} : {self.activity}, {self.unit}, {self.household}, {self.child}",
            f"  {self.nature}{made} : {self.outcome}",
            f"  Règles actuelles : {_answer(self.cents_before, self.before)}",
            f"  Autres règles : {_answer(self.cents_after, self.after)}",
        )

    def cells(self) -> tuple[Cell, ...]:
        """The row in the order of :data:`COLUMNS`."""
        return (
            self.nature,
            self.day,
            self.activity,
            self.unit,
            self.household,
            self.child,
            self.made,
            self.outcome,
            self.before,
            self.instant_before,
            self.after,
            self.instant_after,
            *(None if cents is None else amount(cents) for cents in self._amounts),
        )

    @property
    def _amounts(self) -> tuple[int | None, int | None]:
        return (self.cents_before, self.cents_after)


def rows_of(found: Replay, commune: Commune, trial: Commune) -> tuple[Row, ...]:
    """What changes: bookings and cancellations in the order they were made, then prices day by day."""
    told = _Telling(found, (commune, trial), commune.tz)
    priced = sorted(found.comparison.repriced, key=lambda unit: unit.subject.day)
    return (*map(told.judged, found.comparison.rejudged), *map(told.priced, priced))


def report(title: str, commune: Commune, window: Window, comparison: Comparison, rows: Iterable[Row]) -> list[str]:
    """The report, line by line: totals, what they leave out, then activities, then each row."""
    lines = [title, f"Du {say_date(window.first)} au {say_date(window.last)}.", "", *comparison.say(), "", *LIMITS]
    for code, part in comparison.by_activity().items():
        subject = part.subjects[0]
        lines += ["", labels_of(subject, (commune,))[0] or code, *(f"  {sentence}" for sentence in part.say())]
    for row in rows:
        lines += ["", *row.say()]
    return lines


def labels_of(subject: Subject, communes: Sequence[Commune]) -> tuple[str, str]:
    """What families read of an activity and a unit: of the first commune that offers it, or else the codes."""
    unit = subject.unit or TOGETHER[0]
    for commune in communes:
        activity = commune.ask(hookspecs.catalogue, year=SchoolYear.of(subject.day)).activity(subject.activity)
        known = activity.unit(subject.unit) if activity else None
        if activity and (known or not subject.unit):
            return activity.label, known.label if known else unit
    return subject.activity, unit


class _Telling:
    """Turns what changes into rows, with the labels of both rule sets and the clocks of the commune."""

    def __init__(self, found: Replay, communes: Sequence[Commune], tz: tzinfo) -> None:
        self._found = found
        self._communes = communes
        self._tz = tz

    def judged(self, change: Rejudged) -> Row:
        """A booking or a cancellation."""
        return self._row(
            NATURES[change.action],
            change.subject,
            f"serait {change.outcome.say()}" if change.outcome else "rien ne change",
            (_ruled(change.before, self._tz), _ruled(change.after, self._tz)),
            instants=(change.at, change.before.last, change.after.last),
        )

    def priced(self, unit: Repriced) -> Row:
        """A unit at another price."""
        return self._row(
            "Prix",
            unit.subject,
            say_gap(unit.after_cents - unit.before_cents),
            (_explained(unit.before), _explained(unit.after)),
            cents=(unit.before_cents, unit.after_cents),
        )

    def _row(
        self,
        nature: str,
        subject: Subject,
        outcome: str,
        answers: tuple[str, str],
        instants: tuple[datetime | None, ...] = (None, None, None),
        cents: tuple[int | None, int | None] = (None, None),
    ) -> Row:
        activity, unit = labels_of(subject, self._communes)
        made, before, after = (at and at.astimezone(self._tz) for at in instants)
        return Row(
            nature=nature,
            day=subject.day,
            activity=activity,
            unit=unit,
            household=self._found.households[subject.household],
            child=self._found.children[subject.child] if subject.child else TOGETHER[1],
            outcome=outcome,
            before=answers[0],
            after=answers[1],
            made=made,
            instant_before=before,
            instant_after=after,
            cents_before=cents[0],
            cents_after=cents[1],
        )


def _ruled(ruling: Ruling, tz: tzinfo) -> str:
    if not ruling.accepted:
        return ruling.says
    last = f" : {_instant(ruling.last.astimezone(tz))}" if ruling.last else ""
    return f"acceptée{' hors délai' if ruling.late else ''} ({ruling.says}{last})"


def _explained(lines: tuple[PriceLine, ...] | None) -> str:
    if lines is None:
        return UNKNOWN_UNIT
    return " ; ".join(f"{line.label} : {euros(line.cents)}" for line in lines) or "rien"


def _answer(cents: int | None, text: str) -> str:
    return text if cents is None else f"{euros(cents)} ({text})"


def _instant(at: datetime) -> str:
    return f"{say_date(at)} à {say_time(at.time())}"
