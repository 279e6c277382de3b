"""Which invoices may be paid online now, and why others not."""

from collections.abc import Sequence
from datetime import timedelta
from uuid import UUID

from plugins import hookspecs
from plugins.rules.french import say_date
from plugins.rules.payment_plans import GRACE, PaymentPlan
from resolvers.billing.payment_plans import plans_of
from resolvers.context import Context
from resolvers.errors import Code, Refused, not_found
from resolvers.models import Collection, Invoice, Mandate, Remittance
from resolvers.models.billing import InvoiceState
from resolvers.models.direct_debits import CollectionState
from resolvers.paying.allocations import owed_cents

FIELD = ("invoiceIds",)
PAY_NO_TWICE = (
    "ne la payez pas une seconde fois. Si votre banque rejette le prélèvement, vous en serez averti et vous pourrez "
    "la payer ici."
)


async def payable(ctx: Context, invoice_ids: Sequence[UUID]) -> list[Invoice]:
    """The invoices, locked in a unit of work, if the viewer may pay them all online now: three statements.

    A remittance locks the same rows before it takes an invoice, so of the two one gives way. Refused: NOT_FOUND,
    ALREADY_PAID, PAYMENT_CLOSED after the last day to pay online, COLLECTION_PENDING while a remittance collects one.
    """
    invoices = (
        await Invoice.filter(id__in=list(invoice_ids), state=InvoiceState.ISSUED).order_by("id").select_for_update()
    )
    households = {invoice.household_id for invoice in invoices}
    if not invoices or len(invoices) != len(set(invoice_ids)) or len(households) > 1:
        raise not_found("Facture", *FIELD)
    rights = ctx.viewer.households.get(next(iter(households)))
    if rights is None or not rights.pays:
        raise not_found("Facture", *FIELD)
    plans = await plans_of(invoices)
    for invoice in invoices:
        _refuse_settled(ctx, invoice, plans.get(invoice.id))
    await refuse_collected(ctx, invoices)
    return invoices


def _refuse_settled(ctx: Context, invoice: Invoice, plan: PaymentPlan | None) -> None:
    if not owed_cents(invoice):
        is_cancelled = invoice.cleared_cents == invoice.total_cents
        why = "est annulée : rien n'est à payer" if is_cancelled else "est déjà payée"
        raise Refused(Code.ALREADY_PAID, f"La facture {invoice.number} {why}.", field=FIELD)
    last = invoice.payable_until
    if last is not None and plan is not None:
        last = max(last, plan.last_due_on + GRACE)
    if last is not None and last < ctx.local_now.date():
        issuer = ctx.commune.ask(hookspecs.invoicing).issuer
        raise Refused(
            Code.PAYMENT_CLOSED,
            f"La facture {invoice.number} ne se paie plus en ligne depuis le {say_date(last + timedelta(days=1))}. "
            f"Pour la régler, contactez {issuer.name} ({issuer.contact}).",
            field=FIELD,
        )


async def refuse_collected(ctx: Context, invoices: Sequence[Invoice], advice: str = PAY_NO_TWICE) -> None:
    """Refuse, by COLLECTION_PENDING, to pay invoices, locked, of which a remittance collects one.

    ``advice`` is what to do instead, in French: what families read by default. Three statements when one is being
    collected, one otherwise.
    """
    numbers = {invoice.id: invoice.number for invoice in invoices}
    waiting = Collection.filter(invoice_id__in=list(numbers), state=CollectionState.WAITING)
    collection = await waiting.order_by("end_to_end_id").first()
    if collection is None:
        return
    remittance = await Remittance.get(id=collection.remittance_id)
    mandate = await Mandate.get(id=collection.mandate_id)
    day = say_date(remittance.collect_on)
    ahead = remittance.collect_on > ctx.local_now.date()
    when = f"sera prélevée le {day}" if ahead else f"est en cours de prélèvement depuis le {day}"
    raise Refused(
        Code.COLLECTION_PENDING,
        f"La facture {numbers[collection.invoice_id]} {when} (mandat {mandate.rum}) : {advice}",
        field=FIELD,
    )
