"""Le Mesnil-Saint-Denis (Yvelines, zone C): activation by mail, everything booked online, the QF declared by families.

Source: « Guide d'utilisation de votre nouveau portail famille ». What the guide leaves open is a realistic value, to be
replaced by the commune's own: sites, prices, deadlines, capacities, who checks a declared quotient or situation, due
days, PayFiP client number, postal address.
"""

from plugins.hookspecs import hookimpl
from plugins.mesnil.absences import absence_rules
from plugins.mesnil.activities import booking_rules, catalogue, tariff
from plugins.rules.accounts import AccountOpenings, LoginIdentifier, LoginKind, Opening
from plugins.rules.direct_debits import DirectDebitPolicy, SepaCreditor
from plugins.rules.features import FieldPolicies, FieldPolicy, Review, Visibility
from plugins.rules.identity import Identity, Service
from plugins.rules.invoicing import InvoicingPolicy, Issuer
from plugins.rules.payment import DirectDebitRoute, PayfipRegie, PaymentRoute

__all__ = ["absence_rules", "booking_rules", "catalogue", "tariff"]

MAILBOX = "enfance-education@lemesnilsaintdenis.fr"


@hookimpl
def identity() -> Identity:
    """Page 1: « en entrant espace-citoyens.net/lemesnilsaintdenis »; last page: the mailbox for any question."""
    service = Service("enfance-education", "service Enfance Éducation", MAILBOX)
    return Identity(
        "mesnil",
        "Le Mesnil-Saint-Denis",
        "C",
        sender=MAILBOX,
        services=(service,),
        portal="https://espace-citoyens.net/lemesnilsaintdenis",
    )


@hookimpl
def account_openings() -> AccountOpenings:
    """« Pour activer votre compte, vous devez cliquer sur le lien reçu dans ce mail. »"""
    return AccountOpenings((Opening.ACTIVATION_MAIL,), f"Pour toute question sur votre compte, écrivez à {MAILBOX}.")


@hookimpl
def login_identifier() -> LoginIdentifier:
    """« Entrez l'identifiant et le mot de passe qui vous ont été envoyés par email »."""
    return LoginIdentifier(LoginKind.GIVEN)


@hookimpl
def field_policies(service: Service) -> FieldPolicies:
    """« 3 - Déclarer votre nouveau QF », « 4 - Modifier vos coordonnées ou votre situation ».

    Telephone, postal address and e-mail change at once; another situation is written to the service, which has no
    form for it. That an agent checks what changes prices is ours.
    """
    at_once, checked = FieldPolicy(Visibility.EDITABLE), FieldPolicy(Visibility.EDITABLE, Review.AGENT)
    coordinates = {f"person.{name}": at_once for name in ("phone", "email", "street", "postcode", "town")}
    declared = coordinates | {"household.quotient_familial": checked}
    return FieldPolicies(declared, default=FieldPolicy(Visibility.SHOWN))


@hookimpl
def invoicing() -> InvoicingPolicy:
    """« 2 - Payer vos factures ». Due days are ours; one euro is the least PayFiP collects."""
    issuer = Issuer(
        "Commune du Mesnil-Saint-Denis",
        ("Mairie", "78320 Le Mesnil-Saint-Denis"),
        None,
        f"service Enfance Éducation, {MAILBOX}",
    )
    return InvoicingPolicy(series="MSD", due_days=20, minimum_cents=100, issuer=issuer)


@hookimpl
def payment_routes(service: Service) -> tuple[PaymentRoute, ...]:
    """« 2 - Payer vos factures », « 5 - Adhérer au prélèvement automatique ». The PayFiP client number is ours."""
    return (
        PayfipRegie("payfip", "Paiement en ligne", client_number="078397", mode="T"),
        DirectDebitRoute("prelevement", "Prélèvement automatique", "adhérez depuis votre espace famille."),
    )


@hookimpl
def direct_debit() -> DirectDebitPolicy:
    """« 5 - Adhérer au prélèvement automatique », from the portal; the guide sets no number of rejects.

    The creditor's identifier and account are ours until the régie has its own.
    """
    creditor = SepaCreditor(
        name="Commune du Mesnil-Saint-Denis",
        ics="FR66ZZZ578397",
        address=("Mairie", "78320 Le Mesnil-Saint-Denis"),
        rum_prefix="MSD",
        iban="FR703000100866C785000000067",
        bic="BDFEFRPPCCT",
    )
    return DirectDebitPolicy(enabled=True, creditor=creditor)
