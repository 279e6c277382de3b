"""Yearly files « dossiers administratifs » as clients see them."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

import strawberry

from plugins import hookspecs
from plugins.rules.calendar import SchoolYear
from plugins.rules.errors import RuleError
from resolvers import dossiers
from resolvers.context import Context
from resolvers.errors import Code, Refused, not_found
from resolvers.models import Dossier as DossierRow
from schema.enums import DossierState
from schema.payloads import Payload
from schema.relay import Node, global_id, parse_uuid


def school_year(label: str) -> SchoolYear:
    """Read ``2026-2027``. Refused: INVALID."""
    first, _, second = label.partition("-")
    try:
        year = SchoolYear(int(first)) if first.isascii() and first.isdigit() and len(first) == 4 else None
    except RuleError:
        year = None
    if year is None or second != str(year.start + 1):
        raise Refused(Code.INVALID, "Écrivez l'année scolaire comme 2026-2027.", field=("schoolYear",))
    return year


@strawberry.type(description="The answer to one consent of a yearly file.")
class ConsentAnswer:
    """A consent of the commune, and what the family answered."""

    code: str = strawberry.field(description="The consent.")
    label: str = strawberry.field(description="What it is about, in French.")
    text: str = strawberry.field(description="What the family agrees to, in French.")
    version: str = strawberry.field(description="The version of the text.")
    granted: bool | None = strawberry.field(description="Null while unanswered.")


@strawberry.type(description="A document to provide with the yearly file.")
class RequiredDocument:
    """See ``plugins.rules.dossiers.RequiredDocument``."""

    code: str = strawberry.field(description="Its stable code.")
    sentence: str = strawberry.field(description="The document, its alternatives and its condition, in French.")
    may_come_later: bool = strawberry.field(description="True when the file can be sent without it.")


@strawberry.type(description="A child's file for a school year « dossier administratif ».")
class Dossier(Node):
    """See ``resolvers.models.dossiers.Dossier``."""

    school_year: str = strawberry.field(description="Such as `2026-2027`.")
    state: DossierState = strawberry.field(description="Where it stands.")
    consents: list[ConsentAnswer] = strawberry.field(description="The consents asked, with the answers.")
    required_documents: list[RequiredDocument] = strawberry.field(description="What the commune asks for.")
    submitted_at: datetime | None = strawberry.field(description="When the family sent it.")
    decided_at: datetime | None = strawberry.field(description="When an agent decided.")
    reason: str = strawberry.field(description="Why it was refused, in French; empty otherwise.")

    @classmethod
    def of(cls, ctx: Context, row: DossierRow) -> "Dossier":
        """The file as clients see it."""
        year = SchoolYear(row.school_year)
        consents = [
            ConsentAnswer(
                code=consent.code,
                label=consent.label,
                text=consent.text,
                version=consent.version,
                granted=row.consents.get(consent.code, {}).get("granted"),
            )
            for consent in dossiers.policy_of(ctx, year).consents
        ]
        documents = [
            RequiredDocument(code=document.code, sentence=document.say(), may_come_later=document.may_come_later)
            for document in ctx.commune.gather(hookspecs.required_documents, year=year)
        ]
        return cls(
            id=global_id("Dossier", row.id),
            school_year=year.label,
            state=DossierState[row.state.name],
            consents=consents,
            required_documents=documents,
            submitted_at=row.submitted_at,
            decided_at=row.decided_at,
            reason=row.reason,
        )


async def dossiers_of(ctx: Context, child_ids: Sequence[UUID]) -> list[list[Dossier]]:
    """The files of each child, newest first."""
    return [[Dossier.of(ctx, row) for row in rows] for rows in await dossiers.dossiers_of(ctx, child_ids)]


@strawberry.input(description="The family's answer to one consent.")
class ConsentInput:
    """One answer."""

    code: str = strawberry.field(description="The consent, as in `Dossier.consents`.")
    granted: bool = strawberry.field(description="True when the family agrees.")


@strawberry.input(description="Input of `dossierSave`.")
class DossierSaveInput:
    """What the family answered so far."""

    child_id: strawberry.ID = strawberry.field(description="The child.")
    school_year: str = strawberry.field(description="Such as `2026-2027`.")
    consents: list[ConsentInput] = strawberry.field(
        description="Answers to keep; the others stay.", default_factory=list
    )


@strawberry.input(description="Input of `dossierSubmit`.")
class DossierSubmitInput:
    """The file to send."""

    child_id: strawberry.ID = strawberry.field(description="The child.")
    school_year: str = strawberry.field(description="Such as `2026-2027`.")
    attests: bool = strawberry.field(description="« J'atteste que les renseignements fournis sont exacts. »")


@strawberry.type(description="Answer of `dossierSave`.")
class DossierSavePayload(Payload):
    """The draft is kept."""

    dossier: Dossier | None = strawberry.field(description="The file; null when refused.", default=None)


@strawberry.type(description="Answer of `dossierSubmit`.")
class DossierSubmitPayload(Payload):
    """The file is sent."""

    dossier: Dossier | None = strawberry.field(description="The file; null when refused.", default=None)


@strawberry.type(description="Answer of `dossierDecide`.")
class DossierDecidePayload(Payload):
    """The file is decided."""

    dossier: Dossier | None = strawberry.field(description="The file; null when refused.", default=None)


def _child(id: strawberry.ID) -> UUID:
    key = parse_uuid(id, "Child")
    if key is None:
        raise not_found("Enfant", "childId")
    return key


async def save(ctx: Context, input: DossierSaveInput) -> DossierSavePayload:
    """Keep a draft."""
    answers = {consent.code: consent.granted for consent in input.consents}
    row = await dossiers.save_dossier(ctx, _child(input.child_id), school_year(input.school_year), answers)
    return DossierSavePayload(dossier=Dossier.of(ctx, row))


async def submit(ctx: Context, input: DossierSubmitInput) -> DossierSubmitPayload:
    """Send the file to the service."""
    row = await dossiers.submit_dossier(
        ctx, _child(input.child_id), school_year(input.school_year), attests=input.attests
    )
    return DossierSubmitPayload(dossier=Dossier.of(ctx, row))


@strawberry.input(description="Input of `dossierDecide`.")
class DossierDecideInput:
    """An agent's decision."""

    id: strawberry.ID = strawberry.field(description="The file.")
    accept: bool = strawberry.field(description="True to accept it, false to refuse it.")
    reason: str = strawberry.field(description="Why it is refused, in French; the family reads it.", default="")


async def decide(ctx: Context, input: DossierDecideInput) -> DossierDecidePayload:
    """Accept or refuse a file."""
    key = parse_uuid(input.id, "Dossier")
    if key is None:
        raise not_found("Dossier", "id")
    row = await dossiers.decide_dossier(ctx, key, accept=input.accept, reason=input.reason[:2000])
    return DossierDecidePayload(dossier=Dossier.of(ctx, row))
