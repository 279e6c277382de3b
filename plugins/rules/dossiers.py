"""The yearly file of a child « dossier administratif »: when it opens, its questions, consents and documents."""

from collections.abc import Mapping, Sequence, Set
from dataclasses import dataclass
from datetime import date
from enum import Enum

from plugins.rules.errors import RuleError
from plugins.rules.french import say_date, say_sentence
from plugins.rules.questions import Answered, Section, check_condition, check_sections, questions_of
from plugins.rules.texts import require_code, require_line, require_text, require_unique


class Validity(Enum):
    """How long a document stands once an agent accepted it."""

    SCHOOL_YEAR = "SCHOOL_YEAR"  # asked again every school year
    LASTING = "LASTING"  # until it changes
    PRINTED_DATE = "PRINTED_DATE"  # until the date written on it


class Circumstance(Enum):
    """What the portal itself knows of a child in its household, whatever the family answers in the file."""

    FORBIDDEN_CONTACT = "FORBIDDEN_CONTACT"  # the household declared somebody whom a court keeps away
    SHARED_CUSTODY = "SHARED_CUSTODY"  # a calendar of custody stands


@dataclass(frozen=True, slots=True)
class RequiredDocument:
    """A document to provide, for every child or only under a condition (French, reads after the label).

    With ``any_of``, one of the listed documents is enough. ``may_come_later`` lets the file be sent without it.
    ``form`` is what it asks when it is a sheet that the portal prints, and reads again once filled.
    ``when`` is the condition as the file's own answers tell it, ``circumstance`` as the portal knows it; one of them
    is enough, and a condition with neither is left to the family.
    ``shared``: one document serves all the children of the household.
    """

    code: str
    label: str
    any_of: tuple[str, ...] = ()
    condition: str | None = None
    validity: Validity = Validity.SCHOOL_YEAR
    may_come_later: bool = False
    form: tuple[Section, ...] = ()
    when: Answered | None = None
    shared: bool = False
    circumstance: Circumstance | None = None

    def __post_init__(self) -> None:
        require_code(self.code, "Document code")
        for text in (self.label, *self.any_of):
            require_line(text, f"Label of document {self.code}")
        require_unique(self.any_of, f"Choices of document {self.code}")
        check_sections(self.form)
        if self.condition is not None:
            require_line(self.condition, f"Condition of document {self.code}")
        depends_on = self.when.question if self.when else self.circumstance.name if self.circumstance else None
        if depends_on is not None and self.condition is None:
            raise RuleError(f"Document {self.code} depends on {depends_on}: say the condition in French too.")

    @property
    def is_conditional(self) -> bool:
        """True when only some families must provide it."""
        return self.condition is not None

    def is_required(self, answers: Mapping[str, str], known: Set[Circumstance] = frozenset()) -> bool:
        """True when the file cannot do without it: for every child, by these answers or by what is known of it."""
        told = self.when is not None and self.when.holds(answers)
        return told or self.circumstance in known or not self.is_conditional

    def say(self) -> str:
        """The document as a family reads it in the list, in French."""
        choices = f" : {' ou '.join(self.any_of)}" if self.any_of else ""
        condition = f", {self.condition}" if self.condition else ""
        later = " (à fournir dès que possible)" if self.may_come_later else ""
        return f"{self.label}{choices}{condition}{later}"


@dataclass(frozen=True, slots=True)
class Consent:
    """A question a family answers yes or no in the file; a new version asks again.

    ``each_person`` asks it about every adult and contact of the household: « Autorisation à venir chercher l'enfant ».
    """

    code: str
    label: str
    version: str
    text: str
    each_person: bool = False

    def __post_init__(self) -> None:
        require_code(self.code, "Consent code")
        require_line(self.label, f"Label of consent {self.code}")
        require_line(self.version, f"Version of consent {self.code}")
        require_text(self.text, f"Text of consent {self.code}")

    def say(self) -> str:
        """The question in French, with the sentence that a yes agrees to."""
        people = ", pour chaque personne" if self.each_person else ""
        return f"{self.label}{people} (version {self.version}) : « {self.text.strip()} »"


@dataclass(frozen=True, slots=True)
class DossierPolicy:
    """Whether a child needs a yearly file here, from which day it may be filed (None: always), and what it asks.

    ``sections`` is the form to fill online; what is asked on a sheet of paper is a required document instead.
    """

    required: bool
    opens_on: date | None
    consents: tuple[Consent, ...]
    notice: str
    sections: tuple[Section, ...] = ()

    def __post_init__(self) -> None:
        check_sections(self.sections)
        require_unique(tuple(consent.code for consent in self.consents), "Consents")
        require_text(self.notice, "Notice of the yearly file")

    def is_open(self, today: date) -> bool:
        """True when families may file on that day."""
        return self.opens_on is None or today >= self.opens_on

    def say(self) -> str:
        """Whether a file is asked, from when, what families are told, its form and its consents; a sentence a line."""
        lines = [self.notice]
        if self.required:
            opening = "" if self.opens_on is None else f", à partir du {say_date(self.opens_on)}"
            lines.insert(0, f"Un dossier par enfant et par année scolaire{opening}.")
        lines += [say_sentence(f"Rubrique {section.say()}") for section in self.sections]
        return "\n".join(lines + [f"Autorisation demandée : {consent.say()}" for consent in self.consents])


def check_documents(documents: Sequence[RequiredDocument], policy: DossierPolicy) -> None:
    """Refuse a document asked twice, or under an answer that the form does not ask for."""
    require_unique(tuple(document.code for document in documents), "Documents")
    known = questions_of(policy.sections)
    for document in documents:
        if document.when is not None:
            check_condition(document.when, known, f"Document {document.code}")
