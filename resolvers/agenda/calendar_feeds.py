"""Calendar feeds: a household's bookings at a secret address, which an agenda reads again and again.

The address is shown once and works until its parent revokes it, or sees the household no more.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from uuid import UUID, uuid5

from plugins import hookspecs
from plugins.rules.calendar import SchoolYear
from plugins.rules.catalogue import Unit
from resolvers.access.brakes import Brakes
from resolvers.access.tokens import fingerprint, new_token
from resolvers.context import Context
from resolvers.errors import Code, Refused, not_found
from resolvers.idempotency import recall, remember
from resolvers.models import Account, Booking, CalendarFeed, Membership, Person
from resolvers.models.scope import everything_in_sight
from resolvers.models.tenancy import unit_of_work

CREATE = "calendarFeedCreate"
PAST = timedelta(days=30)  # how far back an agenda shows what was booked
MOST = 10  # live feeds of one person
READ_AGAIN = timedelta(hours=1)  # a reading is noted once in that time


@dataclass(frozen=True, slots=True)
class Event:
    """A booking as an agenda shows it: the whole day when the unit has no times. ``uid`` never changes."""

    uid: UUID
    summary: str
    day: date
    starts_at: time | None
    ends_at: time | None
    changed_at: datetime


@dataclass(frozen=True, slots=True)
class CreatedFeed:
    """A feed and its secret, which exists in clear only here."""

    feed: CalendarFeed
    secret: str


async def feeds_of(ctx: Context) -> list[CalendarFeed]:
    """The live feeds of the viewer, newest first: one statement."""
    live = CalendarFeed.filter(account_id=ctx.viewer.account_id, revoked_at__isnull=True)
    return await live.order_by("-created_at", "-id")


@unit_of_work
async def create_feed(ctx: Context, household_id: UUID, key: str | None = None) -> CreatedFeed:
    """Make a secret address for the bookings of a household that the viewer sees.

    Refused: NOT_FOUND, STATE_CONFLICT beyond ten live feeds, and as ``idempotency.recall``.
    """
    rights = ctx.viewer.households.get(household_id)
    if rights is None or not rights.sees:
        raise not_found("Foyer", "householdId")
    asked = {"household": str(household_id)}
    answered = await recall(ctx, CREATE, key, asked)
    if answered is not None:
        feed = await CalendarFeed.get(id=UUID(answered["feed"]))
        return CreatedFeed(feed, ctx.ports.sealer.unseal(answered["secret"]))
    await Account.filter(id=ctx.viewer.account_id).select_for_update().first()  # two sent together are counted in turn
    if len(await feeds_of(ctx)) >= MOST:
        message = f"Vous avez déjà {MOST} adresses de calendrier : supprimez d'abord celles qui ne servent plus."
        raise Refused(Code.STATE_CONFLICT, message)
    secret = new_token()
    feed = await CalendarFeed.create(
        household_id=household_id,
        account_id=ctx.viewer.account_id,
        token_hash=fingerprint(secret),
        created_at=ctx.now,
    )
    await remember(ctx, CREATE, key, asked, {"feed": str(feed.id), "secret": ctx.ports.sealer.seal(secret)})
    return CreatedFeed(feed, secret)


@unit_of_work
async def revoke_feed(ctx: Context, feed_id: UUID) -> None:
    """Make one of the viewer's addresses open nothing any more; harmless when it already does. Refused: NOT_FOUND."""
    feed = await CalendarFeed.filter(id=feed_id, account_id=ctx.viewer.account_id).select_for_update().first()
    if feed is None:
        raise not_found("Calendrier", "id")
    feed.revoked_at = feed.revoked_at or ctx.now
    await feed.save(update_fields=["revoked_at"])


async def read_feed(ctx: Context, secret: str) -> list[Event]:
    """The bookings behind a secret, from thirty days ago on; at most seven statements, whatever the household.

    Refused: NOT_FOUND, the same for what was never a secret, for a revoked one and for one whose parent sees the
    household no more; THROTTLED when the caller has tried too many of them.
    """
    with everything_in_sight():  # nobody is signed in: the secret is the proof
        feed = await CalendarFeed.filter(token_hash=fingerprint(secret), revoked_at__isnull=True).first()
        if feed is not None and await _still_sees(feed):
            if feed.read_at is None or ctx.now - feed.read_at >= READ_AGAIN:
                await _note_reading(feed.id, ctx.now)
            return await _events(ctx, feed.household_id)
    # Counted apart from sign-in: an agenda that reads a dead address for months must keep nobody out.
    brakes = Brakes.of(replace(ctx, client=f"calendar:{ctx.client}"), f"calendar:{fingerprint(secret)}", None)
    await brakes.refuse_or_hold(ctx.now, "créez une autre adresse de calendrier sur votre espace famille")
    await brakes.count_failure(ctx.now)
    raise not_found("Calendrier", "secret")


async def _still_sees(feed: CalendarFeed) -> bool:
    account = await Account.get_or_none(id=feed.account_id)
    return account is not None and await Membership.exists(
        household_id=feed.household_id, person_id=account.person_id, sees=True
    )


@unit_of_work
async def _note_reading(feed_id: UUID, now: datetime) -> None:
    await CalendarFeed.filter(id=feed_id).update(read_at=now)


async def _events(ctx: Context, household_id: UUID) -> list[Event]:
    """Two statements. What is told of a booking is a first name and the label of a unit: an agenda is often shared."""
    booked = Booking.filter(household_id=household_id, live=True, day__gte=ctx.local_now.date() - PAST)
    rows = await booked.order_by("day", "child_id", "activity", "unit")
    people = await Person.filter(id__in=list({row.child_id for row in rows})).values_list("id", "first_name")
    first_names: dict[UUID, str] = dict(people)
    units = _units(ctx, rows)
    return [_event(row, first_names[row.child_id], units.get((row.activity, row.unit, _year(row.day)))) for row in rows]


def _year(day: date) -> int:
    return SchoolYear.of(day).start


def _units(ctx: Context, rows: Sequence[Booking]) -> dict[tuple[str, str, int], Unit]:
    """The units of the school years of some bookings, by activity, code and year."""
    return {
        (activity.code, unit.code, year): unit
        for year in {_year(row.day) for row in rows}
        for activity in ctx.commune.ask(hookspecs.catalogue, year=SchoolYear(year)).activities
        for unit in activity.units
    }


def _event(row: Booking, first_name: str, unit: Unit | None) -> Event:
    """A unit that left the catalogue since keeps its code, and has no times."""
    timed = unit is not None and unit.starts_at is not None and unit.ends_at is not None
    return Event(
        uid=uuid5(row.child_id, f"{row.day.isoformat()}/{row.activity}/{row.unit}"),
        summary=f"{first_name} : {unit.label if unit else row.unit}",
        day=row.day,
        starts_at=unit.starts_at if unit and timed else None,
        ends_at=unit.ends_at if unit and timed else None,
        changed_at=row.changed_at,
    )
