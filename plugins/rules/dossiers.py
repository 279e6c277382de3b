"""The yearly file of a child « dossier administratif »: when it opens, its consents, and the documents it asks for."""

from dataclasses import dataclass
from datetime import date
from enum import Enum

from plugins.rules.french import say_date
from plugins.rules.texts import require_code, require_line, require_text, require_unique


class Validity(Enum):
    """How long a document stands once an agent accepted it."""

    SCHOOL_YEAR = "SCHOOL_YEAR"  # asked again every school year
    LASTING = "LASTING"  # until it changes
    PRINTED_DATE = "PRINTED_DATE"  # until the date written on it


@dataclass(frozen=True, slots=True)
class RequiredDocument:
    """A document to provide, for every child or only under a condition (French, reads after the label).

    With ``any_of``, one of the listed documents is enough. ``may_come_later`` lets the file be sent without it.
    """

    code: str
    label: str
    any_of: tuple[str, ...] = ()
    condition: str | None = None
    validity: Validity = Validity.SCHOOL_YEAR
    may_come_later: bool = False

    def __post_init__(self) -> None:
        require_code(self.code, "Document code")
        for text in (self.label, *self.any_of):
            require_line(text, f"Label of document {self.code}")
        require_unique(self.any_of, f"Choices of document {self.code}")
        if self.condition is not None:
            require_line(self.condition, f"Condition of document {self.code}")

    @property
    def is_conditional(self) -> bool:
        """True when only some families must provide it."""
        return self.condition is not None

    def say(self) -> str:
        """The document as a family reads it in the list, in French."""
        choices = f" : {' ou '.join(self.any_of)}" if self.any_of else ""
        condition = f", {self.condition}" if self.condition else ""
        later = " (à fournir dès que possible)" if self.may_come_later else ""
        return f"{self.label}{choices}{condition}{later}"


@dataclass(frozen=True, slots=True)
class Consent:
    """A question a family answers yes or no in the file; a new version asks again."""

    code: str
    label: str
    version: str
    text: str

    def __post_init__(self) -> None:
        require_code(self.code, "Consent code")
        require_line(self.label, f"Label of consent {self.code}")
        require_line(self.version, f"Version of consent {self.code}")
        require_text(self.text, f"Text of consent {self.code}")

    def say(self) -> str:
        """The question in French, with the sentence that a yes agrees to."""
        return f"{self.label} (version {self.version}) : « {self.text.strip()} »"


@dataclass(frozen=True, slots=True)
class DossierPolicy:
    """Whether a child needs a yearly file here, from which day it may be filed (None: always), and what it asks."""

    required: bool
    opens_on: date | None
    consents: tuple[Consent, ...]
    notice: str

    def __post_init__(self) -> None:
        require_unique(tuple(consent.code for consent in self.consents), "Consents")
        require_text(self.notice, "Notice of the yearly file")

    def is_open(self, today: date) -> bool:
        """True when families may file on that day."""
        return self.opens_on is None or today >= self.opens_on

    def say(self) -> str:
        """Whether a file is asked, from when, what families are told, and the consents; a sentence a line."""
        lines = [self.notice]
        if self.required:
            opening = "" if self.opens_on is None else f", à partir du {say_date(self.opens_on)}"
            lines.insert(0, f"Un dossier par enfant et par année scolaire{opening}.")
        return "\n".join(lines + [f"Autorisation demandée : {consent.say()}" for consent in self.consents])
