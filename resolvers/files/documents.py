"""The vault of a household: each document is stored once, sealed, used everywhere, and its readings are kept."""

import asyncio
import hashlib
from collections.abc import Mapping, Sequence, Set
from dataclasses import dataclass, field
from datetime import date, datetime
from uuid import UUID

from tortoise.expressions import Q
from tortoise.queryset import QuerySet

from plugins import hookspecs
from plugins.rules.calendar import SchoolYear
from plugins.rules.document_kinds import labels
from plugins.rules.dossiers import Circumstance
from plugins.rules.french import say_date
from plugins.rules.wording import Message
from resolvers.context import AccountKind, AgentRight, Context
from resolvers.errors import Code, Refused, not_found
from resolvers.families.correspondents import correspondents
from resolvers.families.households import acts_for
from resolvers.models import (
    Document,
    DocumentContent,
    DocumentReading,
    Dossier,
    DossierPiece,
    Household,
    Mandate,
    Membership,
)
from resolvers.models.direct_debits import MandateState
from resolvers.models.documents import DocumentState
from resolvers.models.dossiers import DossierState
from resolvers.models.households import Role
from resolvers.models.tenancy import unit_of_work
from resolvers.outbox import Addressee, enqueue_mail

MAX_DOCUMENTS = 200  # that one household keeps at a time
LONGEST_REASON = 500


@dataclass(frozen=True, slots=True)
class Deposit:
    """A file that was checked and may be kept. ``extension`` ends its name, without dot."""

    media_type: str
    extension: str
    content: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class Place:
    """Where a document goes: whose it is, for which child (None: for all), and what it is."""

    household_id: UUID
    child_id: UUID | None
    code: str


def kinds(ctx: Context) -> Mapping[str, str]:
    """What a household may keep here, this school year and the next: code and French label."""
    year = SchoolYear.of(ctx.local_now.date())
    years = (year, SchoolYear(year.start + 1))
    return labels(*(ctx.commune.gather(hookspecs.required_documents, year=each) for each in years))


async def add(ctx: Context, place: Place, deposit: Deposit) -> Document:
    """Keep a document in a household's vault. The same file sent again for the same use is kept once.

    Its name is made from its kind and the day: the one that the family gave often says more than is needed.
    Refused: NOT_FOUND (household, child or kind), VAULT_FULL.
    """
    sealed = await asyncio.to_thread(ctx.ports.sealer.seal_bytes, deposit.content)
    return await _add(ctx, place, deposit, sealed)


@unit_of_work
async def _add(ctx: Context, place: Place, deposit: Deposit, sealed: bytes) -> Document:
    await _refuse_place(ctx, place)
    digest = hashlib.sha256(deposit.content).hexdigest()
    kept = Document.filter(household_id=place.household_id, withdrawn_at__isnull=True)
    again = await kept.filter(child_id=place.child_id, code=place.code, digest=digest).exclude(
        state=DocumentState.REFUSED
    )
    if again:
        return again[0]
    if await kept.count() >= MAX_DOCUMENTS:
        raise Refused(
            Code.VAULT_FULL,
            f"Le porte-documents est plein ({MAX_DOCUMENTS} documents) : retirez ceux qui ne servent plus.",
            field=("file",),
        )
    document = await Document.create(
        household_id=place.household_id,
        child_id=place.child_id,
        code=place.code,
        file_name=f"{place.code}-{ctx.local_now.date().isoformat()}.{deposit.extension}",
        media_type=deposit.media_type,
        size=len(deposit.content),
        digest=digest,
        added_by=ctx.viewer.account_id,
        added_at=ctx.now,
    )
    await DocumentContent.create(document_id=document.id, household_id=place.household_id, sealed=sealed)
    return document


async def _refuse_place(ctx: Context, place: Place) -> None:
    """The household stays locked until the commit, so that two files sent together are counted one after the other."""
    household = await Household.filter(id=place.household_id).select_for_update().first()
    if household is None or not acts_for(ctx, place.household_id):
        raise not_found("Foyer", "householdId")
    if place.child_id is not None:
        its_child = Membership.filter(household_id=household.id, person_id=place.child_id, role=Role.CHILD)
        if not await its_child.exists():
            raise not_found("Enfant", "childId")
    if place.code not in kinds(ctx):
        raise not_found("Type de document", "code")


def decisions(ctx: Context) -> frozenset[str]:
    """The kinds of documents by which a court keeps somebody away from a child."""
    year = SchoolYear.of(ctx.local_now.date())
    years = (year, SchoolYear(year.start + 1))
    asked = [each for one in years for each in ctx.commune.gather(hookspecs.required_documents, year=one)]
    return frozenset(each.code for each in asked if each.circumstance is Circumstance.FORBIDDEN_CONTACT)


def is_concealed(ctx: Context, document: Document, kinds: Set[str]) -> bool:
    """True for a decision of a court that the viewer did not give: the other parent may be the one it keeps away."""
    is_family = ctx.viewer.kind is AccountKind.FAMILY
    return is_family and document.code in kinds and document.added_by != ctx.viewer.account_id


def visible_documents(ctx: Context) -> QuerySet[Document]:
    """The documents that the viewer may see; withdrawn and concealed ones left out."""
    rows, concealed = Document.filter(withdrawn_at__isnull=True), decisions(ctx)
    if ctx.viewer.kind is not AccountKind.FAMILY or not concealed:
        return rows
    return rows.filter(~Q(code__in=sorted(concealed)) | Q(added_by=ctx.viewer.account_id))


async def documents_page(
    ctx: Context, household_id: UUID, before: tuple[datetime, UUID] | None, limit: int
) -> tuple[list[Document], int]:
    """A page of a household's documents that the viewer may see, newest first, and how many there are in all."""
    rows = visible_documents(ctx).filter(household_id=household_id)
    total = await rows.count()
    if before is not None:
        at, key = before
        rows = rows.filter(Q(added_at__lt=at) | Q(added_at=at, id__lt=key))
    return await rows.order_by("-added_at", "-id").limit(limit), total


async def documents_to_decide(after: tuple[datetime, UUID] | None, limit: int) -> tuple[list[Document], int]:
    """A page of the documents that wait for an agent, oldest first, and how many there are in all."""
    rows = Document.filter(state=DocumentState.RECEIVED, withdrawn_at__isnull=True)
    total = await rows.count()
    if after is not None:
        at, key = after
        rows = rows.filter(Q(added_at__gt=at) | Q(added_at=at, id__gt=key))
    return await rows.order_by("added_at", "id").limit(limit), total


async def documents_of(ctx: Context, ids: Sequence[UUID]) -> list[Document]:
    """The documents among these that the viewer may see."""
    return await visible_documents(ctx).filter(id__in=list(ids))


async def read(ctx: Context, document_id: UUID) -> tuple[Document, bytes] | None:
    """A document and its file, for who may see it; the reading is kept as proof. None for everybody else."""
    opened = await _opened(ctx, document_id)
    if opened is None:
        return None
    document, content = opened
    return document, await asyncio.to_thread(ctx.ports.sealer.unseal_bytes, content.sealed)


@unit_of_work
async def _opened(ctx: Context, document_id: UUID) -> tuple[Document, DocumentContent] | None:
    if ctx.viewer.kind is not AccountKind.FAMILY and not ctx.viewer.has(AgentRight.FAMILIES):
        return None
    document = await visible_documents(ctx).get_or_none(id=document_id)
    content = await DocumentContent.get_or_none(document_id=document_id)
    if document is None or content is None:
        return None
    await DocumentReading.create(
        document_id=document.id, household_id=document.household_id, account_id=ctx.viewer.account_id, at=ctx.now
    )
    return document, content


@unit_of_work
async def withdraw(ctx: Context, document_id: UUID) -> UUID:
    """Take a document out of the vault: its file is erased, the trace that it was there stays. Returns its household.

    Refused: NOT_FOUND, DOCUMENT_IN_USE while a yearly file that was sent, or a mandate, relies on it.
    """
    document = await visible_documents(ctx).filter(id=document_id).select_for_update().first()
    if document is None or not acts_for(ctx, document.household_id):
        raise not_found("Document", "id")
    await _refuse_in_use(ctx, document)
    await Document.filter(id=document.id).update(withdrawn_at=ctx.now)
    await DocumentContent.filter(document_id=document.id).delete()
    return document.household_id


async def _refuse_in_use(ctx: Context, document: Document) -> None:
    """A signed mandate is the creditor's proof: it is kept as long as the mandate has not ended."""
    mailbox = ctx.commune.identity.services[0].mailbox
    pieces = await DossierPiece.filter(document_id=document.id).values_list("dossier_id", flat=True)
    sent = Dossier.filter(id__in=list(pieces), state__in=[DossierState.SUBMITTED, DossierState.ACCEPTED])
    mandate = await Mandate.filter(document_id=document.id).exclude(state=MandateState.ENDED).first()
    if await sent.exists():
        why = f"Ce document est joint à un dossier déjà envoyé : écrivez à {mailbox} pour le remplacer."
    elif mandate is not None:
        why = (
            f"Ce document est le mandat de prélèvement signé {mandate.rum} : il est gardé comme preuve tant que ce "
            "mandat n'est pas terminé. Arrêtez d'abord le prélèvement, ou annulez sa demande."
        )
    else:
        return
    raise Refused(Code.DOCUMENT_IN_USE, why, field=("id",), contact=mailbox)


@unit_of_work
async def decide(
    ctx: Context, document_id: UUID, *, accept: bool, reason: str = "", valid_until: date | None = None
) -> Document:
    """An agent accepts a document, until the date written on it if there is one, or refuses it and says why.

    A decision may be corrected by another one. The household is mailed a refusal. Refused: NOT_FOUND; BLANK for a
    refusal without reason; INVALID for a reason that is too long, or for a date that has passed.
    """
    document = await Document.filter(id=document_id, withdrawn_at__isnull=True).select_for_update().first()
    if document is None:
        raise not_found("Document", "id")
    reason = reason.strip()
    if not accept and not reason:
        raise Refused(Code.BLANK, "Dites à la famille pourquoi le document est refusé.", field=("reason",))
    if len(reason) > LONGEST_REASON:
        raise Refused(Code.INVALID, f"Le motif tient en {LONGEST_REASON} caractères.", field=("reason",))
    if accept and valid_until is not None and valid_until < ctx.local_now.date():
        raise Refused(
            Code.INVALID,
            f"Ce document n'est plus valable depuis le {say_date(valid_until)} : refusez-le.",
            field=("validUntil",),
        )
    document.state = DocumentState.ACCEPTED if accept else DocumentState.REFUSED
    document.reason = "" if accept else reason
    document.valid_until = valid_until if accept else None
    document.decided_by = ctx.viewer.account_id
    document.decided_at = ctx.now
    document.reminded_at = None
    await document.save()
    if not accept:
        await _tell_refusal(ctx, document)
    return document


async def _tell_refusal(ctx: Context, document: Document) -> None:
    """The mail says neither which document nor why: what a family keeps may say how a child is."""
    for account, person in await correspondents(document.household_id):
        await enqueue_mail(
            ctx.commune,
            ctx.ports,
            ctx.now,
            Message.DOCUMENT_REFUSED,
            Addressee(account.email, person.first_name),
            key=f"document-refused:{document.id.hex}:{account.id.hex}:{ctx.now.timestamp():.6f}",
        )
