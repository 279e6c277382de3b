"""The yearly file (« dossier administratif ») as the family fills it: a draft that saves itself, sent once complete."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from plugins.rules.calendar import SchoolYear
from plugins.rules.completeness import say_lacks
from plugins.rules.features import Feature
from plugins.rules.french import say_date, say_of
from plugins.rules.requests import RequestKind, RequestState
from plugins.rules.wording import Message
from resolvers.context import Context
from resolvers.errors import Code, Refused, not_found
from resolvers.families.consents import record_consents
from resolvers.families.households import household_of_child, households_of
from resolvers.features import require_feature
from resolvers.files.dossier_answers import copied_answers, merged, refuse_answers, sealed
from resolvers.files.dossier_files import DossierFile, files_of, policy_of
from resolvers.models import Dossier, DossierPiece, Household, Person, Request
from resolvers.models.dossiers import DossierState, PieceState
from resolvers.models.tenancy import unit_of_work
from resolvers.outbox import Addressee, enqueue_mail
from resolvers.requests.requests import move_request, open_request, service_for


@dataclass(frozen=True, slots=True)
class Typed:
    """What one save brings: answers by question (an empty text takes one back), and consents by code."""

    answers: Mapping[str, str] = field(default_factory=dict)
    consents: Mapping[str, bool] = field(default_factory=dict)


async def dossiers_of(ctx: Context, child_ids: Sequence[UUID]) -> list[list[Dossier]]:
    """The files of each child that the viewer may see, newest school year first: one statement for all children."""
    rows = await Dossier.filter(child_id__in=list(child_ids)).order_by("-school_year")
    return [[row for row in rows if row.child_id == child] for child in child_ids]


@unit_of_work
async def save_dossier(ctx: Context, child_id: UUID, year: SchoolYear, typed: Typed, *, version: int) -> Dossier:
    """Keep what the family typed since ``version``, the one it read (0: none); what it did not type stays.

    The first save makes the draft, with what last year's file and those of siblings already say, to be checked. A save
    that changes nothing is harmless, whatever its version.
    Refused: NOT_FOUND, FEATURE_CLOSED, DOSSIER_NOT_OPEN (with the opening day), INVALID, STATE_CONFLICT once sent;
    CONFLICT when another device saved since: ``latest`` is the file as it is now, and nothing of this save is kept.
    """
    dossier = await _draft(ctx, child_id, year)
    (file,) = await files_of(ctx, [dossier])
    refuse_answers(file.policy, typed.answers)
    answers = merged(ctx, file.answers, typed.answers)
    consents = _consents(ctx, file, typed.consents)
    if answers == file.answers and consents == dossier.consents:
        return dossier
    _refuse_outdated(dossier, version, "enregistrez de nouveau les vôtres")
    dossier.answers = sealed(ctx, answers)
    dossier.consents = consents
    await _keep(ctx, dossier)
    return dossier


def _refuse_outdated(dossier: Dossier, version: int | None, then: str) -> None:
    """Refuse what was decided on a file that another device saved since; None: nobody said which one was read."""
    if version in (None, dossier.version):
        return
    raise Refused(
        Code.CONFLICT,
        "Ce dossier a été modifié entre-temps sur un autre appareil : voici ses réponses actuelles. Vérifiez-les, "
        f"puis {then}.",
        field=("version",),
        latest=dossier,
    )


def _consents(ctx: Context, file: DossierFile, typed: Mapping[str, bool]) -> dict[str, Any]:
    """The consents kept, with those typed now; one that did not change keeps its date and its author."""
    asked = {each.code: each for each in file.consents}
    consents: dict[str, Any] = dict(file.dossier.consents)
    for code, granted in typed.items():
        if code not in asked:
            raise Refused(Code.NOT_FOUND, f"Autorisation inconnue : {code[:60]}.", field=("consents",))
        version, before = asked[code].consent.version, consents.get(code, {})
        if (before.get("version"), before.get("granted")) != (version, granted):
            by = str(ctx.viewer.account_id)
            consents[code] = {"version": version, "granted": granted, "at": ctx.now.isoformat(), "by": by}
    return consents


async def _keep(ctx: Context, dossier: Dossier) -> None:
    dossier.version += 1
    dossier.saved_at = ctx.now
    dossier.saved_by = ctx.viewer.account_id
    await dossier.save()


async def _draft(ctx: Context, child_id: UUID, year: SchoolYear) -> Dossier:
    """The child's file, locked until the commit, made when there is none; refused when it cannot be changed."""
    household_id = await household_of_child(ctx, child_id)
    if household_id is None:
        raise not_found("Enfant", "childId")
    household = await Household.get(id=household_id)
    await require_feature(ctx, Feature.FILE_DOSSIER, household.services, household.id)
    opens_on = policy_of(ctx, year).opens_on
    if opens_on is not None and ctx.local_now.date() < opens_on:
        raise Refused(
            Code.DOSSIER_NOT_OPEN, f"Le dossier {year.label} s'ouvre le {say_date(opens_on)}.", field=("schoolYear",)
        )
    rows = Dossier.filter(household_id=household_id, child_id=child_id, school_year=year.start)
    if not await rows.exists():
        await _make_draft(ctx, Dossier(household_id=household_id, child_id=child_id, school_year=year.start))
    dossier = await rows.select_for_update().get()
    if not await _is_editable(dossier):
        raise Refused(
            Code.STATE_CONFLICT,
            "Ce dossier a déjà été envoyé : pour le corriger, écrivez au service.",
            field=("childId",),
            contact=ctx.commune.identity.services[0].mailbox,
        )
    return dossier


async def _make_draft(ctx: Context, dossier: Dossier) -> None:
    """Another device may make it at the same instant: the first one stays."""
    (home,) = await households_of(ctx, frozenset({dossier.household_id}))
    names = {child.person_id: child.first_name for child in home.children}
    policy = policy_of(ctx, SchoolYear(dossier.school_year))
    dossier.created_at = ctx.now
    dossier.answers = sealed(ctx, await copied_answers(ctx, dossier, policy, names))
    await Dossier.bulk_create([dossier], ignore_conflicts=True)


async def _is_editable(dossier: Dossier) -> bool:
    """True for a draft, for a file that was refused, and while the service waits for a piece."""
    if dossier.state is DossierState.SUBMITTED:
        return await DossierPiece.filter(dossier_id=dossier.id, state=PieceState.ASKED).exists()
    return dossier.state in (DossierState.DRAFT, DossierState.REFUSED)


@unit_of_work
async def submit_dossier(
    ctx: Context, child_id: UUID, year: SchoolYear, *, attests: bool, version: int | None = None
) -> Dossier:
    """Send the complete file to the service as a request, or send again the pieces that the service asked for.

    The family gets an acknowledgement by mail; its consents are kept as proof. ``version`` is the one it read and
    attests, when it says so.
    Refused: DOSSIER_INCOMPLETE (what is missing), BLANK without attestation; otherwise as :func:`save_dossier`.
    """
    dossier = await _draft(ctx, child_id, year)
    _refuse_outdated(dossier, version, "envoyez-le")
    (file,) = await files_of(ctx, [dossier])
    if file.lacks:
        raise Refused(Code.DOSSIER_INCOMPLETE, say_lacks(file.lacks), field=("childId",))
    if not attests:
        raise Refused(
            Code.BLANK,
            "Attestez que les renseignements fournis sont exacts pour envoyer le dossier.",
            field=("attests",),
        )
    await record_consents(dossier, file.consents)
    await _join_pieces(file)
    child = await Person.get(id=child_id)
    dossier.request_id = (await _sent_request(ctx, dossier, child.first_name)).id
    dossier.state = DossierState.SUBMITTED
    dossier.submitted_at = ctx.now
    dossier.reason = ""
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


async def _join_pieces(file: DossierFile) -> None:
    """Write down which documents of the vault the file was sent with."""
    for code, held in file.held.items():
        piece = file.pieces.get(code)
        if piece is None:
            await DossierPiece.create(
                dossier_id=file.dossier.id, household_id=file.dossier.household_id, code=code, document_id=held.key
            )
        elif piece.document_id != held.key or piece.state is PieceState.ASKED:
            await DossierPiece.filter(id=piece.id).update(document_id=held.key, state=PieceState.GIVEN, reason="")


async def _sent_request(ctx: Context, dossier: Dossier, child: str) -> Request:
    """The request of a file: the open one goes on; one that was decided stays as it was, and another is opened."""
    if dossier.state is DossierState.SUBMITTED and dossier.request_id is not None:
        request = await Request.get(id=dossier.request_id)
        if request.state is RequestState.AWAITING_FAMILY:
            await move_request(ctx, request.id, RequestState.IN_REVIEW, "Pièces envoyées.", mail=False)
        return request
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
async def cancel_dossier(ctx: Context, dossier_id: UUID, *, version: int | None = None) -> Dossier:
    """Give a file up: what was sent is taken back and stays a draft; what was only a draft is emptied.

    Refused: NOT_FOUND, STATE_CONFLICT once it is decided, CONFLICT (``latest``) when another device saved since
    ``version``: nothing that nobody read is erased.
    """
    dossier = await Dossier.filter(id=dossier_id).select_for_update().first()
    rights = ctx.viewer.households.get(dossier.household_id) if dossier is not None else None
    if dossier is None or rights is None or not rights.books:
        raise not_found("Dossier", "id")
    _refuse_outdated(dossier, version, "annulez-le si c'est toujours ce que vous voulez")
    if dossier.state is DossierState.SUBMITTED:
        await withdraw_dossier(ctx, dossier_id)
        return await Dossier.get(id=dossier_id)
    if dossier.state is not DossierState.DRAFT:
        raise Refused(Code.STATE_CONFLICT, "Ce dossier a été étudié : il ne peut plus être annulé.", field=("id",))
    dossier.answers = ""
    dossier.consents = {}
    await _keep(ctx, dossier)
    return dossier
