"""What a family may do online, service by service, and which of its particulars it sees or edits."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum
from types import MappingProxyType

from plugins.rules.errors import RuleError
from plugins.rules.french import say_list
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
    ASK = "ASK"

    def say(self) -> str:
        """What a family does, in French, after « on peut »."""
        return _FEATURE_WORDS[self]


_FEATURE_WORDS = {
    Feature.EDIT_HOUSEHOLD: "modifier les informations de la famille",
    Feature.BOOK: "réserver et annuler",
    Feature.REPORT_ABSENCE: "signaler une absence",
    Feature.VIEW_INVOICES: "consulter les factures",
    Feature.PAY_ONLINE: "payer en ligne",
    Feature.FILE_DOSSIER: "remplir le dossier annuel",
    Feature.ENROL: "inscrire un enfant à une activité",
    Feature.ASK: "poser une question au service",
}


@dataclass(frozen=True, slots=True)
class FeatureAnswer:
    """Allowed, or refused with a French reason and the mailbox to write to instead.

    ``others`` answer as well, each at its own place: « écrivez à a@… (ou b@…) ».
    """

    allowed: bool
    reason: str | None = None
    contact: str | None = None
    others: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        if self.allowed and (self.reason or self.contact):
            raise RuleError(f"Feature allowed, yet with the reason {self.reason!r}: drop the reason or refuse.")
        if not self.allowed:
            require_line(self.reason or "", "Reason of a refused feature")
            for mailbox in (self.contact or "", *self.others):
                require_mailbox(mailbox, "Mailbox of a refused feature")

    def at(self, mailbox: str) -> "FeatureAnswer":
        """The refusal as it is told at the place that has this mailbox, one of those it names; the same elsewhere."""
        if self.contact is None or mailbox not in (self.contact, *self.others):
            return self
        named = say_mailboxes(self.contact, *self.others)
        return FeatureAnswer(allowed=False, reason=(self.reason or "").replace(named, mailbox), contact=mailbox)


ALLOWED = FeatureAnswer(allowed=True)


def say_mailboxes(mailbox: str, *others: str) -> str:
    """« a@… (ou b@…) »: where to write, when each place of a service has its own mailbox."""
    return f"{mailbox} (ou {say_list(others, 'ou')})" if others else mailbox


def refuse(reason: str, mailbox: str, *others: str) -> FeatureAnswer:
    """A refusal in French that says why, and which mailbox answers instead; the reason must name it.

    With ``others``, it names them all as :func:`say_mailboxes` does: who is enrolled in an activity that has one of
    them (``plugins.rules.catalogue.Activity.mailbox``) is told that one alone.
    """
    if (named := say_mailboxes(mailbox, *others)) not in reason:
        raise RuleError(f"Refusal {reason!r}: name the mailbox {named} in the sentence that families read.")
    return FeatureAnswer(allowed=False, reason=reason, contact=mailbox, others=others)


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

    def say(self) -> str:
        """What is done online, then each refusal as families read it; a sentence a line."""
        allowed = [feature.say() for feature in Feature if self.answer(feature).allowed]
        done = f"En ligne, une famille peut {say_list(allowed)}." if allowed else "Rien ne se fait en ligne."
        return "\n".join([done, *(answer.reason or "" for answer in self.refused.values())])


class Visibility(Enum):
    """What a family can do with one of its particulars."""

    HIDDEN = "HIDDEN"
    SHOWN = "SHOWN"
    EDITABLE = "EDITABLE"
    REQUIRED = "REQUIRED"  # editable, and never empty

    def say(self) -> str:
        """What the family can do, in French, said of one of its particulars."""
        return _VISIBILITY_WORDS[self]


_VISIBILITY_WORDS = {
    Visibility.HIDDEN: "non affiché",
    Visibility.SHOWN: "affiché, non modifiable en ligne",
    Visibility.EDITABLE: "modifiable",
    Visibility.REQUIRED: "modifiable, à remplir obligatoirement",
}


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

    def say(self) -> str:
        """« modifiable, après accord du service »."""
        checked = ", après accord du service" if self.is_editable and self.review is Review.AGENT else ""
        return f"{self.visibility.say()}{checked}"


PARTICULARS: Mapping[str, str] = MappingProxyType(
    {
        "person.title": "civilité",
        "person.last_name": "nom d'usage",
        "person.birth_name": "nom de naissance",
        "person.first_name": "prénom",
        "person.birth_date": "date de naissance",
        "person.phone": "téléphone",
        "person.email": "adresse e-mail",
        "person.street": "numéro et rue",
        "person.postcode": "code postal",
        "person.town": "ville",
        "person.country": "pays",
        "household.name": "nom de la famille",
        "household.quotient_familial": "quotient familial",
    }
)
"""The particulars that have a name in French; any other one is said by its code."""

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

    def say(self) -> str:
        """« Modifiable : téléphone et ville. », a line for each policy, the others at the end."""
        by_policy: dict[str, list[str]] = {}
        for name, policy in self.fields.items():
            by_policy.setdefault(policy.say(), []).append(PARTICULARS.get(name, f"« {name} »"))
        others = "les autres informations" if self.fields else "toutes les informations"
        lines = [f"{words.capitalize()} : {say_list(names)}." for words, names in by_policy.items()]
        return "\n".join([*lines, f"{self.default.say().capitalize()} : {others}."])
