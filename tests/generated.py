"""A commune of any size, drawn at random from a seed: households of Chavagne, what they booked, what was seen of it.

The log of bookings, the bookings it leaves and the attendance agree with each other, as they do in a real commune.
"""

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from uuid import UUID

from tortoise.models import Model

from plugins import hookspecs
from plugins.commune import Commune
from plugins.rules.calendar import SchoolYear
from plugins.rules.tariffs import Residency
from resolvers.billing import Month
from resolvers.context import AccountKind
from resolvers.models import (
    Account,
    Attendance,
    Booking,
    BookingChange,
    Household,
    Membership,
    Person,
    QuotientFamilial,
)
from resolvers.models.bookings import ChangeKind, Presence
from resolvers.models.households import Role
from resolvers.models.keys import new_key

BOOKED_AT = datetime(2026, 9, 1, 8, tzinfo=UTC)
QUOTIENTS = (None, 250, 400, 401, 650, 800, 1200, 1500)
ACTIVITIES = ("periscolaire", "restauration", "alsh-mercredi")
PRESENCES = (Presence.PRESENT,) * 44 + (Presence.ABSENT_JUSTIFIED,) * 3 + (Presence.ABSENT_UNJUSTIFIED,) * 3

Unit = tuple[date, str, str]  # day, activity, unit


@dataclass(slots=True)
class Rows:
    """What is to be written, table by table."""

    of: dict[type[Model], list[Model]] = field(default_factory=dict)

    def add(self, row: Model) -> None:
        """One row more."""
        self.of.setdefault(type(row), []).append(row)

    async def write(self) -> None:
        """Write everything."""
        for model, rows in self.of.items():
            await model.bulk_create(rows, batch_size=1000)


def open_units(commune: Commune, months: Sequence[Month]) -> list[Unit]:
    """Every unit that takes place in these months."""
    calendar = commune.ask(hookspecs.calendar)
    return [
        (day, activity.code, unit.code)
        for month in months
        for day in month.window.days
        for activity in commune.ask(hookspecs.catalogue, year=SchoolYear.of(day)).activities
        if activity.code in ACTIVITIES
        for unit in activity.units
        if activity.is_open(unit, calendar.day(day))
    ]


def households(
    commune: Commune, many: int, months: Sequence[Month], seed: int = 1, often: float = 0.5
) -> Iterator[Rows]:
    """The rows of one household after another; a child comes to each open unit as ``often`` as told."""
    units = open_units(commune, months)
    chance = random.Random(seed)
    for number in range(many):
        yield _household(chance, number, units, often)


def _household(chance: random.Random, number: int, units: Sequence[Unit], often: float) -> Rows:
    rows = Rows()
    residency = Residency.OUTSIDE if chance.random() < 0.1 else Residency.RESIDENT
    home = Household(
        id=new_key(), name=f"TEST {number}", residency=residency, services=["enfance"], created_at=BOOKED_AT
    )
    rows.add(home)
    parent = Person(id=new_key(), first_name="Parent", last_name=f"TEST {number}")
    rows.add(parent)
    rows.add(
        Membership(
            id=new_key(), household_id=home.id, person_id=parent.id, role=Role.REPRESENTATIVE, sees=True, pays=True
        )
    )
    rows.add(_account(parent, number))
    for since in (date(2026, 1, 1), date(2026, 11, 16)):
        quotient = chance.choice(QUOTIENTS)
        if quotient is not None:
            rows.add(
                QuotientFamilial(
                    id=new_key(), household_id=home.id, euros=quotient, valid_from=since, recorded_at=BOOKED_AT
                )
            )
    for rank in range(chance.choice((1, 1, 2, 2, 3))):
        child = Person(
            id=new_key(), first_name=f"Enfant{rank}", last_name=f"TEST {number}", birth_date=date(2016 + rank, 3, 1)
        )
        rows.add(child)
        rows.add(Membership(id=new_key(), household_id=home.id, person_id=child.id, role=Role.CHILD))
        for unit in units:
            if chance.random() < often:
                _consume(rows, chance, home.id, child.id, unit)
    return rows


def _account(parent: Person, number: int) -> Account:
    return Account(
        id=new_key(),
        kind=AccountKind.FAMILY,
        login=f"parent{number}",
        email=f"parent{number}@example.org",
        person_id=parent.id,
        activated_at=BOOKED_AT,
        created_at=BOOKED_AT,
    )


def _consume(rows: Rows, chance: random.Random, home: UUID, child: UUID, unit: Unit) -> None:
    """What became of a unit: booked, cancelled, booked again, seen; or seen without a booking."""
    day, activity, code = unit
    slot = {"household_id": home, "child_id": child, "day": day, "activity": activity, "unit": code}
    acts = chance.choice((0, 1, 1, 1, 1, 1, 1, 2, 3, 3))  # an odd number of acts leaves it booked
    for act in range(acts):
        kind = ChangeKind.BOOKED if act % 2 == 0 else ChangeKind.CANCELLED
        at = BOOKED_AT.replace(hour=8 + act)
        rows.add(BookingChange(id=new_key(), kind=kind, at=at, account_id=home, batch=home, **slot))
    if acts:
        rows.add(Booking(id=new_key(), live=acts % 2 == 1, changed_at=BOOKED_AT, **slot))
    presence = chance.choice(PRESENCES) if acts % 2 == 1 else Presence.UNEXPECTED
    if acts % 2 == 1 or chance.random() < 0.1:
        rows.add(
            Attendance(
                id=new_key(), presence=presence, recorded_by=home, recorded_at=BOOKED_AT, invoice_id=None, **slot
            )
        )
