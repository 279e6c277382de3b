"""What a family may do online, service by service, and which of its particulars it sees or edits."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum
from types import MappingProxyType

from plugins.rules.errors import RuleError
from plugins.rules.texts import require_line, require_mailbox


class Feature(Enum):
    """One thing a family does on the portal."""

    EDIT_HOUSEHOLD = "EDIT_HOUSEHOLD"
    BOOK = "BOOK"
    REPORT_ABSENCE = "REPORT_ABSENCE"
    VIEW_INVOICES = "VIEW_INVOICES"
    PAY_ONLINE = "PAY_ONLINE"
    FILE_DOSSIER = "FILE_DOSSIER"
    ENROL = "ENROL"


@dataclass(frozen=True, slots=True)
class FeatureAnswer:
    """Allowed, or refused with a French reason and the mailbox to write to instead."""

    allowed: bool
    reason: str | None = None
    contact: str | None = None

    def __post_init__(self) -> None:
        if self.allowed and (self.reason or self.contact):
            raise RuleError(f"Feature allowed, yet with the reason {self.reason!r}: drop the reason or refuse.")
        if not self.allowed:
            require_line(self.reason or "", "Reason of a refused feature")
            require_mailbox(self.contact or "", "Mailbox of a refused feature")


ALLOWED = FeatureAnswer(allowed=True)


def refuse(reason: str, mailbox: str) -> FeatureAnswer:
    """A refusal in French that says why, and which mailbox answers instead; the reason must name the mailbox."""
    if mailbox not in reason:
        raise RuleError(f"Refusal {reason!r}: name the mailbox {mailbox} in the sentence that families read.")
    return FeatureAnswer(allowed=False, reason=reason, contact=mailbox)


@dataclass(frozen=True, slots=True)
class Features:
    """What is refused online for one service; everything that is not listed is allowed."""

    refused: Mapping[Feature, FeatureAnswer] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for feature, answer in self.refused.items():
            if answer.allowed:
                raise RuleError(f"{feature.name} is listed as refused with an answer that allows it: use refuse(…).")
        object.__setattr__(self, "refused", MappingProxyType(dict(self.refused)))

    def answer(self, feature: Feature) -> FeatureAnswer:
        """Whether a family may do this online, and otherwise why and whom to ask."""
        return self.refused.get(feature, ALLOWED)


class Visibility(Enum):
    """What a family can do with one of its particulars."""

    HIDDEN = "HIDDEN"
    SHOWN = "SHOWN"
    EDITABLE = "EDITABLE"
    REQUIRED = "REQUIRED"  # editable, and never empty


class Review(Enum):
    """Who makes an edit true."""

    AUTOMATIC = "AUTOMATIC"  # at once
    AGENT = "AGENT"  # an agent accepts or refuses the request


@dataclass(frozen=True, slots=True)
class FieldPolicy:
    """What a family can do with a particular, and who makes an edit true."""

    visibility: Visibility
    review: Review = Review.AUTOMATIC

    @property
    def is_visible(self) -> bool:
        """True when the family sees the value."""
        return self.visibility is not Visibility.HIDDEN

    @property
    def is_editable(self) -> bool:
        """True when the family may ask for another value."""
        return self.visibility in (Visibility.EDITABLE, Visibility.REQUIRED)


_FIELD = re.compile(r"[a-z]+\.[a-z]+(_[a-z]+)*")


@dataclass(frozen=True, slots=True)
class FieldPolicies:
    """One policy per particular (``person.phone``, ``household.address`` …), and one for all the others."""

    fields: Mapping[str, FieldPolicy]
    default: FieldPolicy

    def __post_init__(self) -> None:
        for name in self.fields:
            if not _FIELD.fullmatch(name):
                raise RuleError(f"Field {name!r}: write owner.particular in lower case, such as person.phone.")
        object.__setattr__(self, "fields", MappingProxyType(dict(self.fields)))

    def of(self, field: str) -> FieldPolicy:
        """The policy of one particular."""
        return self.fields.get(field, self.default)
