"""A simulated Lyra: the page of protocol V2 where cards are paid, and its signed notices, for demonstrations and tests.

It checks forms and signs what it says by itself, apart from :mod:`gateway.payments.lyra`, so that each sees the
other's mistakes. Its state is in memory, it asks for no password and it posts wherever a form says: never expose it.
"""

import asyncio
from collections.abc import Iterable
from urllib.parse import urlsplit

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from gateway.simulators.bank_notifications import BadDays, BankFaults, Letter
from gateway.simulators.lyra_pages import STATUSES, payment_page, return_page, unusable_page
from gateway.simulators.lyra_shops import FormRefused, Shop, Shops, Transaction, signed
from resolvers.ports import Clock

LARGEST_REQUEST = 64 * 1024
PAGE_PATH = "/vads-payment/"
END_PATH = "/vads-payment/end"
CONTROL_PATH = "/control"


def lyra_app(clock: Clock, shops: Iterable[Shop], faults: BankFaults | None = None) -> Starlette:
    """Lyra as an application to mount anywhere; it serves the shops given and no other, with these faults or none.

    ``POST …/vads-payment/`` opens the page, ``…/control`` tells and changes what goes wrong (:class:`BadDays`).
    """
    lyra = _Lyra(clock, shops, BadDays(faults))
    return Starlette(
        routes=[
            Route(PAGE_PATH, lyra.show, methods=["POST"]),
            Route(END_PATH, lyra.end, methods=["POST"]),
            *lyra.days.routes(CONTROL_PATH),
        ],
        max_body_size=LARGEST_REQUEST,
    )


class _Lyra:
    """One endpoint per method."""

    def __init__(self, clock: Clock, shops: Iterable[Shop], days: BadDays) -> None:
        self._shops = Shops(clock, shops)
        self.days = days

    async def show(self, request: Request) -> Response:
        """The payment page of a form that is right."""
        async with request.form(max_files=0) as form:
            posted = {name: str(value) for name, value in form.items()}
        await asyncio.sleep(self.days.faults.slow)
        if self.days.faults.down:
            return unusable_page("Le service est momentanément indisponible.", 503)
        try:
            return payment_page(self._shops.open(posted), f"{request.url.path}end")
        except FormRefused as refusal:
            return unusable_page(f"{refusal.field} : {refusal}", 400)

    async def end(self, request: Request) -> Response:
        """A button of the page: record the result, notify in the background, send the person back."""
        async with request.form(max_files=0) as form:
            uuid, status = str(form.get("transaction", "")), str(form.get("status", ""))
        if status not in STATUSES:
            return unusable_page("Choisissez l'un des boutons de la page de paiement.", 400)
        try:
            transaction = self._shops.settle(uuid, status)
        except FormRefused as refusal:
            return unusable_page(str(refusal), 410)
        self._notify(transaction)
        return return_page(transaction.form["vads_url_return"], self._shops.told(transaction))

    def _notify(self, transaction: Transaction) -> None:
        address = transaction.form.get("vads_url_check", "")
        if urlsplit(address).scheme not in ("http", "https"):
            return
        order = transaction.form.get("vads_order_id", "")
        notice = self._shops.told(transaction, notice=True)
        paid = {**notice, "vads_trans_status": "AUTHORISED", "vads_result": "00"}
        lies = (
            signed(paid, "0000000000000000"),  # another key
            {**signed(paid, self._shops.key(transaction)), "vads_amount": "1"},  # changed on the way
            signed({**paid, "vads_order_id": "2026ENF999999A01"}, "0000000000000000"),  # of no order
        )
        self.days.notify(Letter(address, order, notice), [Letter(address, order, lie) for lie in lies])
