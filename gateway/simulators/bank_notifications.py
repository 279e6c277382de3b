"""The simulated bank's bad days: notifications lost, repeated, late or forged, and a service slow or down."""

import asyncio
import logging
import ssl
import uuid
from collections import deque
from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields
from functools import cached_property

import httpx

_log = logging.getLogger("portail.simulators.bank")

REMEMBERED = 200


@dataclass(frozen=True, slots=True)
class BankFaults:
    """What goes wrong on demand; as built, nothing does.

    ``notifications`` is how many times each result is notified (0 to 20), ``delay`` the seconds before the first
    (0 to 60). ``forged`` first sends two lies that claim a payment: one about the operation, one about none.
    ``slow`` is the seconds that each SOAP answer waits (0 to 60). ``down`` refuses every call as unavailable.
    """

    notifications: int = 1
    delay: float = 0.0
    forged: bool = False
    slow: float = 0.0
    down: bool = False

    def changed(self, wishes: object) -> "BankFaults":
        """These faults with some of them changed, as asked in JSON; raises ``ValueError`` on anything else."""
        if not isinstance(wishes, Mapping):
            raise ValueError("an object is expected")
        values = asdict(self)
        for name, wish in wishes.items():
            if name not in values:
                known = ", ".join(field.name for field in fields(self))
                raise ValueError(f"unknown fault; known ones: {known}")
            values[name] = _accepted(name, wish)
        return BankFaults(**values)


def _accepted(name: str, wish: object) -> object:
    if name in {"forged", "down"}:
        if isinstance(wish, bool):
            return wish
        raise ValueError(f"{name} is true or false")
    most = 20 if name == "notifications" else 60
    kinds = (int,) if name == "notifications" else (int, float)
    if isinstance(wish, kinds) and not isinstance(wish, bool) and 0 <= wish <= most:
        return wish
    raise ValueError(f"{name} is a number from 0 to {most}")


@dataclass(frozen=True, slots=True)
class Delivery:
    """One notification sent: the operation it named, and the status answered or the failure's name."""

    idop: str
    outcome: str


class Notifier:
    """Posts ``idop`` to the address each order gave, in the background, and remembers the last deliveries."""

    def __init__(self) -> None:
        self.deliveries: deque[Delivery] = deque(maxlen=REMEMBERED)
        self._running: set[asyncio.Task[None]] = set()

    @cached_property
    def _tls(self) -> ssl.SSLContext:
        return ssl.create_default_context()

    def notify(self, address: str, identifier: str, faults: BankFaults) -> None:
        """Send what the faults say should be sent; returns at once."""
        messages = [{"idop": identifier}] * faults.notifications
        if faults.forged:
            lie = {"resultrans": "P", "numauto": "000000", "montant": "1"}
            messages = [{"idop": identifier, **lie}, {"idop": str(uuid.uuid4()), **lie}, *messages]
        task = asyncio.create_task(self._send(address, messages, faults.delay))
        self._running.add(task)
        task.add_done_callback(self._running.discard)

    async def _send(self, address: str, messages: list[dict[str, str]], delay: float) -> None:
        await asyncio.sleep(delay)
        async with httpx.AsyncClient(timeout=10, trust_env=False, verify=self._tls) as client:
            for message in messages:
                try:
                    outcome = str((await client.post(address, data=message)).status_code)
                except (httpx.HTTPError, httpx.InvalidURL) as error:
                    outcome = type(error).__name__
                _log.info("notification of %s: %s", message["idop"], outcome)
                self.deliveries.append(Delivery(message["idop"], outcome))
