"""What a yearly file holds, as clients see it: its form with the answers, its consents, its documents, its gaps."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

import strawberry

from plugins.rules.completeness import ConsentAsked
from plugins.rules.completeness import Lack as LackValue
from plugins.rules.dossiers import RequiredDocument
from plugins.rules.questions import Question, Section, asked
from resolvers.context import Context
from resolvers.files.dossier_files import DossierFile, read_files
from schema.cost import LIST_SIZE
from schema.enums import AnswerKind, DossierPart
from schema.relay import global_id


@strawberry.type(description="One of the answers that a question offers.")
class DossierChoice:
    """See ``plugins.rules.questions.Choice``."""

    code: str = strawberry.field(description="What is sent as the answer.")
    label: str = strawberry.field(description="What is shown, in French.")


@strawberry.type(description="A question of the form, with the family's answer.")
class DossierQuestion:
    """See ``plugins.rules.questions.Question``."""

    code: str = strawberry.field(description="Its stable code.")
    label: str = strawberry.field(description="The question, in French.")
    kind: AnswerKind = strawberry.field(description="What an answer is made of.")
    choices: list[DossierChoice] = strawberry.field(
        description="The answers offered; empty unless it is a `CHOICE`.", metadata={LIST_SIZE: 1}
    )
    is_required: bool = strawberry.field(description="True when the file cannot be sent without an answer.")
    is_asked: bool = strawberry.field(description="True when the other answers leave it to be asked.")
    asked_after: str | None = strawberry.field(description="The question it follows from; null when always asked.")
    asked_when: str | None = strawberry.field(description="The answer to `askedAfter` that has it asked.")
    value: str | None = strawberry.field(description="The answer as it is sent; null while unanswered.")
    said: str = strawberry.field(description="The answer as one reads it, in French; empty while unanswered.")
    to_check: str | None = strawberry.field(
        description="The file that the answer was copied from, in French: save it again to confirm it. Null otherwise."
    )

    @classmethod
    def of(cls, question: Question, file: DossierFile, is_asked: bool) -> "DossierQuestion":
        """The question as clients see it."""
        answer = file.answers.get(question.code)
        return cls(
            code=question.code,
            label=question.label,
            kind=AnswerKind[question.kind.name],
            choices=[DossierChoice(code=choice.code, label=choice.label) for choice in question.choices],
            is_required=question.required,
            is_asked=is_asked,
            asked_after=question.when.question if question.when else None,
            asked_when=question.when.value if question.when else None,
            value=answer.value if answer else None,
            said=question.say_answer(answer.value) if answer and question.fault(answer.value) is None else "",
            to_check=(answer.copied_from or None) if answer else None,
        )


@strawberry.type(description="Questions that are read together.")
class DossierSection:
    """See ``plugins.rules.questions.Section``."""

    code: str = strawberry.field(description="Its stable code.")
    label: str = strawberry.field(description="Its title, in French.")
    is_health: bool = strawberry.field(description="True when the answers say something of the child's health.")
    questions: list[DossierQuestion] = strawberry.field(
        description="Its questions, in reading order.", metadata={LIST_SIZE: 3}
    )

    @classmethod
    def of(cls, section: Section, file: DossierFile) -> "DossierSection":
        """The section as clients see it."""
        live = asked(file.policy.sections, file.values)
        return cls(
            code=section.code,
            label=section.label,
            is_health=section.health,
            questions=[DossierQuestion.of(each, file, each.code in live) for each in section.questions],
        )


@strawberry.type(description="The answer to one consent of a yearly file.")
class ConsentAnswer:
    """A consent of the commune, and what the family answered."""

    code: str = strawberry.field(description="What is sent back with the answer; it also names the person, if any.")
    label: str = strawberry.field(description="What it is about, in French.")
    text: str = strawberry.field(description="What the family agrees to, in French.")
    version: str = strawberry.field(description="The version of the text.")
    person_id: strawberry.ID | None = strawberry.field(description="Whom it is about; null when it is about nobody.")
    granted: bool | None = strawberry.field(description="Null while this version of the text is unanswered.")
    answered_at: datetime | None = strawberry.field(description="When it was answered.")

    @classmethod
    def of(cls, each: ConsentAsked, file: DossierFile) -> "ConsentAnswer":
        """The consent as clients see it."""
        kept = file.dossier.consents.get(each.code, {})
        is_answered = kept.get("version") == each.consent.version
        return cls(
            code=each.code,
            label=each.label,
            text=each.consent.text,
            version=each.consent.version,
            person_id=global_id("Person", UUID(each.person)) if each.person else None,
            granted=kept["granted"] if is_answered else None,
            answered_at=datetime.fromisoformat(kept["at"]) if is_answered else None,
        )


@strawberry.type(description="A document of a yearly file: asked for, and given or not.")
class DossierDocument:
    """See ``plugins.rules.dossiers.RequiredDocument``."""

    code: str = strawberry.field(description="Its stable code: the kind under which it is added to the vault.")
    sentence: str = strawberry.field(description="The document, its alternatives and its condition, in French.")
    may_come_later: bool = strawberry.field(description="True when the file can be sent without it.")
    is_required: bool = strawberry.field(
        description="True for every child, by the answers of this file, or because of a forbidden contact or a custody."
    )
    document_id: strawberry.ID | None = strawberry.field(
        description="The document of the household's vault that serves; null when none does, and for a decision of a "
        "court that another parent gave."
    )
    asked_again: str = strawberry.field(description="Why the service asks for it, in French; empty otherwise.")

    @classmethod
    def of(cls, document: RequiredDocument, file: DossierFile) -> "DossierDocument":
        """The document as clients see it."""
        held = file.held.get(document.code)
        shown = held is not None and held.key not in file.concealed
        return cls(
            code=document.code,
            sentence=document.say(),
            may_come_later=document.may_come_later,
            is_required=document.is_required(file.values, file.known),
            document_id=global_id("Document", held.key) if held and shown else None,
            asked_again=file.asked_again.get(document.code, ""),
        )


@strawberry.type(description="One thing that keeps a file from being sent or accepted.")
class DossierLack:
    """See ``plugins.rules.completeness.Lack``."""

    part: DossierPart = strawberry.field(description="In which part of the file.")
    code: str = strawberry.field(description="The question, the consent or the document.")
    label: str = strawberry.field(description="Its name, in French.")
    reason: str = strawberry.field(description="Why it is missing and what to do, in French.")

    @classmethod
    def of(cls, lack: LackValue) -> "DossierLack":
        """What is missing, as clients see it."""
        return cls(part=DossierPart[lack.part.name], code=lack.code, label=lack.label, reason=lack.reason)


@strawberry.type(
    description="What a yearly file holds: all one needs to fill it, to recap it before sending, to read it."
)
class DossierForm:
    """See ``resolvers.files.dossier_files.DossierFile``."""

    notice: str = strawberry.field(description="What the family is told first, in French.")
    sections: list[DossierSection] = strawberry.field(
        description="The form, with the answers.", metadata={LIST_SIZE: 4}
    )
    consents: list[ConsentAnswer] = strawberry.field(
        description="The consents asked, with the answers.", metadata={LIST_SIZE: 4}
    )
    documents: list[DossierDocument] = strawberry.field(
        description="What the commune asks for, and what the vault gives.", metadata={LIST_SIZE: 4}
    )
    missing: list[DossierLack] = strawberry.field(
        description="What is missing and why; empty when it may be sent.", metadata={LIST_SIZE: 3}
    )

    @classmethod
    def of(cls, file: DossierFile) -> "DossierForm":
        """The file as clients see it."""
        return cls(
            notice=file.policy.notice,
            sections=[DossierSection.of(section, file) for section in file.policy.sections],
            consents=[ConsentAnswer.of(each, file) for each in file.consents],
            documents=[DossierDocument.of(document, file) for document in file.documents],
            missing=[DossierLack.of(lack) for lack in file.lacks],
        )


async def forms_of(ctx: Context, dossier_ids: Sequence[UUID]) -> list[DossierForm]:
    """What each file holds: a constant number of statements, whatever their number."""
    found = {file.dossier.id: DossierForm.of(file) for file in await read_files(ctx, dossier_ids)}
    return [found[key] for key in dossier_ids]
