"""What the simulated DGFiP knows and decides: its régies, its operations, its checks and its time limits.

Kept in memory and lost with the process: it is a simulator. Its checks are written apart from the portal's on
purpose, so that a mistake in one is seen by the other.
"""

import re
import secrets
import uuid
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from resolvers.ports import Clock

_PARIS = ZoneInfo("Europe/Paris")
_PURGE_TIME = time(3)

PAGE_LIFE = timedelta(minutes=15)
RETRY_AFTER_ABANDON = timedelta(minutes=2)
RESULT_LIFE = timedelta(days=365)

ANOMALIES: Mapping[str, str] = {
    "S1": "Le mode de saisie n'est pas conforme.",
    "T1": "Le numéro de client n'est pas conforme.",
    "T2": "Le numéro de client est inconnu de PayFiP.",
    "T4": "Ce client n'a pas d'accès sécurisé.",
    "M1": "Le format du montant n'est pas conforme.",
    "M3": "Le montant doit être supérieur ou égal à 1 euro.",
    "M5": "Le montant dépasse la limite autorisée.",
    "A1": "L'adresse électronique n'est pas renseignée.",
    "A2": "L'adresse électronique n'est pas conforme.",
    "N1": "L'URL de notification n'est pas conforme.",
    "D1": "L'URL de redirection n'est pas conforme.",
    "R3": "Le format du paramètre REFDET n'est pas conforme.",
    "P1": "IdOp incorrect.",
    "P3": "L'idOp a déjà été utilisé.",
    "P4": "L'idOp a été enregistré depuis plus de 15 minutes.",
    "P5": "Le résultat de la transaction n'est pas connu.",
    "999": "Un paramètre n'est pas conforme au contrat.",
}


class Anomaly(Exception):  # noqa: N818 (the bank's own word)
    """The bank says no, with one of its codes (:data:`ANOMALIES`)."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code
        self.label = ANOMALIES[code]


@dataclass(frozen=True, slots=True)
class BankClient:
    """A régie that the bank serves; ``secured`` is False while the treasury has not opened its web service."""

    number: str
    labels: tuple[str, str, str]
    secured: bool = True


@dataclass(frozen=True, slots=True)
class Result:
    """How an attempt ended: P, V, R, Z or A, and the authorization when money was promised."""

    letter: str
    at: datetime
    authorization: str


@dataclass(slots=True)
class Operation:
    """One operation: what was ordered, and what happened to it since."""

    identifier: str
    order: Mapping[str, str]
    created_at: datetime
    opened_at: datetime | None = None
    result: Result | None = None


class Ledger:
    """Every operation of the simulated bank."""

    def __init__(self, clock: Clock, clients: Iterable[BankClient]) -> None:
        self._clock = clock
        self._clients = {client.number: client for client in clients}
        self._operations: dict[str, Operation] = {}
        # The real identifiers are UUIDs of version 1; a random node keeps the machine's own address out of them.
        self._node = secrets.randbits(48) | 1 << 40

    def client(self, number: str) -> BankClient:
        """The régie of that number; raises :class:`Anomaly` T1, T2 or T4."""
        if not re.fullmatch(r"[0-9]{6}", number):
            raise Anomaly("T1")
        if number not in self._clients:
            raise Anomaly("T2")
        if not self._clients[number].secured:
            raise Anomaly("T4")
        return self._clients[number]

    def create(self, order: Mapping[str, str]) -> str:
        """Register an order and return its ``idOp``; raises :class:`Anomaly`."""
        self.client(order.get("numcli", ""))
        _check_order(order)
        identifier = str(uuid.uuid1(node=self._node))
        self._operations[identifier] = Operation(identifier, dict(order), self._clock.now())
        return identifier

    def report(self, identifier: str) -> dict[str, str]:
        """The fields of ``recupererDetailPaiementSecurise``; raises :class:`Anomaly` P1 or P5."""
        operation = self._find(identifier)
        if operation.result is None:
            raise Anomaly("P5")
        local = operation.result.at.astimezone(_PARIS)
        echoed = ("mel", "montant", "numcli", "objet", "refdet", "saisie")
        return {
            **{name: operation.order.get(name, "") for name in echoed},
            "exer": operation.order["exer"][:2],  # as recorded from the real bank
            "idOp": identifier,
            "dattrans": f"{local:%d%m%Y}",
            "heurtrans": f"{local:%H%M}",
            "numauto": operation.result.authorization,
            "resultrans": operation.result.letter,
        }

    def open(self, identifier: str) -> Operation:
        """The operation whose payment page may be shown now; raises :class:`Anomaly` P1, P3 or P4."""
        operation, now = self._find(identifier), self._clock.now()
        if operation.result is not None and not _may_retry(operation.result, now):
            raise Anomaly("P3")
        if now > (operation.opened_at or operation.created_at) + PAGE_LIFE:
            raise Anomaly("P4")
        operation.opened_at = operation.opened_at or now
        return operation

    def settle(self, identifier: str, letter: str) -> Operation:
        """Record what the person did in the page; raises :class:`Anomaly` like :meth:`open`."""
        operation = self.open(identifier)
        operation.result = Result(letter, self._clock.now(), _authorization(letter))
        return operation

    def _find(self, identifier: str) -> Operation:
        operation = self._operations.get(identifier)
        if operation is None or self._clock.now() >= _forgotten_at(operation):
            self._operations.pop(identifier, None)
            raise Anomaly("P1")
        return operation


def _check_order(order: Mapping[str, str]) -> None:
    """Refuse what the bank refuses, with its code for each field."""
    amount = order.get("montant", "")
    cents = int(amount) if re.fullmatch(r"[0-9]{1,11}", amount) else None
    mail = order.get("mel", "")
    checks = (
        ("999", re.fullmatch(r"\d{4}", order.get("exer", ""), re.ASCII)),
        ("R3", re.fullmatch(r"[0-9A-Za-z]{6,30}", order.get("refdet", ""))),
        ("999", re.fullmatch(r"[0-9A-Za-z ]{0,100}", order.get("objet", ""))),
        ("M1", cents is not None),
        ("M3", cents is not None and cents >= 100),
        ("M5", cents is not None and cents <= 9_999_999),
        ("A1", mail),
        ("A2", 6 <= len(mail) <= 80 and re.fullmatch(r"[^@\s]+@[^@\s]+\.[^@\s]+", mail)),
        ("S1", order.get("saisie") in {"T", "X", "W"}),
        ("N1", _is_address(order.get("urlnotif", ""))),
        ("D1", _is_address(order.get("urlredirect", ""))),
    )
    for code, passed in checks:
        if not passed:
            raise Anomaly(code)


def _is_address(text: str) -> bool:
    return len(text) <= 250 and text.isascii() and re.fullmatch(r"https?://\S+", text) is not None


def _may_retry(result: Result, now: datetime) -> bool:
    return result.letter == "A" and now < result.at + RETRY_AFTER_ABANDON


def _authorization(letter: str) -> str:
    if letter == "P":
        return f"{secrets.randbelow(10**6):06d}"
    if letter == "V":
        return f"{secrets.randbelow(10**12):012d}-tip"
    return ""


def _forgotten_at(operation: Operation) -> datetime:
    """A result is kept for a year; an operation without one is purged in the night that follows its page's life."""
    if operation.result is not None:
        return operation.result.at + RESULT_LIFE
    page_ends = (operation.created_at + 2 * PAGE_LIFE).astimezone(_PARIS)
    day = page_ends.date() if page_ends.time() < _PURGE_TIME else page_ends.date() + timedelta(days=1)
    return datetime.combine(day, _PURGE_TIME, _PARIS)
