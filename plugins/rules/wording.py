"""The messages the portal sends, their placeholders, and texts that are filled without interpreting any value."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import Enum
from string import Formatter
from types import MappingProxyType

from plugins.rules.errors import RuleError
from plugins.rules.texts import one_line, require_line, require_text


class Message(Enum):
    """A mail that the portal sends to a family; PAYMENT_TO_CHECK goes to the service itself."""

    ACCOUNT_ACTIVATION = "ACCOUNT_ACTIVATION"
    ACCOUNT_OPENING = "ACCOUNT_OPENING"
    ACCOUNT_CREATED = "ACCOUNT_CREATED"
    ACCOUNT_ALREADY_OPEN = "ACCOUNT_ALREADY_OPEN"
    EMAIL_CHANGE = "EMAIL_CHANGE"
    EMAIL_CHANGED = "EMAIL_CHANGED"
    SECOND_FACTOR_REMOVED = "SECOND_FACTOR_REMOVED"
    PASSWORD_RESET = "PASSWORD_RESET"  # noqa: S105 - the name of a message, not a secret
    PASSWORD_CHANGED = "PASSWORD_CHANGED"  # noqa: S105 - the name of a message, not a secret
    BOOKINGS_CONFIRMED = "BOOKINGS_CONFIRMED"
    BOOKINGS_CLOSING = "BOOKINGS_CLOSING"
    PLACE_OFFERED = "PLACE_OFFERED"
    OFFER_EXPIRED = "OFFER_EXPIRED"
    WAITING_ENDED = "WAITING_ENDED"
    UNITS_CLOSED = "UNITS_CLOSED"
    UNITS_REOPENED = "UNITS_REOPENED"
    DOSSIER_RECEIVED = "DOSSIER_RECEIVED"
    DOSSIER_ACCEPTED = "DOSSIER_ACCEPTED"
    DOSSIER_REFUSED = "DOSSIER_REFUSED"
    INVOICE_ISSUED = "INVOICE_ISSUED"
    INVOICE_REMINDER = "INVOICE_REMINDER"
    CREDIT_NOTE_ISSUED = "CREDIT_NOTE_ISSUED"
    PAYMENT_PLAN_AGREED = "PAYMENT_PLAN_AGREED"
    PAYMENT_PLAN_ENDED = "PAYMENT_PLAN_ENDED"
    PAYMENT_RECEIPT = "PAYMENT_RECEIPT"
    PAYMENT_ORDERED = "PAYMENT_ORDERED"
    PAYMENT_REVERSED = "PAYMENT_REVERSED"
    DEBIT_REJECTED = "DEBIT_REJECTED"
    PAYMENT_TO_CHECK = "PAYMENT_TO_CHECK"
    DIRECT_DEBIT_TO_SIGN = "DIRECT_DEBIT_TO_SIGN"
    DIRECT_DEBIT_STARTED = "DIRECT_DEBIT_STARTED"
    DIRECT_DEBIT_STOPPED = "DIRECT_DEBIT_STOPPED"
    REQUEST_RECEIVED = "REQUEST_RECEIVED"
    REQUEST_UPDATED = "REQUEST_UPDATED"
    REQUEST_DECIDED = "REQUEST_DECIDED"
    DOCUMENT_REFUSED = "DOCUMENT_REFUSED"
    DOCUMENT_EXPIRING = "DOCUMENT_EXPIRING"

    def say(self) -> str:
        """What the mail is for, in French."""
        return _MESSAGE_WORDS[self]


_MESSAGE_WORDS = {
    Message.ACCOUNT_ACTIVATION: "Activation du compte",
    Message.ACCOUNT_OPENING: "Ouverture du compte, mot de passe à choisir",
    Message.ACCOUNT_CREATED: "Compte ouvert, mot de passe choisi",
    Message.ACCOUNT_ALREADY_OPEN: "Compte déjà ouvert à cette adresse",
    Message.EMAIL_CHANGE: "Nouvelle adresse e-mail à confirmer",
    Message.EMAIL_CHANGED: "Adresse e-mail changée",
    Message.SECOND_FACTOR_REMOVED: "Double authentification retirée",
    Message.PASSWORD_RESET: "Mot de passe oublié",
    Message.PASSWORD_CHANGED: "Mot de passe changé",
    Message.BOOKINGS_CONFIRMED: "Réservations enregistrées",
    Message.BOOKINGS_CLOSING: "Date limite de réservation qui approche",
    Message.PLACE_OFFERED: "Place libérée, proposée à une famille en attente",
    Message.OFFER_EXPIRED: "Place proposée, non acceptée à temps",
    Message.WAITING_ENDED: "Attente terminée sans place",
    Message.UNITS_CLOSED: "Accueil fermé, réservations annulées",
    Message.UNITS_REOPENED: "Accueil rouvert",
    Message.DOSSIER_RECEIVED: "Dossier annuel reçu",
    Message.DOSSIER_ACCEPTED: "Dossier annuel validé",
    Message.DOSSIER_REFUSED: "Dossier annuel à compléter",
    Message.INVOICE_ISSUED: "Facture disponible",
    Message.INVOICE_REMINDER: "Relance d'une facture impayée",
    Message.CREDIT_NOTE_ISSUED: "Avoir sur une facture",
    Message.PAYMENT_PLAN_AGREED: "Échéancier de paiement accordé",
    Message.PAYMENT_PLAN_ENDED: "Échéancier de paiement terminé avant la fin",
    Message.PAYMENT_RECEIPT: "Paiement reçu",
    Message.PAYMENT_ORDERED: "Ordre de prélèvement donné en ligne",
    Message.PAYMENT_REVERSED: "Paiement en ligne repris par la banque",
    Message.DEBIT_REJECTED: "Prélèvement rejeté",
    Message.PAYMENT_TO_CHECK: "Paiement à vérifier, écrit au service",
    Message.DIRECT_DEBIT_TO_SIGN: "Mandat de prélèvement à signer",
    Message.DIRECT_DEBIT_STARTED: "Prélèvement automatique en place",
    Message.DIRECT_DEBIT_STOPPED: "Prélèvement automatique suspendu ou arrêté",
    Message.REQUEST_RECEIVED: "Demande enregistrée",
    Message.REQUEST_UPDATED: "Demande en cours",
    Message.REQUEST_DECIDED: "Demande traitée",
    Message.DOCUMENT_REFUSED: "Document refusé",
    Message.DOCUMENT_EXPIRING: "Document bientôt périmé",
}


_COMMON = frozenset({"commune", "first_name", "addressee", "service", "mailbox"})
_REQUEST = frozenset({"request", "title", "state"})

PLACEHOLDERS: Mapping[Message, frozenset[str]] = MappingProxyType(
    {
        Message.ACCOUNT_ACTIVATION: _COMMON | {"login", "password", "link", "until"},
        Message.ACCOUNT_OPENING: _COMMON | {"login", "link", "until"},
        Message.ACCOUNT_CREATED: _COMMON | {"login", "link"},
        Message.ACCOUNT_ALREADY_OPEN: _COMMON | {"login", "link", "until"},
        Message.EMAIL_CHANGE: _COMMON | {"email", "link", "until"},
        Message.EMAIL_CHANGED: _COMMON | {"email", "login"},
        Message.SECOND_FACTOR_REMOVED: _COMMON,
        Message.PASSWORD_RESET: _COMMON | {"link", "until"},
        Message.PASSWORD_CHANGED: _COMMON,
        Message.BOOKINGS_CONFIRMED: _COMMON | {"changes", "reference", "total"},
        Message.BOOKINGS_CLOSING: _COMMON | {"until", "days"},
        Message.PLACE_OFFERED: _COMMON | {"child", "unit", "day", "until", "link"},
        Message.OFFER_EXPIRED: _COMMON | {"units", "link"},
        Message.WAITING_ENDED: _COMMON | {"units"},
        Message.UNITS_CLOSED: _COMMON | {"reason", "period", "changes"},
        Message.UNITS_REOPENED: _COMMON | {"reason", "period", "changes"},
        Message.DOSSIER_RECEIVED: _COMMON | {"child", "of_child", "year"},
        Message.DOSSIER_ACCEPTED: _COMMON | {"child", "of_child", "year"},
        Message.DOSSIER_REFUSED: _COMMON | {"child", "of_child", "year"},
        Message.INVOICE_ISSUED: _COMMON | {"number", "period", "total", "payment"},
        Message.INVOICE_REMINDER: _COMMON | {"number", "total", "due"},
        Message.CREDIT_NOTE_ISSUED: _COMMON | {"number", "invoice", "total", "reason", "consequence"},
        Message.PAYMENT_PLAN_AGREED: _COMMON | {"invoices", "total", "parts"},
        Message.PAYMENT_PLAN_ENDED: _COMMON | {"invoices", "total", "reason"},
        Message.PAYMENT_RECEIPT: _COMMON | {"number", "amount", "paid_at", "reference"},
        Message.PAYMENT_ORDERED: _COMMON | {"number", "amount", "paid_at", "reference"},
        Message.PAYMENT_REVERSED: _COMMON | {"number", "amount", "day", "reason", "ways"},
        Message.DEBIT_REJECTED: _COMMON | {"number", "amount", "day", "reason", "ways"},
        Message.PAYMENT_TO_CHECK: _COMMON | {"reference", "amount", "reason"},
        Message.DIRECT_DEBIT_TO_SIGN: _COMMON | {"request", "rum", "link"},
        Message.DIRECT_DEBIT_STARTED: _COMMON | {"rum", "since"},
        Message.DIRECT_DEBIT_STOPPED: _COMMON | {"rum", "reason"},
        Message.REQUEST_RECEIVED: _COMMON | _REQUEST,
        Message.REQUEST_UPDATED: _COMMON | _REQUEST,
        Message.REQUEST_DECIDED: _COMMON | _REQUEST,
        Message.DOCUMENT_REFUSED: _COMMON,
        Message.DOCUMENT_EXPIRING: _COMMON | {"until"},
    }
)
"""What a text may mention, message by message; every value is already worded in French."""

_PLACEHOLDER_WORDS = {
    "addressee": "civilité, prénom et nom, ou prénom seul",
    "amount": "montant payé",
    "changes": "liste des changements",
    "child": "prénom de l'enfant",
    "commune": "commune",
    "consequence": "ce que cela change",
    "day": "jour",
    "days": "liste des enfants, activités et jours",
    "due": "date d'échéance",
    "email": "nouvelle adresse e-mail",
    "first_name": "prénom",
    "invoice": "numéro de la facture corrigée",
    "invoices": "la facture, ou les factures, par leurs numéros",
    "link": "lien",
    "login": "identifiant",
    "mailbox": "adresse du service",
    "number": "numéro de la facture ou de l'avoir",
    "of_child": "de + prénom de l'enfant",
    "paid_at": "date du paiement",
    "parts": "montants et dates de l'échéancier",
    "password": "mot de passe provisoire",
    "payment": "quand régler, ou quand la somme est prélevée",
    "period": "période",
    "reason": "motif",
    "reference": "référence",
    "request": "numéro de la demande",
    "rum": "référence du mandat de prélèvement",
    "service": "service",
    "since": "premier jour concerné",
    "state": "état de la demande",
    "title": "objet de la demande",
    "total": "montant total",
    "unit": "prestation",
    "units": "liste des jours et prestations",
    "until": "date limite",
    "ways": "autres moyens de payer",
    "year": "année scolaire",
}

ESSENTIAL: Mapping[Message, frozenset[str]] = MappingProxyType(
    {
        Message.ACCOUNT_ACTIVATION: frozenset({"link"}),
        Message.ACCOUNT_OPENING: frozenset({"link"}),
        Message.ACCOUNT_CREATED: frozenset({"link"}),
        Message.ACCOUNT_ALREADY_OPEN: frozenset({"login"}),
        Message.EMAIL_CHANGE: frozenset({"email", "link"}),
        Message.EMAIL_CHANGED: frozenset({"email", "login"}),
        Message.PASSWORD_RESET: frozenset({"link"}),
        Message.BOOKINGS_CONFIRMED: frozenset({"changes"}),
        Message.BOOKINGS_CLOSING: frozenset({"until", "days"}),
        Message.PLACE_OFFERED: frozenset({"unit", "day", "until", "link"}),
        Message.OFFER_EXPIRED: frozenset({"units"}),
        Message.WAITING_ENDED: frozenset({"units"}),
        Message.UNITS_CLOSED: frozenset({"reason", "changes"}),
        Message.UNITS_REOPENED: frozenset({"reason", "changes"}),
        Message.INVOICE_ISSUED: frozenset({"number", "total"}),
        Message.INVOICE_REMINDER: frozenset({"number", "total"}),
        Message.CREDIT_NOTE_ISSUED: frozenset({"invoice", "total", "reason"}),
        Message.PAYMENT_PLAN_AGREED: frozenset({"invoices", "parts"}),
        Message.PAYMENT_PLAN_ENDED: frozenset({"invoices", "total", "reason"}),
        Message.PAYMENT_RECEIPT: frozenset({"number", "amount"}),
        Message.PAYMENT_ORDERED: frozenset({"number", "amount"}),
        Message.PAYMENT_REVERSED: frozenset({"number", "reason", "ways"}),
        Message.DEBIT_REJECTED: frozenset({"number", "reason", "ways"}),
        Message.PAYMENT_TO_CHECK: frozenset({"reference", "reason"}),
        Message.DIRECT_DEBIT_TO_SIGN: frozenset({"link"}),
        Message.DIRECT_DEBIT_STARTED: frozenset({"since"}),
        Message.DIRECT_DEBIT_STOPPED: frozenset({"reason"}),
        Message.REQUEST_RECEIVED: frozenset({"request"}),
        Message.REQUEST_UPDATED: frozenset({"request"}),
        Message.REQUEST_DECIDED: frozenset({"request", "state"}),
        Message.DOCUMENT_EXPIRING: frozenset({"until"}),
    }
)
"""What a text must mention, or the message is of no use to its reader."""


@dataclass(frozen=True, slots=True)
class Wording:
    """The subject and the body of a message, in French, with bare placeholders such as ``{first_name}``."""

    subject: str
    body: str

    def __post_init__(self) -> None:
        require_line(self.subject, "Subject")
        require_text(self.body, f"Body of {self.subject!r}")
        for name in self.placeholders:
            if not name.isidentifier():
                raise RuleError(
                    f"Placeholder {{{name}}} in {self.subject!r}: write a plain name such as {{first_name}}."
                )

    @property
    def placeholders(self) -> frozenset[str]:
        """Every name that the subject or the body mentions."""
        return frozenset(name for text in (self.subject, self.body) for _, name in _pieces(text) if name is not None)

    def fill(self, **values: str) -> tuple[str, str]:
        """The subject and the body with the values in place; raises :class:`RuleError` when one is missing.

        Values are inert: braces in a name stay braces, and the subject stays on one line whatever it receives.
        """
        return one_line(_fill(self.subject, values)), _fill(self.body, values)

    def say(self) -> str:
        """The subject, then the body; « [prénom] » stands where the portal writes each family's own."""
        subject, body = self.fill(**{name: f"[{_PLACEHOLDER_WORDS.get(name, name)}]" for name in self.placeholders})
        return f"Objet : {subject}\n{body.strip()}"


def check_wording(message: Message, wording: Wording) -> None:
    """Refuse a text that mentions what its message does not know, or omits what its reader needs."""
    unknown = wording.placeholders - PLACEHOLDERS[message]
    if unknown:
        allowed = ", ".join(sorted(PLACEHOLDERS[message]))
        raise RuleError(f"{message.name} mentions {', '.join(sorted(unknown))}: it may only mention {allowed}.")
    missing = ESSENTIAL.get(message, frozenset()) - wording.placeholders
    if missing:
        raise RuleError(f"{message.name} does not mention {', '.join(sorted(missing))}: its reader needs it.")


def _fill(text: str, values: Mapping[str, str]) -> str:
    missing = {name for _, name in _pieces(text) if name is not None} - values.keys()
    if missing:
        raise RuleError(f"No value for {', '.join(sorted(missing))} in {text[:60]!r}: give one.")
    return "".join(literal + (values[name] if name is not None else "") for literal, name in _pieces(text))


def _pieces(text: str) -> Iterator[tuple[str, str | None]]:
    """Each literal with the placeholder that follows it; refuses formats, conversions and unbalanced braces."""
    try:
        for literal, name, form, conversion in Formatter().parse(text):
            if form or conversion:
                raise RuleError(f"Placeholder {{{name}}} in {text[:60]!r}: write it bare, values are already worded.")
            yield literal, name
    except ValueError as unbalanced:
        if isinstance(unbalanced, RuleError):
            raise
        raise RuleError(f"Braces in {text[:60]!r}: {unbalanced}; double a brace to print one.") from unbalanced
