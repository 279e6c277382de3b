"""The yearly file (« dossier administratif »): kept as a draft, sent by the family, decided by an agent."""

from collections.abc import Mapping, Sequence
from uuid import UUID

from plugins import hookspecs
from plugins.rules.calendar import SchoolYear
from plugins.rules.dossiers import DossierPolicy
from plugins.rules.features import Feature
from plugins.rules.french import say_date, say_of
from plugins.rules.requests import RequestKind, RequestState
from plugins.rules.wording import Message
from resolvers.context import Context
from resolvers.correspondents import correspondents
from resolvers.errors import Code, Refused, not_found
from resolvers.households import household_of_child, require_feature
from resolvers.models import Dossier, Household, Person, Request
from resolvers.models.dossiers import DossierState
from resolvers.models.tenancy import unit_of_work
from resolvers.outbox import Addressee, enqueue_mail
from resolvers.requests import move_request, open_request, service_for


def policy_of(ctx: Context, year: SchoolYear) -> DossierPolicy:
    """The commune's rules for the files of a school year."""
    return ctx.commune.ask(hookspecs.dossier_policy, year=year)


async def dossiers_of(ctx: Context, child_ids: Sequence[UUID]) -> list[list[Dossier]]:
    """The files of each child that the viewer may see, newest school year first: one statement for all children."""
    rows = await Dossier.filter(child_id__in=list(child_ids)).order_by("-school_year")
    return [[row for row in rows if row.child_id == child] for child in child_ids]


@unit_of_work
async def save_dossier(ctx: Context, child_id: UUID, year: SchoolYear, consents: Mapping[str, bool]) -> Dossier:
    """Keep what the family answered so far; the answers given are merged with those already kept.

    Refused: NOT_FOUND, FEATURE_CLOSED, DOSSIER_NOT_OPEN (with the opening day), STATE_CONFLICT once sent.
    """
    dossier = await _draft(ctx, child_id, year)
    known = {consent.code: consent for consent in policy_of(ctx, year).consents}
    unknown = [code for code in consents if code not in known]
    if unknown:
        raise Refused(Code.NOT_FOUND, f"Autorisation inconnue : {unknown[0][:60]}.", field=("consents",))
    answers = {
        code: {"version": known[code].version, "granted": granted, "at": ctx.now.isoformat(), "by": ctx.viewer.login}
        for code, granted in consents.items()
    }
    dossier.consents = {**dossier.consents, **answers}
    await dossier.save()
    return dossier


async def _draft(ctx: Context, child_id: UUID, year: SchoolYear) -> Dossier:
    household_id = await household_of_child(ctx, child_id)
    if household_id is None:
        raise not_found("Enfant", "childId")
    household = await Household.get(id=household_id)
    require_feature(ctx, tuple(household.services), Feature.FILE_DOSSIER)
    opens_on = policy_of(ctx, year).opens_on
    if opens_on is not None and ctx.local_now.date() < opens_on:
        raise Refused(
            Code.DOSSIER_NOT_OPEN, f"Le dossier {year.label} s'ouvre le {say_date(opens_on)}.", field=("schoolYear",)
        )
    await Dossier.bulk_create(
        [Dossier(household_id=household_id, child_id=child_id, school_year=year.start, created_at=ctx.now)],
        ignore_conflicts=True,
    )
    dossier = (
        await Dossier.filter(household_id=household_id, child_id=child_id, school_year=year.start)
        .select_for_update()
        .get()
    )
    if dossier.state not in (DossierState.DRAFT, DossierState.REFUSED):
        raise Refused(
            Code.STATE_CONFLICT,
            "Ce dossier a déjà été envoyé : pour le corriger, écrivez au service.",
            field=("childId",),
            contact=ctx.commune.identity.services[0].mailbox,
        )
    return dossier


@unit_of_work
async def submit_dossier(ctx: Context, child_id: UUID, year: SchoolYear, *, attests: bool) -> Dossier:
    """Send the file to the service as a request; the family gets an acknowledgement by mail.

    Refused: BLANK while a consent is unanswered or the attestation is missing; otherwise as :func:`save_dossier`.
    """
    dossier = await _draft(ctx, child_id, year)
    missing = [consent.label for consent in policy_of(ctx, year).consents if consent.code not in dossier.consents]
    if missing:
        raise Refused(Code.BLANK, f"Répondez d'abord à : {' ; '.join(missing)}.", field=("consents",))
    if not attests:
        raise Refused(
            Code.BLANK,
            "Attestez que les renseignements fournis sont exacts pour envoyer le dossier.",
            field=("attests",),
        )
    dossier.state = DossierState.SUBMITTED
    dossier.submitted_at = ctx.now
    dossier.reason = ""
    child = await Person.get(id=child_id)
    dossier.request_id = (await _request_of(ctx, dossier, child.first_name)).id
    await dossier.save()
    await enqueue_mail(
        ctx.commune,
        ctx.ports,
        ctx.now,
        Message.DOSSIER_RECEIVED,
        Addressee(ctx.viewer.email, ctx.viewer.first_name),
        key=f"dossier-received:{dossier.id}:{ctx.now.isoformat()}",
        child=child.first_name,
        of_child=say_of(child.first_name),
        year=year.label,
    )
    return dossier


async def _request_of(ctx: Context, dossier: Dossier, child: str) -> Request:
    """A file sent again is a new request: the one that was refused stays as it was decided."""
    household = await Household.get(id=dossier.household_id)
    return await open_request(
        ctx,
        RequestKind.DOSSIER,
        dossier.household_id,
        service=service_for(ctx, household.services, Feature.FILE_DOSSIER),
        title=f"Dossier administratif {SchoolYear(dossier.school_year).label} {say_of(child)}",
        child_id=dossier.child_id,
        subject_id=dossier.id,
        mail=False,
    )


@unit_of_work
async def withdraw_dossier(ctx: Context, dossier_id: UUID, text: str = "") -> None:
    """The family takes back a file that nobody decided yet: its request is cancelled, and it is a draft again.

    Refused: NOT_FOUND, STATE_CONFLICT once it is decided.
    """
    dossier = await Dossier.filter(id=dossier_id).select_for_update().first()
    if dossier is None or dossier.request_id is None:
        raise not_found("Dossier", "id")
    await move_request(ctx, dossier.request_id, RequestState.CANCELLED, text)
    dossier.state = DossierState.DRAFT
    dossier.submitted_at = None
    await dossier.save()


@unit_of_work
async def decide_dossier(ctx: Context, dossier_id: UUID, *, accept: bool, reason: str) -> Dossier:
    """An agent accepts or refuses a file that was sent; the family is mailed, with the reason of a refusal.

    Refused: NOT_FOUND, STATE_CONFLICT when it is not waiting for a decision, BLANK for a refusal without reason.
    """
    dossier = await Dossier.filter(id=dossier_id).select_for_update().first()
    if dossier is None:
        raise not_found("Dossier", "id")
    if dossier.state is not DossierState.SUBMITTED:
        raise Refused(Code.STATE_CONFLICT, "Ce dossier n'attend pas de décision.", field=("id",))
    if not accept and not reason.strip():
        raise Refused(Code.BLANK, "Dites à la famille pourquoi le dossier est refusé.", field=("reason",))
    dossier.state = DossierState.ACCEPTED if accept else DossierState.REFUSED
    dossier.reason = reason.strip()
    dossier.decided_at = ctx.now
    dossier.decided_by = ctx.viewer.account_id
    await dossier.save()
    if dossier.request_id is not None:
        to = RequestState.ACCEPTED if accept else RequestState.REFUSED
        await move_request(ctx, dossier.request_id, to, dossier.reason, mail=False)
    await _tell_decision(ctx, dossier)
    return dossier


async def _tell_decision(ctx: Context, dossier: Dossier) -> None:
    child = await Person.get(id=dossier.child_id)
    accepted = dossier.state is DossierState.ACCEPTED
    for account, person in await correspondents(dossier.household_id):
        await enqueue_mail(
            ctx.commune,
            ctx.ports,
            ctx.now,
            Message.DOSSIER_ACCEPTED if accepted else Message.DOSSIER_REFUSED,
            Addressee(account.email, person.first_name),
            key=f"dossier-decided:{dossier.id}:{account.id}:{ctx.now.timestamp():.6f}",
            child=child.first_name,
            of_child=say_of(child.first_name),
            year=SchoolYear(dossier.school_year).label,
            **({} if accepted else {"reason": dossier.reason}),
        )


async def dossiers_to_decide(_ctx: Context, limit: int = 100) -> list[Dossier]:
    """The files that wait for an agent, oldest first."""
    return await Dossier.filter(state=DossierState.SUBMITTED).order_by("submitted_at", "id").limit(limit)
