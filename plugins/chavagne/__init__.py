"""Chavagne (Ille-et-Vilaine, zone B): one service, four activities, PayFiP « régie » and direct debit.

Source: « Guide d'utilisation du Portail Familles ». What the guide leaves open is a realistic value, to be replaced by
the commune's own: prices, deadlines, capacities, due days, PayFiP client number, postal address, opening day of the
yearly file, whether the centre opens in summer.
"""

from plugins.chavagne.absences import absence_rules
from plugins.chavagne.activities import catalogue
from plugins.chavagne.billing import direct_debit, invoicing, payment_routes
from plugins.chavagne.deadlines import booking_rules
from plugins.chavagne.dossier import dossier_policy, required_documents
from plugins.chavagne.mails import wording
from plugins.chavagne.prices import tariff
from plugins.hookspecs import hookimpl
from plugins.rules.accounts import AccountOpenings, LoginIdentifier, LoginKind, Opening
from plugins.rules.identity import Identity, Service

__all__ = [
    "absence_rules",
    "account_openings",
    "booking_rules",
    "catalogue",
    "direct_debit",
    "dossier_policy",
    "identity",
    "invoicing",
    "login_identifier",
    "payment_routes",
    "required_documents",
    "tariff",
    "wording",
]

MAILBOX = "portail.familles@chavagne.fr"


@hookimpl
def identity() -> Identity:
    """Cover and page 2 of the guide."""
    enfance = Service("enfance", "service Enfance", MAILBOX, "02 99 64 28 53")
    return Identity(
        "chavagne",
        "Chavagne",
        "B",
        sender=MAILBOX,
        services=(enfance,),
        website="https://www.chavagne.fr",
        portal="https://www.espace-citoyens.net/chavagne",
    )


@hookimpl
def account_openings() -> AccountOpenings:
    """§1: known families were mailed a login and a password; the others, and who received nothing, ask the service."""
    return AccountOpenings(
        (Opening.ACTIVATION_MAIL,),
        f"Vous n'avez rien reçu ou vos enfants n'ont pas encore fréquenté le service Enfance : écrivez à {MAILBOX}.",
    )


@hookimpl
def login_identifier() -> LoginIdentifier:
    """§1: « le service Enfance vous a transmis un identifiant et un mot de passe »."""
    return LoginIdentifier(LoginKind.GIVEN)
