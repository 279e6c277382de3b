"""Chailles (Loir-et-Cher, zone B): a mailed activation code, and invoices that are paid elsewhere, as a « titre ».

Source: « Utiliser Mon Espace Famille et Mes Factures On Line ». What the guide leaves open is a realistic value, to be
replaced by the commune's own: mailbox, sites, prices, deadlines, capacities, due days, postal address.
"""

from plugins.chailles.activities import booking_rules, catalogue, tariff
from plugins.hookspecs import hookimpl
from plugins.messages import signed
from plugins.rules.accounts import AccountOpenings, LoginIdentifier, LoginKind, Opening
from plugins.rules.identity import Identity, Service
from plugins.rules.invoicing import InvoicingPolicy, Issuer
from plugins.rules.payment import DirectDebitPolicy, DirectDebitRoute, PayfipTitre, PaymentRoute
from plugins.rules.wording import Message, Wording

__all__ = ["booking_rules", "catalogue", "tariff"]

MAILBOX = "enfance-jeunesse@chailles41.fr"
PHONES = "02 57 79 72 11 ou 02 54 46 30 65"

ACTIVATION = signed(
    "Adhésion à un service de {commune}",
    """
Vous pouvez dorénavant utiliser le portail famille pour les services périscolaires (restauration, accueil périscolaire,
centre de loisirs) de {commune}, afin de réaliser vos démarches : réservation des prestations, visualisation des
factures.

Cliquez sur ce lien avant le {until} pour activer votre compte :
{link}

Votre identifiant de connexion est votre adresse e-mail, {login}.
Votre mot de passe provisoire, à remplacer à la première connexion : {password}""",
)


@hookimpl
def identity() -> Identity:
    """Step 1.1 of the guide."""
    service = Service("enfance-jeunesse", "service Enfance Jeunesse", MAILBOX, PHONES)
    return Identity("chailles", "Chailles", "B", sender="ne-pas-repondre@monespacefamille.fr", services=(service,))


@hookimpl
def account_openings() -> AccountOpenings:
    """Step 1.1: « un lien d'activation », with the code in it."""
    return AccountOpenings(
        (Opening.ACTIVATION_CODE,),
        f"Pour toute question, contactez le service Enfance Jeunesse au {PHONES}, ou écrivez à {MAILBOX}.",
    )


@hookimpl
def login_identifier() -> LoginIdentifier:
    """Step 1.2: « Adresse e-mail : il s'agira de votre identifiant de connexion »."""
    return LoginIdentifier(LoginKind.EMAIL)


@hookimpl
def invoicing() -> InvoicingPolicy:
    """§3: listed here as paid is not paid for all that; the « titre » comes by post. Due days are ours."""
    return InvoicingPolicy(
        series="CHA",
        due_days=30,
        issuer=Issuer("Commune de Chailles", ("Mairie", "41120 Chailles"), None, f"service Enfance Jeunesse, {PHONES}"),
        mentions=("L'avis des sommes à payer vous parvient par courrier ; le portail ne sait pas s'il est réglé.",),
    )


@hookimpl
def payment_routes(service: Service) -> tuple[PaymentRoute, ...]:
    """§3: PayFiP with the identifier 041120 and the reference in three parts, or direct debit."""
    return (
        PayfipTitre("payfip-titre", "Paiement en ligne de l'avis des sommes à payer", structure_identifier="041120"),
        DirectDebitRoute(
            "prelevement", "Prélèvement automatique", "si vous avez opté pour le prélèvement, vous n'avez rien à faire."
        ),
    )


@hookimpl
def direct_debit() -> DirectDebitPolicy:
    """§3: some families chose it; the guide sets no number of rejects."""
    return DirectDebitPolicy(enabled=True)


@hookimpl
def wording(message: Message) -> Wording | None:
    """The activation mail in the guide's words; no opinion on the others."""
    return ACTIVATION if message is Message.ACCOUNT_ACTIVATION else None
