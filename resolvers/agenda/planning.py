"""What stands and what is wanted in a window of days, judged: calendar, preview and commit all come from one plan.

Only what is wanted differs. What is known is read by :mod:`resolvers.agenda.facts`.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from uuid import UUID

from plugins import hookspecs
from plugins.rules.booking import Accept, Action
from plugins.rules.calendar import SchoolCalendar
from plugins.rules.catalogue import Unit
from plugins.rules.closings import closed_days
from plugins.rules.tariffs import Price
from plugins.rules.verdicts import Judge, Question, Reason, Verdict
from resolvers.agenda.facts import Facts, read_facts
from resolvers.agenda.forbidden import Answered, forbidden_changes
from resolvers.agenda.lateness import say_strikes
from resolvers.agenda.offered import Offered
from resolvers.agenda.plans import Place, Plan, PlannedUnit, Slot, Wish
from resolvers.agenda.standings import standing_of
from resolvers.agenda.targets import Target, targets_of
from resolvers.agenda.unit_prices import UnitPrices
from resolvers.context import Context
from resolvers.families.households import Member

__all__ = ["Facts", "draw_plan", "read_facts"]


def draw_plan(
    ctx: Context, facts: Facts, wishes: Iterable[Wish] | None, children: Iterable[Member], *, by_service: bool = False
) -> Plan:
    """Judge every unit of the window: for the wishes, or for every activity of these children when there are none.

    ``by_service`` is that of :class:`plugins.rules.verdicts.Judge`.
    """
    drawing = _Drawing(ctx, facts, by_service)
    targets = targets_of(facts, wishes, children)
    for target in targets:
        drawing.add(target)
    window, calendar = facts.window, ctx.commune.ask(hookspecs.calendar)
    closed = closed_days(calendar, facts.closings, window.first, window.last)
    return Plan(facts.household, window, drawing.finish(), notices=drawing.notices(), closed_days=closed)


class _Drawing:
    """A plan being drawn: places are counted as they would be taken, cancellations first."""

    def __init__(self, ctx: Context, facts: Facts, by_service: bool) -> None:
        self._ctx = ctx
        self._facts = facts
        self._by_service = by_service
        self._calendar: SchoolCalendar = ctx.commune.ask(hookspecs.calendar)
        self._questions: list[tuple[Target, Judge, Question]] = []
        self._offered: dict[tuple[str, int], Offered] = {}
        self._prices: dict[tuple[UUID, str, int], UnitPrices] = {}
        self._room: dict[Place, int | None] = {}
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
        self._late: defaultdict[tuple[UUID, str], list[date]] = defaultdict(list)
        for act, days in self._facts.late_bookings.items():
            self._late[act] += days

    def add(self, target: Target) -> None:
        """Lay out the questions of one child and activity."""
        child, activity, year, ticks = target.child.person_id, target.activity, target.year, target.ticks
        offered = self._offered.get((activity.code, year.start))
        if offered is None:
            offered = self._offered[activity.code, year.start] = Offered(self._ctx, self._facts, activity, year)
        standing = standing_of(self._ctx, self._facts, target)
        tz, now = self._ctx.commune.tz, self._ctx.now
        judge = Judge(activity, offered.rules, self._calendar, tz, now, standing, offered.instants, self._by_service)
        self._prices[child, activity.code, year.start] = UnitPrices(self._ctx, self._facts, target)
        for unit, what, is_usual, closed in offered.units:
            slot = (child, what.day, activity.code, unit.code)
            booked = slot in self._facts.live
            ticked = ticks is not None and (what.day, unit.code) in ticks
            if booked or ticked or is_usual or slot in self._facts.elsewhere:
                offered.know(what.day)
                question = Question(unit, what, booked, None if ticks is None else ticked, closed)
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
            broken = forbidden_changes(self._facts, self._calendar, answered)
            if not broken:
                return tuple(sorted((self._planned(answer) for answer in answered), key=_reading_order))
            forbidden |= broken
            self._count_what_stands()

    def _answer(self, target: Target, judge: Judge, question: Question, forbidden: Mapping[Slot, Reason]) -> Answered:
        child, day, unit = target.child.person_id, question.day.day, question.unit
        slot = (child, day, target.activity.code, unit.code)
        if slot in self._facts.elsewhere:
            return Answered(target, judge, question, Verdict.FREE if question.wanted is False else Verdict.BOOKED, None)
        missing = [pool for pool in unit.pools if pool not in self._held[child, day]]
        verdict, reason = judge.judge(question, self._fewest(day, missing))
        if verdict is Verdict.BOOKABLE and judge.is_late(day):
            reason = self._one_late_too_many(child, judge, question)
        reason = forbidden.get(slot, reason)
        if reason is not None:
            verdict = reason.verdict
        elif verdict is Verdict.BOOKABLE and question.wanted:
            self._take(child, judge, day, unit)
        elif verdict is Verdict.CANCELLABLE:
            self._give_back(child, day, unit)
        return Answered(target, judge, question, verdict, reason)

    def _one_late_too_many(self, child: UUID, judge: Judge, question: Question) -> Reason | None:
        """Why one more late booking is too many for the child in this activity, if the commune counts them."""
        quota = judge.rules.quota(Action.BOOK)
        if quota is None:
            return None
        first, last = quota.span(question.day.day, self._calendar)
        return judge.quota_refusal(
            question, sum(first <= day <= last for day in self._late[child, judge.activity.code])
        )

    def _fewest(self, day: date, pools: Sequence[str]) -> int | None:
        left = [count for pool in pools if (count := self._left((day, pool))) is not None]
        return min(left) if left else None

    def _left(self, place: Place) -> int | None:
        if place not in self._room:
            self._room[place] = self._facts.places_left(place)
        left = self._room[place]
        return None if left is None else left - self._used[place]

    def _take(self, child: UUID, judge: Judge, day: date, unit: Unit) -> None:
        if judge.is_late(day):
            self._late[child, judge.activity.code].append(day)
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

    def _planned(self, answered: Answered) -> PlannedUnit:
        target, question = answered.target, answered.question
        instants = answered.judge.instants[question.day.day]
        price = self._price(answered, late=self._is_late(answered))
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
            price=price,
            notice=self._notice(answered, price),
        )

    def _notice(self, answered: Answered, price: Price) -> str | None:
        """What the family must know before it confirms: a late booking is taken, on the commune's terms."""
        policy = answered.judge.rules.late
        if answered.verdict is not Verdict.BOOKABLE or not isinstance(policy, Accept):
            return None
        if not answered.judge.is_late(answered.question.day.day):
            return None
        return policy.announce(price.cents - self._price(answered, late=False).cents)

    def notices(self) -> tuple[str, ...]:
        """What is held against the children, said once for each activity."""
        asked = {
            (target.child.person_id, judge.activity.code): (
                f"{target.child.first_name}, {judge.activity.label}",
                judge.rules,
            )
            for target, judge, _ in self._questions
        }
        named = [(*key, name, rules) for key, (name, rules) in asked.items()]
        return tuple(say_strikes(self._ctx, self._facts.failures, named))

    def _is_late(self, answered: Answered) -> bool:
        """By its booking when there is one, as if booked now otherwise."""
        return (
            answered.slot in self._facts.late if answered.question.booked else answered.judge.is_late(answered.slot[1])
        )

    def _price(self, answered: Answered, *, late: bool) -> Price:
        """What the unit costs once booked."""
        child, day, activity, unit = answered.slot
        siblings = self._after[day, unit]
        prices = self._prices[child, activity, answered.target.year.start]
        return prices.price(answered.question.unit, day, siblings=len(siblings) - (child in siblings), late=late)


def _reading_order(planned: PlannedUnit) -> tuple[date, str, str, int]:
    position = planned.activity.unit_codes.index(planned.unit.code)
    return (planned.day.day, planned.child.first_name, planned.activity.code, position)
