"""What the bank says of collections: kept as received once, handled once, and a reject undoes what was booked.

Nothing is deleted: a payment that bounces is reversed, its invoice owes again, and the family is told.
"""

import logging
from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum
from uuid import UUID

from plugins import hookspecs
from plugins.rules.debit_answers import BankWord, count_rejects, say_reject
from plugins.rules.errors import RuleError
from plugins.rules.french import euros, say_date
from plugins.rules.payment import DirectDebitRoute
from plugins.rules.wording import Message
from resolvers.billing.invoices import routes_of
from resolvers.context import Context
from resolvers.errors import Code, Refused, not_found
from resolvers.families.correspondents import correspondents
from resolvers.models import BankEvent, Collection, Household, Invoice, Mandate, Payment, Remittance
from resolvers.models.direct_debits import CollectionState, MandateState
from resolvers.models.tenancy import unit_of_work
from resolvers.outbox import Addressee, enqueue_mail
from resolvers.paying.allocations import hold_account, take_back
from resolvers.paying.collecting import book_one
from resolvers.paying.mandate_states import suspend_mandate
from resolvers.paying.remittances import give_up, sees_remittances

_log = logging.getLogger("portail.rejects")

BY_HAND = "main"


class Outcome(Enum):
    """What hearing one answer of the bank did."""

    REJECTED = "REJECTED"
    COLLECTED = "COLLECTED"
    KNOWN = "KNOWN"  # heard before, or too late to change anything
    REFUSED = "REFUSED"  # it names no collection of ours, or another amount
    DROPPED = "DROPPED"  # it refused a whole file: its remittance is given up


@dataclass(frozen=True, slots=True)
class Heard:
    """What a bank's answer did: how many collections it changed, and the references that it was refused for.

    ``dropped`` are the remittances that it refuses whole: they are given up, to be made again.
    """

    rejected: int
    collected: int
    known: int
    refused: tuple[str, ...]
    dropped: tuple[str, ...] = ()


async def hear(ctx: Context, source: str, words: Sequence[BankWord]) -> Heard:
    """Handle what the bank says, each collection in a transaction of its own; asked again, it goes on.

    ``source`` names the kind of file. Refused: NOT_FOUND for who does not see remittances.
    """
    if not sees_remittances(ctx):
        raise not_found("Remise")
    done = [(word, await _hear_one(ctx, source, word)) for word in words]

    def count(outcome: Outcome) -> int:
        return sum(found is outcome for _, found in done)

    def named(outcome: Outcome) -> tuple[str, ...]:
        return tuple(word.reference for word, found in done if found is outcome)

    return Heard(
        count(Outcome.REJECTED),
        count(Outcome.COLLECTED),
        count(Outcome.KNOWN),
        named(Outcome.REFUSED),
        named(Outcome.DROPPED),
    )


async def reject(ctx: Context, collection_id: UUID, code: str) -> Collection:
    """Reject a collection by hand, as a letter of the bank or its portal says.

    Refused: NOT_FOUND, INVALID for what is no code, STATE_CONFLICT when it was rejected before or never sent.
    """
    found = await Collection.get_or_none(id=collection_id) if sees_remittances(ctx) else None
    if found is None:
        raise not_found("Prélèvement", "id")
    try:
        word = BankWord(found.end_to_end_id, code.strip().upper(), found.cents)
    except RuleError as fault:
        raise _no_code() from fault
    if not word.is_reject:
        raise _no_code()
    outcome = await _hear_one(ctx, BY_HAND, word)
    if outcome is not Outcome.REJECTED:
        never = "La remise de ce prélèvement n'est pas partie à la banque : abandonnez-la plutôt."
        told = never if outcome is Outcome.REFUSED else "Ce prélèvement est déjà rejeté."
        raise Refused(Code.STATE_CONFLICT, told, field=("id",))
    return await Collection.get(id=found.id)


def _no_code() -> Refused:
    return Refused(Code.INVALID, "Recopiez le code du rejet donné par la banque, comme AM04.", field=("code",))


@unit_of_work
async def _hear_one(ctx: Context, source: str, word: BankWord) -> Outcome:
    event = await _kept(ctx, source, word)
    if event.handled_at is not None:
        return Outcome.KNOWN
    outcome = await (_give_up(word) if word.is_of_file else _settle(ctx, word))
    if outcome is Outcome.REFUSED:
        _log.warning("the bank speaks of no collection of ours", extra={"facts": {"event": str(event.id)}})
    else:
        await BankEvent.filter(id=event.id).update(handled_at=ctx.now)
    return outcome


async def _give_up(word: BankWord) -> Outcome:
    """Give up a remittance whose file the bank refuses: nobody was collected, so nobody's mandate bounced."""
    remittance = await Remittance.filter(message_id=word.message_id).select_for_update().first()
    if remittance is None or remittance.sent_at is None:
        return Outcome.REFUSED
    return Outcome.DROPPED if await give_up(remittance) else Outcome.REFUSED


async def _settle(ctx: Context, word: BankWord) -> Outcome:
    collection = await Collection.get_or_none(end_to_end_id=word.reference)
    remittance = None if collection is None else await Remittance.get_or_none(id=collection.remittance_id)
    if collection is None or remittance is None or not _agrees(word, collection, remittance):
        return Outcome.REFUSED
    if word.is_reject:
        return Outcome.REJECTED if await _bounce(ctx, collection, remittance, word.code) else Outcome.KNOWN
    return Outcome.COLLECTED if await book_one(ctx, collection, remittance) else Outcome.KNOWN


def _agrees(word: BankWord, collection: Collection, remittance: Remittance) -> bool:
    """True when the answer speaks of the amount and of the file that were sent, as far as it tells them.

    A file is had once it is sent, so nothing true is said of one that is not.
    """
    amounts = word.cents is None or word.cents == collection.cents
    return remittance.sent_at is not None and amounts and word.message_id in ("", remittance.message_id)


async def _kept(ctx: Context, source: str, word: BankWord) -> BankEvent:
    """The answer as received, kept once, sealed: it may hold an account."""
    told = {"reference": word.reference, "code": word.code, "sealed": ctx.ports.sealer.seal(word.raw)}
    event = BankEvent(source=source, external_id=word.identity[:80], received=told, received_at=ctx.now)
    await BankEvent.bulk_create([event], ignore_conflicts=True)
    return await BankEvent.get(source=source, external_id=event.external_id)


async def _bounce(ctx: Context, collection: Collection, remittance: Remittance, code: str) -> bool:
    """Close a collection as rejected and undo its payment; False when it was rejected before."""
    await hold_account(collection.household_id)
    still = Collection.filter(id=collection.id).exclude(state=CollectionState.REJECTED)
    if not await still.update(state=CollectionState.REJECTED, code=code, rejected_at=ctx.now):
        return False
    closed = await Collection.get(id=collection.id)
    if closed.payment_id is not None:
        payment = await Payment.get(id=closed.payment_id)
        await take_back(payment, f"Prélèvement rejeté : {say_reject(code)}", ctx.now)
    await _tell(ctx, closed, remittance)
    await _count(ctx, closed)
    return True


async def _count(ctx: Context, rejected: Collection) -> None:
    """Count the reject on its mandate, as the commune counts, and suspend the direct debit when it is too much.

    A mandate whose only collection was rejected before any booking was never used: the next one is its first.
    """
    policy = ctx.commune.ask(hookspecs.direct_debit)
    mandate = await Mandate.filter(id=rejected.mandate_id).select_for_update().get()
    rows = await Collection.filter(mandate_id=mandate.id).order_by("-end_to_end_id")
    if all(row.state is CollectionState.REJECTED and row.payment_id is None for row in rows):
        mandate.used_at = None
    if policy.counts(rejected.code):
        latest = [row.code for row in rows if row.state is not CollectionState.WAITING]
        mandate.rejects = count_rejects(policy, mandate.rejects, latest)
    await mandate.save(update_fields=["used_at", "rejects"])
    if mandate.state is MandateState.ACTIVE and policy.is_suspended(mandate.rejects):
        await suspend_mandate(ctx, mandate, f"au bout de {mandate.rejects} rejet{'s' if mandate.rejects > 1 else ''}")


async def _tell(ctx: Context, rejected: Collection, remittance: Remittance) -> None:
    """Mail who is written to about the household: what bounced, why, and how to pay now."""
    invoice = await Invoice.get(id=rejected.invoice_id)
    household = await Household.get(id=rejected.household_id)
    ways = [route.say() for route in routes_of(ctx, household.services) if not isinstance(route, DirectDebitRoute)]
    for account, person in await correspondents(rejected.household_id):
        await enqueue_mail(
            ctx.commune,
            ctx.ports,
            ctx.now,
            Message.DEBIT_REJECTED,
            Addressee(account.email, person.first_name),
            key=f"debit-rejected:{rejected.id}:{account.id}",
            number=invoice.number or "",
            amount=euros(rejected.cents),
            day=say_date(remittance.collect_on),
            reason=say_reject(rejected.code),
            ways="\n".join(["Pour régler cette facture :", *ways]),
        )
