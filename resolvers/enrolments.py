"""Enrolment of a child in an activity, the step before any booking."""

from collections.abc import Sequence
from uuid import UUID

from plugins import hookspecs
from plugins.rules.calendar import SchoolYear
from plugins.rules.catalogue import Activity, EnrolmentMode
from plugins.rules.features import Feature
from plugins.rules.french import say_date, say_of
from plugins.rules.requests import RequestKind, RequestState
from resolvers.context import Context
from resolvers.errors import Code, Refused, not_found
from resolvers.households import age_on, feature_of, household_of_child
from resolvers.models import Dossier, Enrolment, Person
from resolvers.models.dossiers import DossierState
from resolvers.models.tenancy import unit_of_work
from resolvers.requests import open_request


async def enrolments_of(ctx: Context, child_ids: Sequence[UUID]) -> list[list[Enrolment]]:
    """The enrolments of each child that the viewer may see: one statement for all children."""
    rows = await Enrolment.filter(child_id__in=list(child_ids)).order_by("-school_year", "activity")
    return [[row for row in rows if row.child_id == child] for child in child_ids]


@unit_of_work
async def enrol(ctx: Context, child_id: UUID, activity_code: str, year: SchoolYear) -> Enrolment:
    """Enrol a child online, where the activity allows it, and leave a request that is accepted at once.

    Asking twice changes nothing.

    Refused: NOT_FOUND, FEATURE_CLOSED, ENROLMENT_NOT_OPEN (closed online, too early, age), DOSSIER_NOT_ACCEPTED.
    """
    household_id = await household_of_child(ctx, child_id)
    activity = ctx.commune.ask(hookspecs.catalogue, year=year).activity(activity_code)
    if household_id is None:
        raise not_found("Enfant", "childId")
    if activity is None:
        raise not_found("Activité", "activity")
    child = await Person.get(id=child_id)
    answer = feature_of(ctx, activity.service, Feature.ENROL)
    if not answer.allowed:
        raise Refused(Code.FEATURE_CLOSED, answer.reason or "", contact=answer.contact)
    _refuse_closed(ctx, activity, child)
    await _refuse_without_dossier(ctx, activity, child, year)
    asked = Enrolment(
        household_id=household_id,
        child_id=child_id,
        activity=activity.code,
        school_year=year.start,
        first_day=max(ctx.local_now.date(), activity.first_day),
        last_day=activity.last_day,
        created_at=ctx.now,
    )
    await Enrolment.bulk_create([asked], ignore_conflicts=True)
    enrolment = await Enrolment.get(
        household_id=household_id, child_id=child_id, activity=activity.code, school_year=year.start
    )
    if enrolment.id == asked.id:
        await open_request(
            ctx,
            RequestKind.ENROLMENT,
            household_id,
            service=activity.service,
            title=f"Inscription {year.label} {say_of(child.first_name)} : {activity.label}",
            child_id=child_id,
            subject_id=enrolment.id,
            state=RequestState.ACCEPTED,
        )
    return enrolment


def _refuse_closed(ctx: Context, activity: Activity, child: Person) -> None:
    rule = activity.enrolment
    today = ctx.local_now.date()
    service = ctx.commune.identity.service(activity.service)
    if rule.mode is not EnrolmentMode.ONLINE:
        raise _not_open(activity, f"l'inscription se fait auprès du service : {service.say()}.", service.mailbox)
    if rule.opens_on is not None and today < rule.opens_on:
        raise _not_open(activity, f"les inscriptions ouvrent le {say_date(rule.opens_on)}.", service.mailbox)
    if today > activity.last_day:
        raise _not_open(activity, f"l'activité s'est terminée le {say_date(activity.last_day)}.", service.mailbox)
    if child.birth_date is not None and not rule.admits(age_on(child.birth_date, activity.first_day)):
        raise _not_open(
            activity, f"l'âge {say_of(child.first_name)} ne correspond pas à cette activité.", service.mailbox
        )


def _not_open(activity: Activity, why: str, contact: str) -> Refused:
    return Refused(Code.ENROLMENT_NOT_OPEN, f"« {activity.label} » : {why}", field=("activity",), contact=contact)


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
