"""A yearly file as a family of the tests fills it: every question, every consent, every document."""

from uuid import UUID

from plugins import hookspecs
from plugins.rules.calendar import SchoolYear
from plugins.rules.dossiers import RequiredDocument
from plugins.rules.questions import NO, AnswerKind, Question
from resolvers.files.dossier_files import files_of
from resolvers.files.dossier_review import decide_dossier
from resolvers.files.dossiers import Typed, save_dossier, submit_dossier
from resolvers.models import Document, Dossier
from tests.towns import SCHOOL_YEAR, Family, Signed, Town

BY_KIND = {AnswerKind.TEXT: "Une réponse", AnswerKind.YES_NO: NO, AnswerKind.DATE: "2026-09-01"}


def answer_to(question: Question) -> str:
    """An answer that the question takes: « no », a day, the first choice, a text."""
    return question.choices[0].code if question.choices else BY_KIND[question.kind]


async def open_draft(town: Town, family: Family, child: UUID | None = None, year: SchoolYear = SCHOOL_YEAR) -> Dossier:
    """The family opens the file of a child (its first one), and types nothing yet."""
    with town.asked_by(family.parent) as ctx:
        return await save_dossier(ctx, child or family.child, year, Typed(), version=0)


async def add_document(town: Town, family: Family, code: str, child: UUID | None = None) -> Document:
    """A document in the household's vault, for all or for one child, handed in now."""
    with town.at_work() as ctx:
        return await Document.create(
            household_id=family.id,
            child_id=child,
            code=code,
            file_name=f"{code}.pdf",
            media_type="application/pdf",
            size=1,
            digest="0" * 64,
            added_by=family.parent.viewer.account_id,
            added_at=ctx.now,
        )


async def fill(
    town: Town,
    family: Family,
    child: UUID | None = None,
    year: SchoolYear = SCHOOL_YEAR,
    *,
    answers: dict[str, str] | None = None,
    granted: bool = True,
) -> Dossier:
    """Complete a file: the answers given, and whatever else is asked; its documents are put in the vault."""
    draft = await open_draft(town, family, child, year)
    documents: tuple[RequiredDocument, ...] = town.commune.gather(hookspecs.required_documents, year=year)
    for document in documents:
        await add_document(town, family, document.code, child or family.child)
    with town.asked_by(family.parent) as ctx:
        (file,) = await files_of(ctx, [draft])
        asked = [question for section in file.policy.sections for question in section.questions]
        typed = {question.code: answer_to(question) for question in asked}
        consents = {each.code: granted for each in file.consents}
        whole = Typed(typed | (answers or {}), consents)
        return await save_dossier(ctx, draft.child_id, year, whole, version=draft.version)


async def submitted(town: Town, family: Family, child: UUID | None = None, year: SchoolYear = SCHOOL_YEAR) -> Dossier:
    """The family sends a file as it is."""
    with town.asked_by(family.parent) as ctx:
        return await submit_dossier(ctx, child or family.child, year, attests=True)


async def sent(town: Town, family: Family, child: UUID | None = None) -> Dossier:
    """The family completes a file and sends it."""
    await fill(town, family, child)
    return await submitted(town, family, child)


async def decided(town: Town, agent: Signed, dossier: Dossier, *, accept: bool = True, reason: str = "") -> Dossier:
    """An agent decides."""
    with town.asked_by(agent) as ctx:
        return await decide_dossier(ctx, dossier.id, accept=accept, reason=reason)
