"""What stands and what is wanted in a window of days: facts read in a constant number of statements, then judged.

Calendar, preview and commit all come from :func:`draw_plan`; only what is wanted differs.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from uuid import UUID

from plugins import hookspecs
from plugins.rules.calendar import SchoolCalendar, SchoolYear
from plugins.rules.catalogue import Activity, Catalogue, EnrolmentMode, Unit
from plugins.rules.features import Feature
from plugins.rules.french import say_date, say_of
from plugins.rules.tariffs import Price, Residency, Situation
from plugins.rules.verdicts import Instants, Judge, Question, Reason, Standing, Verdict
from resolvers.context import Context
from resolvers.errors import Code, Refused
from resolvers.households import (
    Enrolments,
    HouseholdFile,
    Member,
    Quotients,
    children_enrolled,
    feature_of,
    quotients_of,
)
from resolvers.models import Booking, Dossier, Enrolment, PlaceCount
from resolvers.models.dossiers import DossierState
from resolvers.models.scope import everything_in_sight
from resolvers.plans import Place, Plan, PlannedUnit, Slot, Window, Wish


@dataclass(slots=True)
class Facts:
    """What the database says of a household and a window.

    ``live`` is what the household booked, ``elsewhere`` what another household booked for one of its children: the
    child is expected and holds its places all the same, and only the other household may cancel. ``late`` are those of
    ``live`` that were booked after their deadline.
    """

    household: HouseholdFile
    window: Window
    live: frozenset[Slot]
    elsewhere: frozenset[Slot]
    enrolled: Enrolments
    dossiers: Mapping[tuple[UUID, int], DossierState]
    quotients: Quotients
    taken: Mapping[Place, tuple[int, int]]
    catalogues: Mapping[int, Catalogue] = field(default_factory=dict)
    late: frozenset[Slot] = frozenset()

    def places_left(self, place: Place) -> int | None:
        """Places left in a pool on a day; None when the pool has no limit."""
        if place in self.taken:
            capacity, taken = self.taken[place]
            return capacity - taken
        return self.capacity(place)

    def capacity(self, place: Place) -> int | None:
        """How many places the commune opens in a pool on a day; None when it sets no limit."""
        day, code = place
        pool = self.catalogues[SchoolYear.of(day).start].pool(code)
        return pool.capacity if pool else None

    def pools_of(self, slot: Slot) -> tuple[str, ...]:
        """The pools in which a booking takes a place."""
        _, day, activity, unit = slot
        found = self.catalogues[SchoolYear.of(day).start].activity(activity)
        known = found.unit(unit) if found else None
        return known.pools if known else ()


async def read_facts(ctx: Context, household: HouseholdFile, window: Window) -> Facts:
    """Read all that judging a window needs: five statements, whatever the number of children and days."""
    years = [year.start for year in window.school_years]
    span = {"day__gte": window.first, "day__lte": window.last}
    children = [child.person_id for child in household.children]
    with everything_in_sight():  # a child shared by two households is booked once, whichever of them did it
        bookings = await Booking.filter(child_id__in=children, live=True, **span).values_list(
            "household_id", "child_id", "day", "activity", "unit", "late"
        )
    own = {(child, day, code, unit): late for home, child, day, code, unit, late in bookings if home == household.id}
    enrolments = await Enrolment.filter(household_id=household.id, school_year__in=years).values_list(
        "child_id", "activity", "school_year", "first_day", "last_day"
    )
    dossiers = await Dossier.filter(household_id=household.id, school_year__in=years).values_list(
        "child_id", "school_year", "state"
    )
    quotients = await quotients_of(ctx, frozenset({household.id}))
    places = await PlaceCount.filter(**span).values_list("day", "pool", "capacity", "taken")
    return Facts(
        household=household,
        window=window,
        live=frozenset(own),
        elsewhere=frozenset(
            (child, day, code, unit) for home, child, day, code, unit, _ in bookings if home != household.id
        ),
        enrolled={(child, code, year): (first, last) for child, code, year, first, last in enrolments},
        dossiers={(child, year): DossierState(state) for child, year, state in dossiers},
        quotients=quotients,
        taken={(day, pool): (capacity, taken) for day, pool, capacity, taken in places},
        catalogues={year.start: ctx.commune.ask(hookspecs.catalogue, year=year) for year in window.school_years},
        late=frozenset(slot for slot, late in own.items() if late),
    )


def draw_plan(ctx: Context, facts: Facts, wishes: Iterable[Wish] | None, children: Iterable[Member]) -> Plan:
    """Judge every unit of the window: for the wishes, or for every activity of these children when there are none."""
    drawing = _Drawing(ctx, facts)
    targets = _targets(facts, wishes, children)
    for target in targets:
        drawing.add(target)
    return Plan(facts.household, facts.window, drawing.finish())


@dataclass(frozen=True, slots=True)
class _Target:
    child: Member
    activity: Activity
    year: SchoolYear
    ticks: frozenset[tuple[date, str]] | None


def _targets(facts: Facts, wishes: Iterable[Wish] | None, children: Iterable[Member]) -> list[_Target]:
    members = {child.person_id: child for child in children}
    targets: list[_Target] = []
    if wishes is None:
        for start, catalogue in facts.catalogues.items():
            enrolled = {(child, code) for child, code, year in facts.enrolled if year == start}
            booked = {(child, activity) for child, _, activity, _ in facts.live}
            targets += [
                _Target(child, activity, catalogue.year, None)
                for child in members.values()
                for activity in catalogue.activities
                if (child.person_id, activity.code) in enrolled | booked
            ]
        return targets
    for position, wish in enumerate(wishes):
        targets += _wished(facts, members, wish, position)
    return targets


def _wished(facts: Facts, members: Mapping[UUID, Member], wish: Wish, position: int) -> list[_Target]:
    path = ("selections", str(position))
    child = members.get(wish.child_id)
    if child is None:
        raise Refused(Code.NOT_FOUND, "Enfant introuvable dans votre foyer.", field=(*path, "childId"))
    found = [(catalogue.year, catalogue.activity(wish.activity)) for catalogue in facts.catalogues.values()]
    offered = [_Target(child, activity, year, wish.ticks) for year, activity in found if activity is not None]
    if not offered:
        raise Refused(Code.NOT_FOUND, "Cette activité n'existe pas cette année.", field=(*path, "activity"))
    known = {code for target in offered for code in target.activity.unit_codes}
    for day, unit in wish.ticks:
        if not facts.window.first <= day <= facts.window.last:
            raise Refused(Code.INVALID, f"Le {say_date(day)} est hors de la période demandée.", field=(*path, "ticks"))
        if unit not in known:
            raise Refused(Code.NOT_FOUND, "Cette prestation n'existe pas dans l'activité.", field=(*path, "ticks"))
    return offered


@dataclass(slots=True)
class _Answered:
    """A question and its answer."""

    target: _Target
    judge: Judge
    question: Question
    verdict: Verdict
    reason: Reason | None

    @property
    def slot(self) -> Slot:
        return (self.target.child.person_id, self.question.day.day, self.target.activity.code, self.question.unit.code)

    @property
    def is_change(self) -> bool:
        return self.question.wanted is not None and self.verdict in (Verdict.BOOKABLE, Verdict.CANCELLABLE)


class _Drawing:
    """A plan being drawn: places are counted as they would be taken, cancellations first."""

    def __init__(self, ctx: Context, facts: Facts) -> None:
        self._ctx = ctx
        self._facts = facts
        self._calendar: SchoolCalendar = ctx.commune.ask(hookspecs.calendar)
        self._questions: list[tuple[_Target, Judge, Question]] = []
        self._count_what_stands()

    def _count_what_stands(self) -> None:
        self._used: defaultdict[Place, int] = defaultdict(int)
        self._held: defaultdict[tuple[UUID, date], list[str]] = defaultdict(list)
        self._after: defaultdict[tuple[date, str], set[UUID]] = defaultdict(set)
        for slot in self._facts.live | self._facts.elsewhere:
            child, day, _, _ = slot
            self._held[child, day] += self._facts.pools_of(slot)
        for child, day, _, unit in self._facts.live:
            self._after[day, unit].add(child)

    def add(self, target: _Target) -> None:
        """Lay out the questions of one child and activity."""
        child, activity, ticks = target.child.person_id, target.activity, target.ticks
        asked = self._ctx.commune.ask(hookspecs.booking_rules, activity=activity)
        rules = asked.of(Residency(self._facts.household.residency))
        tz = self._ctx.commune.tz
        instants: dict[date, Instants] = {}
        judge = Judge(activity, rules, tz, self._ctx.now, self._standing(target), instants)
        first, last = target.year.first_day, target.year.last_day
        for day in self._facts.window.days:
            if not first <= day <= last:
                continue
            what = self._calendar.day(day)
            for unit in activity.units:
                slot = (child, day, activity.code, unit.code)
                booked = slot in self._facts.live
                ticked = ticks is not None and (day, unit.code) in ticks
                if not (booked or ticked or slot in self._facts.elsewhere or activity.is_open(unit, what)):
                    continue
                if day not in instants:
                    instants[day] = Instants.of(rules, day, self._calendar, tz)
                question = Question(unit, what, booked, None if ticks is None else ticked)
                self._questions.append((target, judge, question))

    def finish(self) -> tuple[PlannedUnit, ...]:
        """Answer every question: cancellations first, since they give places back.

        A change that a rule between units forbids neither takes nor gives a place: all is answered again without it.
        """
        forbidden: dict[Slot, Reason] = {}
        while True:
            answered = [
                self._answer(target, judge, question, forbidden)
                for cancelling in (True, False)
                for target, judge, question in self._questions
                if (question.booked and question.wanted is False) is cancelling
            ]
            broken = _broken_rules(answered, self._facts.elsewhere)
            if not broken:
                return tuple(sorted((self._planned(answer) for answer in answered), key=_reading_order))
            forbidden |= broken
            self._count_what_stands()

    def _answer(self, target: _Target, judge: Judge, question: Question, forbidden: Mapping[Slot, Reason]) -> _Answered:
        child, day, unit = target.child.person_id, question.day.day, question.unit
        slot = (child, day, target.activity.code, unit.code)
        if slot in self._facts.elsewhere:
            return _Answered(
                target, judge, question, Verdict.FREE if question.wanted is False else Verdict.BOOKED, None
            )
        missing = [pool for pool in unit.pools if pool not in self._held[child, day]]
        verdict, reason = judge.judge(question, self._fewest(day, missing))
        if slot in forbidden:
            verdict, reason = Verdict.UNIT_RULE, forbidden[slot]
        elif verdict is Verdict.BOOKABLE and question.wanted:
            self._take(child, day, unit)
        elif verdict is Verdict.CANCELLABLE:
            self._give_back(child, day, unit)
        return _Answered(target, judge, question, verdict, reason)

    def _fewest(self, day: date, pools: Sequence[str]) -> int | None:
        left = [count for pool in pools if (count := self._left((day, pool))) is not None]
        return min(left) if left else None

    def _left(self, place: Place) -> int | None:
        left = self._facts.places_left(place)
        return None if left is None else left - self._used[place]

    def _take(self, child: UUID, day: date, unit: Unit) -> None:
        for pool in unit.pools:
            if pool not in self._held[child, day]:
                self._used[day, pool] += 1
        self._held[child, day] += unit.pools
        self._after[day, unit.code].add(child)

    def _give_back(self, child: UUID, day: date, unit: Unit) -> None:
        for pool in unit.pools:
            self._held[child, day].remove(pool)
            if pool not in self._held[child, day]:
                self._used[day, pool] -= 1
        self._after[day, unit.code].discard(child)

    def _standing(self, target: _Target) -> Standing:
        child, activity = target.child, target.activity
        enrolled = self._facts.enrolled.get((child.person_id, activity.code, target.year.start))
        return Standing(
            feature=feature_of(self._ctx, activity.service, Feature.BOOK),
            enrolled=enrolled,
            dossier_reason=self._dossier_reason(target),
            not_enrolled_reason=self._not_enrolled_reason(child, activity),
        )

    def _dossier_reason(self, target: _Target) -> str | None:
        state = self._facts.dossiers.get((target.child.person_id, target.year.start))
        if state is DossierState.ACCEPTED or not target.activity.enrolment.requires_dossier:
            return None
        file = f"Le dossier administratif {target.year.label} {say_of(target.child.first_name)}"
        if state is DossierState.SUBMITTED:
            return f"{file} est en cours d'instruction : la réservation sera possible dès qu'il sera validé."
        return f"{file} n'est pas validé : complétez-le et envoyez-le, puis attendez sa validation par le service."

    def _not_enrolled_reason(self, child: Member, activity: Activity) -> str:
        refused = f"{child.first_name} n'est pas inscrit à « {activity.label} » à cette date"
        if activity.enrolment.mode is EnrolmentMode.ONLINE:
            return f"{refused} : demandez d'abord son inscription à cette activité."
        return f"{refused} : contactez {self._ctx.commune.identity.service(activity.service).say()}."

    def _planned(self, answered: _Answered) -> PlannedUnit:
        target, question = answered.target, answered.question
        instants = answered.judge.instants[question.day.day]
        left = self._fewest(question.day.day, question.unit.pools)
        return PlannedUnit(
            child=target.child,
            activity=target.activity,
            unit=question.unit,
            day=question.day,
            booked=question.booked,
            wanted=question.wanted,
            verdict=answered.verdict,
            reason=answered.reason,
            instants=instants,
            places_left=None if left is None else max(0, left),
            price=self._price(target, question, instants),
        )

    def _price(self, target: _Target, question: Question, instants: Instants) -> Price:
        """What the unit costs once booked: by its booking when there is one, as if booked now otherwise."""
        child, day, unit = target.child.person_id, question.day.day, question.unit
        slot = (child, day, target.activity.code, unit.code)
        tariff = self._ctx.commune.ask(hookspecs.tariff, activity=target.activity, year=target.year)
        return tariff.price(
            Situation(
                day=day,
                unit=unit.code,
                qf=self._facts.quotients.on(self._ctx.commune, self._facts.household.id, day),
                residency=Residency(self._facts.household.residency),
                child_rank=self._facts.household.rank_of(child),
                siblings_present=len(self._after[day, unit.code] - {child}),
                booked=True,
                late=slot in self._facts.late if question.booked else instants.is_late(self._ctx.now),
                minutes=unit.minutes,
                children_enrolled=children_enrolled(self._facts.enrolled, child, target.activity.code, day),
                age=target.child.age_on(day),
            )
        )


def _broken_rules(answered: Iterable[_Answered], elsewhere: frozenset[Slot]) -> dict[Slot, Reason]:
    """The changes of a child's day after which a rule between units of an activity would be broken, and which rule."""
    groups: defaultdict[tuple[UUID, date, str], list[_Answered]] = defaultdict(list)
    for answer in answered:
        if answer.target.activity.unit_rules:
            child, day, activity, _ = answer.slot
            groups[child, day, activity].append(answer)
    refused: dict[Slot, Reason] = {}
    for group in groups.values():
        changes = [answer.slot for answer in group if answer.is_change]
        after = {
            answer.question.unit.code
            for answer in group
            if answer.slot in elsewhere or answer.question.booked != answer.is_change
        }
        broken = group[0].target.activity.broken_rules(after) if changes else ()
        if broken:
            refused |= dict.fromkeys(changes, Reason(Verdict.UNIT_RULE, " ".join(broken)))
    return refused


def _reading_order(planned: PlannedUnit) -> tuple[date, str, str, int]:
    position = planned.activity.unit_codes.index(planned.unit.code)
    return (planned.day.day, planned.child.first_name, planned.activity.code, position)
