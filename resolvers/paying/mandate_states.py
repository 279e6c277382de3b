"""What becomes of a mandate once it holds: suspended, resumed, ended; the household is mailed each time."""

from uuid import UUID

from tortoise.expressions import Subquery

from plugins import hookspecs
from plugins.rules.french import say_date
from plugins.rules.mandates import first_day_collected, lapsed_before
from plugins.rules.requests import RequestKind, RequestState
from plugins.rules.wording import Message
from resolvers.billing.payers import pays_for
from resolvers.context import AccountKind, Context
from resolvers.errors import Code, Refused, not_found
from resolvers.families.correspondents import correspondents
from resolvers.models import Collection, Mandate, Remittance, Request
from resolvers.models.direct_debits import MandateState
from resolvers.models.tenancy import unit_of_work
from resolvers.outbox import Addressee, enqueue_mail
from resolvers.requests.requests import open_request

LONGEST_REASON = 200
ASKED_FOR = "à votre demande"
UNUSED = "il n'a pas servi depuis 36 mois"
AT_A_TIME = 100


@unit_of_work
async def suspend(ctx: Context, mandate_id: UUID, reason: str = "") -> Mandate:
    """Collect nothing more until it is resumed; who asks says why when it is an agent.

    Refused: NOT_FOUND, STATE_CONFLICT unless it is active, BLANK for an agent who gives no reason.
    """
    mandate = await _held(ctx, mandate_id, MandateState.ACTIVE)
    await suspend_mandate(ctx, mandate, _reason(ctx, reason))
    await _leave_a_request(ctx, mandate, "Suspension du prélèvement automatique")
    return mandate


async def suspend_mandate(ctx: Context, mandate: Mandate, reason: str) -> None:
    """Suspend an active mandate that the caller's transaction has locked, and mail the reason, in French, in the
    middle of a sentence: « au bout de 2 rejets »."""
    mandate.state, mandate.suspended_at, mandate.reason = MandateState.SUSPENDED, ctx.now, reason
    await mandate.save(update_fields=["state", "suspended_at", "reason"])
    await tell(ctx, mandate, Message.DIRECT_DEBIT_STOPPED, reason=reason)


@unit_of_work
async def resume(ctx: Context, mandate_id: UUID) -> Mandate:
    """Collect again, from the next invoicing. What rejects suspended is resumed by the service, which counts anew.

    Refused: NOT_FOUND, STATE_CONFLICT.
    """
    mandate = await _held(ctx, mandate_id, MandateState.SUSPENDED)
    if ctx.viewer.kind is AccountKind.FAMILY:
        await _refuse_rejected(ctx, mandate)
    today = ctx.local_now.date()
    mandate.state, mandate.suspended_at, mandate.reason, mandate.rejects = MandateState.ACTIVE, None, "", 0
    mandate.active_from = first_day_collected(mandate.signed_on or today, today)
    await mandate.save(update_fields=["state", "suspended_at", "reason", "rejects", "active_from"])
    await _leave_a_request(ctx, mandate, "Reprise du prélèvement automatique")
    await tell(ctx, mandate, Message.DIRECT_DEBIT_STARTED, since=say_date(mandate.active_from))
    return mandate


@unit_of_work
async def end(ctx: Context, mandate_id: UUID, reason: str = "") -> Mandate:
    """Collect nothing any more; another mandate has to be asked to be collected again.

    Refused: NOT_FOUND, STATE_CONFLICT unless it is active or suspended, BLANK for an agent who gives no reason.
    """
    mandate = await _held(ctx, mandate_id, MandateState.ACTIVE, MandateState.SUSPENDED)
    await close(ctx, mandate, _reason(ctx, reason))
    await _leave_a_request(ctx, mandate, "Arrêt du prélèvement automatique")
    await tell(ctx, mandate, Message.DIRECT_DEBIT_STOPPED, reason=mandate.reason)
    return mandate


async def close(ctx: Context, mandate: Mandate, reason: str) -> None:
    """End a mandate that the caller's transaction has locked; nobody is told."""
    mandate.state, mandate.ended_at, mandate.reason = MandateState.ENDED, ctx.now, reason[:LONGEST_REASON]
    await mandate.save(update_fields=["state", "ended_at", "reason"])


@unit_of_work
async def lapse(ctx: Context) -> int:
    """End the mandates that were not used for thirty-six months, and tell their households; returns how many."""
    limit = lapsed_before(ctx.local_now.date())
    recent = Remittance.filter(collect_on__gt=limit).values("id")
    used = Collection.filter(remittance_id__in=Subquery(recent)).values("mandate_id")
    unused = (
        await Mandate.filter(state__in=[MandateState.ACTIVE, MandateState.SUSPENDED], signed_on__lte=limit)
        .exclude(id__in=Subquery(used))
        .order_by("id")
        .limit(AT_A_TIME)
        .select_for_update(skip_locked=True)
    )
    for mandate in unused:
        await close(ctx, mandate, UNUSED)
        await tell(ctx, mandate, Message.DIRECT_DEBIT_STOPPED, reason=UNUSED)
    return len(unused)


async def locked(ctx: Context, mandate_id: UUID) -> tuple[Mandate, list[Mandate]]:
    """A mandate that the viewer may change, and all those of its household that have not ended, locked in one order.

    Refused: NOT_FOUND.
    """
    found = await Mandate.get_or_none(id=mandate_id)
    if found is None or not pays_for(ctx, found.household_id):
        raise not_found("Mandat", "id")
    rows = await Mandate.filter(household_id=found.household_id).order_by("id").select_for_update()
    return next(row for row in rows if row.id == mandate_id), [r for r in rows if r.state is not MandateState.ENDED]


async def tell(ctx: Context, mandate: Mandate, message: Message, **values: str) -> None:
    """Mail the adults of the household in the words of a message about its mandate."""
    service = await _service_of(ctx, mandate)
    for account, person in await correspondents(mandate.household_id):
        await enqueue_mail(
            ctx.commune,
            ctx.ports,
            ctx.now,
            message,
            Addressee(account.email, person.first_name),
            key=f"mandate:{mandate.id.hex}:{mandate.state.value}:{account.id.hex}:{ctx.now.timestamp():.6f}",
            service=service,
            rum=mandate.rum,
            **values,
        )


async def _held(ctx: Context, mandate_id: UUID, *states: MandateState) -> Mandate:
    mandate, _ = await locked(ctx, mandate_id)
    if mandate.state not in states:
        raise Refused(
            Code.STATE_CONFLICT,
            f"Le mandat {mandate.rum} a changé entre-temps : rechargez-le pour voir où il en est.",
            field=("id",),
        )
    return mandate


def _reason(ctx: Context, reason: str) -> str:
    """Why, as the mail says it: what the agent wrote, or that the family asked for it."""
    if ctx.viewer.kind is AccountKind.FAMILY:
        return ASKED_FOR
    if not reason.strip():
        raise Refused(Code.BLANK, "Dites à la famille pourquoi : elle lira votre message.", field=("reason",))
    if len(reason) > LONGEST_REASON:
        raise Refused(Code.INVALID, f"Le motif tient en {LONGEST_REASON} caractères.", field=("reason",))
    return reason.strip()


async def _refuse_rejected(ctx: Context, mandate: Mandate) -> None:
    if ctx.commune.ask(hookspecs.direct_debit).is_suspended(mandate.rejects):
        mailbox = ctx.commune.identity.service(await _service_of(ctx, mandate)).mailbox
        raise Refused(
            Code.STATE_CONFLICT,
            f"Ce prélèvement est suspendu après des rejets de votre banque : écrivez à {mailbox} pour le reprendre.",
            field=("id",),
            contact=mailbox,
        )


async def _leave_a_request(ctx: Context, mandate: Mandate, title: str) -> None:
    """What was done at once leaves its trace in « dernières demandes »."""
    await open_request(
        ctx,
        RequestKind.DIRECT_DEBIT,
        mandate.household_id,
        service=await _service_of(ctx, mandate),
        title=f"{title} (mandat {mandate.rum})",
        subject_id=mandate.id,
        state=RequestState.ACCEPTED,
        mail=False,
    )


async def _service_of(ctx: Context, mandate: Mandate) -> str:
    """The code of the service that the mandate was asked of."""
    request = await Request.get_or_none(id=mandate.request_id) if mandate.request_id else None
    return request.service if request is not None else ctx.commune.identity.services[0].code
