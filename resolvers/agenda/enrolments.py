"""Enrolment of a child in an activity, the step before any booking: asked, decided where an agent must, ended."""

from collections.abc import Sequence
from datetime import date, timedelta
from uuid import UUID

from plugins import hookspecs
from plugins.rules.calendar import SchoolYear
from plugins.rules.catalogue import Activity, EnrolmentMode
from plugins.rules.features import Feature
from plugins.rules.french import say_date, say_list, say_of, say_years
from plugins.rules.requests import RequestKind, RequestState
from resolvers.agenda.child_locks import lock_children
from resolvers.context import AccountKind, Context
from resolvers.errors import Code, Refused, not_found
from resolvers.families.households import acts_for, age_on, household_of_child
from resolvers.features import feature_at, refusal_of
from resolvers.models import Booking, Dossier, Enrolment, Household, Membership, Person, Request, WaitingEntry
from resolvers.models.bookings import ENROLLED, EnrolmentState
from resolvers.models.dossiers import DossierState
from resolvers.models.households import Role
from resolvers.models.tenancy import unit_of_work
from resolvers.models.waiting import WaitingState
from resolvers.requests.requests import move_request, open_request

MOST_DAYS_TOLD = 5


async def enrolments_of(ctx: Context, child_ids: Sequence[UUID]) -> list[list[Enrolment]]:
    """The enrolments of each child that the viewer may see: one statement for all children."""
    rows = await Enrolment.filter(child_id__in=list(child_ids)).order_by("-school_year", "activity")
    return [[row for row in rows if row.child_id == child] for child in child_ids]


@unit_of_work
async def enrol(ctx: Context, child_id: UUID, activity_code: str, year: SchoolYear) -> Enrolment:
    """Enrol a child online, where the activity allows it: at once, or once an agent agrees, by its request.

    Asking twice changes nothing; what was refused or ended may be asked again.
    Refused: NOT_FOUND, FEATURE_CLOSED, ENROLMENT_NOT_OPEN (closed online, too early, age, school, residence),
    DOSSIER_NOT_ACCEPTED.
    """
    household_id = await household_of_child(ctx, child_id)
    if household_id is None:
        raise not_found("Enfant", "childId")
    activity, child = _activity(ctx, activity_code, year), await Person.get(id=child_id)
    _refuse_feature(ctx, activity)
    if not activity.enrolment.mode.is_online:
        service = ctx.commune.identity.service(activity.service)
        raise _not_open(ctx, activity, f"l'inscription se fait auprès du service : {service.say()}.")
    _refuse_closed(ctx, activity)
    _refuse_child(ctx, activity, child, await Household.get(id=household_id))
    await _refuse_without_dossier(ctx, activity, child, year)
    reviewed = activity.enrolment.mode is EnrolmentMode.REVIEWED
    return await _enter(
        ctx, activity, year, household_id, child, EnrolmentState.ASKED if reviewed else EnrolmentState.ACTIVE
    )


@unit_of_work
async def enrol_by_service(
    ctx: Context, household_id: UUID, child_id: UUID, activity_code: str, year: SchoolYear
) -> Enrolment:
    """An agent enrols a child of a household: at once, whatever the conditions that families meet. They are mailed.

    What waited for an agent is decided by its request instead, and stays as it is. Asking twice changes nothing.
    Refused: NOT_FOUND, ENROLMENT_NOT_OPEN once the activity is over.
    """
    if not await Membership.filter(household_id=household_id, person_id=child_id, role=Role.CHILD).exists():
        raise not_found("Enfant", "childId")
    activity, child = _activity(ctx, activity_code, year), await Person.get(id=child_id)
    if not ctx.viewer.works_for(activity.service):
        raise not_found("Activité", "activity")
    _refuse_over(ctx, activity)
    return await _enter(ctx, activity, year, household_id, child, EnrolmentState.ACTIVE)


async def _enter(
    ctx: Context, activity: Activity, year: SchoolYear, household_id: UUID, child: Person, state: EnrolmentState
) -> Enrolment:
    """The enrolment, with the request that it leaves; the one that stands, if any does."""
    whose = {
        "household_id": household_id,
        "child_id": child.id,
        "activity": activity.code,
        "school_year": year.start,
    }
    first_day = max(ctx.local_now.date(), activity.first_day)
    asked = Enrolment(**whose, first_day=first_day, last_day=activity.last_day, created_at=ctx.now, state=state)
    await Enrolment.bulk_create([asked], ignore_conflicts=True)
    enrolment = await Enrolment.filter(**whose).select_for_update().get()
    if enrolment.id != asked.id:
        if await _is_under_way(enrolment):
            return enrolment
        _take_again(enrolment, asked)
    await _have_followed(household_id, activity.service)
    enrolment.request_id = (await _request(ctx, enrolment, activity, child, state)).id
    await enrolment.save()
    return enrolment


async def _have_followed(household_id: UUID, service: str) -> None:
    """Have the service of an activity follow the household: its agents decide the request, and see the child come."""
    household = await Household.filter(id=household_id).select_for_update().get()
    if service not in household.services:
        household.services = [*household.services, service]
        await household.save(update_fields=["services"])


def _activity(ctx: Context, code: str, year: SchoolYear) -> Activity:
    activity = ctx.commune.ask(hookspecs.catalogue, year=year).activity(code)
    if activity is None:
        raise not_found("Activité", "activity")
    return activity


async def _is_under_way(enrolment: Enrolment) -> bool:
    """True when the child is enrolled to the end, or waits for an agent."""
    if enrolment.state is EnrolmentState.ENDED:
        request = await Request.filter(id=enrolment.request_id).first()
        return request is not None and not request.state.is_final
    return enrolment.state in (EnrolmentState.ACTIVE, EnrolmentState.ASKED)


def _take_again(enrolment: Enrolment, asked: Enrolment) -> None:
    """Start again what was refused or never began. What ended keeps its days: they price those of siblings."""
    if enrolment.state is not EnrolmentState.ENDED or enrolment.last_day < enrolment.first_day:
        enrolment.first_day, enrolment.last_day, enrolment.state = asked.first_day, asked.last_day, asked.state
    elif asked.state is EnrolmentState.ACTIVE:
        enrolment.last_day, enrolment.state = asked.last_day, asked.state


async def _request(
    ctx: Context, enrolment: Enrolment, activity: Activity, child: Person, state: EnrolmentState
) -> Request:
    """The request that an enrolment leaves: accepted at once, or to be decided by an agent."""
    year = SchoolYear(enrolment.school_year)
    return await open_request(
        ctx,
        RequestKind.ENROLMENT,
        enrolment.household_id,
        service=activity.service,
        title=f"Inscription {year.label} {say_of(child.first_name)} : {activity.label}",
        child_id=child.id,
        subject_id=enrolment.id,
        state=RequestState.SENT if state is EnrolmentState.ASKED else RequestState.ACCEPTED,
    )


def _refuse_feature(ctx: Context, activity: Activity) -> None:
    answer = feature_at(ctx, activity, Feature.ENROL)
    if not answer.allowed:
        raise refusal_of(answer)


def _refuse_closed(ctx: Context, activity: Activity) -> None:
    opens_on = activity.enrolment.opens_on
    if opens_on is not None and ctx.local_now.date() < opens_on:
        raise _not_open(ctx, activity, f"les inscriptions ouvrent le {say_date(opens_on)}.")
    _refuse_over(ctx, activity)


def _refuse_over(ctx: Context, activity: Activity) -> None:
    if ctx.local_now.date() > activity.last_day:
        raise _not_open(ctx, activity, f"l'activité s'est terminée le {say_date(activity.last_day)}.")


def _refuse_child(ctx: Context, activity: Activity, child: Person, household: Household) -> None:
    rule, name = activity.enrolment, say_of(child.first_name)
    if child.birth_date is None and rule.say_ages():
        raise _not_open(
            ctx,
            activity,
            f"cette activité est ouverte aux enfants {rule.say_ages()} ; la date de naissance {name} n'est pas connue "
            "du service. Écrivez-lui pour la donner.",
        )
    if child.birth_date is not None and not rule.admits(age := age_on(child.birth_date, activity.first_day)):
        raise _not_open(
            ctx,
            activity,
            f"cette activité est ouverte aux enfants {rule.say_ages()} ; {child.first_name} a {say_years(age)} le "
            f"{say_date(activity.first_day)}, premier jour de l'activité. Choisissez une activité de son âge, ou "
            "écrivez au service si sa date de naissance est à corriger.",
        )
    if household.residency not in rule.residencies:
        raise _not_open(
            ctx, activity, f"cette activité est {rule.say_audience()}. Écrivez au service si vous avez déménagé."
        )
    if not rule.admits_school(child.school):
        known = f"l'école {name} est {child.school}" if child.school else f"l'école {name} n'est pas connue du service"
        raise _not_open(
            ctx,
            activity,
            f"cette activité est {rule.say_audience()} ; {known}. Écrivez au service si c'est une erreur.",
        )


def _not_open(ctx: Context, activity: Activity, why: str) -> Refused:
    mailbox = ctx.commune.identity.service(activity.service).mailbox
    return Refused(Code.ENROLMENT_NOT_OPEN, f"« {activity.label} » : {why}", field=("activity",), contact=mailbox)


async def _refuse_without_dossier(ctx: Context, activity: Activity, child: Person, year: SchoolYear) -> None:
    if not activity.enrolment.requires_dossier:
        return
    if not await Dossier.filter(child_id=child.id, school_year=year.start, state=DossierState.ACCEPTED).exists():
        raise Refused(
            Code.DOSSIER_NOT_ACCEPTED,
            f"Le dossier administratif {year.label} {say_of(child.first_name)} doit d'abord être validé par le "
            "service.",
            field=("childId",),
            contact=ctx.commune.identity.service(activity.service).mailbox,
        )


@unit_of_work
async def decide_enrolment(ctx: Context, request: Request, accept: bool, text: str = "") -> None:
    """An agent accepts an enrolment, whose days may then be booked, or refuses it with a reason; the family is mailed.

    Refused: NOT_FOUND, STATE_CONFLICT once it is decided, BLANK for a refusal without reason.
    """
    enrolment = await _locked(request)
    await move_request(ctx, request.id, RequestState.ACCEPTED if accept else RequestState.REFUSED, text)
    if accept:
        enrolment.last_day = _activity(ctx, enrolment.activity, SchoolYear(enrolment.school_year)).last_day
        enrolment.state = EnrolmentState.ACTIVE
    elif enrolment.state is EnrolmentState.ASKED:
        enrolment.state = EnrolmentState.REFUSED
    await enrolment.save()


@unit_of_work
async def withdraw_enrolment(ctx: Context, request: Request, text: str = "") -> None:
    """The family gives up an enrolment that nobody decided. Refused: NOT_FOUND, STATE_CONFLICT once it is decided."""
    enrolment = await _locked(request)
    await move_request(ctx, request.id, RequestState.CANCELLED, text)
    if enrolment.state is EnrolmentState.ASKED:
        _end(enrolment, enrolment.first_day)
        await enrolment.save()


def _end(enrolment: Enrolment, first_day_without: date) -> None:
    """The child was there until the day before; what never began holds no day."""
    enrolment.state = EnrolmentState.ENDED
    enrolment.last_day = max(first_day_without, enrolment.first_day) - timedelta(days=1)


async def _locked(request: Request) -> Enrolment:
    enrolment = await Enrolment.filter(id=request.subject_id).select_for_update().first()
    if enrolment is None:
        raise not_found("Inscription", "id")
    return enrolment


@unit_of_work
async def end_enrolment(ctx: Context, enrolment_id: UUID, first_day_without: date, reason: str = "") -> Enrolment:
    """End an enrolment from a day on, for the family or by an agent; its request keeps the reason, and is mailed.

    Refused: NOT_FOUND, FEATURE_CLOSED (families, where they do not enrol online), INVALID for a day that has passed,
    STATE_CONFLICT when the child is not enrolled that day, or while days are booked or waited for from then on: the
    message says which ones, to cancel first.
    """
    enrolment = await _locked_with_child(enrolment_id)
    if enrolment is None or not acts_for(ctx, enrolment.household_id):
        raise not_found("Inscription", "id")
    activity = _activity(ctx, enrolment.activity, SchoolYear(enrolment.school_year))
    if not ctx.viewer.works_for(activity.service):
        raise not_found("Inscription", "id")
    if ctx.viewer.kind is AccountKind.FAMILY:
        _refuse_feature(ctx, activity)
    _refuse_end(ctx, enrolment, first_day_without)
    await _refuse_while_booked(enrolment, activity, first_day_without)
    _end(enrolment, first_day_without)
    await enrolment.save()
    child = await Person.get(id=enrolment.child_id)
    await open_request(
        ctx,
        RequestKind.ENROLMENT,
        enrolment.household_id,
        service=activity.service,
        title=f"Fin d'inscription {say_of(child.first_name)} : {activity.label}, à partir du "
        f"{say_date(first_day_without)}",
        child_id=child.id,
        subject_id=enrolment.id,
        details=reason.strip(),
        state=RequestState.ACCEPTED,
    )
    return enrolment


async def _locked_with_child(enrolment_id: UUID) -> Enrolment | None:
    """The enrolment, once nobody books for its child any more: what is booked is then seen."""
    found = await Enrolment.get_or_none(id=enrolment_id)
    if found is None:
        return None
    await lock_children([found.child_id])
    return await Enrolment.filter(id=enrolment_id).select_for_update().first()


def _refuse_end(ctx: Context, enrolment: Enrolment, day: date) -> None:
    if enrolment.state is EnrolmentState.ASKED:
        message = "Cette inscription n'est pas encore décidée : annulez sa demande dans « Dernières demandes »."
        raise Refused(Code.STATE_CONFLICT, message, field=("id",))
    if enrolment.state not in ENROLLED or day > enrolment.last_day:
        over = f" : l'inscription se termine déjà le {say_date(enrolment.last_day)}"
        why = over if enrolment.state in ENROLLED else ""
        raise Refused(Code.STATE_CONFLICT, f"L'enfant n'est pas inscrit ce jour-là{why}.", field=("firstDayWithout",))
    if day < ctx.local_now.date():
        raise Refused(Code.INVALID, "Choisissez un jour à partir d'aujourd'hui.", field=("firstDayWithout",))


async def _refuse_while_booked(enrolment: Enrolment, activity: Activity, since: date) -> None:
    theirs = {"household_id": enrolment.household_id, "child_id": enrolment.child_id, "activity": activity.code}
    booked = await Booking.filter(**theirs, day__gte=since, live=True).values_list("day", "unit")
    alive = [WaitingState.WAITING, WaitingState.OFFERED]
    waited = await WaitingEntry.filter(**theirs, day__gte=since, state__in=alive).values_list("day", "unit")
    left = sorted({*booked, *waited})
    if not left:
        return
    labels = {unit.code: unit.label for unit in activity.units}
    told = [f"{say_date(day)} ({labels.get(unit, unit)})" for day, unit in left[:MOST_DAYS_TOLD]]
    rest = [f"{len(left) - MOST_DAYS_TOLD} autres"] if len(left) > MOST_DAYS_TOLD else []
    raise Refused(
        Code.STATE_CONFLICT,
        f"Il reste des réservations ou des attentes à partir du {say_date(since)} : {say_list([*told, *rest])}. "
        "Annulez-les d'abord, ou choisissez un jour plus tard.",
        field=("firstDayWithout",),
    )
