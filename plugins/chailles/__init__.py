"""Chailles (Loir-et-Cher, zone B): a mailed activation code, and invoices that are paid elsewhere, as a « titre ».

Source: « Utiliser Mon Espace Famille et Mes Factures On Line ». What the guide leaves open is a realistic value, to be
replaced by the commune's own: mailbox, sites, prices, deadlines, capacities, who checks a corrected name, due days,
postal address. Its screens of account creation and of news show other communes, whose names and mailboxes are left.
"""

from plugins.chailles.activities import booking_rules, catalogue, tariff
from plugins.defaults import FIELD_POLICIES
from plugins.hookspecs import hookimpl
from plugins.messages import signed
from plugins.rules.accounts import AccountOpenings, LoginIdentifier, LoginKind, Opening
from plugins.rules.baskets import BasketPolicy
from plugins.rules.direct_debits import DirectDebitPolicy
from plugins.rules.features import FieldPolicies, FieldPolicy, Review, Visibility
from plugins.rules.identity import Identity, Service
from plugins.rules.invoicing import InvoicingPolicy, Issuer
from plugins.rules.payment import DirectDebitRoute, PayfipTitre, PaymentRoute
from plugins.rules.wording import Message, Wording

__all__ = ["booking_rules", "catalogue", "tariff"]

MAILBOX = "enfance-jeunesse@chailles41.fr"
PHONES = "02 57 79 72 11 ou 02 54 46 30 65"

ACTIVATION = signed(
    "Adhésion à un service de {commune}",
    """
Nous vous informons que vous pouvez dorénavant utiliser le portail famille pour les services périscolaires
(restauration, accueil périscolaire, centre de loisirs) de {commune}, afin de réaliser vos démarches : réservation des
prestations, visualisation des factures.

Cliquez sur ce lien avant le {until} pour activer votre compte et choisir votre mot de passe :
{link}

Votre identifiant de connexion est votre adresse e-mail, {login}. Conservez-la bien.

Pour toute question, contactez le service Enfance Jeunesse au 02 57 79 72 11 ou au 02 54 46 30 65.""",
)

CREATED = signed(
    "Votre compte espace famille a bien été créé",
    """
Votre compte espace famille a bien été créé. Vous pouvez désormais accéder aux prestations proposées et effectuer des
réservations.

Accéder à mon espace famille, ou « J'ai oublié mon mot de passe » :
{link}

Votre identifiant de connexion est votre adresse e-mail, {login}.""",
)

MAILS = {Message.ACCOUNT_OPENING: ACTIVATION, Message.ACCOUNT_CREATED: CREATED}


@hookimpl
def identity() -> Identity:
    """Step 1.1 of the guide: « monespacefamille.fr <ne-pas-repondre@monespacefamille.fr> »."""
    service = Service("enfance-jeunesse", "service Enfance Jeunesse", MAILBOX, PHONES)
    return Identity(
        "chailles",
        "Chailles",
        "B",
        sender="ne-pas-repondre@monespacefamille.fr",
        services=(service,),
        sender_name="monespacefamille.fr",
        portal="https://monespacefamille.fr",
    )


@hookimpl
def account_openings() -> AccountOpenings:
    """Step 1.1: « un lien d'activation », with a code in it, in a mail to look for among the « SPAMS » too."""
    return AccountOpenings(
        (Opening.ACTIVATION_CODE,),
        "Sans courriel d'activation, vérifiez d'abord vos spams. Pour toute question, contactez le service Enfance "
        f"Jeunesse au {PHONES}, ou écrivez à {MAILBOX}.",
    )


@hookimpl
def login_identifier() -> LoginIdentifier:
    """Step 1.2: « Adresse e-mail * : il s'agira de votre identifiant de connexion »."""
    return LoginIdentifier(LoginKind.EMAIL)


@hookimpl
def field_policies(service: Service) -> FieldPolicies:
    """Step 1.2: « vérifiez », with a star on the household's name, the e-mail, titles and names; the rest as usual.

    That an agent checks a corrected name is ours.
    """
    starred = ("household.name", "person.email", "person.title", "person.last_name", "person.first_name")
    checked = dict.fromkeys(starred, FieldPolicy(Visibility.REQUIRED, Review.AGENT))
    return FieldPolicies({**FIELD_POLICIES.fields, **checked}, default=FIELD_POLICIES.default)


@hookimpl
def basket() -> BasketPolicy:
    """Steps 2.1 and 2.2: « votre panier se remplit », « n'oubliez pas de valider votre panier »; figures are ours."""
    return BasketPolicy(hold_minutes=30, keep_days=15)


@hookimpl
def invoicing() -> InvoicingPolicy:
    """§3: listed is not paid, the « titre » comes by post, and the commune answers for late payments.

    Due days are ours.
    """
    return InvoicingPolicy(
        series="CHA",
        due_days=30,
        issuer=Issuer("Commune de Chailles", ("Mairie", "41120 Chailles"), None, f"service Enfance Jeunesse, {PHONES}"),
        mentions=(
            "L'avis des sommes à payer vous parvient par courrier ; le portail ne sait pas s'il est réglé.",
            "Avec le prélèvement automatique, vous n'avez rien à faire : vos factures restent ici pour mémoire.",
            "La commune rend compte au comptable public des prestations encaissées et des retards de paiement.",
        ),
    )


@hookimpl
def payment_routes(service: Service) -> tuple[PaymentRoute, ...]:
    """§3: PayFiP (« tipi » then) with the identifier 041120 and the reference in three parts, or direct debit."""
    return (
        PayfipTitre("payfip-titre", "Paiement en ligne de l'avis des sommes à payer", structure_identifier="041120"),
        DirectDebitRoute(
            "prelevement", "Prélèvement automatique", "si vous avez opté pour le prélèvement, vous n'avez rien à faire."
        ),
    )


@hookimpl
def direct_debit() -> DirectDebitPolicy:
    """§3: some families chose it, at the treasury, which collects; the guide sets no number of rejects."""
    return DirectDebitPolicy(enabled=True)


@hookimpl
def wording(message: Message) -> Wording | None:
    """Steps 1.1 and 1.2: the activation and « a bien été créé » in the guide's words; no opinion on the others."""
    return MAILS.get(message)
