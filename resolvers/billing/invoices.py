"""Invoices as families read them: lists, lines and the printed document."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import date
from uuid import UUID

from tortoise.expressions import Q

from plugins import hookspecs
from plugins.rules.features import Feature
from plugins.rules.invoice_documents import DebitNotice, InvoiceDocument, Reminder
from plugins.rules.invoicing import InvoiceLineItem, say_period
from plugins.rules.payment import DirectDebitRoute, PayfipTitre, PaymentRoute
from plugins.rules.payment_plans import PaymentPlan
from plugins.rules.titres import TitreNotice, TitreReference
from resolvers.billing.letterheads import letterhead_of
from resolvers.billing.payment_plans import plans_of
from resolvers.context import AccountKind, AgentRight, Context
from resolvers.families.households import HouseholdFile, households_of
from resolvers.features import feature_of
from resolvers.models import Household, Invoice, InvoiceLine, Titre
from resolvers.models.billing import InvoiceState
from resolvers.paying.collectable import announced

NO_LONGER_COLLECTED = "Cette facture n'est plus prélevée : elle se règle autrement."


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
    lines: defaultdict[UUID, list[InvoiceLine]] = defaultdict(list)
    for row in await InvoiceLine.filter(invoice_id__in=list(invoice_ids)).order_by("position"):
        lines[row.invoice_id].append(row)
    return [lines[invoice] for invoice in invoice_ids]


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


def titre_route(ctx: Context, services: Sequence[str]) -> PayfipTitre | None:
    """The way a household pays its invoices at the treasury, as « titres »; None when it pays otherwise."""
    return next((route for route in routes_of(ctx, services) if isinstance(route, PayfipTitre)), None)


def is_reported(ctx: Context, services: Sequence[str]) -> bool:
    """True when at least one way to pay tells the portal what was paid."""
    routes = routes_of(ctx, services)
    return not routes or any(route.drives_payment for route in routes)


async def printed(ctx: Context, invoice: Invoice) -> bytes:
    """The invoice as an accessible PDF."""
    return await ctx.ports.printer.invoice(await document_of(ctx, invoice))


async def document_of(ctx: Context, invoice: Invoice) -> InvoiceDocument:
    """Everything that the printed invoice says: what was invoiced, and where its payment stands now."""
    return (await documents_of(ctx, [invoice]))[0]


async def documents_of(ctx: Context, invoices: Sequence[Invoice]) -> list[InvoiceDocument]:
    """The same for each invoice: a constant number of statements for all of them."""
    households = {file.id: file for file in await households_of(ctx, frozenset(row.household_id for row in invoices))}
    lines = await lines_of_invoices([row.id for row in invoices])
    notices = await _debit_notices(ctx, invoices)
    plans = await plans_of(invoices)
    titres = await _titre_notices(ctx, invoices, households)
    return [
        _document(ctx, row, households[row.household_id], charged, plans.get(row.id) or notice, titres.get(row.id))
        for row, charged, notice in zip(invoices, lines, notices, strict=True)
    ]


def _document(
    ctx: Context,
    invoice: Invoice,
    household: HouseholdFile,
    lines: Sequence[InvoiceLine],
    special: PaymentPlan | DebitNotice | None,
    titre: TitreNotice | None,
) -> InvoiceDocument:
    routes = routes_of(ctx, household.services)
    issued_on = invoice.issued_on or ctx.local_now.date()
    return InvoiceDocument(
        number=invoice.number or "",
        letterhead=letterhead_of(ctx, household),
        period_label=say_period(invoice.period_first, invoice.period_last),
        issued_on=issued_on,
        due_on=invoice.due_on or issued_on,
        lines=tuple(item_of(line) for line in lines),
        total_cents=invoice.total_cents,
        paid_cents=invoice.paid_cents,
        cleared_cents=invoice.cleared_cents,
        payable_until=invoice.payable_until,
        debit=special if isinstance(special, DebitNotice) else None,
        plan=special if isinstance(special, PaymentPlan) else None,
        titre=titre,
        reminder=_reminder(invoice),
        pay_online_at=_paid_online_at(ctx, routes),
        payment_notes=_ways(invoice, routes, titre),
        mentions=ctx.commune.ask(hookspecs.invoicing).mentions,
    )


def item_of(line: InvoiceLine) -> InvoiceLineItem:
    """A line as it is printed."""
    return InvoiceLineItem(
        child=line.child,
        activity=line.activity,
        unit=line.unit,
        quantity=line.quantity,
        unit_cents=line.unit_cents,
        total_cents=line.total_cents,
        detail=tuple(line.detail),
    )


async def _debit_notices(ctx: Context, invoices: Sequence[Invoice]) -> list[DebitNotice | None]:
    """The collection that each invoice announces; None once it is not collected."""
    policy = ctx.commune.ask(hookspecs.direct_debit)
    collected = await announced(policy, invoices)
    return [
        DebitNotice(found.on, found.mandate.rum, policy.creditor.ics, found.mandate.iban_end)
        if policy.creditor is not None and (found := collected.get(row.id))
        else None
        for row in invoices
    ]


async def references_of(invoice_ids: Sequence[UUID]) -> dict[UUID, TitreReference]:
    """The references of titres, by invoice, of those that have one: one statement."""
    rows = await Titre.filter(invoice_id__in=list(invoice_ids))
    return {row.invoice_id: TitreReference(row.exercise, row.number, row.line) for row in rows}


async def _titre_notices(
    ctx: Context, invoices: Sequence[Invoice], households: Mapping[UUID, HouseholdFile]
) -> dict[UUID, TitreNotice]:
    """How each invoice is paid as a « titre »: one statement, and none where nobody pays so."""
    routes = {row.id: titre_route(ctx, households[row.household_id].services) for row in invoices}
    paid_so = {key: route for key, route in routes.items() if route is not None}
    known = await references_of(list(paid_so)) if paid_so else {}
    return {key: TitreNotice(route, known.get(key)) for key, route in paid_so.items()}


def _ways(invoice: Invoice, routes: Sequence[PaymentRoute], titre: TitreNotice | None) -> tuple[str, ...]:
    """How it is paid, each way in a sentence; one that was to be collected is not to be by joining again."""
    collected = invoice.debit_on is not None
    said = (
        titre.say() if titre is not None and route == titre.route else route.say()
        for route in routes
        if not (collected and isinstance(route, DirectDebitRoute))
    )
    return (NO_LONGER_COLLECTED, *said) if collected else tuple(said)


def _reminder(invoice: Invoice) -> Reminder | None:
    owed = invoice.total_cents - invoice.paid_cents - invoice.cleared_cents
    if not (invoice.reminders and invoice.reminded_on and owed):
        return None
    return Reminder(invoice.reminders, invoice.reminded_on)


def _paid_online_at(ctx: Context, routes: Sequence[PaymentRoute]) -> str:
    """Where an invoice is paid online: the Treasury's site for a « titre », else the address families know."""
    titres = [route.website for route in routes if isinstance(route, PayfipTitre)]
    if titres:
        return titres[0]
    return ctx.home if any(route.drives_payment for route in routes) else ""
