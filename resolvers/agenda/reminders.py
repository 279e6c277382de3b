"""Reminders before bookings close: parents who want them are told once of each instant, in one mail."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from uuid import UUID

from plugins import hookspecs
from plugins.rules.calendar import SchoolYear
from plugins.rules.french import say_instant
from plugins.rules.reminders import AHEAD, Closing, closing_soon, say_days_left
from plugins.rules.verdicts import Verdict
from plugins.rules.wording import Message
from resolvers.agenda.facts import Facts, read_all_facts
from resolvers.agenda.planning import draw_plan
from resolvers.agenda.plans import PlannedUnit, Window
from resolvers.context import Context
from resolvers.errors import Code, Refused
from resolvers.families.households import households_of
from resolvers.models import Account, Effect, Membership, Person, ReminderWish
from resolvers.models.tenancy import unit_of_work
from resolvers.outbox import Addressee, enqueue_all, mail_effect, mail_key

SHORTEST, LONGEST = 2, 14 * 24  # hours: rounds are made every hour
AT_A_TIME = 100


async def hours_wanted(ctx: Context) -> int:
    """How many hours before bookings close the viewer wants a mail; 0 for none."""
    wish = await ReminderWish.get_or_none(account_id=ctx.viewer.account_id)
    return wish.hours_before if wish else 0


@unit_of_work
async def set_reminder(ctx: Context, hours_before: int) -> int:
    """Have the viewer told so many hours before bookings close, or never (0). Refused: INVALID."""
    if hours_before and not SHORTEST <= hours_before <= LONGEST:
        raise Refused(
            Code.INVALID,
            f"Choisissez de {SHORTEST} à {LONGEST} heures avant la fin des réservations, ou 0 pour ne rien recevoir.",
            field=("hoursBefore",),
        )
    wish = ReminderWish(account_id=ctx.viewer.account_id, hours_before=hours_before, changed_at=ctx.now)
    await ReminderWish.bulk_create([wish], ignore_conflicts=True)
    await ReminderWish.filter(account_id=ctx.viewer.account_id).update(hours_before=hours_before, changed_at=ctx.now)
    return hours_before


@dataclass(frozen=True, slots=True)
class _Reader:
    """A parent who wants to be told, and the households it books for."""

    account: Account
    person: Person
    hours: int
    households: tuple[UUID, ...]


async def remind(ctx: Context) -> int:
    """Write the mails of the deadlines that come up; returns how many. Run again, it writes none twice.

    Nothing is told of a day on which the child comes already, nor of what could not be booked now: full, closed, of
    the other household, without an accepted file. Statements depend on the hundreds of parents, and on nothing else.
    """
    closings = _closings(ctx, timedelta(hours=LONGEST))
    told, after = 0, UUID(int=0)
    while closings:
        wishes = await ReminderWish.filter(hours_before__gt=0, id__gt=after).order_by("id").limit(AT_A_TIME)
        if not wishes:
            break
        told, after = told + await _remind_some(ctx, wishes, closings), wishes[-1].id
    return told


def _closings(ctx: Context, within: timedelta) -> tuple[Closing, ...]:
    today = ctx.local_now.date()
    years = {SchoolYear.of(today), SchoolYear.of(today + AHEAD)}
    activities = [activity for year in years for activity in ctx.commune.ask(hookspecs.catalogue, year=year).activities]
    offered = [(each, ctx.commune.ask(hookspecs.booking_rules, activity=each)) for each in activities]
    return closing_soon(offered, ctx.commune.ask(hookspecs.calendar), ctx.commune.tz, ctx.now, within)


@unit_of_work
async def _remind_some(ctx: Context, wishes: Sequence[ReminderWish], closings: Sequence[Closing]) -> int:
    readers = await _readers(wishes)
    furthest = ctx.now + timedelta(hours=max(wish.hours_before for wish in wishes))
    near = [closing for closing in closings if closing.at <= furthest]
    households = await households_of(ctx, frozenset(home for reader in readers for home in reader.households))
    if not near or not households:
        return 0
    days = [closing.day for closing in near]
    facts = await read_all_facts(ctx, households, Window(min(days), max(days)))
    by_home = {each.household.id: each for each in facts}
    due = [(reader, at) for reader in readers for at in _instants(ctx, reader, near)]
    keys = {mail_key(_key(reader, at)) for reader, at in due}
    known = {key for (key,) in await Effect.filter(key__in=list(keys)).values_list("key")}
    left = _DaysLeft(ctx, near)
    mails = []
    for reader, at in due:
        if mail_key(_key(reader, at)) in known:
            continue
        lines = [line for home in reader.households if home in by_home for line in left.lines(by_home[home], at)]
        if lines:
            mails.append(_mail(ctx, reader, at, lines))
    await enqueue_all(mails)
    return len(mails)


async def _readers(wishes: Sequence[ReminderWish]) -> list[_Reader]:
    """The parents behind some wishes, with the households they book for: three statements."""
    hours = {wish.account_id: wish.hours_before for wish in wishes}
    accounts = await Account.filter(id__in=list(hours), activated_at__isnull=False).order_by("id")
    people = {person.id: person for person in await Person.filter(id__in=[each.person_id for each in accounts])}
    homes: defaultdict[UUID, list[UUID]] = defaultdict(list)
    links = Membership.filter(person_id__in=list(people), sees=True, books=True).order_by("household_id")
    for person_id, household_id in await links.values_list("person_id", "household_id"):
        homes[person_id].append(household_id)
    return [
        _Reader(account, people[account.person_id], hours[account.id], tuple(homes[account.person_id]))
        for account in accounts
    ]


def _instants(ctx: Context, reader: _Reader, closings: Iterable[Closing]) -> list[datetime]:
    """The instants that a parent wants to be told of now."""
    until = ctx.now + timedelta(hours=reader.hours)
    return sorted({closing.at for closing in closings if closing.at <= until})


def _key(reader: _Reader, at: datetime) -> str:
    return f"bookings-closing:{reader.account.id.hex}:{at.astimezone(UTC).isoformat()}"


class _DaysLeft:
    """What is left to book of each household before each instant: judged once, by the plan that a family sees."""

    def __init__(self, ctx: Context, closings: Iterable[Closing]) -> None:
        self._ctx = ctx
        self._days: defaultdict[datetime, defaultdict[str, set[date]]] = defaultdict(lambda: defaultdict(set))
        for closing in closings:
            self._days[closing.at][closing.activity].add(closing.day)
        self._lines: dict[tuple[UUID, datetime], list[str]] = {}

    def lines(self, facts: Facts, at: datetime) -> list[str]:
        """« Enfant1, Restauration scolaire : lundi 12 octobre 2026 », a line for each child and activity."""
        key = (facts.household.id, at)
        if key not in self._lines:
            self._lines[key] = list(self._judged(facts, self._days[at]))
        return self._lines[key]

    def _judged(self, facts: Facts, closing: Mapping[str, set[date]]) -> Iterator[str]:
        enrolled = {key: span for key, span in facts.enrolled.items() if key[1] in closing}
        if not enrolled:
            return
        days = {day for each in closing.values() for day in each}
        narrow = replace(facts, window=Window(min(days), max(days)), enrolled=enrolled, asked=frozenset())
        plan = draw_plan(self._ctx, narrow, None, facts.household.children)
        by_day: defaultdict[tuple[UUID, str, date], list[PlannedUnit]] = defaultdict(list)
        for unit in plan.units:
            if unit.day.day in closing.get(unit.activity.code, ()):
                by_day[unit.child.person_id, unit.activity.code, unit.day.day].append(unit)
        left: defaultdict[tuple[str, str], list[date]] = defaultdict(list)
        for units in by_day.values():
            if _can_come(units):
                left[units[0].child.first_name, units[0].activity.label].append(units[0].day.day)
        for (child, label), free in sorted(left.items()):
            yield f"- {child}, {label} : {say_days_left(free)}"


def _can_come(units: Sequence[PlannedUnit]) -> bool:
    """True when a child comes to nothing of an activity on a day, and something of it can be booked by its rules."""
    if any(unit.booked for unit in units):
        return False
    free = {unit.unit.code for unit in units if unit.verdict is Verdict.BOOKABLE}
    ways = (free, *({code} for code in free))
    return bool(free) and any(not units[0].activity.broken_rules(way) for way in ways)


def _mail(ctx: Context, reader: _Reader, at: datetime, lines: Sequence[str]) -> Effect:
    return mail_effect(
        ctx.commune,
        ctx.ports,
        ctx.now,
        Message.BOOKINGS_CLOSING,
        Addressee(reader.account.email, reader.person.first_name),
        key=_key(reader, at),
        until=say_instant(at, ctx.commune.tz),
        days="\n".join(lines),
    )
