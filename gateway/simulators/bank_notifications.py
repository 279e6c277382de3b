"""The bad days of simulated banks: notifications lost, repeated, late, forged or reordered, a service slow or down."""

import asyncio
import logging
import ssl
from collections import deque
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, fields
from functools import cached_property

import httpx
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

_log = logging.getLogger("portail.simulators.bank")

REMEMBERED = 200


@dataclass(frozen=True, slots=True)
class BankFaults:
    """What goes wrong on demand; as built, nothing does.

    ``notifications`` is how many times each result is notified (0 to 20), ``delay`` the seconds before the first
    (0 to 60). ``forged`` first sends lies that claim a payment: one about the operation, one about none.
    ``reordered`` keeps a result's notifications until the next result, whose own go first.
    ``slow`` is the seconds that each SOAP answer waits (0 to 60). ``down`` refuses every call as unavailable.
    """

    notifications: int = 1
    delay: float = 0.0
    forged: bool = False
    slow: float = 0.0
    down: bool = False
    reordered: bool = False

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
    if name in {"forged", "down", "reordered"}:
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
    """One notification sent: the operation or order it named, and the status answered or the failure's name."""

    about: str
    outcome: str


@dataclass(frozen=True, slots=True)
class Letter:
    """One message to post: what it is about, and its fields."""

    address: str
    about: str
    fields: Mapping[str, str]


class Notifier:
    """Posts letters to the address each order gave, in the background, and remembers the last deliveries."""

    def __init__(self) -> None:
        self.deliveries: deque[Delivery] = deque(maxlen=REMEMBERED)
        self._running: set[asyncio.Task[None]] = set()
        self._kept: list[Letter] = []

    @cached_property
    def _tls(self) -> ssl.SSLContext:
        return ssl.create_default_context()

    def notify(self, truth: Letter, lies: Sequence[Letter], faults: BankFaults) -> None:
        """Send what the faults say should be sent; returns at once."""
        letters = [*(lies if faults.forged else ()), *[truth] * faults.notifications]
        if faults.reordered and not self._kept:
            self._kept = letters
            return
        letters, self._kept = [*letters, *self._kept], []
        task = asyncio.create_task(self._send(letters, faults.delay))
        self._running.add(task)
        task.add_done_callback(self._running.discard)

    async def _send(self, letters: list[Letter], delay: float) -> None:
        await asyncio.sleep(delay)
        async with httpx.AsyncClient(timeout=10, trust_env=False, verify=self._tls) as client:
            for letter in letters:
                try:
                    outcome = str((await client.post(letter.address, data=dict(letter.fields))).status_code)
                except (httpx.HTTPError, httpx.InvalidURL) as error:
                    outcome = type(error).__name__
                _log.info("notification of %s: %s", letter.about, outcome)
                self.deliveries.append(Delivery(letter.about, outcome))


class BadDays:
    """The faults in force at a simulated bank, and the endpoint that tells and changes them in JSON.

    GET tells the faults and the notifications sent, POST changes faults, DELETE sets them all right again.
    """

    def __init__(self, faults: BankFaults | None) -> None:
        self.faults = faults or BankFaults()
        self.notifier = Notifier()

    def routes(self, path: str) -> list[Route]:
        """Where the faults are told and changed."""
        return [
            Route(path, self._tell, methods=["GET"]),
            Route(path, self._change, methods=["POST"]),
            Route(path, self._reset, methods=["DELETE"]),
        ]

    def notify(self, truth: Letter, lies: Sequence[Letter]) -> None:
        """Notify a result as the faults in force have it."""
        self.notifier.notify(truth, lies, self.faults)

    async def _tell(self, _request: Request) -> Response:
        deliveries = [asdict(delivery) for delivery in self.notifier.deliveries]
        return JSONResponse({"faults": asdict(self.faults), "notifications": deliveries})

    async def _change(self, request: Request) -> Response:
        """Change some faults; what is not understood changes nothing."""
        if request.headers.get("content-type", "").partition(";")[0].strip() != "application/json":
            return JSONResponse({"error": "application/json is expected"}, 415)
        try:
            self.faults = self.faults.changed(await request.json())
        except (ValueError, RecursionError) as error:
            return JSONResponse({"error": str(error)}, 400)
        return await self._tell(request)

    async def _reset(self, request: Request) -> Response:
        self.faults = BankFaults()
        return await self._tell(request)
