"""A commune of any size, month after month, drawn at random from a seed: what households of Chavagne booked and did.

The log of bookings, the bookings it leaves and the attendance agree with each other, as they do in a real commune.
Some of it is known only once the month was invoiced: units checked late, quotients and excuses received late.
"""

import random
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from uuid import UUID

from tortoise.models import Model

from plugins import hookspecs
from plugins.commune import Commune
from plugins.rules.calendar import SchoolYear
from plugins.rules.tariffs import Residency
from resolvers.billing.billing import Month
from resolvers.context import AccountKind
from resolvers.models import (
    AbsentDay,
    Account,
    Attendance,
    BillingShare,
    Booking,
    BookingChange,
    Household,
    Membership,
    Person,
    QuotientFamilial,
)
from resolvers.models.bookings import ChangeKind, Presence
from resolvers.models.households import QuotientState, Role
from resolvers.models.keys import new_key

OPENED = datetime(2026, 9, 1, 8, tzinfo=UTC)
QUOTIENTS = (250, 400, 401, 650, 800, 1200, 1500)
ACTS = (0, 1, 1, 1, 1, 1, 1, 2, 3, 3)  # booked, cancelled, booked again: an odd number leaves a unit booked
PRESENCES = (Presence.PRESENT,) * 44 + (Presence.ABSENT_JUSTIFIED,) * 3 + (Presence.ABSENT_UNJUSTIFIED,) * 3
STILL_DUE = (0, 0, 0, 50, 33, 100)  # per cent of the price, of an absence that was reported
SHARES: tuple[tuple[tuple[int, int], ...], ...] = (  # what two parents pay, and what from the third month on
    (),
    ((60, 40),),
    ((33, 67),),
    ((0, 100),),
    ((50, 50), (1, 99)),
    ((60, 40), (100, 0)),
)

Unit = tuple[date, str, str]  # day, activity, unit


@dataclass(slots=True)
class Rows:
    """What is to be written, table by table."""

    of: dict[type[Model], list[dict[str, Any]]] = field(default_factory=dict)

    def add(self, model: type[Model], **values: Any) -> None:
        """One row more, with a key of its own unless one is given."""
        self.of.setdefault(model, []).append({"id": new_key(), **values})

    @classmethod
    def all_of(cls, chunks: Iterable["Rows"]) -> "Rows":
        """These together."""
        together = cls()
        for rows in chunks:
            for model, added in rows.of.items():
                together.of.setdefault(model, []).extend(added)
        return together

    async def write(self) -> None:
        """Write everything."""
        for model, rows in self.of.items():
            await model.bulk_create([model(**row) for row in rows], batch_size=1000)


@dataclass(frozen=True, slots=True)
class Child:
    """A child and its home, or those of its separated parents, who book every other week each."""

    id: UUID
    homes: tuple[UUID, ...]

    def home_on(self, day: date) -> UUID:
        """Who books a day."""
        return self.homes[day.isocalendar().week % len(self.homes)]


class GeneratedCommune:
    """Some households from their opening on: ask for each month in turn, and for what is known once it is invoiced.

    A child comes to each open unit as ``often`` as told. ``rare`` is how often a unit is checked only afterwards; an
    absence is excused afterwards twenty times as often.
    """

    def __init__(self, commune: Commune, many: int, *, seed: int = 1, often: float = 0.5, rare: float = 0.0005) -> None:
        self._commune = commune
        self._chance = random.Random(seed)
        self._often, self._rare = often, rare
        self._homes = [new_key() for _ in range(many)]
        self._children: list[Child] = []
        self._later = Rows()

    def families(self, third_month: date) -> Iterator[Rows]:
        """The households, who lives there, their first quotients; one pair of them in ten shares a child."""
        for number, home in enumerate(self._homes):
            yield self._family(number, home)
        for one, other in zip(self._homes[::20], self._homes[1::20], strict=False):
            yield self._shared_child((one, other), third_month)

    def month(self, month: Month) -> Iterator[Rows]:
        """What is known of a month on its last day, child after child."""
        known_at = datetime.combine(month.window.last, time(16), UTC)
        units = open_units(self._commune, month)
        yield self._quotients(month, known_at)
        for child in self._children:
            rows = Rows()
            for unit in units:
                if self._chance.random() < self._often:
                    self._consume(rows, child, unit, known_at)
            yield rows

    def afterwards(self, month: Month) -> Rows:
        """What was told of a month on the second day of the next one."""
        told, self._later = self._later, Rows()
        return Rows.all_of([told, self._quotients(month, _afterwards(month))])

    def _family(self, number: int, home: UUID) -> Rows:
        rows, chance = Rows(), self._chance
        residency = Residency.OUTSIDE if chance.random() < 0.1 else Residency.RESIDENT
        name = f"TEST {number}"
        rows.add(Household, id=home, name=name, residency=residency, services=["enfance"], created_at=OPENED)
        parent = new_key()
        rows.add(Person, id=parent, first_name="Parent", last_name=name)
        rows.add(
            Membership, household_id=home, person_id=parent, role=Role.REPRESENTATIVE, sees=True, books=True, pays=True
        )
        rows.add(Account, person_id=parent, **_account(number))
        if chance.random() < 0.85:
            rows.add(QuotientFamilial, **self._quotient(home, date(2026, 1, 1), OPENED))
        for rank in range(chance.choice((1, 1, 2, 2, 3))):
            self._add_child(rows, (home,), rank, name)
        return rows

    def _add_child(self, rows: Rows, homes: tuple[UUID, ...], rank: int, name: str) -> UUID:
        child = Child(new_key(), homes)
        self._children.append(child)
        born = date(2016 + rank, 3, 1)
        rows.add(Person, id=child.id, first_name=f"Enfant{rank}", last_name=name, birth_date=born)
        for home in homes:
            rows.add(Membership, household_id=home, person_id=child.id, role=Role.CHILD)
        return child.id

    def _shared_child(self, homes: tuple[UUID, UUID], third_month: date) -> Rows:
        """A child of separated parents, and what each pays of its bill, if they told."""
        rows = Rows()
        child = self._add_child(rows, homes, 3, "TESTBIS")
        middle = third_month + timedelta(days=10)
        agreed = self._chance.choice(SHARES)
        spans = {0: (), 1: ((OPENED.date(), None),), 2: ((OPENED.date(), middle - timedelta(days=1)), (middle, None))}
        for percents, (first, last) in zip(agreed, spans[len(agreed)], strict=True):
            for home, percent in zip(homes, percents, strict=True):
                if percent:
                    share = {"household_id": home, "child_id": child, "percent": percent, "decided_by": home}
                    rows.add(BillingShare, **share, first_day=first, last_day=last, decided_at=OPENED)
        return rows

    def _quotients(self, month: Month, at: datetime) -> Rows:
        """The quotients that some households give, for days before that or to come; one in ten is refused."""
        rows = Rows()
        for home in self._homes:
            if self._chance.random() < 0.05:
                since = month.window.first + timedelta(days=self._chance.choice((-15, 0, 0, 15, 45)))
                rows.add(QuotientFamilial, **self._quotient(home, since, at))
        return rows

    def _quotient(self, home: UUID, since: date, at: datetime) -> dict[str, Any]:
        state = QuotientState.REFUSED if self._chance.random() < 0.1 else QuotientState.ACCEPTED
        euros = self._chance.choice(QUOTIENTS)
        return {"household_id": home, "euros": euros, "valid_from": since, "recorded_at": at, "state": state}

    def _consume(self, rows: Rows, child: Child, unit: Unit, known_at: datetime) -> None:
        """What became of a unit: booked, cancelled, booked again, seen; or seen without a booking."""
        day, activity, code = unit
        home = child.home_on(day)
        slot = {"household_id": home, "child_id": child.id, "day": day, "activity": activity, "unit": code}
        acts = self._chance.choice(ACTS)
        opened = known_at.replace(day=1)
        for act in range(acts):
            kind = ChangeKind.CANCELLED if act % 2 else ChangeKind.BOOKED
            rows.add(BookingChange, kind=kind, at=opened.replace(hour=8 + act), account_id=home, batch=home, **slot)
        booked = acts % 2 == 1
        if acts:
            rows.add(Booking, live=booked, changed_at=opened, **slot)
        if booked or self._chance.random() < 0.1:
            self._check(rows, slot, known_at, booked=booked)

    def _check(self, rows: Rows, slot: dict[str, Any], known_at: datetime, *, booked: bool) -> None:
        """What was seen of a unit, and what its family told of an absence: in time, or afterwards."""
        presence = self._chance.choice(PRESENCES) if booked else Presence.UNEXPECTED
        in_time = self._chance.random() >= self._rare
        told, at = (rows, known_at) if in_time else (self._later, _next_second(known_at))
        told.add(Attendance, presence=presence, recorded_by=slot["household_id"], recorded_at=at, **slot)
        if presence is Presence.ABSENT_UNJUSTIFIED:
            reported = self._chance.random()
            if reported < 0.3:
                rows.add(AbsentDay, **self._excuse(known_at), **slot)
            elif reported < 0.3 + 20 * self._rare:
                self._later.add(AbsentDay, **self._excuse(_next_second(known_at)), **slot)

    def _excuse(self, at: datetime) -> dict[str, Any]:
        percent = self._chance.choice(STILL_DUE)
        return {"report_id": new_key(), "percent_due": percent, "reason": "maladie", "decided_at": at}


def _afterwards(month: Month) -> datetime:
    return _next_second(datetime.combine(month.window.last, time(16), UTC))


def _next_second(last: datetime) -> datetime:
    """The second day of the next month, from the last one of a month."""
    return last + timedelta(days=2)


def _account(number: int) -> dict[str, Any]:
    return {
        "kind": AccountKind.FAMILY,
        "login": f"parent{number}",
        "email": f"parent{number}@example.org",
        "activated_at": OPENED,
        "created_at": OPENED,
    }


def open_units(commune: Commune, month: Month) -> Sequence[Unit]:
    """Every unit that takes place in a month."""
    calendar = commune.ask(hookspecs.calendar)
    return [
        (day, activity.code, unit.code)
        for day in month.window.days
        for activity in commune.ask(hookspecs.catalogue, year=SchoolYear.of(day)).activities
        for unit in activity.units
        if activity.is_open(unit, calendar.day(day))
    ]
