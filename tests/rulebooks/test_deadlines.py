"""Every deadline of the corpus, said by a commune in the vocabulary, gives the instants that were worked out by hand.

An example whose hour was assumed counts by its date alone; a rule that can be read in several ways gives each reading.
The holidays of the examples were typed by hand: none of them contradicts the official calendar, which decides here.
"""

from collections.abc import Callable
from datetime import date, datetime
from types import SimpleNamespace
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from plugins import hookspecs
from plugins.commune import Commune
from plugins.consistency import check_commune
from plugins.hookspecs import hookimpl
from plugins.rules.absences import Absence, AbsenceDecision, AbsenceRules, Proof
from plugins.rules.booking import Action, BookingRules
from plugins.rules.calendar import ONE_DAY, DayKind, SchoolCalendar, SchoolYear
from plugins.rules.catalogue import Activity, Catalogue, Unit
from plugins.rules.deadlines import Deadline, latest
from plugins.rules.excuses import ILLNESS
from plugins.rules.identity import Identity, Service
from plugins.rules.late import Accept, OtherChannel
from plugins.rules.tariffs import Tariff, constant
from tests.rulebooks.corpus import commune_module, entries
from tests.rulebooks.counts import BY_DATE, DEADLINE, EXACT, READINGS

SIDES = {
    "book": Action.BOOK,
    "subscribe": Action.BOOK,
    "register": Action.BOOK,
    "change plan": Action.BOOK,
    "cancel": Action.CANCEL,
    "modify": Action.CANCEL,
    "absence": Action.CANCEL,
    "leave": Action.CANCEL,
}
"""What a commune calls the two things a family does; « opening » is neither."""

Entry = dict[str, Any]


@pytest.mark.parametrize("entry", entries("deadlines"), ids=lambda entry: entry["id"])
def test_a_rule_of_the_corpus_gives_its_instants(entry: Entry, record_property: Callable[[str, object], None]) -> None:
    commune = commune_of(entry)
    check_commune(commune)
    exact, by_date = check_examples(entry, commune)
    readings = check_readings(entry, commune)
    for name, value in ((DEADLINE, entry["id"]), (EXACT, exact), (BY_DATE, by_date), (READINGS, readings)):
        record_property(name, value)


@pytest.mark.parametrize(
    ("entry_id", "first", "last", "due", "deducted"),
    [
        ("D128", date(2025, 3, 11), date(2025, 3, 14), 2, 1),  # Tuesday to Friday: the Wednesday is one of three days
        ("D128", date(2025, 9, 9), date(2025, 9, 12), 1, 2),  # and the last of two, since September
        ("D129", date(2025, 9, 8), date(2025, 9, 12), 0, 4),  # the fourth day of school in a row
        ("D129", date(2025, 9, 8), date(2025, 9, 11), 3, 0),  # only three
        ("D131", date(2025, 1, 13), date(2025, 1, 13), 1, 0),
    ],
)
def test_an_illness_that_the_corpus_states_without_example(
    entry_id: str, first: date, last: date, due: int, deducted: int
) -> None:
    commune = commune_of({"id": entry_id})
    received = datetime(last.year, last.month, last.day, 18, tzinfo=commune.tz)
    decision = decide(commune, Absence(first, last, ILLNESS, proof=Proof("certificat médical", received)))
    assert (len(decision.due), len(decision.deducted)) == (due, deducted)


def check_examples(entry: Entry, commune: Commune) -> tuple[int, int]:
    """Compare every example; how many were compared exactly and how many by date."""
    exact = by_date = 0
    for example in entry["examples"]:
        day = date.fromisoformat(example["service_date"])
        if "billed_days" in example:
            assert billed_and_deducted(commune, day, example) == (example["billed_days"], example["deducted_days"])
            exact += 1
        if "opening_instant" in example:
            assert opening(commune, day).isoformat() == example["opening_instant"]
            exact += 1
        if example["last_instant"] is None:
            continue
        found = [instant.isoformat() for instant in last_instants(entry, commune, day)]
        if "assumed" in example["certainty"]:
            assert [instant[:10] for instant in found] == [example["last_instant"][:10]]
            by_date += 1
        else:
            assert found == [example["last_instant"]]
            exact += 1
    return exact, by_date


def check_readings(entry: Entry, commune: Commune) -> int:
    """Compare every reading of a rule whose words are not enough; how many there were."""
    readings = [reading for reading in entry.get("readings", ()) if "last_instant" in reading]
    given: dict[str, Deadline] = getattr(commune_module("deadlines", entry["id"]), "READINGS", {})
    found = {
        letter: instant_of(deadline, commune, date.fromisoformat(reading["service_date"])).isoformat()
        for reading, (letter, deadline) in zip(readings, given.items(), strict=True)
    }
    assert found == {reading["reading"][0]: reading["last_instant"] for reading in readings}
    return len(readings)


def worked_out(entry: Entry) -> list[Entry]:
    """What an entry has worked out by hand: its examples, and its readings that have a day."""
    known: list[Entry] = [*entry.get("examples", ()), *entry.get("readings", ())]
    return [example for example in known if "service_date" in example]


def last_instants(entry: Entry, commune: Commune, day: date) -> list[datetime]:
    """The instants of the sides an entry speaks of; those that are the same are told once."""
    deadlines = [deadline_of(entry, commune, action) for word, action in SIDES.items() if word in entry["action"]]
    return list(dict.fromkeys(instant_of(deadline, commune, day) for deadline in deadlines))


def deadline_of(entry: Entry, commune: Commune, action: Action) -> Deadline:
    """The rule an example is about: a late one when the entry says late, an absence's notice where that is all."""
    absences = commune.ask(hookspecs.absence_rules, activity=ACTIVITY)
    if absences.notice is not None and "leave" in entry["action"]:
        return absences.notice.deadline
    rules = commune.ask(hookspecs.booking_rules, activity=ACTIVITY)
    late = rules.late_policy(action)
    if "late" in entry["action"] or "dérogatoire" in entry["action"]:
        if isinstance(late, Accept):
            return late.last
        if isinstance(late, OtherChannel):
            first, *others = (way.until for way in late.ways)
            return latest(first, *others) if others else first
    return rules.deadline(action)


def instant_of(deadline: Deadline, commune: Commune, day: date) -> datetime:
    """The last instant of a deadline that can be met, which tells how it was reached."""
    instant = deadline.instant(day, commune.ask(hookspecs.calendar), commune.tz)
    assert instant.at is not None, f"{instant.rule} never opens {day}"
    assert instant.steps
    return instant.at


def opening(commune: Commune, day: date) -> datetime:
    """From when a day is booked."""
    rules = commune.ask(hookspecs.booking_rules, activity=ACTIVITY)
    instant = rules.first_instant(day, commune.ask(hookspecs.calendar), commune.tz)
    assert instant is not None, f"nothing opens {day}"
    return instant


def billed_and_deducted(commune: Commune, first: date, example: Entry) -> tuple[int, int]:
    """What is billed of an illness that starts on a day and lasts as many days of class as the example has."""
    days = commune.ask(hookspecs.calendar).days(first, first + 31 * ONE_DAY)
    missed = [day.day for day in days if day.kind is DayKind.SCHOOL][
        : example["billed_days"] + example["deducted_days"]
    ]
    decision = decide(commune, Absence(first, missed[-1], ILLNESS))
    return len(decision.due), len(decision.deducted)


def decide(commune: Commune, absence: Absence) -> AbsenceDecision:
    """What a family pays that had booked every day of class of an absence."""
    calendar = commune.ask(hookspecs.calendar)
    booked = [day.day for day in calendar.days(absence.first, absence.last) if day.kind is DayKind.SCHOOL]
    rules = commune.ask(hookspecs.absence_rules, activity=ACTIVITY)
    return rules.decide(absence, booked, calendar, commune.tz)


def commune_of(entry: Entry) -> Commune:
    """The commune whose plugin holds a module's values; what it does not write, the portal answers.

    It has an activity in the years that the examples are of, and in every year without them.
    """
    module, slug = commune_module("deadlines", entry["id"]), entry["id"].lower()
    years = {SchoolYear.of(date.fromisoformat(known["service_date"])) for known in worked_out(entry)}
    tz: ZoneInfo = getattr(module, "TZ", ZoneInfo("Europe/Paris"))
    rules: BookingRules | None = getattr(module, "RULES", None)
    absences: AbsenceRules | None = getattr(module, "ABSENCES", None)
    days: SchoolCalendar | None = getattr(module, "CALENDAR", None)
    assert rules or absences, f"{slug} answers nothing: write RULES or ABSENCES"

    @hookimpl
    def identity() -> Identity:
        service = Service("enfance", "service Enfance", f"enfance@{slug}.fr")
        return Identity(slug, slug, "A", f"portail@{slug}.fr", (service,), timezone=tz.key)

    @hookimpl
    def calendar() -> SchoolCalendar | None:
        return days

    @hookimpl
    def booking_rules(activity: Activity) -> BookingRules | None:
        return rules

    @hookimpl
    def absence_rules(activity: Activity) -> AbsenceRules | None:
        return absences

    @hookimpl
    def catalogue(year: SchoolYear) -> Catalogue:
        return Catalogue(year, (activity_of(year),) if not years or year in years else ())

    @hookimpl
    def tariff(activity: Activity, year: SchoolYear) -> Tariff:
        return Tariff({"jour": constant(100)})

    answers = (identity, calendar, booking_rules, absence_rules, catalogue, tariff)
    return Commune(slug, SimpleNamespace(**{answer.__name__: answer for answer in answers}))


def activity_of(year: SchoolYear) -> Activity:
    """An activity of every weekday, in class, on Wednesdays and in the holidays."""
    kinds = frozenset({DayKind.SCHOOL, DayKind.WEDNESDAY, DayKind.HOLIDAY})
    unit = Unit("jour", "Jour", frozenset(range(1, 6)), kinds)
    return Activity("accueil", "Accueil", "enfance", "École", year.first_day, year.last_day, (unit,))


ACTIVITY = activity_of(SchoolYear(2025))
