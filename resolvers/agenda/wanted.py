"""What a family wants without ticking each day: rhythms, a sibling's days, another month's; made ticks, then judged.

Preview and commit both come here, with the same facts: what is left out is told with the reason of its refusal.
"""

from collections import defaultdict
from collections.abc import Container, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date
from uuid import UUID

from plugins.rules.catalogue import Activity
from plugins.rules.months import FIRST, LAST, in_month
from plugins.rules.rhythms import UnitRhythm, same_day_in
from plugins.rules.verdicts import Reason, Verdict
from resolvers.agenda.planning import Facts, draw_plan
from resolvers.agenda.plans import Plan, PlannedUnit, Skip, Slot, Wish
from resolvers.context import Context
from resolvers.errors import Code, Refused, not_found
from resolvers.models import Booking

Tick = tuple[date, str]  # day, unit
Drawn = dict[Tick, frozenset[Tick]]  # what a rhythm or a copy brings, with the ticks that each of them goes with
Booked = Mapping[tuple[UUID, str, date], frozenset[str]]  # child, activity, day: units

CLOSED = frozenset({Verdict.CLOSED_DAY, Verdict.OTHER_CUSTODY})
SKIPPED = {Skip.CLOSED: CLOSED, Skip.REFUSED: frozenset(verdict for verdict in Verdict if verdict.is_refusal)}


async def wanted_plan(ctx: Context, facts: Facts, wishes: Sequence[Wish], *, by_service: bool = False) -> Plan:
    """The plan of these wishes: rhythms and copies are made ticks, and what they skip is left out and told.

    One statement more than the facts when a month is copied. Refused: as :func:`resolvers.agenda.planning.draw_plan`;
    NOT_FOUND (unit, preset, sibling), INVALID (a copy of a copy, a month out of the calendar).
    """
    drawn = _drawn(facts, await _booked_in_months(facts, wishes), wishes)
    plain = [_ticked(facts, wish, drawn[position]) for position, wish in enumerate(wishes)]
    skipped: dict[Slot, PlannedUnit] = {}
    while True:
        left = [_without(wish, skipped) for wish in plain]
        plan = draw_plan(ctx, facts, left, facts.household.children, by_service=by_service)
        found = _to_skip(plan, wishes, drawn)
        skipped |= found
        if all(unit.verdict in CLOSED for unit in plan.units if unit.slot in found):
            told = tuple(sorted(skipped.values(), key=_by_day))
            return replace(plan, units=_given_up(plan.units, found), skipped=told)


def _ticked(facts: Facts, wish: Wish, drawn: Drawn) -> Wish:
    """The same wish, all in ticks."""
    kept = _booked_of(facts, wish.child_id, wish.activity) if wish.keep else frozenset()
    return Wish(wish.child_id, wish.activity, wish.ticks | drawn.keys() | kept)


def _without(wish: Wish, skipped: Iterable[Slot]) -> Wish:
    left_out = {(day, unit) for child, day, code, unit in skipped if (child, code) == (wish.child_id, wish.activity)}
    return replace(wish, ticks=wish.ticks - left_out)


def _given_up(units: Iterable[PlannedUnit], closed: Container[Slot]) -> tuple[PlannedUnit, ...]:
    """The units as they would be judged without these, which are closed and so change nothing for the others."""
    return tuple(
        replace(unit, wanted=False, verdict=Verdict.FREE, reason=None) if unit.slot in closed else unit
        for unit in units
        if unit.slot not in closed or unit.activity.is_open(unit.unit, unit.day)
    )


def _booked_of(facts: Facts, child_id: UUID, activity: str) -> frozenset[Tick]:
    return frozenset((day, unit) for child, day, code, unit in facts.live if (child, code) == (child_id, activity))


def _by_day(unit: PlannedUnit) -> tuple[date, str, str, str]:
    return (unit.day.day, unit.child.first_name, unit.activity.code, unit.unit.code)


def _drawn(facts: Facts, booked: Booked, wishes: Sequence[Wish]) -> list[Drawn]:
    """What each wish draws; who is wanted like a sibling comes after the sibling."""
    drawn = [
        {**_repeated(facts, wish, position), **_copied(facts, wish, booked)} for position, wish in enumerate(wishes)
    ]
    for position, wish in enumerate(wishes):
        if wish.like is not None:
            ticks = _like(facts, wishes, drawn, position)
            drawn[position] |= {tick: frozenset({tick}) for tick in ticks if tick not in drawn[position]}
    return drawn


def _activities(facts: Facts, code: str) -> list[Activity]:
    """The activity in each school year of the window that has it."""
    return [found for catalogue in facts.catalogues.values() if (found := catalogue.activity(code)) is not None]


def _repeated(facts: Facts, wish: Wish, position: int) -> Drawn:
    """The ticks of the rhythms, between the first and the last day of the activity."""
    drawn: Drawn = {}
    activities = _activities(facts, wish.activity)
    for repeated in wish.rhythms:
        groups = [(activity, group) for activity in activities for group in _groups(activity, repeated)]
        if activities and not groups:
            raise not_found("Prestation", "selections", str(position), "rhythms")
        for activity, group in groups:
            drawn |= _days_of(facts, activity, repeated, group)
    return drawn


def _groups(activity: Activity, repeated: UnitRhythm) -> list[tuple[str, ...]]:
    """The units that go together: each one alone, or all those of a preset; none when one of them is unknown."""
    if repeated.preset is not None:
        return [preset.units for preset in activity.presets if preset.code == repeated.preset]
    known = set(repeated.units) <= set(activity.unit_codes)
    return [(unit,) for unit in repeated.units] if known else []


def _days_of(facts: Facts, activity: Activity, repeated: UnitRhythm, group: tuple[str, ...]) -> Drawn:
    """The ticks of a group of units; « tous les jours » are the weekdays on which all of them may take place."""
    first, last = max(facts.window.first, activity.first_day), min(facts.window.last, activity.last_day)
    days = repeated.rhythm.days(first, last)
    if repeated.rhythm.is_daily:
        weekdays = frozenset.intersection(*(unit.weekdays for unit in activity.units if unit.code in group))
        days = tuple(day for day in days if day.isoweekday() in weekdays)
    together = {day: frozenset((day, unit) for unit in group) for day in days}
    return {tick: ticks for ticks in together.values() for tick in ticks}


async def _booked_in_months(facts: Facts, wishes: Sequence[Wish]) -> Booked:
    """What the household booked for its children in the months to copy."""
    months = {wish.month for wish in wishes if wish.month is not None}
    if not months:
        return {}
    for position, wish in enumerate(wishes):
        if wish.month is not None and not 2000 <= wish.month.year <= 2098:
            path = ("selections", str(position), "likeMonth")
            raise Refused(Code.INVALID, "Ce mois est hors du calendrier.", field=path)
    rows = Booking.filter(
        household_id=facts.household.id,
        child_id__in=sorted({wish.child_id for wish in wishes}),
        live=True,
        day__gte=in_month(min(months), FIRST),
        day__lte=in_month(max(months), LAST),
    )
    booked: defaultdict[tuple[UUID, str, date], set[str]] = defaultdict(set)
    for child, code, day, unit in await rows.values_list("child_id", "activity", "day", "unit"):
        booked[child, code, day].add(unit)
    return {key: frozenset(units) for key, units in booked.items()}


def _copied(facts: Facts, wish: Wish, booked: Booked) -> Drawn:
    """What was booked on the same day of the month copied: its second Tuesday for each second Tuesday."""
    if wish.month is None:
        return {}
    pairs = ((day, same_day_in(wish.month, day)) for day in facts.window.days)
    ticks = {
        (day, unit)
        for day, same in pairs
        if same is not None
        for unit in booked.get((wish.child_id, wish.activity, same), ())
    }
    offered = {
        (day, unit)
        for activity in _activities(facts, wish.activity)
        for day, unit in ticks
        if activity.first_day <= day <= activity.last_day and unit in activity.unit_codes
    }
    return {tick: frozenset({tick}) for tick in offered}


def _like(facts: Facts, wishes: Sequence[Wish], drawn: Sequence[Drawn], position: int) -> frozenset[Tick]:
    """What is wanted for the sibling in the same activity, or what it has booked when nothing is said of it."""
    wish, path = wishes[position], ("selections", str(position), "likeChildId")
    if wish.like not in {child.person_id for child in facts.household.children}:
        raise not_found("Enfant", *path)
    for place, other in enumerate(wishes):
        if (other.child_id, other.activity) == (wish.like, wish.activity):
            if other.like is not None:
                message = "Cet enfant est lui-même réservé comme un autre : choisissez l'enfant d'origine."
                raise Refused(Code.INVALID, message, field=path)
            return _ticked(facts, other, drawn[place]).ticks
    return _booked_of(facts, wish.like, wish.activity)


def _to_skip(plan: Plan, wishes: Sequence[Wish], drawn: Sequence[Drawn]) -> dict[Slot, PlannedUnit]:
    """The units to leave out, as they are refused; what a preset brings is refused together."""
    asked = {(wish.child_id, wish.activity): (wish, drawn[place]) for place, wish in enumerate(wishes)}
    planned = {unit.slot: unit for unit in plan.units}
    found: dict[Slot, PlannedUnit] = {}
    for unit in plan.refused:
        child, day, code, _ = unit.slot
        wish, brought = asked[child, code]
        if not unit.wanted or unit.verdict not in SKIPPED[wish.skip]:
            continue
        together = brought.get((day, unit.unit.code), frozenset())
        for _, other in together if (day, unit.unit.code) not in wish.ticks else ():
            companion = planned.get((child, day, code, other))  # None when it was left out before
            if companion is not None and not companion.booked and (day, other) not in wish.ticks:
                found.setdefault(companion.slot, _refused_with(unit, companion))
    return found


def _refused_with(unit: PlannedUnit, companion: PlannedUnit) -> PlannedUnit:
    """The companion as it is refused: by itself, or because it goes with a unit that is."""
    if companion.is_refused:
        return companion
    said = f"{companion.unit.label} va avec « {unit.unit.label} » : {unit.reason.message if unit.reason else ''}"
    return replace(companion, verdict=unit.verdict, reason=Reason(unit.verdict, said))
