"""The next deadlines of an activity, as its families will meet them around the dates that surprise."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from plugins import hookspecs
from plugins.commune import Commune
from plugins.explanation.document import Paragraph, Sentences, Table
from plugins.explanation.landmarks import Landmark, landmarks
from plugins.rules.booking import Action, BookingRules
from plugins.rules.calendar import SchoolYear
from plugins.rules.catalogue import Activity
from plugins.rules.deadlines import LastInstant
from plugins.rules.french import say_date, say_instant, say_list
from plugins.rules.prices import Residency

WEEKS = 4
NEVER = "jamais"


@dataclass(frozen=True, slots=True)
class Upcoming:
    """One activity of a commune, seen from a day on."""

    commune: Commune
    code: str
    on: date

    def paragraphs(self) -> tuple[Paragraph, ...]:
        """A table of the deadlines of the nearest days of service, then what no day can be given for, and why."""
        reasons: list[str] = []
        near: dict[date, list[str]] = {}
        calendar = self.commune.ask(hookspecs.calendar)
        for landmark in landmarks(calendar, self.commune.tz, self.on):
            days = self._days_around(landmark)
            for day in days:
                near.setdefault(day, []).append(landmark.name)
            if not days:
                reasons.append(self._why_none(landmark, calendar.horizon))
        paragraphs: list[Paragraph] = []
        if near:
            paragraphs.append(self._table(near))
        if reasons:
            paragraphs.append(Sentences(tuple(reasons)))
        return tuple(paragraphs)

    def _days_around(self, landmark: Landmark) -> list[date]:
        """The last day of service before the landmark and the first one from it on, a few weeks away at most."""
        if landmark.day is None:
            return []
        span = range(7 * WEEKS)
        before = (landmark.day - timedelta(days=n + 1) for n in span)
        after = (landmark.day + timedelta(days=n) for n in span)
        found = [next((day for day in days if self._is_open(day)), None) for days in (before, after)]
        return [day for day in found if day is not None]

    def _why_none(self, landmark: Landmark, horizon: date) -> str:
        name = f"{landmark.name[:1].upper()}{landmark.name[1:]}"
        if landmark.day is None or landmark.day > horizon:
            return f"{name} : le calendrier officiel ne va que jusqu'au {say_date(horizon)}."
        return f"{name} ({say_date(landmark.day)}) : aucun jour d'accueil à moins de {WEEKS} semaines."

    def _is_open(self, day: date) -> bool:
        activity = self._activity(day)
        known = self.commune.ask(hookspecs.calendar).day(day)
        return day >= self.on and activity is not None and any(activity.is_open(unit, known) for unit in activity.units)

    def _activity(self, day: date) -> Activity | None:
        return self.commune.ask(hookspecs.catalogue, year=SchoolYear.of(day)).activity(self.code)

    def _table(self, near: dict[date, list[str]]) -> Table:
        """Columns that would be empty from top to bottom are left out."""
        headers = (
            "Jour d'accueil",
            "Repère",
            "Ouverture des réservations",
            "Réserver jusqu'au",
            "Dernier recours, hors délai",
            "Annuler jusqu'au",
            "Comment on y arrive",
        )
        rows = [self._row(day, names) for day, names in sorted(near.items())]
        kept = [column for column in range(len(headers)) if any(row[column] for row in rows)]
        caption = f"Les prochains délais, à partir du {say_date(self.on)}"
        return Table(
            caption,
            tuple(headers[column] for column in kept),
            tuple(tuple(row[column] for column in kept) for row in rows),
        )

    def _row(self, day: date, names: list[str]) -> tuple[str, ...]:
        activity = self._activity(day)
        if activity is None:
            raise LookupError(day)
        rules = self.commune.ask(hookspecs.booking_rules, activity=activity)
        given = (day, self.commune.ask(hookspecs.calendar), self.commune.tz)
        book, cancel = (rules.last_instant(action, *given) for action in (Action.BOOK, Action.CANCEL))
        final = rules.final_instant(*given)
        return (
            say_date(day),
            say_list(names),
            self._say_opening(rules, day),
            self._say(book.at),
            self._say(final.at) if final.at != book.at else "",
            self._say(cancel.at),
            _say_steps(book, final, cancel),
        )

    def _say_opening(self, rules: BookingRules, day: date) -> str:
        """From when the day is booked: by the families of the commune, then by the others where that differs."""
        calendar, tz = self.commune.ask(hookspecs.calendar), self.commune.tz
        resident, outside = (rules.of(residency).first_instant(day, calendar, tz) for residency in Residency)
        if resident == outside:
            return "" if resident is None else say_instant(resident, tz)
        return f"familles de la commune : {self._say(resident)} ; autres familles : {self._say(outside)}"

    def _say(self, at: datetime | None) -> str:
        return NEVER if at is None else say_instant(at, self.commune.tz)


def _say_steps(book: LastInstant, final: LastInstant, cancel: LastInstant) -> str:
    """How each deadline was reached, told once for those that are reached alike."""
    reached: dict[tuple[str, ...], list[str]] = {}
    for name, last in (("réserver", book), ("dernier recours", final), ("annuler", cancel)):
        reached.setdefault(last.steps, []).append(name)
    if len(reached) == 1:
        return say_list(book.steps)
    if final.steps == book.steps:
        reached[book.steps].remove("dernier recours")
    return " ; ".join(f"{say_list(names)} : {say_list(steps)}" for steps, names in reached.items())
