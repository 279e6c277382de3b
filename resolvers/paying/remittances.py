"""Remittances « remises de prélèvements »: made for a day, sent to the bank, or given up before.

An invoice is in one waiting collection at most; one whose collection was rejected is paid otherwise.
"""

from datetime import date, datetime, timedelta
from uuid import UUID

from tortoise.expressions import Q

from plugins import hookspecs
from plugins.rules.direct_debits import DirectDebitPolicy
from plugins.rules.french import say_date, say_list
from resolvers.context import AgentRight, Context
from resolvers.errors import Code, Refused, not_found
from resolvers.idempotency import recall, remember
from resolvers.models import Collection, Invoice, Mandate, Remittance
from resolvers.models.direct_debits import CollectionState, MandateState
from resolvers.models.tenancy import unit_of_work
from resolvers.numbers import take_numbers
from resolvers.paying.allocations import owed_cents
from resolvers.paying.collectable import Collectable, collectable, owing_on

MAKE = "remittanceCreate"
LONGEST_WAIT = timedelta(days=60)  # a day further away is a mistake


def sees_remittances(ctx: Context) -> bool:
    """True for agents of billing who work for every service: a file is that of the whole creditor, never a part."""
    return ctx.viewer.has(AgentRight.BILLING) and ctx.viewer.services is None


async def preview(ctx: Context, collect_on: date) -> Collectable:
    """What a remittance for this day would hold now; nothing is kept. Refused: as :func:`make`. Seven statements."""
    policy = _require_day(ctx, collect_on)
    return await collectable(policy, collect_on, await owing_on(collect_on))


@unit_of_work
async def make(ctx: Context, collect_on: date, key: str | None) -> Remittance:
    """Write the remittance of a day: its invoices wait for the bank and are in no other.

    Refused: NOT_FOUND for an agent of some services only, FEATURE_CLOSED where the portal collects nothing, INVALID for
    a day that is not ahead, NOTHING_TO_COLLECT.
    """
    policy = _require_day(ctx, collect_on)
    asked = {"collectOn": collect_on.isoformat()}
    answered = await recall(ctx, MAKE, key, asked)
    if answered is not None:
        return await Remittance.get(id=UUID(answered["remittance"]))
    owing = await owing_on(collect_on).order_by("id").select_for_update()  # whoever makes one meanwhile waits here
    prepared = await collectable(policy, collect_on, owing)
    if not prepared.collected:
        raise Refused(
            Code.NOTHING_TO_COLLECT,
            f"Aucune facture à prélever le {say_date(collect_on)} : voyez pourquoi dans l'aperçu.",
            field=("collectOn",),
        )
    remittance = await _write(ctx, policy, collect_on, prepared)
    await remember(ctx, MAKE, key, asked, {"remittance": str(remittance.id)})
    return remittance


@unit_of_work
async def drop(ctx: Context, remittance_id: UUID) -> None:
    """Give up a remittance that was not sent. Refused: NOT_FOUND, STATE_CONFLICT once it was sent."""
    remittance = await required(ctx, remittance_id)
    if remittance.sent_at is not None:
        raise Refused(Code.STATE_CONFLICT, "Cette remise est partie à la banque : attendez sa réponse.", field=("id",))
    await give_up(remittance)


async def give_up(remittance: Remittance) -> bool:
    """Forget a remittance, locked, that nobody collects: its invoices may be collected by another one.

    They are locked: who is about to pay one reads the remittance whole, or nothing of it. False, and nothing is
    forgotten, once something of it was collected or rejected.
    """
    rows = await Collection.filter(remittance_id=remittance.id).order_by("id").select_for_update()
    if any(row.state is not CollectionState.WAITING for row in rows):
        return False
    await Invoice.filter(id__in=[row.invoice_id for row in rows]).order_by("id").select_for_update()
    await Collection.filter(remittance_id=remittance.id).delete()
    await Remittance.filter(id=remittance.id).delete()
    firsts = {row.mandate_id for row in rows if row.sequence == "FRST"}
    used = {row.mandate_id for row in await Collection.filter(mandate_id__in=list(firsts)).only("mandate_id")}
    await Mandate.filter(id__in=list(firsts - used)).update(used_at=None)
    return True


@unit_of_work
async def mark_sent(ctx: Context, remittance_id: UUID) -> Remittance:
    """Send a remittance, once: from then on its file may be read, and it is not given up any more.

    Refused: NOT_FOUND, STATE_CONFLICT when what it collects has changed since it was made, or its day is not ahead.
    """
    remittance = await required(ctx, remittance_id)
    if remittance.sent_at is None:
        _refuse_late(ctx, remittance)
        await _refuse_outdated(remittance)
        remittance.sent_at = ctx.now
        await remittance.save(update_fields=["sent_at"])
    return remittance


def _refuse_late(ctx: Context, remittance: Remittance) -> None:
    """Refuse a day that the bank would not keep: it would choose another one, and families were told this one."""
    if remittance.collect_on <= ctx.local_now.date():
        raise Refused(
            Code.STATE_CONFLICT,
            f"Cette remise est à prélever le {say_date(remittance.collect_on)} : la banque la reçoit la veille au plus "
            "tard. Abandonnez cette remise, puis faites-en une autre pour un jour à venir.",
            field=("id",),
        )


async def _refuse_outdated(remittance: Remittance) -> None:
    """Name the invoices that owe less than the remittance would take, or whose mandate stopped: three statements.

    The invoices are locked: who receives money for one meanwhile waits, then reads that it is sent.
    """
    rows = await Collection.filter(remittance_id=remittance.id).order_by("end_to_end_id")
    held = Invoice.filter(id__in=[row.invoice_id for row in rows]).order_by("id").select_for_update()
    invoices = {row.id: row for row in await held}
    mandates = Mandate.filter(id__in=[row.mandate_id for row in rows], state=MandateState.ACTIVE)
    active = set(await mandates.values_list("id", flat=True))
    outdated = [
        invoices[row.invoice_id].number or ""
        for row in rows
        if row.mandate_id not in active or owed_cents(invoices[row.invoice_id]) < row.cents
    ]
    if outdated:
        raise Refused(
            Code.STATE_CONFLICT,
            "Depuis que cette remise est faite, le mandat ou le reste à payer a changé pour : "
            f"{say_list(outdated)}. Abandonnez cette remise, puis faites-en une autre.",
            field=("id",),
        )


async def required(ctx: Context, remittance_id: UUID) -> Remittance:
    """The remittance, locked in a unit of work. Refused: NOT_FOUND."""
    found = await Remittance.filter(id=remittance_id).select_for_update().first() if sees_remittances(ctx) else None
    if found is None:
        raise not_found("Remise", "id")
    return found


def _require_day(ctx: Context, collect_on: date) -> DirectDebitPolicy:
    """The commune's direct debit, if the day may be collected by this agent."""
    if not sees_remittances(ctx):
        raise not_found("Remise")
    policy = ctx.commune.ask(hookspecs.direct_debit)
    if policy.creditor is None:
        raise Refused(Code.FEATURE_CLOSED, "Les prélèvements de cette commune ne sont pas faits par le portail.")
    today = ctx.local_now.date()
    if not today < collect_on <= today + LONGEST_WAIT:
        raise Refused(
            Code.INVALID,
            f"Choisissez un jour du {say_date(today + timedelta(days=1))} au {say_date(today + LONGEST_WAIT)} : "
            "la banque reçoit la remise la veille au plus tard.",
            field=("collectOn",),
        )
    return policy


async def _write(ctx: Context, policy: DirectDebitPolicy, collect_on: date, prepared: Collectable) -> Remittance:
    """The rows of a remittance: its collections are named by their place in it."""
    today = ctx.local_now.date()
    message_id = policy.bank_file.message_id(today, await take_numbers(f"SDD-{today:%Y%m%d}", 1))
    remittance = await Remittance.create(
        message_id=message_id,
        version=policy.bank_file.version,
        collect_on=collect_on,
        count=len(prepared.collected),
        total_cents=prepared.total_cents,
        made_by=ctx.viewer.account_id,
        made_at=ctx.now,
    )
    await Collection.bulk_create(
        [
            Collection(
                household_id=each.invoice.household_id,
                remittance_id=remittance.id,
                mandate_id=each.mandate.id,
                invoice_id=each.invoice.id,
                end_to_end_id=policy.bank_file.end_to_end_id(message_id, place),
                sequence=each.sequence,
                cents=each.cents,
            )
            for place, each in enumerate(prepared.collected, start=1)
        ]
    )
    mandates = [each.mandate.id for each in prepared.collected]
    await Mandate.filter(id__in=mandates, used_at__isnull=True).update(used_at=ctx.now)
    return remittance


async def remittances_page(
    ctx: Context, before: tuple[datetime, UUID] | None, limit: int
) -> tuple[list[Remittance], int]:
    """A page of remittances, newest first, after the one at ``before``, and how many there are; none for others."""
    if not sees_remittances(ctx):
        return [], 0
    rows = Remittance.all()
    total = await rows.count()
    if before is not None:
        at, key = before
        rows = rows.filter(Q(made_at__lt=at) | Q(made_at=at, id__lt=key))
    return await rows.order_by("-made_at", "-id").limit(limit), total


async def collections_page(
    ctx: Context, remittance_id: UUID, after: str | None, limit: int
) -> tuple[list[Collection], int]:
    """A page of a remittance's collections, in its own order, after a reference, and how many there are."""
    if not sees_remittances(ctx):
        return [], 0
    rows = Collection.filter(remittance_id=remittance_id)
    total = await rows.count()
    if after is not None:
        rows = rows.filter(end_to_end_id__gt=after)
    return await rows.order_by("end_to_end_id").limit(limit), total
