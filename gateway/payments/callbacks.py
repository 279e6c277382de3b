"""The addresses banks and browsers come back to. PayFiP proves nothing, so it is asked; Lyra signs what it says."""

import logging
import re
from collections.abc import Iterable, Mapping
from html import escape
from urllib.parse import urlencode

from starlette.requests import Request
from starlette.responses import PlainTextResponse, RedirectResponse, Response
from starlette.routing import Route

from gateway.doors.landing import french_page
from gateway.doors.sessions import Doorman
from gateway.doors.tenancy import commune_of
from resolvers.context import Context
from resolvers.models import PaymentAttempt
from resolvers.models.scope import everything_in_sight
from resolvers.paying import settlements
from resolvers.paying.payfip_regies import hear_activation
from resolvers.paying.payment_states import followed
from resolvers.ports import BankForged, BankUnavailable
from schema.relay import global_id, parse_uuid

_log = logging.getLogger("portail.payments")
MOST_FIELDS = 150
_IDOP = re.compile(r"[A-Za-z0-9-]{8,64}")


def payment_routes(doorman: Doorman) -> list[Route]:
    """What banks call and where browsers come back to, and ``/paiement``, where the state of a payment is read."""
    return [*_payfip_routes(doorman), *_lyra_routes(doorman), _outcome_route(doorman)]


def _payfip_routes(doorman: Doorman) -> list[Route]:
    """``/payments/payfip/notification``, ``/return`` and, for who activated a régie, ``/activation``, in a commune.

    The bank's page posts to the return address from another site, so no cookie comes with it: the attempt is found
    by the bank's own identifier, and the person is sent on to an address that is read.
    """

    async def notification(request: Request) -> Response:
        ctx = await doorman.context(request, Response())
        idop = await _idop(request)
        if idop is None:
            return PlainTextResponse("idop?", 400)
        with everything_in_sight():  # the bank speaks for nobody; only its answer to our question counts
            if await PaymentAttempt.filter(external_id=idop).exists():
                await settlements.keep_bank_event("payfip", idop, {"idop": idop}, ctx.now)
                await _settle(ctx, idop)
            elif await hear_activation(ctx, idop) is None:
                _log.warning("a notification for no payment of ours")
        return PlainTextResponse("ok")

    async def come_back(request: Request) -> Response:
        ctx = await doorman.context(request, Response())
        idop = await _idop(request)
        attempt: PaymentAttempt | None = None
        if idop is not None:
            with everything_in_sight():  # as above
                await _settle(ctx, idop)
                attempt = await PaymentAttempt.get_or_none(external_id=idop)
        return RedirectResponse(_next_page(ctx, attempt), 303, {"Cache-Control": "no-store"})

    async def activated(request: Request) -> Response:
        ctx = await doorman.context(request, Response())
        idop = await _idop(request)
        state = await hear_activation(ctx, idop) if idop is not None else None
        sentence = state.say() if state else "Ce paiement d'activation est inconnu ici."
        return _page(request, "Activation de PayFiP", sentence, 200 if state else 404)

    return [
        Route("/payments/payfip/notification", notification, methods=["GET", "POST"]),
        Route("/payments/payfip/return", come_back, methods=["GET", "POST"]),
        Route("/payments/payfip/activation", activated, methods=["GET", "POST"]),
    ]


def _lyra_routes(doorman: Doorman) -> list[Route]:
    """``/payments/lyra/notification`` and ``/payments/lyra/return``: what is signed is believed, the rest is not read.

    A notice that is refused for good is still answered 200, or the bank would repeat it.
    """

    async def notification(request: Request) -> Response:
        ctx = await doorman.context(request, Response())
        async with request.form(max_files=0, max_fields=MOST_FIELDS) as form:
            received = _single_values(form.multi_items())
        try:
            await _hear_lyra(ctx, received)
        except BankForged:
            _log.warning("a notice that the bank did not sign")
            return PlainTextResponse("signature?", 400)
        return PlainTextResponse("ok")

    async def come_back(request: Request) -> Response:
        ctx = await doorman.context(request, Response())
        try:
            attempt = await _hear_lyra(ctx, _single_values(request.query_params.multi_items()))
        except BankForged:
            attempt = None
        return RedirectResponse(_next_page(ctx, attempt), 303, {"Cache-Control": "no-store"})

    return [
        Route("/payments/lyra/notification", notification, methods=["POST"]),
        Route("/payments/lyra/return", come_back, methods=["GET"]),
    ]


def _single_values(items: Iterable[tuple[str, object]]) -> dict[str, str]:
    """The fields sent; nothing at all when one is repeated, since nobody knows which of the two was signed."""
    pairs = [(name, value) for name, value in items if isinstance(value, str)]
    fields = dict(pairs)
    return fields if len(fields) == len(pairs) else {}


async def _hear_lyra(ctx: Context, received: Mapping[str, str]) -> PaymentAttempt | None:
    notice = ctx.ports.lyra.read(ctx.commune.slug, received)
    with everything_in_sight():  # the bank's signature stands for a session
        return await settlements.hear(ctx, "lyra", notice)


def _outcome_route(doorman: Doorman) -> Route:
    async def outcome(request: Request) -> Response:
        await doorman.context(request, Response())
        key = parse_uuid(request.query_params.get("payment", ""), "Payment")
        with everything_in_sight():  # shows a state and nothing of anybody, to whoever holds an unguessable key
            found = await followed(await PaymentAttempt.filter(id=key)) if key else []
        sentence = found[0].say() if found else "Ce paiement est inconnu ici."
        return _page(request, "Votre paiement", sentence, 200 if found else 404)

    return Route("/paiement", outcome, methods=["GET"])


def _page(request: Request, title: str, sentence: str, status: int) -> Response:
    return french_page(title, commune_of(request.scope).identity.name, f"<p>{escape(sentence)}</p>", status)


async def _idop(request: Request) -> str | None:
    if request.method == "POST":
        async with request.form(max_files=0, max_fields=20) as form:
            given = form.get("idop") or form.get("idOp")
    else:
        given = request.query_params.get("idop") or request.query_params.get("idOp")
    return given if isinstance(given, str) and _IDOP.fullmatch(given) else None


async def _settle(ctx: Context, idop: str) -> None:
    try:
        await settlements.settle(ctx, idop)
    except BankUnavailable:
        _log.warning("the bank does not answer; polling goes on")


def _next_page(ctx: Context, attempt: PaymentAttempt | None) -> str:
    if attempt is None:
        return ctx.link("paiement")
    if attempt.return_to != "/":
        return f"{ctx.public_url}{attempt.return_to}"
    return ctx.link(f"paiement?{urlencode({'payment': global_id('Payment', attempt.id)})}")
