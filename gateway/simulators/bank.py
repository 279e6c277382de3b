"""A simulated DGFiP: a real HTTP server of PayFiP's web service and payment page, for demonstrations and tests.

It answers over the wire exactly what :mod:`gateway.payments.payfip` expects of the real bank, on the clock it is
given. Its state is in memory, it asks for no password and it posts wherever an order says: never expose it.
"""

import asyncio
import uuid
from collections.abc import Iterable

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from gateway.payments.payfip_messages import CREATE, DESCRIBE, REPORT, MessageError
from gateway.simulators.bank_ledger import Anomaly, BankClient, Ledger
from gateway.simulators.bank_notifications import BadDays, BankFaults, Letter
from gateway.simulators.bank_page import RESULTS, payment_page, refusal_page, return_page, unusable_page
from gateway.simulators.bank_soap import read_call, write_answer, write_fault, write_protocol_fault
from resolvers.ports import Clock

LARGEST_REQUEST = 64 * 1024

SERVICE_PATH = "/tpa/services/securite"
PAGE_PATH = "/tpa/paiementws.web"
CONTROL_PATH = "/control"


def bank_app(clock: Clock, clients: Iterable[BankClient], faults: BankFaults | None = None) -> Starlette:
    """The bank as an application to mount anywhere; it serves the régies given and no other, with these faults or none.

    ``POST …/tpa/services/securite`` is the SOAP service, ``…/tpa/paiementws.web?idop=`` the payment page.
    ``…/control`` tells and changes what goes wrong (:class:`BadDays`).
    """
    bank = _Bank(clock, clients, BadDays(faults))
    return Starlette(
        routes=[
            Route(SERVICE_PATH, bank.serve, methods=["POST"]),
            Route(PAGE_PATH, bank.show, methods=["GET"]),
            Route(PAGE_PATH, bank.settle, methods=["POST"]),
            *bank.days.routes(CONTROL_PATH),
        ],
        max_body_size=LARGEST_REQUEST,
    )


class _Bank:
    """One endpoint per method."""

    def __init__(self, clock: Clock, clients: Iterable[BankClient], days: BadDays) -> None:
        self._ledger = Ledger(clock, clients)
        self.days = days

    async def serve(self, request: Request) -> Response:
        """The SOAP service: one answer, or a fault with HTTP 500."""
        message = await request.body()
        await asyncio.sleep(self.days.faults.slow)
        if self.days.faults.down:
            fault = write_fault("TechIndisponibiliteErreur", "999", "Le service est momentanément indisponible.")
            return _xml(fault, 500)
        try:
            operation, fields = read_call(message)
            return _xml(write_answer(operation, self._answer(operation, fields)), 200)
        except MessageError as error:
            return _xml(write_protocol_fault(str(error)), 500)
        except Anomaly as anomaly:
            kind = "TechProtocolaireErreur" if anomaly.code == "999" else "FonctionnelleErreur"
            return _xml(write_fault(kind, anomaly.code, anomaly.label), 500)

    def _answer(self, operation: str, fields: dict[str, str]) -> dict[str, str]:
        if operation == CREATE:
            return {"idOp": self._ledger.create(fields)}
        if operation == REPORT:
            return self._ledger.report(fields.get("idOp", ""))
        if operation == DESCRIBE:
            client = self._ledger.client(fields.get("numCli", ""))
            labels = {f"libelleN{rank}": label for rank, label in enumerate(client.labels, start=1)}
            return {"numcli": client.number, **labels}
        raise MessageError("no such operation")

    async def show(self, request: Request) -> Response:
        """The payment page."""
        if self.days.faults.down:
            return unusable_page("Le service est momentanément indisponible.", 503)
        try:
            return payment_page(self._ledger.open(request.query_params.get("idop", "")))
        except Anomaly as anomaly:
            return refusal_page(anomaly)

    async def settle(self, request: Request) -> Response:
        """A button of the payment page: record the result, notify in the background, send the person back."""
        async with request.form(max_files=0) as form:
            identifier, letter = str(form.get("idop", "")), str(form.get("resultrans", ""))
        if letter not in RESULTS:
            return unusable_page("Choisissez l'un des boutons de la page de paiement.", 400)
        try:
            operation = self._ledger.settle(identifier, letter)
        except Anomaly as anomaly:
            return refusal_page(anomaly)
        self._notify(operation.order["urlnotif"], identifier)
        return return_page(operation)

    def _notify(self, address: str, identifier: str) -> None:
        lie = {"resultrans": "P", "numauto": "000000", "montant": "1"}
        stranger = str(uuid.uuid4())
        lies = [Letter(address, about, {"idop": about, **lie}) for about in (identifier, stranger)]
        self.days.notify(Letter(address, identifier, {"idop": identifier}), lies)


def _xml(message: bytes, status: int) -> Response:
    return Response(message, status, media_type="text/xml")
