"""Invoices as families read them: lists, lines and the printed document."""

from collections.abc import Sequence
from datetime import date
from uuid import UUID

from tortoise.expressions import Q

from plugins import hookspecs
from plugins.rules.features import Feature
from plugins.rules.invoicing import InvoiceDocument, InvoiceLineItem
from plugins.rules.payment import PaymentRoute
from resolvers.billing import Month
from resolvers.context import AccountKind, Context
from resolvers.households import households_of, require_feature
from resolvers.models import Household, Invoice, InvoiceLine
from resolvers.models.billing import InvoiceState
from resolvers.models.households import Role


async def invoices_page(
    household_ids: Sequence[UUID], before: tuple[date, UUID] | None, limit: int
) -> tuple[list[Invoice], int]:
    """A page of issued invoices, newest first, after the one at ``before``, and how many there are in all."""
    rows = Invoice.filter(household_id__in=list(household_ids), state=InvoiceState.ISSUED)
    total = await rows.count()
    if before is not None:
        day, key = before
        rows = rows.filter(Q(issued_on__lt=day) | Q(issued_on=day, id__lt=key))
    return await rows.order_by("-issued_on", "-id").limit(limit), total


async def lines_of_invoices(invoice_ids: Sequence[UUID]) -> list[list[InvoiceLine]]:
    """The lines of each invoice: one statement for all."""
    rows = await InvoiceLine.filter(invoice_id__in=list(invoice_ids)).order_by("position")
    return [[row for row in rows if row.invoice_id == invoice] for invoice in invoice_ids]


async def issued_invoice(ctx: Context, invoice_id: UUID) -> Invoice | None:
    """An issued invoice that the viewer may read: its household's payers and viewers, and agents."""
    invoice = await Invoice.get_or_none(id=invoice_id, state=InvoiceState.ISSUED)
    if invoice is None or ctx.viewer.kind is AccountKind.AGENT:
        return invoice
    household = await Household.get_or_none(id=invoice.household_id)
    if household is None:
        return None
    require_feature(ctx, tuple(household.services), Feature.VIEW_INVOICES)
    return invoice


def routes_of(ctx: Context, services: Sequence[str]) -> tuple[PaymentRoute, ...]:
    """The ways a household may pay: those of the services that follow it, each once."""
    found: dict[str, PaymentRoute] = {}
    for service in services:
        for route in ctx.commune.gather(hookspecs.payment_routes, service=ctx.commune.identity.service(service)):
            found.setdefault(route.code, route)
    return tuple(found.values())


async def printed(ctx: Context, invoice: Invoice) -> bytes:
    """The invoice as an accessible PDF."""
    return await ctx.ports.printer.invoice(await document_of(ctx, invoice))


async def document_of(ctx: Context, invoice: Invoice) -> InvoiceDocument:
    """Everything that the printed invoice says."""
    policy = ctx.commune.ask(hookspecs.invoicing)
    (household,) = await households_of(ctx, frozenset({invoice.household_id}))
    (lines,) = await lines_of_invoices([invoice.id])
    adults = [m for m in household.members if m.role in (Role.REPRESENTATIVE, Role.CO_REPRESENTATIVE)]
    address = (adults[0].street, f"{adults[0].postcode} {adults[0].town}".strip()) if adults else ()
    return InvoiceDocument(
        number=invoice.number or "",
        issuer=policy.issuer,
        household_name=household.name,
        addressee_lines=tuple(line for line in (*(adult.full_name for adult in adults), *address) if line),
        period_label=Month(invoice.period_first.year, invoice.period_first.month).label,
        issued_on=invoice.issued_on or ctx.local_now.date(),
        due_on=invoice.due_on or ctx.local_now.date(),
        lines=tuple(
            InvoiceLineItem(
                child=line.child,
                activity=line.activity,
                unit=line.unit,
                quantity=line.quantity,
                unit_cents=line.unit_cents,
                total_cents=line.total_cents,
                detail=tuple(line.detail),
            )
            for line in lines
        ),
        total_cents=invoice.total_cents,
        paid_cents=invoice.paid_cents,
        payment_notes=tuple(route.say() for route in routes_of(ctx, household.services)),
        mentions=policy.mentions,
    )
