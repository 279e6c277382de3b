"""Invoices and payment in Mellois en Poitou."""

from plugins.hookspecs import hookimpl
from plugins.rules.direct_debits import DirectDebitPolicy, SepaCreditor
from plugins.rules.identity import Service
from plugins.rules.invoicing import InvoicingPolicy, Issuer
from plugins.rules.payment import DirectDebitRoute, PayfipRegie, PaymentRoute

ISSUER = Issuer(
    "Communauté de communes Mellois en Poitou",
    ("Direction de l'éducation", "79500 Melle"),
    None,
    "direction de l'éducation, 05 49 27 56 84, education@melloisenpoitou.fr",
)

# The creditor's identifier and account are ours until the community of communes gives its own.
CREDITOR = SepaCreditor(
    name="Communauté de communes Mellois en Poitou",
    ics="FR03ZZZ579240",
    address=("Direction de l'éducation", "79500 Melle"),
    rum_prefix="EDU",
    iban="FR373000100560C795000000049",
    bic="BDFEFRPPCCT",
)


@hookimpl
def invoicing() -> InvoicingPolicy:
    """Due days are ours; one euro is the least PayFiP collects."""
    return InvoicingPolicy(series="EDU", due_days=30, minimum_cents=100, issuer=ISSUER)


@hookimpl
def payment_routes(service: Service) -> tuple[PaymentRoute, ...]:
    """Direct debit is in the guide (mandate and RIB); PayFiP and its client number are ours."""
    return (
        PayfipRegie("payfip", "Paiement en ligne", client_number="079240", mode="T"),
        DirectDebitRoute(
            "prelevement",
            "Prélèvement automatique",
            "joignez au dossier administratif le mandat de prélèvement SEPA signé et un RIB.",
        ),
    )


@hookimpl
def direct_debit() -> DirectDebitPolicy:
    """Asked with the yearly file; the guide sets no number of rejects."""
    return DirectDebitPolicy(enabled=True, creditor=CREDITOR)
