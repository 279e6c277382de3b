"""API Particulier: the State's relay to the family allowance funds (CNAF and MSA), asked for a « quotient familial ».

Contract v3, ``GET /v3/dss/quotient_familial/identite``. What the fund answers goes no further than
:class:`resolvers.ports.FundAnswer`: addresses and the names of adults are never read.
"""

import asyncio
import logging
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from typing import Any

import httpx
import orjson

from resolvers.ports import CivilIdentity, Clock, FundAnswer, FundChild, FundUnavailable, FundUnknown

_log = logging.getLogger("portail.caf")

PATH = "/v3/dss/quotient_familial/identite"
CONNECTIONS = 8
LARGEST_ANSWER = 64 * 1024
LONGEST_PAUSE = timedelta(minutes=5)


@dataclass(frozen=True, slots=True)
class CafAccess:
    """What lets one commune ask: the SIRET it asks for (``recipient``), and the token of its « habilitation »."""

    commune: str
    siret: str
    token: str = field(repr=False)


class ApiParticulier:
    """A :class:`resolvers.ports.AllowanceFund` that speaks to API Particulier, for the communes that may ask it.

    An answer that takes more than ``patience`` seconds in all counts as none. After « too many requests » a commune
    asks nothing until the instant it was told, five minutes at most. Close it with :meth:`aclose`.
    """

    def __init__(self, endpoint: str, access: tuple[CafAccess, ...], clock: Clock, *, patience: float = 10.0) -> None:
        self._endpoint = endpoint.rstrip("/") + PATH
        self._access = {each.commune: each for each in access}
        self._clock = clock
        self._patience = patience
        self._paused: dict[str, datetime] = {}
        self._http = httpx.AsyncClient(
            headers={"Accept": "application/json", "Accept-Encoding": "identity"},
            timeout=patience,
            limits=httpx.Limits(max_connections=CONNECTIONS, max_keepalive_connections=CONNECTIONS),
            # A proxy of the environment never stands between the portal and its own simulator.
            mounts={"all://127.0.0.1": None, "all://localhost": None},
        )

    async def aclose(self) -> None:
        """Close the connections."""
        await self._http.aclose()

    def serves(self, commune: str) -> bool:
        """True when the commune holds an « habilitation »."""
        return commune in self._access

    async def quotient(self, commune: str, who: CivilIdentity) -> FundAnswer:
        """Ask for the quotient of the present month; raises :class:`FundUnknown` or :class:`FundUnavailable`."""
        access = self._access.get(commune)
        if access is None:
            raise FundUnavailable(f"{commune} holds no access to API Particulier")
        if self._clock.now() < self._paused.get(commune, datetime.min.replace(tzinfo=UTC)):
            raise FundUnavailable("API Particulier asked for a pause")
        response, content = await self._exchange(access, who)
        if response.status_code in (404, 422):  # no file at the funds; nobody of that identity
            raise FundUnknown(f"API Particulier answered HTTP {response.status_code}")
        if response.status_code == 429:
            self._pause(commune, response.headers)
        if response.status_code in (401, 403):
            _log.error("API Particulier refuses the access of %s: HTTP %d", commune, response.status_code)
        if response.status_code != 200:
            raise FundUnavailable(f"API Particulier answered HTTP {response.status_code}")
        try:
            return read_answer(content)
        except ValueError as error:
            raise FundUnavailable(f"API Particulier's answer could not be read: {error}") from error

    async def _exchange(self, access: CafAccess, who: CivilIdentity) -> tuple[httpx.Response, bytes]:
        content = bytearray()
        headers = {"Authorization": f"Bearer {access.token}"}
        try:
            async with (
                asyncio.timeout(self._patience),
                self._http.stream(
                    "GET", self._endpoint, params=question(access.siret, who), headers=headers
                ) as response,
            ):
                async for chunk in response.aiter_raw():
                    content += chunk
                    if len(content) > LARGEST_ANSWER:
                        raise FundUnavailable("API Particulier's answer is too long to be one")
        except (httpx.HTTPError, TimeoutError) as error:
            raise FundUnavailable(f"API Particulier did not answer: {type(error).__name__}") from error
        return response, bytes(content)

    def _pause(self, commune: str, headers: Mapping[str, str]) -> None:
        """Remember until when not to ask: ``RateLimit-Reset`` is a Unix time, ``Retry-After`` a number of seconds."""
        now = self._clock.now()
        reset, wait = headers.get("RateLimit-Reset", ""), headers.get("Retry-After", "")
        until = now + timedelta(seconds=1)
        if _is_small_number(reset):
            until = datetime.fromtimestamp(int(reset), UTC)
        elif _is_small_number(wait):
            until = now + timedelta(seconds=int(wait))
        self._paused[commune] = min(until, now + LONGEST_PAUSE)


def question(siret: str, who: CivilIdentity) -> httpx.QueryParams:
    """The parameters of the contract that name a person; what is not known is left out."""
    asked = {
        "recipient": siret,
        "nomNaissance": who.birth_name,
        "anneeDateNaissance": str(who.birth_date.year),
        "moisDateNaissance": str(who.birth_date.month),
        "jourDateNaissance": str(who.birth_date.day),
        "sexeEtatCivil": who.sex.value if who.sex else "",
        "codeCogInseePaysNaissance": who.birth_country,
        "codeCogInseeCommuneNaissance": who.birth_town or "",
    }
    known = [(name, value) for name, value in asked.items() if value]
    return httpx.QueryParams([*known, *(("prenoms[]", name) for name in who.first_names)])


def read_answer(content: bytes) -> FundAnswer:
    """The value, its month and the children of an answer; raises ``ValueError`` on anything else."""
    try:
        data = orjson.loads(content)["data"]
        found = data["quotient_familial"]
        euros = _number(found["valeur"], 0, 99_999)
        month = date(_number(found["annee"], 2000, 2100), _number(found["mois"], 1, 12), 1)
        children = tuple(_child(each) for each in data.get("enfants") or () if each.get("date_naissance"))
    except (KeyError, TypeError, AttributeError) as error:
        raise ValueError(f"unexpected form ({type(error).__name__})") from error
    return FundAnswer(euros, month, children)


def _child(told: Mapping[str, Any]) -> FundChild:
    return FundChild(str(told.get("prenoms") or ""), date.fromisoformat(told["date_naissance"]))


def _number(value: object, first: int, last: int) -> int:
    if type(value) is not int or not first <= value <= last:
        raise ValueError("a number out of its range")
    return value


def _is_small_number(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) <= 11
