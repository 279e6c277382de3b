"""Yearly files « dossiers administratifs » as clients see them."""

from collections.abc import Awaitable, Sequence
from datetime import datetime
from typing import TypeVar
from uuid import UUID

import strawberry

from plugins.rules.calendar import SchoolYear
from plugins.rules.errors import RuleError
from resolvers.context import Context
from resolvers.errors import Code, Refused
from resolvers.files import dossiers
from resolvers.models import Dossier as DossierRow
from schema.dossier_forms import DossierForm, forms_of
from schema.enums import DossierState
from schema.errors import user_errors
from schema.loading import load
from schema.payloads import Info, Payload
from schema.relay import Node, global_id, require_uuid

LATEST = "With `CONFLICT`: the file as another device saved it, to compare with what was read and typed."


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


@strawberry.type(description="A child's file for a school year « dossier administratif ».")
class Dossier(Node):
    """See ``resolvers.models.dossiers.Dossier``."""

    key: strawberry.Private[UUID]
    school_year: str = strawberry.field(description="Such as `2026-2027`.")
    state: DossierState = strawberry.field(description="Where it stands.")
    version: int = strawberry.field(description="Grows at each save: send back the one you read.")
    saved_at: datetime | None = strawberry.field(description="When it was last saved; null when it never was.")
    submitted_at: datetime | None = strawberry.field(description="When the family sent it.")
    decided_at: datetime | None = strawberry.field(description="When an agent decided.")
    reason: str = strawberry.field(description="Why it was refused, in French; empty otherwise.")

    @strawberry.field(description="Questions, consents and documents, and what is missing. An agent's reading is kept.")
    async def form(self, info: Info) -> DossierForm:
        """Loaded for all the files of the answer at once."""
        return await load(info.context, forms_of, self.key)

    @classmethod
    def of(cls, row: DossierRow) -> "Dossier":
        """The file as clients see it."""
        return cls(
            id=global_id("Dossier", row.id),
            key=row.id,
            school_year=SchoolYear(row.school_year).label,
            state=DossierState[row.state.name],
            version=row.version,
            saved_at=row.saved_at,
            submitted_at=row.submitted_at,
            decided_at=row.decided_at,
            reason=row.reason,
        )


async def dossiers_of(ctx: Context, child_ids: Sequence[UUID]) -> list[list[Dossier]]:
    """The files of each child, newest first."""
    return [[Dossier.of(row) for row in rows] for rows in await dossiers.dossiers_of(ctx, child_ids)]


@strawberry.input(description="The family's answer to one question.")
class AnswerInput:
    """One answer."""

    question: str = strawberry.field(description="The question's code, as in `DossierQuestion.code`.")
    value: str = strawberry.field(
        description="`yes` or `no`, a day such as `2018-03-14`, the code of a choice, or a text of at most 1000 "
        "characters. Empty takes the answer back."
    )


@strawberry.input(description="The family's answer to one consent.")
class ConsentInput:
    """One answer."""

    code: str = strawberry.field(description="The consent, as in `ConsentAnswer.code`.")
    granted: bool = strawberry.field(description="True when the family agrees.")


@strawberry.input(description="Input of `dossierSave`.")
class DossierSaveInput:
    """What the family answered so far."""

    child_id: strawberry.ID = strawberry.field(description="The child.")
    school_year: str = strawberry.field(description="Such as `2026-2027`.")
    version: int = strawberry.field(description="The version that was read; 0 when there was no file yet.")
    answers: list[AnswerInput] = strawberry.field(description="Answers to keep; others stay.", default_factory=list)
    consents: list[ConsentInput] = strawberry.field(description="Consents to keep; others stay.", default_factory=list)


@strawberry.input(description="Input of `dossierSubmit`.")
class DossierSubmitInput:
    """The file to send."""

    child_id: strawberry.ID = strawberry.field(description="The child.")
    school_year: str = strawberry.field(description="Such as `2026-2027`.")
    attests: bool = strawberry.field(description="« J'atteste que les renseignements fournis sont exacts. »")
    version: int | None = strawberry.field(
        description="The version that was read: sending what another device saved since is then refused.", default=None
    )


@strawberry.type(description="Answer of `dossierSave`.")
class DossierSavePayload(Payload):
    """The draft is kept."""

    dossier: Dossier | None = strawberry.field(description="The file; null when refused.", default=None)
    latest: Dossier | None = strawberry.field(description=LATEST, default=None)


@strawberry.type(description="Answer of `dossierSubmit`.")
class DossierSubmitPayload(Payload):
    """The file is sent."""

    dossier: Dossier | None = strawberry.field(description="The file; null when refused.", default=None)
    latest: Dossier | None = strawberry.field(description=LATEST, default=None)


@strawberry.input(description="Input of `dossierCancel`.")
class DossierCancelInput:
    """The file to give up."""

    id: strawberry.ID = strawberry.field(description="The file.")
    version: int | None = strawberry.field(
        description="The version that was read: erasing what another device saved since is then refused.", default=None
    )


@strawberry.type(description="Answer of `dossierCancel`.")
class DossierCancelPayload(Payload):
    """The file is a draft again, or an empty draft."""

    dossier: Dossier | None = strawberry.field(description="The file; null when refused.", default=None)
    latest: Dossier | None = strawberry.field(description=LATEST, default=None)


def _child(id: strawberry.ID) -> UUID:
    return require_uuid(id, "Child", what="Enfant", field="childId")


async def save(ctx: Context, input: DossierSaveInput) -> DossierSavePayload:
    """Keep a draft."""
    typed = dossiers.Typed(
        {answer.question: answer.value for answer in input.answers},
        {consent.code: consent.granted for consent in input.consents},
    )
    child, year = _child(input.child_id), school_year(input.school_year)
    saving = dossiers.save_dossier(ctx, child, year, typed, version=input.version)
    return await _answer(ctx, DossierSavePayload, saving)


P = TypeVar("P", DossierSavePayload, DossierSubmitPayload, DossierCancelPayload)


async def _answer(ctx: Context, payload: type[P], doing: Awaitable[DossierRow]) -> P:
    """The file after a change; a conflict comes with the file as it is now."""
    try:
        return payload(dossier=_changed(ctx, await doing))
    except Refused as refusal:
        latest = refusal.facts.get("latest")
        if not isinstance(latest, DossierRow):
            raise
        return payload(user_errors=user_errors(refusal), latest=_changed(ctx, latest))


def _changed(ctx: Context, row: DossierRow) -> Dossier:
    """The file after a change: what was loaded before, by another field of the request, is read again."""
    ctx.loaders.clear()
    return Dossier.of(row)


async def submit(ctx: Context, input: DossierSubmitInput) -> DossierSubmitPayload:
    """Send the file to the service."""
    child, year = _child(input.child_id), school_year(input.school_year)
    sending = dossiers.submit_dossier(ctx, child, year, attests=input.attests, version=input.version)
    return await _answer(ctx, DossierSubmitPayload, sending)


async def cancel(ctx: Context, input: DossierCancelInput) -> DossierCancelPayload:
    """Give a file up."""
    giving_up = dossiers.cancel_dossier(ctx, _dossier(input.id), version=input.version)
    return await _answer(ctx, DossierCancelPayload, giving_up)


def _dossier(id: strawberry.ID) -> UUID:
    return require_uuid(id, "Dossier", what="Dossier", field="id")
