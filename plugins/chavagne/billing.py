"""§9 to §11 of the guide: online invoices, direct debit, and PayFiP."""

from plugins.hookspecs import hookimpl
from plugins.rules.direct_debits import DirectDebitPolicy, SepaCreditor
from plugins.rules.identity import Service
from plugins.rules.invoicing import InvoicingPolicy, Issuer
from plugins.rules.online_invoices import OnlineInvoices
from plugins.rules.payment import DirectDebitRoute, PayfipRegie, PaymentRoute

ISSUER = Issuer(
    "Mairie de Chavagne, régie du service Enfance",
    ("Mairie de Chavagne", "35310 Chavagne"),
    None,
    "service Enfance, 02 99 64 28 53, portail.familles@chavagne.fr",
)

# The creditor's identifier and account are ours until the régie has its own.
CREDITOR = SepaCreditor(
    name="Mairie de Chavagne",
    ics="FR10ZZZ535076",
    address=("Mairie de Chavagne", "35310 Chavagne"),
    rum_prefix="ENF",
    iban="FR923000100682C355000000084",
    bic="BDFEFRPPCCT",
)


@hookimpl
def invoicing() -> InvoicingPolicy:
    """§9: the invoice is online for who joined, « votre demande est transmise au service enfance ».

    Due days are ours; one euro is the least PayFiP collects.
    """
    return InvoicingPolicy(
        series="ENF",
        due_days=30,
        minimum_cents=100,
        issuer=ISSUER,
        online=OnlineInvoices(),
        mentions=("La facture en ligne remplace la facture papier pour les familles qui y ont adhéré.",),
    )


@hookimpl
def payment_routes(service: Service) -> tuple[PaymentRoute, ...]:
    """§10 and §11. The client number is ours, and in test mode until the régie has its own."""
    return (
        PayfipRegie("payfip", "Paiement en ligne", client_number="035076", mode="T"),
        DirectDebitRoute(
            "prelevement",
            "Prélèvement automatique",
            "fournissez vos coordonnées bancaires, acceptez les conditions générales liées au prélèvement automatique, "
            "et pensez à modifier ces informations en cas de changement de domiciliation bancaire.",
        ),
    )


@hookimpl
def direct_debit() -> DirectDebitPolicy:
    """§10: joined online, once the conditions are accepted; the guide sets no number of rejects."""
    return DirectDebitPolicy(enabled=True, creditor=CREDITOR)
