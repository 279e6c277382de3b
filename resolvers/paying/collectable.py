"""The invoices that a day collects from the families' banks, and why others are left out."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

from tortoise.expressions import F
from tortoise.queryset import QuerySet

from plugins.rules.direct_debits import DirectDebitPolicy
from plugins.rules.french import say_date
from plugins.rules.remittances import Sequence as Kind
from resolvers.models import AttemptShare, Collection, Instalment, Invoice, Mandate, PaymentAttempt, Remittance
from resolvers.models.billing import InvoiceState
from resolvers.models.direct_debits import CollectionState, MandateState
from resolvers.models.payments import AttemptState
from resolvers.paying.allocations import owed_cents

PAID_ONLINE = "Un paiement en ligne est en cours."
SUSPENDED = "Le prélèvement est suspendu : cette facture se règle autrement."


@dataclass(frozen=True, slots=True)
class Collected:
    """An invoice that a day collects, for what remains due, by a mandate: its first collection or a following one."""

    invoice: Invoice
    mandate: Mandate
    sequence: Kind

    @property
    def cents(self) -> int:
        """What is taken."""
        return owed_cents(self.invoice)


@dataclass(frozen=True, slots=True)
class LeftOut:
    """An invoice that was to be collected and is not; ``reason`` is French."""

    invoice: Invoice
    reason: str


@dataclass(frozen=True, slots=True)
class Collectable:
    """What a remittance of a day holds, in the order of the invoices' numbers, and what it leaves out."""

    collected: tuple[Collected, ...]
    left_out: tuple[LeftOut, ...]

    @property
    def total_cents(self) -> int:
        """What is taken in all."""
        return sum(each.cents for each in self.collected)


@dataclass(frozen=True, slots=True)
class Announced:
    """The day an invoice is collected and the mandate that does it: its family has nothing to do."""

    on: date
    mandate: Mandate


async def announced(policy: DirectDebitPolicy, invoices: Sequence[Invoice]) -> dict[UUID, Announced]:
    """Those of these invoices that a remittance collects, or would on the day that was told: eight statements.

    A payment under way online leaves the announcement as it is: it may come to nothing.
    """
    told = {row.id: row.debit_on for row in invoices if row.debit_on is not None and policy.creditor is not None}
    if not told:
        return {}
    found = await _held(list(told))
    stopped = await _stopped(list(told))
    mandates = await _mandates({row.household_id for row in invoices if row.id in told})
    for row in invoices:
        day, mandate = told.get(row.id), mandates.get(row.household_id)
        if day is None or mandate is None or row.id in found or stopped.get(row.id, PAID_ONLINE) != PAID_ONLINE:
            continue
        if not _against(row, mandate, day - timedelta(days=policy.told_days_before)):
            found[row.id] = Announced(day, mandate)
    return found


async def _held(invoice_ids: Sequence[UUID]) -> dict[UUID, Announced]:
    """What remittances hold that the bank has not answered, whatever became of the mandate: three statements."""
    rows = await Collection.filter(invoice_id__in=invoice_ids, state=CollectionState.WAITING)
    days = dict(await Remittance.filter(id__in=[row.remittance_id for row in rows]).values_list("id", "collect_on"))
    mandates = {row.id: row for row in await Mandate.filter(id__in=[row.mandate_id for row in rows])}
    return {
        row.invoice_id: Announced(days[row.remittance_id], mandates[row.mandate_id])
        for row in rows
        if row.remittance_id in days  # it may be given up meanwhile
    }


def owing_on(collect_on: date) -> QuerySet[Invoice]:
    """The issued invoices that families were told are collected on this day or before, and still owe something."""
    return Invoice.filter(
        state=InvoiceState.ISSUED,
        debit_on__lte=collect_on,
        total_cents__gt=F("paid_cents") + F("cleared_cents"),
    )


async def collectable(policy: DirectDebitPolicy, collect_on: date, owing: Sequence[Invoice]) -> Collectable:
    """Sort these invoices into what the day collects and what it leaves out: six statements."""
    ids = [invoice.id for invoice in owing]
    mandates = await _mandates({invoice.household_id for invoice in owing})
    kinds = await _kinds([mandate for mandate in mandates.values() if mandate.state is MandateState.ACTIVE])
    stopped = await _stopped(ids)
    told = timedelta(days=policy.told_days_before)
    collected: list[Collected] = []
    left_out: list[LeftOut] = []
    used: set[UUID] = set()
    for invoice in sorted(owing, key=lambda row: (row.number or "", row.id)):
        mandate = mandates.get(invoice.household_id)
        reason = stopped.get(invoice.id) or _against(invoice, mandate, collect_on - told)
        if mandate is None or reason:
            left_out.append(LeftOut(invoice, reason))
            continue
        collected.append(Collected(invoice, mandate, "RCUR" if mandate.id in used else kinds[mandate.id]))
        used.add(mandate.id)
    return Collectable(tuple(collected), tuple(left_out))


def _against(invoice: Invoice, mandate: Mandate | None, told_until: date) -> str:
    """Why the mandate does not collect the invoice; empty when it does."""
    issued_on = invoice.issued_on or invoice.prepared_at.date()
    if mandate is None:
        return "Aucun mandat de prélèvement n'est en vigueur."
    if mandate.state is MandateState.SUSPENDED:
        return SUSPENDED
    if mandate.active_from is None or mandate.active_from > issued_on:
        return "Le mandat prend effet à la facturation suivante."
    if issued_on > told_until:
        return f"La famille a été prévenue trop tard : facture émise le {say_date(issued_on)}."
    return ""


async def _mandates(household_ids: set[UUID]) -> dict[UUID, Mandate]:
    """The mandate of each household that has one in force or suspended: the one in force first."""
    states = [MandateState.SUSPENDED, MandateState.ACTIVE]
    rows = await Mandate.filter(household_id__in=sorted(household_ids), state__in=states).order_by("asked_at", "id")
    return {row.household_id: row for state in states for row in rows if row.state is state}


async def _kinds(mandates: Sequence[Mandate]) -> dict[UUID, Kind]:
    """Whether each mandate is used for the first time; one that amends another of the same bank goes on with it."""
    amended = {row.id: row for row in await Mandate.filter(id__in=[each.amends for each in mandates if each.amends])}

    def kind(mandate: Mandate) -> Kind:
        former = amended.get(mandate.amends) if mandate.amends else None
        goes_on = former is not None and former.used_at is not None and _same_bank(former.bic, mandate.bic)
        return "RCUR" if mandate.used_at is not None or goes_on else "FRST"

    return {mandate.id: kind(mandate) for mandate in mandates}


def _same_bank(former: str, now: str) -> bool:
    """True when two codes are those of one bank, whatever the branch; unknown banks are never the same."""
    return former != "" and former[:8] == now[:8]


async def _stopped(invoice_ids: Sequence[UUID]) -> Mapping[UUID, str]:
    """The invoices that no remittance may take, and why: four statements."""
    reasons: dict[UUID, str] = {}
    for row in await Instalment.filter(invoice_id__in=invoice_ids, withdrawn_at__isnull=True):
        reasons[row.invoice_id] = "Elle est payée en plusieurs fois, selon son échéancier."
    shares = await AttemptShare.filter(invoice_id__in=invoice_ids).values_list("attempt_id", "invoice_id")
    attempts = PaymentAttempt.filter(id__in=[attempt for attempt, _ in shares], state=AttemptState.RUNNING)
    running = set(await attempts.values_list("id", flat=True))
    reasons |= {key: PAID_ONLINE for attempt, key in shares if attempt in running}
    for each in await Collection.filter(invoice_id__in=invoice_ids).exclude(state=CollectionState.COLLECTED):
        waits = each.state is CollectionState.WAITING
        reasons[each.invoice_id] = (
            "Elle est déjà dans une remise."
            if waits
            else "La banque a rejeté son prélèvement : elle se règle autrement."
        )
    return reasons
