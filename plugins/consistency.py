"""What one commune answers must hold together: refused at start-up otherwise, before any family meets it."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date

from plugins import hookspecs
from plugins.bookable import Season
from plugins.commune import Commune
from plugins.rules.calendar import DayKind, SchoolCalendar, SchoolYear
from plugins.rules.catalogue import Activity
from plugins.rules.dossiers import check_documents
from plugins.rules.errors import RuleError
from plugins.rules.features import PARTICULARS, Feature
from plugins.rules.french import say_date
from plugins.rules.identity import Service
from plugins.rules.questions import questions_of
from plugins.rules.tariffs import Residency, Situation, Tariff
from plugins.rules.texts import require_unique
from plugins.rules.unrecorded import unrecorded, unrecorded_priorities
from plugins.rules.wording import Message, check_wording
from plugins.signatures import QUESTIONS, PluginError, Question
from plugins.situations import depends_on_activity, depends_on_year, situations
from plugins.standard_sections import SCHOOL_QUESTION

QUOTIENTS = (None, 0, 500, 1000, 10_000)  # one of them falls in the first bracket, one in the last, one in none
LONGEST_CLOSING = 366


@dataclass(frozen=True, slots=True)
class Checked:
    """How much was checked: answers heard, and the activities and units of every year that was looked at."""

    answers: int
    activities: int
    units: int


def check_commune(commune: Commune) -> Checked:
    """Ask every question, for the last three school years of the official calendar, and say how much was checked.

    Raises :class:`PluginError` with every contradiction, one sentence a line. Later years are not known yet and open
    nothing, so they cannot mislead anybody.
    """
    check = _Check(commune)
    check.whatever_the_year()
    with check.refusing(hookspecs.calendar):
        calendar = commune.ask(hookspecs.calendar)
        check.days_written_by_hand(calendar)
        for year in known_years(calendar):
            check.year(year, calendar)
    if check.refused:
        raise PluginError("\n".join(check.refused.values()))
    return Checked(check.answers, check.activities, check.units)


class _Check:
    """One commune under examination. ``refused`` holds what is wrong, in the order met; what follows goes on.

    One refusal is kept for an answer and what it is about, so that what comes back every year is told once.
    """

    def __init__(self, commune: Commune) -> None:
        self.refused: dict[tuple[str, ...], str] = {}
        self.answers = self.activities = self.units = 0
        self._commune = commune

    @contextmanager
    def refusing(self, question: Callable[..., object], *about: str) -> Iterator[None]:
        """Keep what is refused inside the block, with the file of the answer to blame."""
        try:
            yield
        except PluginError as error:
            self.refused.setdefault((question.__name__, *about), str(error))
        except RuleError as error:
            self.refused.setdefault((question.__name__, *about), f"{self._commune.source(question)}: {error}")

    def whatever_the_year(self) -> None:
        """The questions about the commune, its services and its mails."""
        for question in QUESTIONS.values():
            if not depends_on_year(question):
                self._hear(question)
        for service in self._commune.identity.services:
            with self.refusing(hookspecs.payment_routes, service.code):
                routes = self._commune.gather(hookspecs.payment_routes, service=service)
                require_unique(tuple(route.code for route in routes), f"Payment routes of {service.code!r}")
        with self.refusing(hookspecs.treasury_exports):
            exports = self._commune.gather(hookspecs.treasury_exports)
            require_unique(tuple(export.code for export in exports), "Treasury exports")
        with self.refusing(hookspecs.invoicing):
            _check_paper(self._commune)
        for message in Message:
            with self.refusing(hookspecs.wording, message.name):
                check_wording(message, self._commune.ask(hookspecs.wording, message=message))

    def days_written_by_hand(self, calendar: SchoolCalendar) -> None:
        """Closings, holidays and opened days that no school year will ever meet."""
        closings = [(closing.label, closing.first, closing.last) for closing in calendar.closings]
        holidays = [(holiday.label, holiday.first, holiday.last) for holiday in calendar.extra_holidays]
        for label, first, last in closings + holidays:
            with self.refusing(hookspecs.calendar, label, say_date(first)):
                _check_known(calendar, f"« {label} »", first)
                _check_known(calendar, f"« {label} »", last)
                if (days := (last - first).days + 1) > LONGEST_CLOSING:
                    raise RuleError(f"« {label} » lasts {days} days: correct its first or its last day")
        for day in sorted(calendar.opened):
            with self.refusing(hookspecs.calendar, say_date(day)):
                _check_known(calendar, "a day of class", day)

    def year(self, year: SchoolYear, calendar: SchoolCalendar) -> None:
        """The questions about a school year, then each of its activities."""
        for question in QUESTIONS.values():
            if depends_on_year(question) and not depends_on_activity(question):
                self._hear(question, year)
        self._files(year)
        with self.refusing(hookspecs.catalogue):
            catalogue = self._commune.ask(hookspecs.catalogue, year=year)
            if catalogue.year != year:
                raise RuleError(
                    f"the catalogue of {year.label} says {catalogue.year.label}: build it from its argument"
                )
            for activity in catalogue.activities:
                self._activity(activity, year, calendar)

    def _files(self, year: SchoolYear) -> None:
        with self.refusing(hookspecs.required_documents):
            documents = self._commune.gather(hookspecs.required_documents, year=year)
            check_documents(documents, self._commune.ask(hookspecs.dossier_policy, year=year))
        with self.refusing(hookspecs.dossier_policy):
            opens_on = self._commune.ask(hookspecs.dossier_policy, year=year).opens_on
            if opens_on is not None and opens_on > year.last_day:
                raise RuleError(
                    f"the yearly file of {year.label} opens on {say_date(opens_on)}, when the year is over: open it "
                    f"before {say_date(year.last_day)}"
                )

    def _activity(self, activity: Activity, year: SchoolYear, calendar: SchoolCalendar) -> None:
        """An activity that families cannot enter is refused for that, and nothing else is asked about it."""
        with self.refusing(hookspecs.catalogue, activity.code):
            _check_access(self._commune, activity, year)
            self.activities += 1
            self.units += len(activity.units)
            for question in QUESTIONS.values():
                if depends_on_activity(question):
                    self._hear(question, year, activity)
            with self.refusing(hookspecs.tariff, activity.code):
                _check_prices(activity, self._commune.ask(hookspecs.tariff, activity=activity, year=year))
            season = Season(activity, year, calendar)
            self._bookings(season)
            with self.refusing(hookspecs.absence_rules, activity.code):
                absences = self._commune.ask(hookspecs.absence_rules, activity=activity)
                season.check_holidays(absences)
                season.check_notice(absences, self._commune.tz)

    def _bookings(self, season: Season) -> None:
        """Every unit takes place and can be booked, unless its families book elsewhere than online."""
        activity, tz = season.activity, self._commune.tz
        season.check_enrolment()
        with self.refusing(hookspecs.booking_rules, activity.code):
            rules = self._commune.ask(hookspecs.booking_rules, activity=activity)
            season.check_holidays(rules)
            season.check_instants(rules, tz)
        features = self._commune.ask(hookspecs.features, service=self._commune.identity.service(activity.service))
        for unit in activity.units:
            with self.refusing(hookspecs.catalogue, activity.code, unit.code):
                season.check_days(unit)
                if features.answer(Feature.BOOK).allowed:
                    with self.refusing(hookspecs.booking_rules, activity.code, unit.code):
                        rules = self._commune.ask(hookspecs.booking_rules, activity=activity)
                        season.check_rules(unit, rules, tz)

    def _hear(self, question: Question, year: SchoolYear | None = None, activity: Activity | None = None) -> None:
        """Ask a question in every situation; an answer that fails is kept as refused."""
        spec = getattr(hookspecs, question.name)
        activities = None if activity is None else (activity,)
        for situation in situations(self._commune, question, year, activities):
            with self.refusing(spec, *_about(situation)):
                (self._commune.gather if question.gathers else self._commune.ask)(spec, **situation)
                self.answers += 1


def doubts(commune: Commune) -> tuple[str, ...]:
    """What is seldom meant and not refused: a deadline when the unit is over, a particular nobody has heard of, a price
    that depends on what the portal does not know.

    The commune is one that :func:`check_commune` accepts. A doubt that comes back every year is told once.
    """
    particulars = [
        f"{commune.source(hookspecs.field_policies)}: field {name!r} of {service.code!r} has no French name: "
        f"correct it, or write one in plugins.rules.features"
        for service in commune.identity.services
        for name in commune.ask(hookspecs.field_policies, service=service).fields
        if name not in PARTICULARS
    ]
    closings: dict[tuple[str, str], list[str]] = {}
    calendar = commune.ask(hookspecs.calendar)
    for year in known_years(calendar):
        for activity in commune.ask(hookspecs.catalogue, year=year).activities:
            rules = commune.ask(hookspecs.booking_rules, activity=activity)
            for unit in activity.units:
                late = Season(activity, year, calendar).closing_late(unit, rules, commune.tz)
                if not closings.get((activity.code, unit.code)):
                    source = commune.source(hookspecs.booking_rules)
                    closings[activity.code, unit.code] = [f"{source}: {sentence}" for sentence in late]
    late_ones = (sentence for sentences in closings.values() for sentence in sentences)
    return (*particulars, *late_ones, *_without_effect(commune, calendar))


def _without_effect(commune: Commune, calendar: SchoolCalendar) -> tuple[str, ...]:
    """What the portal cannot apply of the tariffs and of the waiting lists, each told once whatever the year."""
    told: dict[str, None] = {}
    for year in known_years(calendar):
        for activity in commune.ask(hookspecs.catalogue, year=year).activities:
            what = f"activity {activity.code!r}"
            for words in unrecorded(commune.ask(hookspecs.tariff, activity=activity, year=year)):
                source = commune.source(hookspecs.tariff)
                told[f"{source}: {what}: {words}, which the portal does not know yet: nobody is priced by it"] = None
            for words in unrecorded_priorities(commune.ask(hookspecs.waiting_list, activity=activity)):
                source = commune.source(hookspecs.waiting_list)
                told[f"{source}: {what}: {words}, which the portal does not know yet: nobody comes first by it"] = None
    return tuple(told)


def known_years(calendar: SchoolCalendar) -> tuple[SchoolYear, ...]:
    """The last three school years that the calendar knows, or fewer: later ones open nothing yet."""
    last = SchoolYear.of(calendar.horizon).start
    years = (SchoolYear(start) for start in range(last - 2, last + 1))
    return tuple(year for year in years if _is_known(calendar, min(year.last_day, calendar.horizon)))


def _is_known(calendar: SchoolCalendar, day: date) -> bool:
    """True when the calendar says what a day is."""
    return calendar.day(day).kind is not DayKind.UNKNOWN


def _about(situation: Mapping[str, object]) -> Iterator[str]:
    """What an answer is about, whatever the year."""
    for value in situation.values():
        if isinstance(value, Activity | Service):
            yield value.code
        elif isinstance(value, Message):
            yield value.name


def _check_paper(commune: Commune) -> None:
    """The services whose families receive paper are the commune's own."""
    online = commune.ask(hookspecs.invoicing).online
    known = {service.code for service in commune.identity.services}
    if online is not None and (unknown := sorted(online.services - known)):
        raise RuleError(f"invoices are on paper for {unknown[0]!r}: write one of {', '.join(sorted(known))}")


def _check_access(commune: Commune, activity: Activity, year: SchoolYear) -> None:
    """A family must be able to do what the activity asks of it."""
    what = f"activity {activity.code!r} of {year.label}"
    service = commune.identity.service(activity.service)
    features = commune.ask(hookspecs.features, service=service)
    if activity.enrolment.mode.is_online and not features.answer(Feature.ENROL).allowed:
        raise RuleError(f"{what} enrols online, which {service.code!r} refuses: enrol by service or open ENROL")
    if activity.enrolment.requires_dossier and not commune.ask(hookspecs.dossier_policy, year=year).required:
        raise RuleError(f"{what} requires a yearly file, which the commune does not ask: answer 'dossier_policy'")
    _check_schools(commune, activity, year)


def _check_schools(commune: Commune, activity: Activity, year: SchoolYear) -> None:
    """A school that an activity takes is one that the yearly file offers, where it offers some."""
    asked = questions_of(commune.ask(hookspecs.dossier_policy, year=year).sections).get(SCHOOL_QUESTION)
    offered = [choice.label for choice in asked.choices] if asked is not None else []
    if unknown := [school for school in activity.enrolment.schools if offered and school not in offered]:
        raise RuleError(
            f"activity {activity.code!r} of {year.label} takes children of {unknown[0]!r}, which the yearly file does "
            f"not offer: write one of {', '.join(offered)}"
        )


def _check_prices(activity: Activity, tariff: Tariff) -> None:
    codes = set(activity.unit_codes)
    if codes != tariff.units:
        wrong = ", ".join(sorted(codes ^ tariff.units))
        raise RuleError(
            f"activity {activity.code!r} and its tariff disagree on units {wrong}: price each, and no other"
        )
    for code in (*activity.unit_codes, *tariff.extras):
        for qf in QUOTIENTS:
            for residency in Residency:
                tariff.price(Situation(activity.first_day, code, qf, residency))


def _check_known(calendar: SchoolCalendar, what: str, day: date) -> None:
    if not _is_known(calendar, day):
        raise RuleError(
            f"{what} is on {say_date(day)}, outside the official calendar, which stops on "
            f"{say_date(calendar.horizon)}: correct its year, or write it later"
        )
