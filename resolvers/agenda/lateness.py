"""What was done late, and what families failed to do: counted for the tolerances and the strikes of a commune."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime, timedelta
from uuid import UUID

from tortoise.expressions import Q

from plugins import hookspecs
from plugins.rules.booking import BookingRules
from plugins.rules.calendar import SchoolYear
from plugins.rules.catalogue import Catalogue
from plugins.rules.quotas import StrikeEvent
from resolvers.context import Context
from resolvers.models import Attendance, BookingChange
from resolvers.models.bookings import ChangeKind, Presence
from resolvers.models.scope import everything_in_sight

Act = tuple[UUID, str, date]  # child, activity, day of service
Acts = Mapping[tuple[UUID, str], Sequence[date]]  # child and activity: the day of service of each act
QUARTER = timedelta(days=92)  # a civil quarter may begin before the school year, and end after it

FAILURES = {
    StrikeEvent.NOT_BOOKED: Presence.UNEXPECTED,
    StrikeEvent.NOT_CANCELLED: Presence.ABSENT_UNJUSTIFIED,
}


def rules_of(ctx: Context, catalogues: Iterable[Catalogue]) -> list[BookingRules]:
    """The booking rules of every activity of these years."""
    activities = (activity for catalogue in catalogues for activity in catalogue.activities)
    return [ctx.commune.ask(hookspecs.booking_rules, activity=activity) for activity in activities]


async def late_bookings(children: Sequence[UUID], rules: Iterable[BookingRules], first: date, last: date) -> Acts:
    """The bookings made late for these children around two days of service; no statement where nobody counts them."""
    if not any(rule.quotas for rule in rules):
        return {}
    with everything_in_sight():  # a tolerance is the child's, whichever of its households used it
        rows = await BookingChange.filter(
            child_id__in=list(children),
            late=True,
            kind=ChangeKind.BOOKED,
            day__gte=SchoolYear.of(first).first_day - QUARTER,
            day__lte=SchoolYear.of(last).last_day + QUARTER,
        ).values_list("child_id", "activity", "day")
    return _by_activity(rows)


async def failures(ctx: Context, children: Sequence[UUID], rules: Iterable[BookingRules]) -> Mapping[StrikeEvent, Acts]:
    """What is held against these children up to today; no statement where nothing is ever held against anybody."""
    if not any(rule.strikes for rule in rules):
        return {}
    today = ctx.local_now.date()
    with everything_in_sight():  # a strike is the child's, whichever of its households failed
        rows = await Attendance.filter(
            Q(presence__in=list(FAILURES.values())) | Q(left_at__isnull=False),
            child_id__in=list(children),
            day__gte=SchoolYear.of(today).first_day - QUARTER,
            day__lte=today,
        ).values_list("presence", "unit", "left_at", "child_id", "activity", "day")
    found: defaultdict[StrikeEvent, list[Act]] = defaultdict(list)
    for seen, unit, left_at, *act in rows:
        child, activity, day = act
        for event, presence in FAILURES.items():
            if Presence(seen) is presence:
                found[event].append((child, activity, day))
        if left_at is not None and _is_late_pick_up(ctx, activity, unit, day, left_at):
            found[StrikeEvent.LATE_PICK_UP].append((child, activity, day))
    return {event: _by_activity(acts) for event, acts in found.items()}


def _is_late_pick_up(ctx: Context, activity: str, unit: str, day: date, left_at: datetime) -> bool:
    """True when a child left after the end of its unit, on the clocks of the commune; never when it has no end."""
    offered = ctx.commune.ask(hookspecs.catalogue, year=SchoolYear.of(day)).activity(activity)
    known = offered.unit(unit) if offered else None
    if known is None or known.ends_at is None:
        return False
    return left_at > datetime.combine(day, known.ends_at, ctx.commune.tz)


def say_strikes(
    ctx: Context, against: Mapping[StrikeEvent, Acts], asked: Iterable[tuple[UUID, str, str, BookingRules]]
) -> Iterator[str]:
    """What is held against each child in an activity and what comes of it, in French: told, never applied by itself.

    ``asked`` gives the child, the activity's code, how both are called, and the rules.
    """
    today, calendar = ctx.local_now.date(), ctx.commune.ask(hookspecs.calendar)
    for child, activity, name, rules in asked:
        strikes = rules.strikes
        if strikes is None:
            continue
        first, last = strikes.span.around(today, calendar)
        days = against.get(strikes.event, {}).get((child, activity), ())
        count = sum(first <= day <= last for day in days)
        if count:
            yield f"{name} : {strikes.say_count(count, last)}"


def _by_activity(rows: Iterable[Act]) -> Acts:
    found: defaultdict[tuple[UUID, str], list[date]] = defaultdict(list)
    for child, activity, day in rows:
        found[child, activity].append(day)
    return dict(found)
