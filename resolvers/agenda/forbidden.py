"""Changes that each would be possible, and that rules between units and between days forbid together."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from plugins.rules.calendar import ONE_DAY, SchoolCalendar
from plugins.rules.closings import closed_by
from plugins.rules.custody import given_elsewhere
from plugins.rules.verdicts import Judge, Question, Reason, Verdict
from resolvers.agenda.facts import Facts
from resolvers.agenda.plans import Slot
from resolvers.agenda.targets import Target


@dataclass(slots=True)
class Answered:
    """A question and its answer."""

    target: Target
    judge: Judge
    question: Question
    verdict: Verdict
    reason: Reason | None

    @property
    def slot(self) -> Slot:
        """The key of the booking."""
        return (self.target.child.person_id, self.question.day.day, self.target.activity.code, self.question.unit.code)

    @property
    def is_change(self) -> bool:
        """True when it changes something that is wanted."""
        return self.question.wanted is not None and self.verdict in (Verdict.BOOKABLE, Verdict.CANCELLABLE)

    def stays(self, facts: Facts) -> bool:
        """True when the child is booked once all is done, by whichever household."""
        return self.slot in facts.elsewhere or self.question.booked != self.is_change


def forbidden_changes(facts: Facts, calendar: SchoolCalendar, answered: Sequence[Answered]) -> dict[Slot, Reason]:
    """The changes after which a rule would be broken, and which one: between units of a day, or the least booking."""
    return _broken_blocks(facts, calendar, answered) | _broken_rules(facts, answered)


def _broken_rules(facts: Facts, answered: Iterable[Answered]) -> dict[Slot, Reason]:
    """Units of an activity that require or exclude each other, on one day of a child."""
    groups: defaultdict[tuple[UUID, date, str], list[Answered]] = defaultdict(list)
    for answer in answered:
        if answer.target.activity.unit_rules:
            child, day, activity, _ = answer.slot
            groups[child, day, activity].append(answer)
    refused: dict[Slot, Reason] = {}
    for group in groups.values():
        changes = [answer.slot for answer in group if answer.is_change]
        after = {answer.question.unit.code for answer in group if answer.stays(facts)}
        broken = group[0].target.activity.broken_rules(after) if changes else ()
        if broken:
            refused |= dict.fromkeys(changes, Reason(Verdict.UNIT_RULE, " ".join(broken)))
    return refused


def _broken_blocks(facts: Facts, calendar: SchoolCalendar, answered: Iterable[Answered]) -> dict[Slot, Reason]:
    """The least that is booked at once in an activity: whole weeks, so many days of a week or of the holidays."""
    groups: defaultdict[tuple[UUID, str], list[Answered]] = defaultdict(list)
    for answer in answered:
        if answer.judge.rules.block is not None:
            groups[answer.target.child.person_id, answer.target.activity.code].append(answer)
    refused: dict[Slot, Reason] = {}
    for (child, code), group in groups.items():
        booked = {answer.question.day.day for answer in group if answer.stays(facts)}
        booked |= {day for who, day, what, _ in facts.beside if (who, what) == (child, code)}
        refused |= _broken_block(facts, calendar, group, booked)
    return refused


def _broken_block(
    facts: Facts, calendar: SchoolCalendar, group: Sequence[Answered], booked: set[date]
) -> dict[Slot, Reason]:
    """The changes of a child in an activity that leave too few days ``booked`` of a week or a period."""
    block = group[0].judge.rules.block
    if block is None:
        return {}
    changes: defaultdict[tuple[date, date], list[Answered]] = defaultdict(list)
    for answer in group:
        if answer.is_change:
            changes[block.span(answer.question.day.day, calendar)].append(answer)
    refused: dict[Slot, Reason] = {}
    for (first, last), changed in changes.items():
        days = {day for day in booked if first <= day <= last}
        said = block.broken_by(days, _open_days(facts, calendar, changed[0], first, last), calendar)
        if said:
            reason = Reason(Verdict.LEAST_BOOKING, f"{said} Ajoutez ce qui manque, ou retirez tout.")
            refused |= dict.fromkeys((answer.slot for answer in changed), reason)
    return refused


def _open_days(facts: Facts, calendar: SchoolCalendar, answer: Answered, first: date, last: date) -> set[date]:
    """The days on which the household could book the activity, deadlines apart."""
    activity, standing = answer.target.activity, answer.judge.standing
    enrolled = standing.enrolled or (first, last)
    days = [first + n * ONE_DAY for n in range((last - first).days + 1)]
    return {
        day
        for day in days
        if enrolled[0] <= day <= enrolled[1]
        and given_elsewhere(day, standing.custody) is None
        and any(
            activity.is_open(unit, calendar.day(day)) and closed_by(facts.closings, activity, unit, day) is None
            for unit in activity.units
        )
    }
