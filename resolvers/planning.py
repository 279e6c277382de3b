"""What stands and what is wanted in a window of days, judged: calendar, preview and commit all come from one plan.

Only what is wanted differs. What is known is read by :mod:`resolvers.facts`.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from uuid import UUID

from plugins import hookspecs
from plugins.rules.calendar import SchoolCalendar
from plugins.rules.catalogue import Unit
from plugins.rules.closings import closed_by
from plugins.rules.tariffs import Price, Residency, Situation
from plugins.rules.verdicts import Instants, Judge, Question, Reason, Verdict
from resolvers.context import Context
from resolvers.facts import Facts, read_facts
from resolvers.households import Member, children_enrolled
from resolvers.plans import Place, Plan, PlannedUnit, Slot, Wish
from resolvers.standings import standing_of
from resolvers.targets import Target, targets_of

__all__ = ["Facts", "draw_plan", "read_facts"]


def draw_plan(ctx: Context, facts: Facts, wishes: Iterable[Wish] | None, children: Iterable[Member]) -> Plan:
    """Judge every unit of the window: for the wishes, or for every activity of these children when there are none."""
    drawing = _Drawing(ctx, facts)
    targets = targets_of(facts, wishes, children)
    for target in targets:
        drawing.add(target)
    return Plan(facts.household, facts.window, drawing.finish())


@dataclass(slots=True)
class _Answered:
    """A question and its answer."""

    target: Target
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
        self._questions: list[tuple[Target, Judge, Question]] = []
        self._count_what_stands()

    def _count_what_stands(self) -> None:
        self._used: defaultdict[Place, int] = defaultdict(int)
        self._held: defaultdict[tuple[UUID, date], list[str]] = defaultdict(list)
        self._after: defaultdict[tuple[date, str], set[UUID]] = defaultdict(set)
        for slot in self._facts.live | self._facts.elsewhere:
            child, day, _, _ = slot
            self._held[child, day] += self._facts.pools_of(slot)
        for child, day, pool in self._facts.holds:
            self._held[child, day].append(pool)
        for child, day, _, unit in self._facts.live:
            self._after[day, unit].add(child)

    def add(self, target: Target) -> None:
        """Lay out the questions of one child and activity."""
        child, activity, ticks = target.child.person_id, target.activity, target.ticks
        asked = self._ctx.commune.ask(hookspecs.booking_rules, activity=activity)
        rules = asked.of(Residency(self._facts.household.residency))
        tz = self._ctx.commune.tz
        instants: dict[date, Instants] = {}
        judge = Judge(activity, rules, tz, self._ctx.now, standing_of(self._ctx, self._facts, target), instants)
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
                closing = closed_by(self._facts.closings, activity, unit, day)
                named = replace(what, label=closing.label) if closing else what
                question = Question(unit, named, booked, None if ticks is None else ticked, closing is not None)
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

    def _answer(self, target: Target, judge: Judge, question: Question, forbidden: Mapping[Slot, Reason]) -> _Answered:
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

    def _price(self, target: Target, question: Question, instants: Instants) -> Price:
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
