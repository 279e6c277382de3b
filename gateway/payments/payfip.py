"""PayFiP « régie »: the payment desk of DGFiP, the treasury that collects for French communes.

The bank is created an operation, the person pays on the bank's page, and the bank is *asked* what became of it.
Its notification carries nothing but the operation's identifier and is not signed: it never proves a payment.
"""

import asyncio
import logging
import re
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import httpx

from gateway.payments.payfip_codes import RESULTS, anomaly
from gateway.payments.payfip_messages import (
    CREATE,
    DESCRIBE,
    REPORT,
    Fault,
    MessageError,
    order_fields,
    read_answer,
    refusal,
    write_request,
)
from resolvers.ports import (
    BankUnavailable,
    Clock,
    PaymentOrder,
    PaymentOutcome,
    PaymentReport,
    StartedPayment,
)

_log = logging.getLogger("portail.payfip")
_PARIS = ZoneInfo("Europe/Paris")

CONNECTIONS = 16
LARGEST_ANSWER = 64 * 1024
ABANDON_HOLD = timedelta(minutes=3)  # two at the bank, and its instants are told to the minute
RESULT_PATIENCE = timedelta(hours=2)

_IDENTIFIER = re.compile(r"[A-Za-z0-9-]{1,64}")


class Payfip:
    """A :class:`resolvers.ports.RegieDesk` that speaks to the PayFiP web service.

    ``endpoint`` is the SOAP address, ``page`` the payment page's. An answer that takes more than ``patience`` seconds
    in all, however it arrives, counts as none. Close it with :meth:`aclose`.
    """

    def __init__(
        self,
        endpoint: str,
        page: str,
        clock: Clock,
        *,
        patience: float = 20.0,
        transport: httpx.AsyncBaseTransport | None = None,
    ) -> None:
        self._endpoint = endpoint
        self._page = httpx.URL(page)
        self._clock = clock
        self._patience = patience
        self._http = httpx.AsyncClient(
            headers={"Content-Type": "text/xml; charset=utf-8", "SOAPAction": '""', "Accept-Encoding": "identity"},
            timeout=patience,
            transport=transport,
            limits=httpx.Limits(max_connections=CONNECTIONS, max_keepalive_connections=CONNECTIONS),
            # A proxy of the environment never stands between the portal and its own simulated bank.
            mounts={"all://127.0.0.1": None, "all://localhost": None},
        )

    async def aclose(self) -> None:
        """Close the connections to the bank."""
        await self._http.aclose()

    async def start(self, order: PaymentOrder) -> StartedPayment:
        """Create an operation: the person has 15 minutes to open its page, and one attempt.

        Raises :class:`BankRefused` with the bank's code, often without asking it, or :class:`BankUnavailable`.
        """
        try:
            answer = await self._call(CREATE, order_fields(order))
        except Fault as fault:
            raise refusal(fault.code) from fault
        identifier = answer.get("idOp", "")
        if not _IDENTIFIER.fullmatch(identifier):
            raise BankUnavailable("PayFiP created an operation without a usable identifier")
        return StartedPayment(identifier, str(self._page.copy_set_param("idop", identifier)))

    async def report(self, external_id: str, started_at: datetime) -> PaymentReport:
        """Ask what became of an operation; asking again is free of effects.

        While the bank has no result the answer is PENDING, and LATE two hours after ``started_at``. An abandoned
        payment stays PENDING for three minutes, since the person may try again in the page. A letter or a fault that
        nobody knew when this was written is PENDING, in doubt, and an alert for the operator.
        Raises :class:`BankUnavailable`, and ``ValueError`` for an identifier the bank cannot have given.
        """
        if not _IDENTIFIER.fullmatch(external_id):
            raise ValueError("not an identifier of a PayFiP operation")
        try:
            answer = await self._call(REPORT, {"idOp": external_id})
        except Fault as fault:
            return self._without_result(fault, external_id, started_at)
        if answer.get("idOp") != external_id:
            raise BankUnavailable("PayFiP answered about another operation")
        return self._read_report(answer, started_at)

    async def describe(self, client_number: str) -> tuple[str, ...]:
        """The (up to three) lines of a régie's name: the way to check a client number before a family meets it.

        Raises :class:`BankRefused` when the bank does not know it, or :class:`BankUnavailable`.
        """
        if not re.fullmatch(r"[0-9]{6}", client_number):
            raise refusal("T1")
        try:
            answer = await self._call(DESCRIBE, {"numCli": client_number})
        except Fault as fault:
            raise refusal(fault.code) from fault
        if answer.get("numcli") != client_number:
            raise BankUnavailable("PayFiP answered about another client")
        labels = (answer.get(name, "") for name in ("libelleN1", "libelleN2", "libelleN3"))
        return tuple(label for label in labels if label)

    async def _call(self, operation: str, fields: Mapping[str, str]) -> dict[str, str]:
        """The fields returned; a functional :class:`Fault` goes to the caller, all the rest is BankUnavailable."""
        status, message = await self._exchange(write_request(operation, fields))
        if status not in (200, 500):
            raise BankUnavailable(f"PayFiP answered HTTP {status}")
        try:
            answer = read_answer(operation, message)
        except MessageError as error:
            raise BankUnavailable(f"PayFiP's answer could not be read: {error}") from error
        except Fault as fault:
            if fault.is_functional:
                raise
            raise BankUnavailable(f"PayFiP cannot work now: {fault}") from fault
        if status != 200:
            raise BankUnavailable("PayFiP answered a result with an error's status")
        return answer

    async def _exchange(self, request: bytes) -> tuple[int, bytes]:
        message = bytearray()
        try:
            async with (
                asyncio.timeout(self._patience),
                self._http.stream("POST", self._endpoint, content=request) as response,
            ):
                async for chunk in response.aiter_raw():
                    message += chunk
                    if len(message) > LARGEST_ANSWER:
                        raise BankUnavailable("PayFiP's answer is too long to be one")
        except (httpx.HTTPError, TimeoutError) as error:
            raise BankUnavailable(f"PayFiP did not answer: {type(error).__name__}") from error
        return response.status_code, bytes(message)

    def _without_result(self, fault: Fault, operation: str, started_at: datetime) -> PaymentReport:
        """What a fault says of an operation whose result was asked."""
        outcome = anomaly(fault.code).outcome
        if outcome is None:
            return PaymentReport(PaymentOutcome.PENDING, fault.raw, doubt=_doubt(fault.code, operation))
        if outcome is PaymentOutcome.PENDING and self._clock.now() >= started_at + RESULT_PATIENCE:
            outcome = PaymentOutcome.LATE
        return PaymentReport(outcome, fault.raw)

    def _read_report(self, answer: Mapping[str, str], started_at: datetime) -> PaymentReport:
        happened_at = transaction_instant(answer.get("dattrans", ""), answer.get("heurtrans", ""), started_at)
        letter = answer.get("resultrans", "")
        result = RESULTS.get(letter)
        outcome = PaymentOutcome.PENDING if result is None else self._held(result.outcome, happened_at or started_at)
        amount = answer.get("montant", "")
        if not re.fullmatch(r"[0-9]{1,11}", amount):
            raise BankUnavailable("PayFiP gave a result without an amount")
        return PaymentReport(
            outcome=outcome,
            raw=answer,
            amount_cents=int(amount),
            reference=answer.get("refdet") or None,
            authorization=answer.get("numauto") or None,
            paid_at=happened_at if outcome is PaymentOutcome.PAID else None,
            means="card" if result is None else result.means,
            doubt=_doubt(letter, answer["idOp"]) if result is None else "",
        )

    def _held(self, outcome: PaymentOutcome, happened_at: datetime) -> PaymentOutcome:
        """The outcome, but for an abandon that may still be followed by a payment."""
        may_return = outcome is PaymentOutcome.CANCELLED and self._clock.now() < happened_at + ABANDON_HOLD
        return PaymentOutcome.PENDING if may_return else outcome


def _doubt(code: str, operation: str) -> str:
    """What an agent reads of an answer that nobody knew; the operator is alerted too."""
    _log.error("PayFiP gave the unknown answer %r to operation %s", code[:20], operation)
    return f"PayFiP répond « {code[:20]} », que le portail ne connaît pas"


def transaction_instant(day: str, hour: str, started_at: datetime) -> datetime | None:
    """The UTC instant of ``dattrans`` (JJMMAAAA) and ``heurtrans`` (HHMM), legal time in Paris; None if unreadable.

    In the hour that comes twice in October it is the first one that does not precede the start (told to the minute).
    """
    if not re.fullmatch(r"[0-9]{8}", day) or not re.fullmatch(r"[0-9]{4}", hour):
        return None
    try:
        local = datetime.strptime(day + hour, "%d%m%Y%H%M").replace(tzinfo=_PARIS)
    except ValueError:
        return None
    first, second = (local.replace(fold=fold).astimezone(UTC) for fold in (0, 1))
    return first if first > started_at - timedelta(minutes=1) else second
