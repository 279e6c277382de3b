"""Every movement of the households' accounts in a period, activity by activity: what the treasury is told of."""

import logging
from collections import defaultdict
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any, TypeVar
from uuid import UUID

from tortoise.queryset import QuerySet

from plugins import hookspecs
from plugins.rules.calendar import SchoolYear
from plugins.rules.counters import CounterMeans
from plugins.rules.ledger import EntryKind
from plugins.rules.paid_shares import Care, Share, paid_for, paid_with_titles
from plugins.rules.treasury import TreasuryEntry, TreasuryLedger
from resolvers.agenda.plans import Window
from resolvers.context import Context
from resolvers.errors import not_found
from resolvers.models import (
    AttemptShare,
    CreditNote,
    Deposit,
    Household,
    Invoice,
    InvoiceLine,
    Payment,
    PaymentAttempt,
    Refund,
    WriteOff,
)
from resolvers.models.base import Row
from resolvers.models.billing import InvoiceState
from resolvers.paying.paid_parts import charged_by, settled_by, taking

AT_A_TIME = 500

R = TypeVar("R", bound=Row)
Amounts = Mapping[str, int]  # cents by activity

_log = logging.getLogger("portail.treasury")
_ORDER = {kind: place for place, kind in enumerate(EntryKind)}


async def ledger_of(ctx: Context, window: Window, service: str | None = None) -> TreasuryLedger:
    """What was written in a window, of one service or of all those the agent works for; the reading is logged.

    An agent of some services reads the households that they follow, and only what is of their activities. Statements
    depend on the rows by hundreds. Refused: NOT_FOUND for a service that is not there, or not the agent's.
    """
    services = _services(ctx, service)
    facts = {"account": str(ctx.viewer.account_id), "first": str(window.first), "last": str(window.last)}
    _log.info("the treasury's ledger was read", extra={"facts": facts})
    entries = [entry async for entry in _entries(ctx, window) if services is None or entry.service in services]
    entries.sort(key=lambda entry: (entry.day, _ORDER[entry.kind], entry.reference, entry.invoice, entry.activity))
    return TreasuryLedger(
        commune=ctx.commune.slug,
        first_day=window.first,
        last_day=window.last,
        entries=tuple(entries),
        services=tuple(sorted(services or ())),
    )


def _services(ctx: Context, asked: str | None) -> frozenset[str] | None:
    """The services to tell of; None for all of them, and what is of none."""
    if asked is None:
        return ctx.viewer.services
    known = {service.code for service in ctx.commune.identity.services}
    if asked not in known or not ctx.viewer.works_for(asked):
        raise not_found("Service", "service")
    return frozenset({asked})


def instants_of(ctx: Context, window: Window) -> tuple[datetime, datetime]:
    """From which instant a window lasts, and until which: midnights on the commune's clocks, in UTC.

    SQLite compares instants as they are written: those of the tables are in UTC.
    """
    midnights = (datetime.combine(day, time(), ctx.commune.tz) for day in (window.first, window.last + timedelta(1)))
    start, end = (midnight.astimezone(UTC) for midnight in midnights)
    return start, end


async def _entries(ctx: Context, window: Window) -> AsyncIterator[TreasuryEntry]:
    start, end = instants_of(ctx, window)
    issued = {"issued_on__gte": window.first, "issued_on__lte": window.last}
    kinds: Sequence[tuple[QuerySet[Any], Callable[[Context, Sequence[Any]], Awaitable[Iterable[TreasuryEntry]]]]] = (
        (Invoice.filter(state=InvoiceState.ISSUED, **issued), _invoices),
        (CreditNote.filter(**issued), _credit_notes),
        (WriteOff.filter(at__gte=start, at__lt=end), _write_offs),
        (Payment.filter(booked_at__gte=start, booked_at__lt=end), _payments),
        (Payment.filter(reversed_at__gte=start, reversed_at__lt=end), _reversals),
        (Refund.filter(paid_on__gte=window.first, paid_on__lte=window.last), _refunds),
    )
    for rows, written in kinds:
        async for batch in _batches(rows):
            for entry in await written(ctx, batch):
                yield entry


async def _batches(rows: QuerySet[R]) -> AsyncIterator[list[R]]:
    after = UUID(int=0)
    while batch := await rows.filter(id__gt=after).order_by("id").limit(AT_A_TIME):
        yield batch
        after = batch[-1].id


@dataclass(frozen=True, slots=True)
class _Names:
    """How the households and invoices of some rows are called."""

    ctx: Context
    households: Mapping[UUID, Household]
    invoices: Mapping[UUID, Invoice]

    @classmethod
    async def of(cls, ctx: Context, households: Iterable[UUID], invoices: Iterable[UUID] = ()) -> "_Names":
        """Two statements."""
        named = {row.id: row for row in await Household.filter(id__in=list(set(households)))}
        return cls(ctx, named, {row.id: row for row in await Invoice.filter(id__in=list(set(invoices)))})

    def parts(self, invoice_id: UUID, amounts: Amounts) -> Iterator[tuple[dict[str, Any], int]]:
        """What names each part of an invoice, and its cents; parts of nothing are left out."""
        invoice = self.invoices[invoice_id]
        for activity, cents in amounts.items():
            if cents:
                service = self._service(invoice, activity)
                yield {"invoice": invoice.number or "", "service": service, "activity": activity}, cents

    def _service(self, invoice: Invoice, activity: str) -> str:
        """The service of an activity, in the catalogue of the invoice's year, or the only one of the household."""
        catalogue = self.ctx.commune.ask(hookspecs.catalogue, year=SchoolYear.of(invoice.period_last))
        found = next((each.service for each in catalogue.activities if each.label == activity), None)
        services = self.households[invoice.household_id].services
        return found or (services[0] if len(services) == 1 else "")


async def _invoices(ctx: Context, rows: Sequence[Invoice]) -> list[TreasuryEntry]:
    names = await _Names.of(ctx, (row.household_id for row in rows), (row.id for row in rows))
    claimed = {key: _by_activity(lines.values()) for key, lines in (await _lines_of(names.invoices)).items()}
    return [
        TreasuryEntry(
            day=row.issued_on or row.prepared_at.date(),
            kind=EntryKind.INVOICE,
            reference=row.number or "",
            household=names.households[row.household_id].name,
            cents=cents,
            due_on=row.due_on or row.prepared_at.date(),
            **part,
        )
        for row in rows
        for part, cents in names.parts(row.id, claimed.get(row.id, {}))
    ]


async def _credit_notes(ctx: Context, rows: Sequence[CreditNote]) -> list[TreasuryEntry]:
    names = await _Names.of(ctx, (row.household_id for row in rows), (row.invoice_id for row in rows))
    lines = await _lines_of(names.invoices)
    entries = []
    for row in rows:
        taken: defaultdict[str, int] = defaultdict(int)
        for line in row.lines:
            taken[lines[row.invoice_id][line["position"]].activity] += line["total_cents"]
        entries += [
            TreasuryEntry(
                day=row.issued_on,
                kind=EntryKind.CREDIT_NOTE,
                reference=row.number,
                household=names.households[row.household_id].name,
                cents=-cents,
                note=row.reason,
                **part,
            )
            for part, cents in names.parts(row.invoice_id, taken)
        ]
    return entries


async def _write_offs(ctx: Context, rows: Sequence[WriteOff]) -> list[TreasuryEntry]:
    """Given up in proportion of what the invoice claimed."""
    names = await _Names.of(ctx, (row.household_id for row in rows), (row.invoice_id for row in rows))
    claimed = {key: _by_activity(lines.values()) for key, lines in (await _lines_of(names.invoices)).items()}
    return [
        TreasuryEntry(
            day=_day(ctx, row.at),
            kind=EntryKind.WRITE_OFF,
            reference=names.invoices[row.invoice_id].number or "",
            household=names.households[row.household_id].name,
            cents=-cents,
            note=row.reason,
            **part,
        )
        for row in rows
        for part, cents in names.parts(row.invoice_id, _in_proportion(claimed[row.invoice_id], row.cents))
    ]


async def _refunds(ctx: Context, rows: Sequence[Refund]) -> list[TreasuryEntry]:
    names = await _Names.of(ctx, (row.household_id for row in rows))
    return [
        TreasuryEntry(
            day=row.paid_on,
            kind=EntryKind.REFUND,
            reference="",
            household=names.households[row.household_id].name,
            cents=row.amount_cents,
            means=row.means,
            note=row.reason,
        )
        for row in rows
    ]


async def _payments(ctx: Context, rows: Sequence[Payment]) -> list[TreasuryEntry]:
    return await _moved(ctx, rows, EntryKind.PAYMENT)


async def _reversals(ctx: Context, rows: Sequence[Payment]) -> list[TreasuryEntry]:
    return await _moved(ctx, rows, EntryKind.REVERSAL)


async def _moved(ctx: Context, rows: Sequence[Payment], kind: EntryKind) -> list[TreasuryEntry]:
    """Money received, or taken back: what it paid of each invoice, then what is the household's credit."""
    paid = await _paid(ctx, rows)
    names = await _Names.of(
        ctx, (row.household_id for row in rows), (invoice for parts in paid.values() for invoice, _ in parts)
    )
    attempts = await PaymentAttempt.filter(id__in=[row.attempt_id for row in rows]).only("id", "reference")
    references = {row.id: row.reference for row in attempts}
    slips = await Deposit.filter(id__in=[row.deposit_id for row in rows if row.deposit_id]).only("id", "number")
    deposits = {row.id: row.number for row in slips}
    entries = []
    for row in rows:
        parts = [part for invoice, amounts in paid[row.id] for part in names.parts(invoice, amounts)]
        credit = row.amount_cents - sum(cents for _, cents in parts)
        entries += [
            TreasuryEntry(
                day=_day(ctx, row.booked_at if kind is EntryKind.PAYMENT else row.reversed_at or row.booked_at),
                kind=kind,
                reference=references[row.attempt_id],
                household=names.households[row.household_id].name,
                cents=-cents if kind is EntryKind.PAYMENT else cents,
                route=row.route,
                means=row.means,
                note=row.note if kind is EntryKind.PAYMENT else row.reversal,
                deposit=deposits.get(row.deposit_id, "") if row.deposit_id else "",
                **part,
            )
            for part, cents in (*parts, *([({}, credit)] if credit else []))
        ]
    return entries


async def _paid(ctx: Context, rows: Sequence[Payment]) -> dict[UUID, list[tuple[UUID, Amounts]]]:
    """What each payment paid of its invoices; of one that was reversed, what it was meant for."""
    paid: defaultdict[UUID, list[tuple[UUID, Amounts]]] = defaultdict(list)
    for settled in await settled_by(ctx, [row for row in rows if row.reversed_at is None]):
        paid[settled.payment.id].append((settled.invoice_id, _of_shares(settled.shares)))
    reversed_ = {row.attempt_id: row for row in rows if row.reversed_at is not None}
    meant = await AttemptShare.filter(attempt_id__in=list(reversed_)).order_by("id")
    charged = await charged_by(ctx, {share.invoice_id for share in meant})
    services = taking(ctx, CounterMeans.CESU)
    for share in meant:
        claims = charged[share.invoice_id]
        payment = reversed_[share.attempt_id]
        cents = min(share.amount_cents, sum(claims.values()))
        (part,) = paid_with_titles(claims, services, [(payment.means == CounterMeans.CESU.value, cents)])
        paid[payment.id].append((share.invoice_id, _of_shares(part)))
    return paid


async def _lines_of(invoices: Iterable[UUID]) -> dict[UUID, dict[int, InvoiceLine]]:
    """The lines of each invoice as it was issued, by position: one statement."""
    lines: defaultdict[UUID, dict[int, InvoiceLine]] = defaultdict(dict)
    for row in await InvoiceLine.filter(invoice_id__in=list(invoices)).order_by("position"):
        lines[row.invoice_id][row.position] = row
    return lines


def _by_activity(lines: Iterable[InvoiceLine]) -> Amounts:
    amounts: defaultdict[str, int] = defaultdict(int)
    for line in lines:
        amounts[line.activity] += line.total_cents
    return amounts


def _of_shares(shares: Mapping[Share, int]) -> Amounts:
    amounts: defaultdict[str, int] = defaultdict(int)
    for share, cents in shares.items():
        amounts[share.activity] += cents
    return amounts


def _in_proportion(claimed: Amounts, cents: int) -> Amounts:
    (part,) = paid_for({Share("", "", activity, Care.NONE): owed for activity, owed in claimed.items()}, [cents])
    return _of_shares(part)


def _day(ctx: Context, at: datetime) -> date:
    return at.astimezone(ctx.commune.tz).date()
