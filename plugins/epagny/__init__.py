"""Épagny Metz-Tessy (Haute-Savoie, zone A): school families do everything online, crèche families read and pay.

Source: « Guide d'utilisation du portail famille à destination des familles en établissement d'accueil du jeune
enfant ». What the guide leaves open is a realistic value, to be replaced by the commune's own: sites, hours, prices,
deadlines, capacities, ages, due days, PayFiP client numbers, postal address, sender, and the names of the two crèches,
read from their mailboxes. The guide's screenshots spell the domain of the mailboxes in three ways; the spelling of its
text and of the commune's website is kept.
"""

from plugins.epagny.access import features, field_policies
from plugins.epagny.activities import catalogue
from plugins.epagny.billing import direct_debit, invoicing, payment_routes
from plugins.epagny.deadlines import booking_rules
from plugins.epagny.mails import wording
from plugins.epagny.prices import tariff
from plugins.hookspecs import hookimpl
from plugins.rules.accounts import AccountOpenings, LoginIdentifier, LoginKind, Opening, PasswordPolicy
from plugins.rules.identity import Identity, Service

__all__ = [
    "account_openings",
    "booking_rules",
    "catalogue",
    "direct_debit",
    "features",
    "field_policies",
    "identity",
    "invoicing",
    "login_identifier",
    "password_policy",
    "payment_routes",
    "tariff",
    "wording",
]


@hookimpl
def identity() -> Identity:
    """« Bienvenue sur votre espace citoyens » for one service, « en cas de problème » (last line) for the other."""
    return Identity(
        "epagny",
        "Épagny Metz-Tessy",
        "A",
        sender="ne-pas-repondre@epagnymetztesy.fr",
        website="https://www.epagnymetztesy.fr",
        portal="https://www.espace-citoyens.net/epagnymetztesy/espace-citoyens/",
        services=(
            Service(
                "enfance-jeunesse",
                "service Enfance Jeunesse",
                "enfance-jeunesse@epagnymetztesy.fr",
                "04 50 22 98 19",
            ),
            Service("petite-enfance", "service Petite Enfance", "petite-enfance@epagnymetztesy.fr", "04 50 22 05 57"),
        ),
    )


@hookimpl
def account_openings() -> AccountOpenings:
    """« Lors de mon inscription je reçois un mail (vérifier dans les courriers indésirables) »: no other way."""
    return AccountOpenings(
        (Opening.ACTIVATION_MAIL,),
        "Sans courriel d'activation (vérifiez les indésirables), écrivez à enfance-jeunesse@epagnymetztesy.fr ou, pour "
        "la crèche, à petite-enfance@epagnymetztesy.fr.",
    )


@hookimpl
def login_identifier() -> LoginIdentifier:
    """« Mon identifiant est la partie de mon adresse mail située avant l'@. »"""
    return LoginIdentifier(LoginKind.LOCAL_PART)


@hookimpl
def password_policy() -> PasswordPolicy:
    """At least 8 characters. The guide's text asks 1 capital and 1 digit, its screen 1 small letter and 1 digit.

    They disagree, so the policy asks for all three: a password accepted here satisfies both.
    """
    return PasswordPolicy(min_length=8, lowercase=1, uppercase=1, digits=1)
