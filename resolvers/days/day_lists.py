"""The list of a day for those who look after the children: who comes, for what, and what they must know of each.

Only agents who check attendance read it. Health is read by name: each reading of a sent file is kept as proof, in one
statement for the whole page.
"""

import unicodedata
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta, tzinfo
from uuid import UUID

from plugins import hookspecs
from plugins.rules.calendar import SchoolYear
from plugins.rules.catalogue import Activity, Unit
from plugins.rules.day_notes import DayNotes, Topic
from resolvers.agenda.plans import Window
from resolvers.context import Context
from resolvers.days.absent_days import Reported, reported_in
from resolvers.days.attendance import SheetLine, sheet
from resolvers.days.day_contacts import ConsentSaid, DayContact, consents_of, contacts_of
from resolvers.families.households import age_on
from resolvers.files.child_notes import notes_of, sent_files
from resolvers.files.dossier_files import keep_readings
from resolvers.models import Person
from resolvers.models.bookings import Presence

SortKey = tuple[str, str, UUID]


@dataclass(frozen=True, slots=True)
class DayUnit:
    """One unit of a child's day; ``reported`` is the absence that its family told of it."""

    line: SheetLine
    activity: Activity
    unit: Unit
    reported: Reported | None

    def late_minutes(self, tz: tzinfo) -> int | None:
        """How long after the unit's end the child left, in whole minutes; None when it was not, or nobody knows."""
        left = self.line.sight.left_at if self.line.sight else None
        if left is None or self.unit.ends_at is None:
            return None
        late = left - datetime.combine(self.line.day, self.unit.ends_at, tz)
        return late // timedelta(minutes=1) if late >= timedelta(minutes=1) else None


@dataclass(frozen=True, slots=True)
class UnitTotal:
    """How many children a unit has on the day: ``expected`` are those booked and not reported absent."""

    activity: Activity
    unit: Unit
    booked: int
    expected: int
    present: int
    absent: int
    unexpected: int
    unchecked: int


@dataclass(frozen=True, slots=True)
class DayChild:
    """What the staff of the day must know of one child; ``notes`` is None when no file was sent for its year."""

    id: UUID
    first_name: str
    last_name: str
    age: int | None
    school: str
    notes: DayNotes | None
    consents: tuple[ConsentSaid, ...]
    contacts: tuple[DayContact, ...]
    units: tuple[DayUnit, ...]


@dataclass(frozen=True, slots=True)
class DayList:
    """The children of a day, in the order people read them: by last name, then first name, accents apart."""

    day: date
    units: Mapping[UUID, tuple[DayUnit, ...]]
    persons: Mapping[UUID, Person]

    @property
    def totals(self) -> tuple[UnitTotal, ...]:
        """The totals of each unit, in the order of the catalogue."""
        by_unit: defaultdict[tuple[str, str], list[DayUnit]] = defaultdict(list)
        for each in (unit for units in self.units.values() for unit in units):
            by_unit[each.activity.code, each.unit.code].append(each)
        return tuple(_total(by_unit[key]) for key in sorted(by_unit))

    def keys(self) -> list[SortKey]:
        """The children in reading order."""
        named = self.persons.items()
        return sorted((_plain(person.last_name), _plain(person.first_name), child) for child, person in named)


async def day_list(
    ctx: Context, day: date, *, site: str | None = None, activity: str | None = None, unit: str | None = None
) -> DayList:
    """Who is expected or was seen on a day, of one site, activity or unit: five statements."""
    window = Window(day, day)
    activities = ctx.commune.ask(hookspecs.catalogue, year=SchoolYear.of(day)).activities
    offered = {
        (each.code, one.code): (each, one)
        for each in activities
        for one in each.units
        if site in (None, each.site) and unit in (None, one.code)
    }
    reported = await reported_in(day=day)
    units: defaultdict[UUID, list[DayUnit]] = defaultdict(list)
    for line in await sheet(ctx, window, activity):
        if (found := offered.get((line.activity, line.unit))) is not None:
            units[line.child_id].append(DayUnit(line, *found, reported.get(line.slot)))
    persons = {person.id: person for person in await Person.filter(id__in=list(units))}
    return DayList(day, {child: tuple(units[child]) for child in persons}, persons)


async def day_children(ctx: Context, listed: DayList, children: Sequence[UUID]) -> list[DayChild]:
    """What the staff of the day must know of some children of a list, in the order asked.

    A constant number of statements. That an agent reads a file is kept as proof, for each file that tells something.
    """
    year = SchoolYear.of(listed.day)
    files = await sent_files(children, [year])
    notes = notes_of(ctx, files)
    if read := [file for file in files if notes[file.child_id, file.school_year].told]:
        await keep_readings(ctx, read)
    contacts = await contacts_of(ctx, children, listed.day)
    consents = await consents_of(ctx, files, year)
    return [
        _child(listed, child, notes.get((child, year.start)), consents.get(child, ()), contacts[child])
        for child in children
    ]


def _child(
    listed: DayList,
    child: UUID,
    notes: DayNotes | None,
    consents: tuple[ConsentSaid, ...],
    contacts: tuple[DayContact, ...],
) -> DayChild:
    person = listed.persons[child]
    said = notes.on(Topic.SCHOOL) if notes else ()
    return DayChild(
        id=child,
        first_name=person.first_name,
        last_name=person.last_name,
        age=age_on(person.birth_date, listed.day) if person.birth_date else None,
        school=person.school or ", ".join(said),
        notes=notes,
        consents=consents,
        contacts=contacts,
        units=listed.units[child],
    )


def _total(units: Sequence[DayUnit]) -> UnitTotal:
    booked = [each for each in units if each.line.booked]
    seen = [each.line.presence for each in units]
    absent = {Presence.ABSENT_JUSTIFIED, Presence.ABSENT_UNJUSTIFIED}
    return UnitTotal(
        activity=units[0].activity,
        unit=units[0].unit,
        booked=len(booked),
        expected=sum(each.reported is None for each in booked),
        present=seen.count(Presence.PRESENT),
        absent=sum(presence in absent for presence in seen),
        unexpected=seen.count(Presence.UNEXPECTED),
        unchecked=seen.count(None),
    )


def _plain(name: str) -> str:
    letters = unicodedata.normalize("NFD", name).casefold()
    return "".join(letter for letter in letters if not unicodedata.combining(letter))
