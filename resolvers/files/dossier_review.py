"""Yearly files as the service reads them: accepted once complete, pieces asked again with their reason, refused."""

from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

from tortoise.expressions import Q, Subquery

from plugins.rules.calendar import SchoolYear
from plugins.rules.completeness import say_lacks
from plugins.rules.french import say_of
from plugins.rules.requests import RequestState
from plugins.rules.wording import Message
from resolvers.context import Context
from resolvers.errors import Code, Refused, not_found
from resolvers.families.correspondents import correspondents
from resolvers.files.dossier_files import DossierFile, files_of
from resolvers.models import Dossier, DossierPiece, Person, Request
from resolvers.models.dossiers import DossierState, PieceState
from resolvers.models.tenancy import unit_of_work
from resolvers.outbox import Addressee, enqueue_mail
from resolvers.requests.requests import answer_request, move_request

LONGEST_REASON = 500


@unit_of_work
async def decide_dossier(ctx: Context, dossier_id: UUID, *, accept: bool, reason: str) -> Dossier:
    """An agent accepts or refuses a file that was sent; the family is mailed, and reads why on the portal.

    Refused: NOT_FOUND, STATE_CONFLICT when it is not waiting for a decision, BLANK for a refusal without reason,
    DOSSIER_INCOMPLETE for what is not complete (any more): a document expired or was refused, a piece was asked.
    """
    dossier = await _waiting(dossier_id)
    if accept:
        (file,) = await files_of(ctx, [dossier])
        if file.lacks:
            raise Refused(Code.DOSSIER_INCOMPLETE, say_lacks(file.lacks), field=("id",))
        await DossierPiece.filter(dossier_id=dossier.id).update(state=PieceState.ACCEPTED)
    elif not reason.strip():
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


async def _waiting(dossier_id: UUID) -> Dossier:
    dossier = await Dossier.filter(id=dossier_id).select_for_update().first()
    if dossier is None:
        raise not_found("Dossier", "id")
    if dossier.state is not DossierState.SUBMITTED:
        raise Refused(Code.STATE_CONFLICT, "Ce dossier n'attend pas de décision.", field=("id",))
    return dossier


@unit_of_work
async def ask_pieces(ctx: Context, dossier_id: UUID, asked: Mapping[str, str]) -> Dossier:
    """An agent asks for documents of a file that was sent, again or at last, each with its reason (by code).

    The file's request waits for the family, who is mailed; the family may also correct its answers meanwhile.
    Refused: NOT_FOUND (file, or a code that the file does not ask for), STATE_CONFLICT, BLANK, INVALID.
    """
    dossier = await _waiting(dossier_id)
    (file,) = await files_of(ctx, [dossier])
    labels = {document.code: document.label for document in file.documents}
    _refuse_pieces(labels, asked)
    for code, reason in asked.items():
        await _ask_piece(file, code, reason.strip())
    if dossier.request_id is not None:
        text = "\n".join(f"{labels[code]} : {reason.strip()}" for code, reason in asked.items())
        request = await Request.get(id=dossier.request_id)
        if request.state is RequestState.AWAITING_FAMILY:
            await answer_request(ctx, request.id, text)
        else:
            await move_request(ctx, request.id, RequestState.AWAITING_FAMILY, text)
    return dossier


def _refuse_pieces(labels: Mapping[str, str], asked: Mapping[str, str]) -> None:
    if not asked:
        raise Refused(Code.BLANK, "Indiquez au moins une pièce à demander.", field=("pieces",))
    for place, (code, reason) in enumerate(asked.items()):
        path = ("pieces", str(place))
        if code not in labels:
            raise Refused(Code.NOT_FOUND, f"Pièce inconnue : {code[:60]}.", field=(*path, "code"))
        if not reason.strip():
            raise Refused(Code.BLANK, f"Dites à la famille pourquoi : « {labels[code]} ».", field=(*path, "reason"))
        if len(reason.strip()) > LONGEST_REASON:
            raise Refused(Code.INVALID, f"Un motif fait au plus {LONGEST_REASON} caractères.", field=(*path, "reason"))


async def _ask_piece(file: DossierFile, code: str, reason: str) -> None:
    """What is asked replaces the newest document that the file has."""
    held = file.held.get(code)
    document = held.key if held is not None else None
    piece = file.pieces.get(code)
    if piece is None:
        await DossierPiece.create(
            dossier_id=file.dossier.id,
            household_id=file.dossier.household_id,
            code=code,
            document_id=document,
            state=PieceState.ASKED,
            reason=reason,
        )
    else:
        document = document or piece.document_id
        await DossierPiece.filter(id=piece.id).update(document_id=document, state=PieceState.ASKED, reason=reason)


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
        )


async def dossiers_to_decide(
    ctx: Context, after: tuple[datetime, UUID] | None, limit: int
) -> tuple[list[Dossier], int]:
    """A page of the files that wait for the viewer's services, the first sent first, and how many there are in all.

    One that waits for the family is left out until it answers: it would keep the others from being seen.
    """
    answered = Request.all().exclude(state=RequestState.AWAITING_FAMILY)
    waits = Q(request_id__in=Subquery(answered.values("id")))
    if ctx.viewer.services is None:
        waits |= Q(request_id__isnull=True)  # files of before requests
    rows = Dossier.filter(waits, state=DossierState.SUBMITTED)
    total = await rows.count()
    if after is not None:
        at, key = after
        rows = rows.filter(Q(submitted_at__gt=at) | Q(submitted_at=at, id__gt=key))
    return await rows.order_by("submitted_at", "id").limit(limit), total
