"""Requests « démarches »: what a family may ask, where a request stands, and who may move it on."""

from collections.abc import Mapping
from enum import Enum
from types import MappingProxyType

from plugins.rules.errors import RuleError


class RequestKind(Enum):
    """What a family asks."""

    HOUSEHOLD = "HOUSEHOLD"  # a household declared by a new family
    PARTICULARS = "PARTICULARS"  # a change of somebody's particulars
    ENTOURAGE = "ENTOURAGE"  # somebody added to the entourage
    CHILD = "CHILD"  # another child in the household
    DOSSIER = "DOSSIER"  # a child's yearly file
    ENROLMENT = "ENROLMENT"  # a child in an activity
    BOOKING = "BOOKING"  # days booked or cancelled
    ABSENCE = "ABSENCE"  # an absence to justify
    QUOTIENT = "QUOTIENT"  # a quotient familial declared
    DOCUMENT = "DOCUMENT"  # a document handed in apart from any other request
    E_INVOICE = "E_INVOICE"  # invoices online instead of paper
    DIRECT_DEBIT = "DIRECT_DEBIT"
    OTHER = "OTHER"  # a question to the service

    def say(self) -> str:
        """What is asked, in French, as the head of a line of « dernières demandes »."""
        return _KIND_WORDS[self]


_KIND_WORDS = {
    RequestKind.HOUSEHOLD: "Déclaration du foyer",
    RequestKind.PARTICULARS: "Changement de coordonnées",
    RequestKind.ENTOURAGE: "Entourage",
    RequestKind.CHILD: "Ajout d'un enfant",
    RequestKind.DOSSIER: "Dossier administratif",
    RequestKind.ENROLMENT: "Inscription à une activité",
    RequestKind.BOOKING: "Réservation",
    RequestKind.ABSENCE: "Justifier une absence",
    RequestKind.QUOTIENT: "Quotient familial",
    RequestKind.DOCUMENT: "Pièce justificative",
    RequestKind.E_INVOICE: "Facture en ligne",
    RequestKind.DIRECT_DEBIT: "Prélèvement automatique",
    RequestKind.OTHER: "Question au service",
}


class RequestState(Enum):
    """Where a request stands; ACCEPTED, REFUSED and CANCELLED are final."""

    DRAFT = "DRAFT"
    SENT = "SENT"
    IN_REVIEW = "IN_REVIEW"
    AWAITING_FAMILY = "AWAITING_FAMILY"  # the service asked for a piece or an answer
    ACCEPTED = "ACCEPTED"
    REFUSED = "REFUSED"
    CANCELLED = "CANCELLED"

    @property
    def is_final(self) -> bool:
        """True when nothing moves the request any more."""
        return not TRANSITIONS[self]

    def say(self) -> str:
        """The words families read; the two decisions are those of the guide of Chavagne, page 11."""
        return _STATE_WORDS[self]


_STATE_WORDS = {
    RequestState.DRAFT: "Brouillon",
    RequestState.SENT: "Envoyée",
    RequestState.IN_REVIEW: "En cours d'instruction",
    RequestState.AWAITING_FAMILY: "En attente de votre réponse",
    RequestState.ACCEPTED: "Traitée positivement",
    RequestState.REFUSED: "Traitée négativement",
    RequestState.CANCELLED: "Annulée",
}


class Party(Enum):
    """Who moves a request."""

    FAMILY = "FAMILY"
    SERVICE = "SERVICE"


_DECISIONS = {RequestState.ACCEPTED: Party.SERVICE, RequestState.REFUSED: Party.SERVICE}

TRANSITIONS: Mapping[RequestState, Mapping[RequestState, Party]] = MappingProxyType(
    {
        RequestState.DRAFT: {RequestState.SENT: Party.FAMILY, RequestState.CANCELLED: Party.FAMILY},
        RequestState.SENT: {
            RequestState.IN_REVIEW: Party.SERVICE,
            RequestState.AWAITING_FAMILY: Party.SERVICE,
            RequestState.CANCELLED: Party.FAMILY,
            **_DECISIONS,
        },
        RequestState.IN_REVIEW: {
            RequestState.AWAITING_FAMILY: Party.SERVICE,
            RequestState.CANCELLED: Party.FAMILY,
            **_DECISIONS,
        },
        RequestState.AWAITING_FAMILY: {
            RequestState.IN_REVIEW: Party.FAMILY,  # what was asked has come: it goes on where it stopped
            RequestState.CANCELLED: Party.FAMILY,
            **_DECISIONS,
        },
        RequestState.ACCEPTED: {},
        RequestState.REFUSED: {},
        RequestState.CANCELLED: {},
    }
)
"""From each state, the states that may follow and who may bring them about."""

REASONED = frozenset({RequestState.AWAITING_FAMILY, RequestState.REFUSED})
"""The states that the service brings about only with a word to the family: what is missing, why it is refused."""


def may_move(current: RequestState, to: RequestState, by: Party) -> bool:
    """True when this party may bring a request from one state to the other."""
    return TRANSITIONS[current].get(to) is by


def request_number(year: int, sequence: int) -> str:
    """« D-2026-000123 », the number people quote; ``sequence`` counts from 1 in each year."""
    if not (1000 <= year <= 9999 and 1 <= sequence <= 999_999):
        raise RuleError(f"Request number {sequence} of {year}: write a year of four digits and 1 to 999999.")
    return f"D-{year}-{sequence:06}"
