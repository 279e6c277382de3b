"""The régies of a commune at PayFiP: how the bank names them, and the payments of 1 € that activate them.

DGFiP opens a régie in production once somebody paid on its page in the mode « activation », by card and, if families
are to give orders of direct debit there, by direct debit too. It counts from the next working day; nobody is debited.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import Enum

from plugins import hookspecs
from plugins.rules.payment import PayfipRegie
from resolvers.context import Context
from resolvers.errors import Code, Refused, not_found
from resolvers.idempotency import recall, remember
from resolvers.models import BankEvent
from resolvers.models.tenancy import unit_of_work
from resolvers.ports import BY_DEBIT, BankRefused, BankUnavailable, PaymentOrder, PaymentOutcome, PaymentReport

ACTIVATE = "payfipActivationStart"
SOURCE = "payfip-activation"  # of the bank's events
CENTS = 1_00
SHOWN = 10


class Standing(Enum):
    """Whether the bank serves a régie."""

    KNOWN = "KNOWN"
    REFUSED = "REFUSED"
    UNREACHABLE = "UNREACHABLE"


class ActivationState(Enum):
    """What became of an activation payment."""

    WAITING = "WAITING"
    CARD_ACCEPTED = "CARD_ACCEPTED"
    DEBIT_ACCEPTED = "DEBIT_ACCEPTED"
    REFUSED = "REFUSED"
    ABANDONED = "ABANDONED"
    EXPIRED = "EXPIRED"

    def say(self) -> str:
        """What it means for the régie, in French."""
        return _SENTENCES[self]


_SENTENCES = {
    ActivationState.WAITING: "PayFiP n'a pas encore donné le résultat de ce paiement d'activation.",
    ActivationState.CARD_ACCEPTED: "Le paiement par carte est activé : il ouvre le prochain jour ouvré.",
    ActivationState.DEBIT_ACCEPTED: "Le paiement par prélèvement est activé : il ouvre le prochain jour ouvré.",
    ActivationState.REFUSED: "PayFiP a refusé ce paiement d'activation : recommencez, ou écrivez à votre trésorerie.",
    ActivationState.ABANDONED: "Ce paiement d'activation a été abandonné : recommencez.",
    ActivationState.EXPIRED: "Ce paiement d'activation n'a pas été fait dans les quinze minutes : recommencez.",
}
_UNPAID = {
    PaymentOutcome.REFUSED: ActivationState.REFUSED,
    PaymentOutcome.CANCELLED: ActivationState.ABANDONED,
    PaymentOutcome.EXPIRED: ActivationState.EXPIRED,
    PaymentOutcome.LATE: ActivationState.EXPIRED,
}


@dataclass(frozen=True, slots=True)
class Activation:
    """One activation payment: the bank's page while it is awaited."""

    started_at: datetime
    state: ActivationState
    page: str


@dataclass(frozen=True, slots=True)
class Regie:
    """A régie as the bank knows it: ``labels`` are the lines of its name, ``sentence`` is what it says, in French."""

    route: PayfipRegie
    standing: Standing
    labels: tuple[str, ...]
    sentence: str
    activations: tuple[Activation, ...]


async def regies(ctx: Context) -> list[Regie]:
    """The régies of the commune, each asked of the bank now, with their latest activation payments."""
    return [await _regie(ctx, route) for route in _routes(ctx)]


async def start_activation(ctx: Context, route_code: str, key: str | None) -> Activation:
    """Open an activation payment at the bank, for an agent to make.

    Refused: NOT_FOUND (no régie by this code), BANK_UNAVAILABLE, BANK_REFUSED, and as ``idempotency.recall``.
    """
    asked = {"route": route_code}
    answered = await recall(ctx, ACTIVATE, key, asked)
    if answered is not None:
        return _shown(await BankEvent.get(source=SOURCE, external_id=answered["operation"]))
    route = next((route for route in _routes(ctx) if route.code == route_code), None)
    if route is None:
        raise not_found("Moyen de paiement", "route")
    try:
        started = await ctx.ports.payfip.start(_order(ctx, route))
    except BankUnavailable as error:
        raise Refused(Code.BANK_UNAVAILABLE, "PayFiP ne répond pas : réessayez dans quelques minutes.") from error
    except BankRefused as error:
        told = f"PayFiP refuse ce paiement d'activation : {error.reason} ({error.code})."
        raise Refused(Code.BANK_REFUSED, told) from error
    told_by_bank = {"client": route.client_number, "page": started.redirect_url, "state": ActivationState.WAITING.name}
    return await _keep(ctx, started.external_id, told_by_bank, key, asked)


async def hear_activation(ctx: Context, operation: str) -> ActivationState | None:
    """Ask the bank what became of an activation payment, and keep it; None when the operation is none of ours."""
    event = await BankEvent.get_or_none(source=SOURCE, external_id=operation)
    return None if event is None else (await _heard(ctx, event)).state


async def _heard(ctx: Context, event: BankEvent) -> Activation:
    """An activation as it is now: the bank is asked while its result is awaited."""
    if event.handled_at is None:
        try:
            state = _state(await ctx.ports.payfip.report(event.external_id, event.received_at))
        except BankUnavailable:
            state = ActivationState.WAITING
        await _learn(event, state, ctx.now)
    return _shown(event)


def _routes(ctx: Context) -> list[PayfipRegie]:
    """The commune's régies, each client number once."""
    found: dict[str, PayfipRegie] = {}
    for service in ctx.commune.identity.services:
        for route in ctx.commune.gather(hookspecs.payment_routes, service=service):
            if isinstance(route, PayfipRegie):
                found.setdefault(route.client_number, route)
    return list(found.values())


async def _regie(ctx: Context, route: PayfipRegie) -> Regie:
    labels: Sequence[str] = ()
    try:
        labels = await ctx.ports.payfip.describe(route.client_number)
        standing, sentence = Standing.KNOWN, f"PayFiP connaît la régie {route.client_number} : {', '.join(labels)}."
    except BankRefused as error:
        standing, sentence = Standing.REFUSED, f"PayFiP refuse la régie {route.client_number} : {error.reason}."
    except BankUnavailable:
        standing, sentence = Standing.UNREACHABLE, "PayFiP ne répond pas : réessayez dans quelques minutes."
    return Regie(route, standing, tuple(labels), sentence, await _activations(ctx, route.client_number))


async def _activations(ctx: Context, client_number: str) -> tuple[Activation, ...]:
    """The latest first; those that are awaited are asked of the bank."""
    events = await BankEvent.filter(source=SOURCE).order_by("-received_at")
    ours = [event for event in events if event.received["client"] == client_number]
    return tuple([await _heard(ctx, event) for event in ours[:SHOWN]])


def _order(ctx: Context, route: PayfipRegie) -> PaymentOrder:
    return PaymentOrder(
        commune=ctx.commune.slug,
        client_number=route.client_number,
        year=ctx.local_now.year,
        reference=f"ACTIVATION{ctx.now:%Y%m%d%H%M%S}",
        subject=f"Activation {ctx.commune.identity.name}",
        amount_cents=CENTS,
        email=ctx.viewer.email,
        mode="X",
        notification_url=ctx.link("payments/payfip/notification"),
        return_url=ctx.link("payments/payfip/activation"),
    )


@unit_of_work
async def _keep(
    ctx: Context, operation: str, told: dict[str, str], key: str | None, asked: dict[str, str]
) -> Activation:
    event = await BankEvent.create(source=SOURCE, external_id=operation, received=told, received_at=ctx.now)
    await remember(ctx, ACTIVATE, key, asked, {"operation": operation})
    return _shown(event)


@unit_of_work
async def _learn(event: BankEvent, state: ActivationState, now: datetime) -> None:
    event.received = {**event.received, "state": state.name}
    event.handled_at = None if state is ActivationState.WAITING else now
    await event.save(update_fields=["received", "handled_at"])


def _state(report: PaymentReport) -> ActivationState:
    if report.outcome is PaymentOutcome.PAID:
        return ActivationState.DEBIT_ACCEPTED if report.means == BY_DEBIT else ActivationState.CARD_ACCEPTED
    return _UNPAID.get(report.outcome, ActivationState.WAITING)


def _shown(event: BankEvent) -> Activation:
    return Activation(event.received_at, ActivationState[event.received["state"]], event.received["page"])
