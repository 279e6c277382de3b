"""Mellois en Poitou (Deux-Sèvres, zone A): three ways to an account, and a validated yearly file before any activity.

Source: « Accompagnement des usagers », guide of the direction de l'éducation. What the guide leaves open is a
realistic value, to be replaced by the communauté de communes' own: sites, prices, deadlines, capacities, ages, due
days, PayFiP client number, postal address, sender.
"""

from plugins.hookspecs import hookimpl
from plugins.melle.activities import catalogue
from plugins.melle.billing import direct_debit, invoicing, payment_routes
from plugins.melle.deadlines import booking_rules
from plugins.melle.dossier import dossier_policy, required_documents
from plugins.melle.entourage import field_policies
from plugins.melle.mails import wording
from plugins.melle.prices import tariff
from plugins.rules.accounts import AccountOpenings, LoginIdentifier, LoginKind, Opening, PasswordPolicy
from plugins.rules.identity import Identity, Service

__all__ = [
    "account_openings",
    "booking_rules",
    "catalogue",
    "direct_debit",
    "dossier_policy",
    "field_policies",
    "identity",
    "invoicing",
    "login_identifier",
    "password_policy",
    "payment_routes",
    "required_documents",
    "tariff",
    "wording",
]

MAILBOX = "education@melloisenpoitou.fr"


@hookimpl
def identity() -> Identity:
    """Case 1: who to call or write to; « ce message est envoyé automatiquement, merci de ne pas y répondre »."""
    education = Service("education", "direction de l'éducation", MAILBOX, "05 49 27 56 84")
    return Identity(
        "melle", "Mellois en Poitou", "A", sender="ne-pas-repondre@melloisenpoitou.fr", services=(education,)
    )


@hookimpl
def account_openings() -> AccountOpenings:
    """Case 1: a link by mail, or the « clé enfance » from an agent; case 2: families not known yet sign up alone."""
    return AccountOpenings(
        (Opening.ACTIVATION_MAIL, Opening.SERVICE_KEY, Opening.SELF_SIGN_UP),
        "Si vous n'avez pas reçu le courriel d'activation, demandez la « clé enfance » au 05 49 27 56 84 (accueil "
        f"téléphonique fermé le mardi matin et le jeudi matin) ou à {MAILBOX}, puis saisissez-la en créant votre "
        "espace personnel. Si vous n'êtes pas encore connu de nos services, créez votre espace personnel sans clé.",
    )


@hookimpl
def login_identifier() -> LoginIdentifier:
    """Case 1, step 2: the mail gives the login, « Nom d'utilisateur : c.temp »."""
    return LoginIdentifier(LoginKind.GIVEN)


@hookimpl
def password_policy() -> PasswordPolicy:
    """Case 1, step 5: « au minimum 8 caractères dont au moins : une minuscule, un chiffre »."""
    return PasswordPolicy(min_length=8, lowercase=1, digits=1)
