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
from resolvers.context import AccountKind, AgentRight, Context
from resolvers.households import feature_of, households_of
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


def may_read(ctx: Context, services: Sequence[str]) -> bool:
    """True for agents of billing, and for families when a service that follows them shows invoices online."""
    if ctx.viewer.kind is not AccountKind.FAMILY:
        return ctx.viewer.has(AgentRight.BILLING)
    return not services or any(feature_of(ctx, service, Feature.VIEW_INVOICES).allowed for service in services)


async def issued_invoices(ctx: Context, ids: Sequence[UUID]) -> list[tuple[Invoice, Household]]:
    """The issued invoices among these that the viewer may read, each with its household: two statements."""
    rows = await Invoice.filter(id__in=list(ids), state=InvoiceState.ISSUED)
    households = {row.id: row for row in await Household.filter(id__in=[row.household_id for row in rows])}
    found = [(row, households[row.household_id]) for row in rows if row.household_id in households]
    return [(row, household) for row, household in found if may_read(ctx, household.services)]


async def issued_invoice(ctx: Context, invoice_id: UUID) -> Invoice | None:
    """One issued invoice, if the viewer may read it."""
    return next((row for row, _ in await issued_invoices(ctx, [invoice_id])), None)


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
