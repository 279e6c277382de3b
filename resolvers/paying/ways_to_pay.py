"""How each invoice is paid, as its household reads it on the portal: the words of its PDF, where its debit stands."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import Enum
from uuid import UUID

from plugins.rules.invoice_documents import DebitNotice
from plugins.rules.payment_plans import PaymentPlan
from plugins.rules.titres import TitreNotice
from resolvers.billing.invoices import documents_of
from resolvers.context import Context
from resolvers.models import Collection, Invoice, Mandate, Remittance
from resolvers.models.direct_debits import CollectionState


class DebitState(Enum):
    """Where the direct debit of an invoice stands."""

    ANNOUNCED = "ANNOUNCED"  # told with the invoice, in no remittance yet
    WAITING = "WAITING"
    COLLECTED = "COLLECTED"
    REJECTED = "REJECTED"


@dataclass(frozen=True, slots=True)
class InvoiceDebit:
    """The collection of an invoice: its day, the « RUM » of its mandate, and where it stands."""

    on: date
    rum: str
    state: DebitState


@dataclass(frozen=True, slots=True)
class WayToPay:
    """What a family does about an invoice: French sentences, its parts, its « titre » to copy, or its direct debit."""

    sentences: tuple[str, ...]
    debit: InvoiceDebit | None
    plan: PaymentPlan | None
    titre: TitreNotice | None


async def ways_to_pay(ctx: Context, invoice_ids: Sequence[UUID]) -> list[WayToPay]:
    """How to pay each of these invoices, which the viewer may read: a constant number of statements."""
    rows = {row.id: row for row in await Invoice.filter(id__in=list(invoice_ids))}
    invoices = [rows[key] for key in invoice_ids]
    collected = await _collections(invoice_ids)
    return [
        WayToPay(
            document.say_payment(),
            collected.get(invoice.id) or _announced(document.debit),
            document.plan,
            document.titre_to_pay,
        )
        for invoice, document in zip(invoices, await documents_of(ctx, invoices), strict=True)
    ]


def _announced(notice: DebitNotice | None) -> InvoiceDebit | None:
    return None if notice is None else InvoiceDebit(notice.on, notice.rum, DebitState.ANNOUNCED)


async def _collections(invoice_ids: Sequence[UUID]) -> Mapping[UUID, InvoiceDebit]:
    """The last collection of each invoice that has one: three statements."""
    rows = await Collection.filter(invoice_id__in=list(invoice_ids)).order_by("end_to_end_id")
    remittances = {row.id: row for row in await Remittance.filter(id__in=[row.remittance_id for row in rows])}
    mandates = {row.id: row for row in await Mandate.filter(id__in=[row.mandate_id for row in rows])}
    return {
        row.invoice_id: InvoiceDebit(
            remittances[row.remittance_id].collect_on, mandates[row.mandate_id].rum, _STATES[row.state]
        )
        for row in rows
    }


_STATES = {state: DebitState[state.name] for state in CollectionState}
