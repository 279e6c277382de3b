"""What each payment paid of each child and activity, through the invoices that received it.

What a credit note gave back, or a bank took back, is not paid; credit counts once an invoice uses it.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from plugins import hookspecs
from plugins.rules.calendar import SchoolYear
from plugins.rules.catalogue import Activity
from plugins.rules.counters import CounterMeans, taken_at
from plugins.rules.paid_shares import Care, ChargedShare, Share, paid_with_titles, shares_of
from plugins.rules.payment import Counter
from resolvers.billing.invoices import lines_of_invoices, routes_of
from resolvers.context import Context
from resolvers.models import Allocation, CreditNote, InvoiceLine, Payment

Charged = Mapping[UUID, Mapping[Share, int]]


@dataclass(frozen=True, slots=True)
class Settled:
    """The part of a payment that an invoice received, and what it paid of each share."""

    payment: Payment
    invoice_id: UUID
    cents: int
    shares: Mapping[Share, int]


async def settled_by(ctx: Context, payments: Iterable[Payment]) -> list[Settled]:
    """What these payments brought to each invoice, in their order: five statements.

    The other payments of the same invoices are read too: each pays, in proportion, what the earlier ones left. Titles
    pay first, and only what services charge whose desk takes them.
    """
    wanted = {row.id: row for row in payments}
    placed = Allocation.filter(payment_id__in=list(wanted), invoice_id__isnull=False).only("invoice_id")
    received = await _received({row.invoice_id for row in await placed if row.invoice_id is not None})
    made = Payment.filter(id__in=list({key for parts in received.values() for key in parts}))
    order = {row.id: row.means for row in await made.only("id", "paid_at", "means").order_by("paid_at", "id")}
    services, found = taking(ctx, CounterMeans.CESU), []
    for invoice_id, shares in (await charged_by(ctx, list(received))).items():
        paying = [key for key in order if received[invoice_id].get(key)]
        titles = [order[key] == CounterMeans.CESU.value for key in paying]
        parts = [received[invoice_id][key] for key in paying]
        paid = paid_with_titles(shares, services, list(zip(titles, parts, strict=True)))
        found += [
            Settled(wanted[key], invoice_id, received[invoice_id][key], part)
            for key, part in zip(paying, paid, strict=True)
            if key in wanted
        ]
    places = {key: place for place, key in enumerate(wanted)}
    return sorted(found, key=lambda part: places[part.payment.id])


async def charged_by(ctx: Context, invoice_ids: Collection[UUID]) -> dict[UUID, dict[Share, int]]:
    """What each invoice charges for each share, corrected by its credit notes: two statements."""
    credited: defaultdict[tuple[UUID, int], int] = defaultdict(int)
    for note in await CreditNote.filter(invoice_id__in=list(invoice_ids)):
        for line in note.lines:
            credited[note.invoice_id, line["position"]] += line["total_cents"]
    keys = list(invoice_ids)
    return {
        invoice_id: shares_of(_charge(ctx, row, row.total_cents - credited[invoice_id, row.position]) for row in rows)
        for invoice_id, rows in zip(keys, await lines_of_invoices(keys), strict=True)
    }


async def owed_to(ctx: Context, means: CounterMeans, invoice_ids: Collection[UUID]) -> dict[UUID, int]:
    """What is left to pay of each invoice for what the services that take these means provide, in cents.

    Earlier payments paid each share as :func:`settled_by` tells. Write-offs are not taken off. Four statements.
    """
    received, services = await _received(set(invoice_ids)), taking(ctx, means)
    titles = await _titles({key for parts in received.values() for key in parts})
    owed = {}
    for invoice_id, shares in (await charged_by(ctx, invoice_ids)).items():
        parts = received.get(invoice_id, {})
        given = paid_with_titles(shares, services, [(key in titles, parts[key]) for key in sorted(parts)])
        paid = sum(cents for part in given for share, cents in part.items() if share.service in services)
        owed[invoice_id] = sum(cents for share, cents in shares.items() if share.service in services) - paid
    return owed


def taking(ctx: Context, means: CounterMeans) -> frozenset[str]:
    """The services whose desk takes these means."""
    return frozenset(
        service.code
        for service in ctx.commune.identity.services
        for route in routes_of(ctx, [service.code])
        if isinstance(route, Counter) and means in taken_at(route)
    )


async def _titles(payment_ids: Collection[UUID]) -> set[UUID]:
    rows = Payment.filter(id__in=list(payment_ids), means=CounterMeans.CESU.value)
    return {row.id for row in await rows.only("id")}


async def _received(invoice_ids: Collection[UUID]) -> dict[UUID, dict[UUID, int]]:
    """What each payment brought to each invoice, where something is left of it."""
    received: defaultdict[UUID, defaultdict[UUID, int]] = defaultdict(lambda: defaultdict(int))
    rows = Allocation.filter(invoice_id__in=list(invoice_ids))
    for invoice_id, payment_id, cents in await rows.values_list("invoice_id", "payment_id", "amount_cents"):
        received[invoice_id][payment_id] += cents
    return {key: dict(parts) for key, parts in received.items() if any(parts.values())}


def _charge(ctx: Context, row: InvoiceLine, cents: int) -> ChargedShare:
    origin: dict[str, Any] = row.origin
    child = origin.get("child") or row.child
    activity = _activity(ctx, origin)
    care, service = Care.NONE, ""
    if activity is not None:
        care, service = Care.of(activity.unit(origin["unit"])), activity.service
    return ChargedShare(Share(child, row.child, row.activity, care, service), cents, is_common=not row.unit)


def _activity(ctx: Context, origin: Mapping[str, Any]) -> Activity | None:
    """What a line charges, in the catalogue of the school year of its last day."""
    if not origin.get("days"):
        return None
    year = SchoolYear.of(date.fromisoformat(origin["days"][-1]))
    return ctx.commune.ask(hookspecs.catalogue, year=year).activity(origin["activity"])
