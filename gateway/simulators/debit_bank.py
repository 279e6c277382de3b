"""A simulated bank of direct debits: it is given remittances and answers with files, for demonstrations and tests.

Its state is in memory and it asks for no password: never expose it.
"""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields
from typing import Any

from lxml import etree
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from gateway.simulators.debit_bank_files import (
    AskedDebit,
    AskedDebits,
    FileRefused,
    understood,
    write_notice,
    write_report,
)

DESK_PATH = "/prelevements"
CONTROL_PATH = "/control"
LARGEST_FILE = 12_000_000
NOBODYS = AskedDebit("SDD-19990101-001-00001", 1_00, "NOBODY-1", "FR7630006000011234567890189")


@dataclass(frozen=True, slots=True)
class DebitFaults:
    """What goes wrong on demand; as built, every debit goes well.

    ``rejects`` gives the n-th debits of a file (from 1) a code: they never take place. ``returns`` likewise, once they
    were credited. ``twice`` writes each answer again, ``reordered`` writes the last one first, ``unknown`` adds a
    reject of a debit nobody asked for, ``other_amount`` speaks of one cent more in every reject and return.
    """

    rejects: Mapping[int, str]
    returns: Mapping[int, str]
    twice: bool = False
    reordered: bool = False
    unknown: bool = False
    other_amount: bool = False

    def changed(self, wishes: object) -> "DebitFaults":
        """These faults with some of them changed, as asked in JSON; raises ``ValueError`` on anything else."""
        if not isinstance(wishes, Mapping) or not wishes.keys() <= {each.name for each in fields(self)}:
            raise ValueError(f"an object is expected, with {', '.join(each.name for each in fields(self))}")
        values: dict[str, Any] = {**asdict(self), **wishes}
        for name in ("rejects", "returns"):
            if not isinstance(values[name], Mapping):
                raise ValueError(f"{name} is an object from ranks to codes")
            values[name] = {int(rank): str(code) for rank, code in values[name].items()}
        if not all(isinstance(values[each.name], bool) for each in fields(self)[2:]):
            raise ValueError("twice, reordered, unknown and other_amount are true or false")
        return DebitFaults(**values)


NO_FAULT = DebitFaults({}, {})


class DebitBank:
    """A bank that reads remittances by itself, once each, and answers as its faults say."""

    def __init__(self, faults: DebitFaults = NO_FAULT) -> None:
        self.faults = faults
        self._taken: dict[str, AskedDebits] = {}

    def take(self, file: bytes) -> AskedDebits:
        """Take a remittance; raises :class:`FileRefused` for one it cannot read, or was given before."""
        try:
            asked = understood(file)
        except etree.XMLSyntaxError as fault:
            raise FileRefused("FF01: not XML") from fault
        if asked.message_id in self._taken:
            raise FileRefused("AM05: this file was given before")
        self._taken[asked.message_id] = asked
        return asked

    def answers(self, message_id: str) -> list[bytes]:
        """The files about a remittance, in the order they arrive: a pain.002, then those of camt.054.

        Raises ``KeyError`` for a remittance that was not taken.
        """
        asked = self._taken[message_id]
        rejects, returns = self._marked(asked, self.faults.rejects), self._marked(asked, self.faults.returns)
        gone = {debit.reference for debit, _ in rejects}
        collected = [debit for debit in asked.debits if debit.reference not in gone]
        strangers = [(NOBODYS, "AM04")] if self.faults.unknown else []
        files = [write_notice(f"N-{message_id}", collected, [])] if collected else []
        if rejects or strangers:
            files.insert(0, write_report(f"R-{message_id}", asked, [*rejects, *strangers]))
        if returns:
            files.append(write_notice(f"T-{message_id}", [], returns))
        if self.faults.reordered:
            files.reverse()
        return [file for file in files for _ in range(2 if self.faults.twice else 1)]

    def _marked(self, asked: AskedDebits, codes: Mapping[int, str]) -> list[tuple[AskedDebit, str]]:
        more = 1 if self.faults.other_amount else 0
        return [
            (AskedDebit(debit.reference, debit.cents + more, debit.mandate, debit.iban), codes[rank])
            for rank, debit in enumerate(asked.debits, start=1)
            if rank in codes
        ]


def debit_bank_app(faults: DebitFaults = NO_FAULT) -> Starlette:
    """The bank as an application to mount anywhere.

    ``POST …/prelevements`` takes a remittance (its bytes) and tells how many answers there are, each one
    ``GET …/prelevements/{message_id}/{n}``. ``…/control`` speaks JSON: GET tells the faults in force, POST changes
    them (:class:`DebitFaults`), DELETE sets them all right again.
    """
    desk = _Desk(DebitBank(faults))
    return Starlette(
        routes=[
            Route(DESK_PATH, desk.take, methods=["POST"]),
            Route(f"{DESK_PATH}/{{message_id}}/{{rank:int}}", desk.give, methods=["GET"]),
            Route(CONTROL_PATH, desk.tell, methods=["GET"]),
            Route(CONTROL_PATH, desk.change, methods=["POST"]),
            Route(CONTROL_PATH, desk.reset, methods=["DELETE"]),
        ],
        max_body_size=LARGEST_FILE,
    )


class _Desk:
    """One endpoint per method."""

    def __init__(self, bank: DebitBank) -> None:
        self._bank = bank

    async def take(self, request: Request) -> Response:
        """A remittance, or why it is refused."""
        try:
            asked = self._bank.take(await request.body())
        except FileRefused as refusal:
            return JSONResponse({"error": str(refusal)}, 400)
        count = len(self._bank.answers(asked.message_id))
        return JSONResponse({"messageId": asked.message_id, "debits": len(asked.debits), "answers": count}, 201)

    async def give(self, request: Request) -> Response:
        """One answer about a remittance."""
        try:
            files = dict(enumerate(self._bank.answers(request.path_params["message_id"]), start=1))
            return Response(files[request.path_params["rank"]], media_type="application/xml")
        except KeyError:
            return JSONResponse({"error": "no such answer"}, 404)

    async def tell(self, _request: Request) -> Response:
        """The faults in force."""
        return JSONResponse({"faults": asdict(self._bank.faults)})

    async def change(self, request: Request) -> Response:
        """Change some faults; what is not understood changes nothing."""
        try:
            self._bank.faults = self._bank.faults.changed(await request.json())
        except (ValueError, RecursionError) as error:
            return JSONResponse({"error": str(error)}, 400)
        return await self.tell(request)

    async def reset(self, request: Request) -> Response:
        """No fault any more."""
        self._bank.faults = NO_FAULT
        return await self.tell(request)
