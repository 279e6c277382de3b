"""What reporting an absence does « justifier une absence »: told before it is kept, by the same code.

What can still be cancelled is cancelled, and not due; of the rest the commune's rules say how much is due.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from plugins import hookspecs
from plugins.rules.absences import FULL_PRICE, Absence, AbsenceDay, AbsenceRules, Proof
from plugins.rules.catalogue import Activity
from plugins.rules.excuses import OTHER, Cause
from plugins.rules.features import Feature
from plugins.rules.french import say_list, say_sentence, say_span
from plugins.rules.verdicts import Verdict
from resolvers.agenda.cancellations import LONGEST_RULE
from resolvers.agenda.facts import read_facts
from resolvers.agenda.planning import draw_plan
from resolvers.agenda.plans import PlannedUnit, Slot, Window, Wish
from resolvers.context import Context
from resolvers.days.absent_days import on_invoices
from resolvers.errors import Code, Refused, not_found
from resolvers.families.households import HouseholdFile, Member, households_of
from resolvers.features import feature_at, refusal_of
from resolvers.models import AbsenceReport, AbsentDay, BookingChange, Document
from resolvers.models.documents import DocumentState

LATEST_NOTE = timedelta(days=31)  # an agent writes down what was told within that time
ANY_DOCUMENT = "justificatif"  # what a proof is called when the règlement names none for the cause


@dataclass(frozen=True, slots=True)
class Proving:
    """A document of the vault, and which one of the règlement it is (None: the only one that it names)."""

    document_id: UUID
    document: str | None = None


@dataclass(frozen=True, slots=True)
class Told:
    """What a family says of an absence, both days included; ``reason`` is for the service alone.

    An agent who writes down what a family told, by telephone or at the counter, names the ``household_id``, and says
    ``at`` what instant it was told (None: now): the rules count from there.
    """

    child_id: UUID
    first: date
    last: date
    cause: str = OTHER.label
    proving: Proving | None = None
    reason: str = ""
    household_id: UUID | None = None
    at: datetime | None = None

    @property
    def by_service(self) -> bool:
        """True when an agent writes it for a family."""
        return self.household_id is not None

    def described(self) -> dict[str, Any]:
        """The same as plain values: what an idempotency key is compared on."""
        proving = self.proving
        return {
            "child": str(self.child_id),
            "days": [self.first.isoformat(), self.last.isoformat()],
            "cause": self.cause,
            "proof": [str(proving.document_id), proving.document] if proving else None,
            "reason": self.reason,
            **({"household": str(self.household_id)} if self.household_id else {}),
            **({"at": self.at.isoformat()} if self.at else {}),
        }


@dataclass(frozen=True, slots=True)
class AbsentUnit:
    """One booked unit of an absence: how many per cent of its price stay due, and why, in French.

    ``cancels`` when it is taken back; ``by_agent`` when the service decided it, which a family does not change.
    """

    planned: PlannedUnit
    percent_due: int
    reason: str
    cancels: bool = False
    by_agent: bool = False


@dataclass(frozen=True, slots=True)
class Given:
    """The proof of an absence and the document of the vault that it is."""

    document_id: UUID
    proof: Proof


@dataclass(frozen=True, slots=True)
class AbsencePlan:
    """What reporting an absence does. ``causes`` may be told, each with the documents that prove it.

    ``proof_until`` is the last second in which a proof still changes something, ``notices`` what a family must know
    besides, ``replaced`` its earlier reports that this one decides again.
    """

    household: HouseholdFile
    child: Member
    causes: Mapping[str, tuple[str, ...]]
    units: tuple[AbsentUnit, ...]
    given: Given | None
    proof_until: datetime | None
    notices: tuple[str, ...]
    replaced: tuple[AbsenceReport, ...]

    @property
    def is_settled(self) -> bool:
        """True when nothing is due, whatever a document says: there is nothing left to decide."""
        return self.given is None and not any(unit.percent_due for unit in self.units)


@dataclass(frozen=True, slots=True)
class _Earlier:
    """What was reported before of these days: the units decided, their reports, and what was cancelled then."""

    rows: Mapping[Slot, AbsentDay]
    reports: Mapping[UUID, AbsenceReport]
    cancelled: frozenset[Slot]

    def told(self, slot: Slot, now: datetime) -> datetime:
        """When the service was first told of a unit."""
        row = self.rows.get(slot)
        return self.reports[row.report_id].told_at if row else now

    def given(self, cause: str) -> Given | None:
        """The last proof given for the same cause."""
        proved = [report for report in self.reports.values() if report.proved_at and report.cause == cause]
        last = max(proved, key=lambda report: report.told_at, default=None)
        if last is None or last.document_id is None or last.proved_at is None:
            return None
        return Given(last.document_id, Proof(last.document_code, last.proved_at))


async def preview(ctx: Context, told: Told) -> AbsencePlan:
    """What reporting this absence now would do; nothing is kept. A constant number of statements.

    Refused: NOT_FOUND (household, child, document), NOTHING_BOOKED, FEATURE_CLOSED with the mailbox to write to,
    INVALID (days, cause, document, instant), BLANK (which document it is).
    """
    told_at = _instant(ctx, told)
    household, child = await _child_of(ctx, told)
    window = Window(told.first, told.last)
    booked, notices = _reportable(ctx, await _booked(ctx, household, child, window, by_service=told.by_service), told)
    rules = _rules(ctx, booked)
    causes = _causes(rules, told.first)
    if told.cause not in causes:
        raise Refused(Code.INVALID, f"Choisissez un motif parmi : {say_list(causes, 'ou')}.", field=("cause",))
    earlier = await _earlier(household, child, window)
    given = earlier.given(told.cause)
    if told.proving is not None:
        given = await given_by(ctx, household.id, child.person_id, told.proving, causes[told.cause])
    absence = Absence(told.first, told.last, Cause(told.cause), told_at, given.proof if given else None)
    units = _decided(ctx, booked, absence, earlier, told_at)
    return AbsencePlan(
        household,
        child,
        causes,
        units,
        given,
        None if given else _proof_until(ctx, rules.values(), absence),
        (*notices, *_when_due(rules, units), *await _invoiced([unit.planned.slot for unit in units])),
        tuple(report for report in earlier.reports.values() if not report.decided_at),
    )


def _instant(ctx: Context, told: Told) -> datetime:
    """When the service was told: now, or when the family called."""
    if told.at is None:
        return ctx.now
    if not ctx.now - LATEST_NOTE <= told.at <= ctx.now:
        said = f"Dites quand la famille a prévenu : au plus {LATEST_NOTE.days} jours avant maintenant."
        raise Refused(Code.INVALID, said, field=("toldAt",))
    return told.at


async def _child_of(ctx: Context, told: Told) -> tuple[HouseholdFile, Member]:
    """The child, and the household that books for it: of the viewer, or the one that an agent names."""
    for household in await households_of(ctx, frozenset({told.household_id}) if told.household_id else None):
        child = next((child for child in household.children if child.person_id == told.child_id), None)
        rights = ctx.viewer.households.get(household.id)
        if child is not None and (told.by_service or (rights is not None and rights.books)):
            return household, child
    raise not_found("Enfant", "childId")


async def _booked(
    ctx: Context, household: HouseholdFile, child: Member, window: Window, *, by_service: bool
) -> list[PlannedUnit]:
    """The child's booked units, judged as if all of them were cancelled now."""
    facts = await read_facts(ctx, household, window)
    codes = sorted({code for key, _, code, _ in facts.live if key == child.person_id})
    wishes = [Wish(child.person_id, code, frozenset()) for code in codes]
    plan = draw_plan(ctx, facts, wishes, [child], by_service=by_service)
    return [unit for unit in plan.units if unit.booked]


def _reportable(ctx: Context, booked: Sequence[PlannedUnit], told: Told) -> tuple[list[PlannedUnit], list[str]]:
    """The units that may be told absent: an agent's own services; online, what is open, and what the others say."""
    mine = [unit for unit in booked if not told.by_service or ctx.viewer.works_for(unit.activity.service)]
    if not mine:
        days = say_span(told.first, told.last)
        raise Refused(
            Code.NOTHING_BOOKED, f"Rien n'est réservé {days} : il n'y a pas d'absence à signaler.", field=("firstDay",)
        )
    if told.by_service:
        return mine, []
    answers = {unit.activity.code: feature_at(ctx, unit.activity, Feature.REPORT_ABSENCE) for unit in mine}
    shut = list(dict.fromkeys(answer for answer in answers.values() if not answer.allowed))
    if not any(answer.allowed for answer in answers.values()):
        raise refusal_of(shut[0])
    return [unit for unit in mine if answers[unit.activity.code].allowed], [each.reason or "" for each in shut]


def _rules(ctx: Context, booked: Sequence[PlannedUnit]) -> dict[str, AbsenceRules]:
    activities = {unit.activity.code: unit.activity for unit in booked}
    return {code: rules_of(ctx, activity) for code, activity in activities.items()}


def rules_of(ctx: Context, activity: Activity) -> AbsenceRules:
    """What the commune deducts of the absences of an activity."""
    return ctx.commune.ask(hookspecs.absence_rules, activity=activity)


def _causes(rules: Mapping[str, AbsenceRules], first: date) -> dict[str, tuple[str, ...]]:
    """What may be told of an absence that begins on a day, with the documents that prove it; « autre » comes last."""
    causes: dict[str, tuple[str, ...]] = {}
    for each in rules.values():
        for cause in each.causes_on(first):
            documents = (*causes.get(cause.label, ()), *each.documents_for(cause, first))
            causes[cause.label] = tuple(dict.fromkeys(documents))
    return {**causes, OTHER.label: causes.get(OTHER.label, ())}


async def given_by(ctx: Context, household_id: UUID, child_id: UUID, proving: Proving, named: Sequence[str]) -> Given:
    """The proof that a document of the vault is, received now; ``named`` are those that the règlement knows.

    Refused: NOT_FOUND (document), INVALID (another document than those named), BLANK (which one it is).
    """
    found = await Document.filter(id=proving.document_id, household_id=household_id, withdrawn_at__isnull=True).exclude(
        state=DocumentState.REFUSED
    )
    if not found or found[0].child_id not in (None, child_id):
        raise not_found("Document", "documentId")
    document = proving.document or (named[0] if len(named) == 1 else None if named else ANY_DOCUMENT)
    if document is None:
        raise Refused(Code.BLANK, f"Dites quel document c'est : {say_list(named, 'ou')}.", field=("document",))
    if named and document not in named:
        raise Refused(Code.INVALID, f"Pour ce motif, joignez : {say_list(named, 'ou')}.", field=("document",))
    return Given(proving.document_id, Proof(document if named else ANY_DOCUMENT, ctx.now))


async def _earlier(household: HouseholdFile, child: Member, window: Window) -> _Earlier:
    """Three statements: what an absence cancelled still counts among its days."""
    own = {"household_id": household.id, "child_id": child.person_id}
    span = {"day__gte": window.first, "day__lte": window.last}
    reports = {
        row.id: row for row in await AbsenceReport.filter(first_day__lte=window.last, last_day__gte=window.first, **own)
    }
    rows = [row for row in await AbsentDay.filter(**own, **span) if row.report_id in reports]
    return _Earlier(
        {(row.child_id, row.day, row.activity, row.unit): row for row in rows},
        {id_: report for id_, report in reports.items() if id_ in {row.report_id for row in rows}},
        await cancelled_by(reports, **span),
    )


async def cancelled_by(report_ids: Collection[UUID], **filters: Any) -> frozenset[Slot]:
    """What some reports cancelled: one statement at most."""
    if not report_ids:
        return frozenset()
    rows = BookingChange.filter(batch__in=sorted(report_ids), **filters)
    return frozenset(await rows.values_list("child_id", "day", "activity", "unit"))


def _decided(
    ctx: Context, booked: Sequence[PlannedUnit], absence: Absence, earlier: _Earlier, told_at: datetime
) -> tuple[AbsentUnit, ...]:
    slots = {unit.slot for unit in booked} | earlier.cancelled
    rulings: dict[tuple[str, datetime], dict[date, AbsenceDay]] = {}
    units = []
    for unit in booked:
        row = earlier.rows.get(unit.slot)
        if row is not None and row.by_agent:
            units.append(AbsentUnit(unit, row.percent_due, row.reason, by_agent=True))
        elif _is_cancellable(unit, told_at):
            units.append(AbsentUnit(unit, 0, say_cancelled(unit.instants.cancel.say(ctx.commune.tz)), cancels=True))
        else:
            told = earlier.told(unit.slot, told_at)
            key = (unit.activity.code, told)
            if key not in rulings:
                rulings[key] = ruling(ctx, unit.activity, absence, told, slots)
            day = rulings[key][unit.day.day]
            units.append(AbsentUnit(unit, day.percent_due, day.reason))
    return tuple(units)


def _is_cancellable(unit: PlannedUnit, told: datetime) -> bool:
    """True when a unit may be cancelled for nothing; false when it was told too late or is not for the family to do."""
    return unit.verdict is Verdict.CANCELLABLE and unit.instants.cancel.is_open(told)


def say_cancelled(rule: str) -> str:
    """Why nothing is due of a unit that an absence takes back, before and after: ``rule`` is what the log keeps."""
    return f"annulé à temps ({rule[:LONGEST_RULE]})"


def ruling(
    ctx: Context, activity: Activity, absence: Absence, told: datetime, slots: Collection[Slot]
) -> dict[date, AbsenceDay]:
    """What the rules of an activity decide of each booked day of an absence that was told at an instant."""
    days = {day for _, day, code, _ in slots if code == activity.code}
    known = Absence(absence.first, absence.last, absence.cause, told, absence.proof)
    decision = rules_of(ctx, activity).decide(known, days, ctx.commune.ask(hookspecs.calendar), ctx.commune.tz)
    return {day.day: day for day in decision.days}


def _proof_until(ctx: Context, rules: Collection[AbsenceRules], absence: Absence) -> datetime | None:
    calendar = ctx.commune.ask(hookspecs.calendar)
    lasts = [each.proof_until(absence, calendar, ctx.commune.tz) for each in rules]
    return max((last for last in lasts if last is not None and last >= ctx.now), default=None)


def _when_due(rules: Mapping[str, AbsenceRules], units: Sequence[AbsentUnit]) -> list[str]:
    """What a family still has of the units it pays in full."""
    due = dict.fromkeys(unit.planned.activity.code for unit in units if unit.percent_due == FULL_PRICE)
    return [say_sentence(words) for code in due if (words := rules[code].when_due)]


async def _invoiced(slots: Collection[Slot]) -> list[str]:
    numbers = (await on_invoices(frozenset(slots))).numbers
    if not numbers:
        return []
    which = f"la facture n° {numbers[0]}" if len(numbers) == 1 else f"les factures n° {say_list(numbers)}"
    return [f"Une partie de ces réservations est déjà sur {which} : ce qui en est déduit le sera par un avoir."]
