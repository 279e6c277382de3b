"""What a yearly file still lacks, and why: the same list for the family that fills it and the agent who decides."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import Enum

from plugins.rules.dossiers import Circumstance, Consent, DossierPolicy, RequiredDocument
from plugins.rules.french import say_list
from plugins.rules.questions import Question, asked


class Part(Enum):
    """What a file is made of."""

    QUESTION = "QUESTION"
    CONSENT = "CONSENT"
    DOCUMENT = "DOCUMENT"


@dataclass(frozen=True, slots=True)
class Lack:
    """One thing that keeps a file from being complete; ``reason`` tells the family what to do, in French."""

    part: Part
    code: str
    label: str
    reason: str

    def say(self) -> str:
        """« Fiche sanitaire : joignez ce document »."""
        return f"{self.label} : {self.reason}"


@dataclass(frozen=True, slots=True)
class ConsentAsked:
    """A consent as one file asks it: ``code`` also tells the person it is about, when it is asked of each."""

    code: str
    consent: Consent
    label: str
    person: str | None = None


@dataclass(frozen=True, slots=True)
class Given:
    """What is in a file.

    ``answers`` by question; ``copied``: those that were copied and that nobody checked yet, with where from;
    ``consents``: the version of the text that was answered; ``documents``: those that stand in the file;
    ``refused``: what the service wrote of the documents it asks again; ``known``: what the portal knows of the child.
    """

    answers: Mapping[str, str] = field(default_factory=dict)
    copied: Mapping[str, str] = field(default_factory=dict)
    consents: Mapping[str, str] = field(default_factory=dict)
    documents: frozenset[str] = frozenset()
    refused: Mapping[str, str] = field(default_factory=dict)
    known: frozenset[Circumstance] = frozenset()


def consents_asked(policy: DossierPolicy, people: Mapping[str, str]) -> tuple[ConsentAsked, ...]:
    """The consents of a file; ``people`` are the adults and contacts of the household, by a key of their own."""
    found: list[ConsentAsked] = []
    for consent in policy.consents:
        if consent.each_person:
            found += [
                ConsentAsked(f"{consent.code}:{key}", consent, f"{consent.label} : {name}", key)
                for key, name in people.items()
            ]
        else:
            found.append(ConsentAsked(consent.code, consent, consent.label))
    return tuple(found)


def lacks(
    policy: DossierPolicy, consents: Sequence[ConsentAsked], documents: Sequence[RequiredDocument], given: Given
) -> tuple[Lack, ...]:
    """What is missing in a file, in the order it is filled; nothing when it may be sent and accepted.

    An answer to a question that is no longer asked counts for nothing.
    """
    questions = asked(policy.sections, given.answers)
    answers = {code: value for code, value in given.answers.items() if code in questions}
    required = [document for document in documents if document.is_required(answers, given.known)]
    wanted = [document for document in required if not document.may_come_later]
    return (*_unanswered(questions, given), *_unsaid(consents, given), *_absent(documents, wanted, given))


def say_lacks(missing: Sequence[Lack]) -> str:
    """The sentence of a refusal: « Il manque au dossier : « Photos » et « Fiche sanitaire ». »."""
    return f"Il manque au dossier : {say_list(f'« {lack.label} »' for lack in missing)}."


def _unanswered(questions: Mapping[str, Question], given: Given) -> list[Lack]:
    found = []
    for code, question in questions.items():
        if code in given.copied:
            reason = f"vérifiez cette réponse, reprise du {given.copied[code]}"
            found.append(Lack(Part.QUESTION, code, question.label, reason))
        elif question.required and code not in given.answers:
            found.append(Lack(Part.QUESTION, code, question.label, "répondez à cette question"))
    return found


def _unsaid(consents: Sequence[ConsentAsked], given: Given) -> list[Lack]:
    found = []
    for each in consents:
        version = given.consents.get(each.code)
        if version is None:
            found.append(Lack(Part.CONSENT, each.code, each.label, "répondez par oui ou par non"))
        elif version != each.consent.version:
            reason = "le texte a changé : relisez-le et répondez de nouveau"
            found.append(Lack(Part.CONSENT, each.code, each.label, reason))
    return found


def _absent(documents: Sequence[RequiredDocument], wanted: Sequence[RequiredDocument], given: Given) -> list[Lack]:
    found = []
    for document in documents:
        if document.code in given.refused:
            reason = f"le service le redemande : {given.refused[document.code]}"
            found.append(Lack(Part.DOCUMENT, document.code, document.label, reason))
        elif document in wanted and document.code not in given.documents:
            found.append(Lack(Part.DOCUMENT, document.code, document.label, _why(document)))
    return found


def _why(document: RequiredDocument) -> str:
    choices = f"joignez {' ou '.join(document.any_of)}" if document.any_of else "joignez ce document"
    return f"{choices}, {document.condition}" if document.condition else choices
