"""A yearly file as it is read: its form with the answers, its consents, its documents, and what it still lacks."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from plugins import hookspecs
from plugins.rules.calendar import SchoolYear
from plugins.rules.completeness import ConsentAsked, Given, Lack, consents_asked, lacks
from plugins.rules.dossiers import Circumstance, DossierPolicy, RequiredDocument
from plugins.rules.held_documents import HeldDocument, Holder, asked_since, chosen
from resolvers.context import AccountKind, Context
from resolvers.families.circumstances import Circumstances, circumstances_of, told_to
from resolvers.families.households import HouseholdFile, households_of
from resolvers.files.documents import decisions, is_concealed
from resolvers.files.dossier_answers import Answer, unsealed
from resolvers.models import Document, Dossier, DossierPiece, DossierReading
from resolvers.models.documents import DocumentState
from resolvers.models.dossiers import PieceState
from resolvers.models.households import Role
from resolvers.models.tenancy import unit_of_work


@dataclass(frozen=True, slots=True)
class DossierFile:
    """Everything about one file at the present instant."""

    dossier: Dossier
    policy: DossierPolicy
    documents: tuple[RequiredDocument, ...]
    consents: tuple[ConsentAsked, ...]
    answers: Mapping[str, Answer]
    pieces: Mapping[str, DossierPiece]
    held: Mapping[str, HeldDocument]
    known: frozenset[Circumstance]
    concealed: frozenset[UUID] = frozenset()  # documents that count here, and that the viewer may not see

    @property
    def values(self) -> dict[str, str]:
        """The answers alone, by question."""
        return {code: answer.value for code, answer in self.answers.items()}

    @property
    def asked_again(self) -> dict[str, str]:
        """What the service wrote of the documents it asked for and that nothing new replaces, by code."""
        asked = [piece for piece in self.pieces.values() if piece.state is PieceState.ASKED]
        return {piece.code: piece.reason for piece in asked if piece.code not in self.held}

    @property
    def lacks(self) -> tuple[Lack, ...]:
        """What keeps the file from being sent and accepted."""
        copied = {code: answer.copied_from for code, answer in self.answers.items() if answer.copied_from}
        versions = {code: kept["version"] for code, kept in self.dossier.consents.items()}
        given = Given(self.values, copied, versions, frozenset(self.held), self.asked_again, self.known)
        return lacks(self.policy, self.consents, self.documents, given)


def policy_of(ctx: Context, year: SchoolYear) -> DossierPolicy:
    """The commune's rules for the files of a school year."""
    return ctx.commune.ask(hookspecs.dossier_policy, year=year)


async def files_of(ctx: Context, rows: Sequence[Dossier]) -> list[DossierFile]:
    """The files of some rows, in the same order: six statements, however many they are.

    One more where somebody is kept away from a child: what depends on it is told to who declared it, and to agents.
    """
    households = {row.household_id for row in rows}
    homes = {home.id: home for home in await households_of(ctx, frozenset(households))}
    circumstances = await circumstances_of(households)
    told = await told_to(ctx, circumstances)
    pieces = await DossierPiece.filter(dossier_id__in=[row.id for row in rows])
    vault = await Document.filter(household_id__in=list(households), withdrawn_at__isnull=True).order_by("id")
    return [
        _file(
            ctx,
            row,
            _people(homes.get(row.household_id), row.child_id, circumstances),
            told.of(row.household_id, row.child_id, SchoolYear(row.school_year)),
            {piece.code: piece for piece in pieces if piece.dossier_id == row.id},
            [document for document in vault if document.household_id == row.household_id],
        )
        for row in rows
    ]


def _file(
    ctx: Context,
    row: Dossier,
    people: Mapping[str, str],
    known: frozenset[Circumstance],
    pieces: Mapping[str, DossierPiece],
    vault: Sequence[Document],
) -> DossierFile:
    year = SchoolYear(row.school_year)
    policy = policy_of(ctx, year)
    documents = ctx.commune.gather(hookspecs.required_documents, year=year)
    secret = decisions(ctx)
    held = [_held(ctx, document, row.child_id) for document in vault if not _is_replaced(document, pieces)]
    return DossierFile(
        dossier=row,
        policy=policy,
        documents=documents,
        consents=consents_asked(policy, people),
        answers=unsealed(ctx, row),
        pieces=pieces,
        held=chosen(documents, held, asked_since(policy, year), ctx.local_now.date()),
        known=known,
        concealed=frozenset(each.id for each in vault if is_concealed(ctx, each, secret)),
    )


def _is_replaced(document: Document, pieces: Mapping[str, DossierPiece]) -> bool:
    """True for the document that the service asked again, and for those that came before it (keys grow with time)."""
    piece = pieces.get(document.code)
    if piece is None or piece.state is not PieceState.ASKED or piece.document_id is None:
        return False
    return document.id <= piece.document_id


def _held(ctx: Context, document: Document, child_id: UUID) -> HeldDocument:
    whose = {None: Holder.HOUSEHOLD, child_id: Holder.CHILD}
    return HeldDocument(
        key=document.id,
        code=document.code,
        holder=whose.get(document.child_id, Holder.SIBLING),
        given_on=document.added_at.astimezone(ctx.commune.tz).date(),
        valid_until=document.valid_until,
        refused=document.state is DocumentState.REFUSED,
    )


def _people(home: HouseholdFile | None, child_id: UUID, circumstances: Circumstances) -> dict[str, str]:
    """The adults and contacts of a household, by key; not those a court keeps away from the child."""
    return {
        member.person_id.hex: member.full_name
        for member in (home.members if home else ())
        if member.role is not Role.CHILD and not circumstances.keeps_away(child_id, member.person_id)
    }


async def read_files(ctx: Context, dossier_ids: Sequence[UUID]) -> list[DossierFile]:
    """The files among these that the viewer may see, as asked by a person; what agents read is kept as proof."""
    rows = await Dossier.filter(id__in=list(dossier_ids))
    if ctx.viewer.kind is AccountKind.AGENT:
        await keep_readings(ctx, rows)
    return await files_of(ctx, rows)


@unit_of_work
async def keep_readings(ctx: Context, rows: Sequence[Dossier]) -> None:
    """Keep as proof that the viewer reads the answers of these files now: one statement."""
    account = ctx.viewer.account_id
    readings = [
        DossierReading(dossier_id=row.id, household_id=row.household_id, account_id=account, at=ctx.now) for row in rows
    ]
    await DossierReading.bulk_create(readings)
