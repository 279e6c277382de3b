"""What other rules would have made of a period: its log judged again, what is due priced again; nothing is written.

Both rule sets go through the code that families and invoices meet: a batch of the log is a plan drawn at its own
instant, with the bookings that stood then. Places are not counted again, and yearly files, enrolments and members of
households are taken as they are today. What is counted over a span (a minimum, presences without booking) is counted
from the first day of the period.
"""

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import groupby
from uuid import UUID

from plugins import hookspecs
from plugins.commune import Commune
from plugins.rules.booking import Action
from plugins.rules.catalogue import Catalogue
from plugins.rules.replay import UNKNOWN_UNIT, Comparison, Outcome, Rejudged, Repriced, Ruling, Subject
from plugins.rules.tariffs import PriceLine
from resolvers.agenda.planning import Facts, draw_plan
from resolvers.agenda.plans import Place, PlannedUnit, Slot, Window, Wish
from resolvers.agenda.receipts import reference_of
from resolvers.billing.adjustments import Invoiced, adjustment_lines
from resolvers.billing.pricing import Pricing
from resolvers.context import Context
from resolvers.days.attendance import SheetLine, sheet
from resolvers.families.households import HouseholdFile
from resolvers.models import BookingChange, Dossier
from resolvers.models.bookings import ChangeKind
from resolvers.models.dossiers import DossierState

Batch = Sequence[BookingChange]
Progress = Callable[[int, int], None]  # how many batches are judged and units priced, of how many

ACTIONS = {ChangeKind.BOOKED: Action.BOOK, ChangeKind.CANCELLED: Action.CANCEL}


@dataclass(frozen=True, slots=True)
class Replay:
    """A comparison, and what its households and children are called: a reference, or a name when names were asked."""

    comparison: Comparison
    households: Mapping[UUID, str]
    children: Mapping[UUID, str]


async def replay(ctx: Context, trial: Commune, window: Window, progress: Progress, *, names: bool) -> Replay:
    """Judge and price the days of a window by the rules of the commune, then by those on trial.

    Eleven statements, whatever the number of families. Without ``names``, nobody is named anywhere in the answer.
    """
    records = await _read(ctx, window, names=names)
    batches = [list(batch) for _, batch in groupby(records.changes, key=lambda change: change.batch)]
    due = [line for line in records.lines if records.pricing.percent_charged(line)]
    total = len(batches) + len(due)
    judged = _judge(ctx, trial, records, batches, lambda done: progress(done, total))
    priced = _price(trial, records.pricing, due, judged, lambda done: progress(len(batches) + done, total))
    comparison = Comparison(judged, priced, len(records.changes) - len(judged))
    children = {child.person_id: child for file in records.files.values() for child in file.children}
    seen = {subject.child for subject in comparison.subjects if subject.child is not None}
    return Replay(
        comparison,
        {household: file.name for household, file in records.files.items()},
        {child: children[child].full_name.strip() if child in children else _child(child) for child in seen},
    )


@dataclass(frozen=True, slots=True)
class _Records:
    """What the database knows of the period; yearly files are those of each household."""

    changes: Sequence[BookingChange]
    lines: Sequence[SheetLine]
    pricing: Pricing
    files: Mapping[UUID, HouseholdFile]
    dossiers: Mapping[UUID, Mapping[tuple[UUID, int], DossierState]]


async def _read(ctx: Context, window: Window, *, names: bool) -> _Records:
    years = [year.start for year in window.school_years]
    lines = [line if names else replace(line, child=_child(line.child_id)) for line in await sheet(ctx, window)]
    # The log is read after what it led to: a booking made meanwhile is then not taken for one that it never held.
    changes = await BookingChange.filter(day__gte=window.first, day__lte=window.last).order_by("at", "batch", "id")
    pricing = await Pricing.read(ctx, window, lines, also={change.household_id for change in changes})
    dossiers: defaultdict[UUID, dict[tuple[UUID, int], DossierState]] = defaultdict(dict)
    for dossier in await Dossier.filter(school_year__in=years).only("household_id", "child_id", "school_year", "state"):
        dossiers[dossier.household_id][dossier.child_id, dossier.school_year] = dossier.state
    files = {id_: file if names else _nameless(file) for id_, file in pricing.households.items()}
    return _Records(changes, lines, pricing, files, dossiers)


def _nameless(file: HouseholdFile) -> HouseholdFile:
    """The household under references: what is said of its members then holds no name."""
    members = [replace(member, first_name=_child(member.person_id), last_name="") for member in file.members]
    return replace(file, name=f"Foyer {reference_of(file.id)}", members=tuple(members))


def _child(child_id: UUID) -> str:
    return f"Enfant {reference_of(child_id)}"


def _judge(
    ctx: Context, trial: Commune, records: _Records, batches: Sequence[Batch], progress: Callable[[int], None]
) -> tuple[Rejudged, ...]:
    """Every change of the log, in its order, but those of children who have left their household."""
    past = _Past(records)
    judged: list[Rejudged] = []
    for done, batch in enumerate(batches):
        progress(done)
        facts = past.facts(batch)
        present = {child.person_id for child in facts.household.children}
        known = [change for change in batch if change.child_id in present]
        before, after = (_rulings(ctx, commune, facts, known) for commune in (ctx.commune, trial))
        judged += [
            Rejudged(_subject(change), ACTIONS[change.kind], change.at, before[_slot(change)], after[_slot(change)])
            for change in known
        ]
        past.follow(batch)
    return tuple(judged)


class _Past:
    """What stood at a moment: it begins before the log's first line, and follows the log."""

    def __init__(self, records: _Records) -> None:
        self._records = records
        self._booked: defaultdict[UUID, dict[Slot, UUID]] = defaultdict(dict)  # child, then unit: by which household
        first = {_slot(change): change for change in reversed(records.changes)}
        for line in records.lines:
            if line.booked and line.slot not in first:  # booked before there was a log
                self._booked[line.child_id][line.slot] = line.household_id
        for slot, change in first.items():
            if change.kind is ChangeKind.CANCELLED:
                self._booked[change.child_id][slot] = change.household_id

    def facts(self, batch: Batch) -> Facts:
        """What a plan of this batch is drawn from; catalogues are those of no rules yet."""
        window = Window(min(change.day for change in batch), max(change.day for change in batch))
        file = self._records.files[batch[0].household_id]
        booked = {
            slot: household
            for child in file.children
            for slot, household in self._booked[child.person_id].items()
            if window.first <= slot[1] <= window.last
        }
        return _RoomForAll(
            household=file,
            window=window,
            live=frozenset(slot for slot, household in booked.items() if household == file.id),
            elsewhere=frozenset(slot for slot, household in booked.items() if household != file.id),
            enrolled=self._records.pricing.enrolled.get(file.id, {}),
            dossiers=self._records.dossiers.get(file.id, {}),
            quotients=self._records.pricing.quotients,
            taken={},
        )

    def follow(self, batch: Batch) -> None:
        """Move past a batch."""
        for change in batch:
            if change.kind is ChangeKind.BOOKED:
                self._booked[change.child_id][_slot(change)] = change.household_id
            else:
                self._booked[change.child_id].pop(_slot(change), None)


@dataclass(slots=True)
class _RoomForAll(Facts):
    """Facts without limit of places: how many were left at a past instant is not known."""

    def places_left(self, _place: Place) -> None:
        """No limit."""


def _rulings(ctx: Context, commune: Commune, facts: Facts, batch: Batch) -> dict[Slot, Ruling]:
    """What the rules of a commune say of each change of a batch, at its instant."""
    if not batch:
        return {}
    then = replace(ctx, commune=commune, now=batch[0].at)
    catalogues = {year.start: commune.ask(hookspecs.catalogue, year=year) for year in facts.window.school_years}
    wishes = _wishes(facts, batch, list(catalogues.values()))
    plan = draw_plan(then, replace(facts, catalogues=catalogues), wishes, facts.household.children)
    planned = {unit.slot: unit for unit in plan.units}
    return {slot: _ruling(then, planned.get(slot)) for slot in map(_slot, batch)}


def _wishes(facts: Facts, batch: Batch, catalogues: Sequence[Catalogue]) -> list[Wish]:
    """What the family wanted with this batch, as far as these catalogues offer it."""
    cancelled = {_slot(change) for change in batch if change.kind is ChangeKind.CANCELLED}
    wanted = (facts.live | {_slot(change) for change in batch}) - cancelled
    wishes = []
    for child, code in dict.fromkeys((change.child_id, change.activity) for change in batch):
        offers = [activity for catalogue in catalogues if (activity := catalogue.activity(code)) is not None]
        units = {unit for activity in offers for unit in activity.unit_codes}
        ticks = [(day, unit) for who, day, what, unit in wanted if (who, what) == (child, code) and unit in units]
        if offers:
            wishes.append(Wish(child, code, frozenset(ticks)))
    return wishes


def _ruling(ctx: Context, unit: PlannedUnit | None) -> Ruling:
    if unit is None:
        return Ruling(None, False, None, UNKNOWN_UNIT)
    if unit.reason is not None:
        return Ruling(unit.verdict, False, unit.reason.until, unit.reason.message)
    last = unit.instants.cancel if unit.booked else unit.instants.book
    return Ruling(unit.verdict, not unit.booked and unit.instants.is_late(ctx.now), last.at, last.rule)


def _price(
    trial: Commune,
    before: Pricing,
    due: Sequence[SheetLine],
    judged: Sequence[Rejudged],
    progress: Callable[[int], None],
) -> tuple[Repriced, ...]:
    """Every unit that is booked or due, then what each household's days make together."""
    after = replace(before, commune=trial, late=_late_on_trial(before.late, judged))
    priced: list[Repriced] = []
    for done, line in enumerate(due):
        progress(done)
        subject = Subject(line.household_id, line.child_id, line.day, line.activity, line.unit)
        priced.append(Repriced(subject, _price_of(before, line), _price_of(after, line)))
    return (*priced, *_price_together(before, after, due))


def _price_of(pricing: Pricing, line: SheetLine) -> tuple[PriceLine, ...] | None:
    return pricing.priced(line).price.lines if pricing.knows(line) else None


def _price_together(before: Pricing, after: Pricing, due: Sequence[SheetLine]) -> list[Repriced]:
    """The minimums, maximums and discounts of the period, household by household and activity by activity."""
    groups: defaultdict[tuple[UUID, str], list[SheetLine]] = defaultdict(list)
    for line in due:
        groups[line.household_id, line.activity].append(line)
    together = [
        Repriced(
            Subject(household, None, max(line.day for line in lines), activity, ""),
            _made_together(before, lines),
            _made_together(after, lines),
        )
        for (household, activity), lines in groups.items()
    ]
    return [price for price in together if price.before or price.after]


def _made_together(pricing: Pricing, lines: Sequence[SheetLine]) -> tuple[PriceLine, ...]:
    items = adjustment_lines(pricing, lines, Invoiced())
    return tuple(PriceLine(" : ".join(filter(None, (item.child, *item.detail))), item.total_cents) for item in items)


def _late_on_trial(late: frozenset[Slot], judged: Sequence[Rejudged]) -> frozenset[Slot]:
    """The units that are late under the rules on trial; of several bookings of a unit, the last one counts."""
    last = {change.subject: change.outcome for change in judged if change.action is Action.BOOK}
    slots = {(on.child, on.day, on.activity, on.unit): outcome for on, outcome in last.items() if on.child is not None}
    now_late = {slot for slot, outcome in slots.items() if outcome is Outcome.LATE}
    return (late | now_late) - {slot for slot, outcome in slots.items() if outcome is Outcome.IN_TIME}


def _slot(change: BookingChange) -> Slot:
    return (change.child_id, change.day, change.activity, change.unit)


def _subject(change: BookingChange) -> Subject:
    return Subject(change.household_id, change.child_id, change.day, change.activity, change.unit)
