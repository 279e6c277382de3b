"""« Si vous souhaitez régler votre facture »: by card, or by direct debit."""

from plugins.hookspecs import hookimpl
from plugins.rules.direct_debits import DirectDebitPolicy, SepaCreditor
from plugins.rules.identity import Service
from plugins.rules.invoicing import InvoicingPolicy, Issuer
from plugins.rules.online_invoices import OnlineInvoices
from plugins.rules.payment import DirectDebitRoute, PayfipRegie, PaymentRoute

ISSUER = Issuer(
    "Commune d'Épagny Metz-Tessy",
    ("Mairie d'Épagny Metz-Tessy", "74330 Épagny Metz-Tessy"),
    None,
    "enfance-jeunesse@epagnymetztesy.fr ou petite-enfance@epagnymetztesy.fr",
)

# The creditor's identifier and account are ours until the régie has its own.
CREDITOR = SepaCreditor(
    name="Commune d'Épagny Metz-Tessy",
    ics="FR40ZZZ574112",
    address=("Mairie d'Épagny Metz-Tessy", "74330 Épagny Metz-Tessy"),
    rum_prefix="EMT",
    iban="FR163000100136C745000000058",
    bic="BDFEFRPPCCT",
)

# The guide says « Payer par carte bancaire » without naming the bank; PayFiP takes cards and is the route we drive.
CARD = {
    "enfance-jeunesse": PayfipRegie("carte", "Paiement par carte bancaire", client_number="074112", mode="T"),
    "petite-enfance": PayfipRegie("carte", "Paiement par carte bancaire", client_number="074113", mode="T"),
}

DIRECT_DEBIT = DirectDebitRoute(
    "prelevement",
    "Prélèvement automatique",
    "transmettez un RIB à la directrice de la structure ou à petite-enfance@epagnymetztesy.fr ; un mandat vous "
    "parviendra par courriel pour signature.",
)


@hookimpl
def invoicing() -> InvoicingPolicy:
    """« L'adhésion à la facture en ligne pour les activités payantes (Jeunesse) », which an agent accepts.

    The invoices of the crèche are online already. Due days are ours; one euro is the least PayFiP collects.
    """
    online = OnlineInvoices(services=frozenset({"enfance-jeunesse"}))
    return InvoicingPolicy(series="EMT", due_days=21, minimum_cents=100, issuer=ISSUER, online=online)


@hookimpl
def payment_routes(service: Service) -> tuple[PaymentRoute, ...]:
    """By card for both services, each with its régie; by direct debit at the crèche, which the guide is about."""
    card = CARD[service.code]
    return (card, DIRECT_DEBIT) if service.code == "petite-enfance" else (card,)


@hookimpl
def direct_debit() -> DirectDebitPolicy:
    """« Transmettre un RIB à la directrice […] ou par mail »: the service records it, and mails the mandate to sign.

    « Suspendu à tout moment soit à votre demande soit au bout de deux rejets de prélèvements. »
    """
    return DirectDebitPolicy(enabled=True, suspended_after_rejects=2, creditor=CREDITOR, joined_online=False)
