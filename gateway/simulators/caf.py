"""A simulated API Particulier: a real HTTP server of the family allowance funds, for demonstrations and tests.

It answers over the wire what :mod:`gateway.caf` expects of the real one, contract v3, about people who do not exist.
"""

import asyncio
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, fields
from datetime import date
from typing import Any

from starlette.applications import Starlette
from starlette.datastructures import QueryParams
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.routing import Route

from gateway.caf import PATH
from resolvers.ports import Clock

CONTROL_PATH = "/control"
PAUSE = 60  # seconds, told with « too many requests »
REQUIRED = ("recipient", "nomNaissance", "codeCogInseePaysNaissance")


@dataclass(frozen=True, slots=True)
class SimulatedChild:
    """A child of a simulated file."""

    first_name: str
    last_name: str
    birth_date: date


@dataclass(frozen=True, slots=True)
class Allocataire:
    """Somebody the simulated funds know. ``birth_town`` is the INSEE's code, None for who was born abroad."""

    birth_name: str
    first_name: str
    birth_date: date
    birth_town: str | None
    euros: int
    children: tuple[SimulatedChild, ...] = ()
    provider: str = "CNAF"

    def is_meant_by(self, asked: QueryParams) -> bool:
        """True when the parameters name this person; the sex is not looked at, as the contract only advises it."""
        born = (asked.get("anneeDateNaissance"), asked.get("moisDateNaissance"), asked.get("jourDateNaissance"))
        return (
            _folded(asked.get("nomNaissance", "")) == _folded(self.birth_name)
            and _folded(self.first_name) in [_folded(name) for name in asked.getlist("prenoms[]")]
            and born == (str(self.birth_date.year), str(self.birth_date.month), str(self.birth_date.day))
            and (asked.get("codeCogInseeCommuneNaissance") or None) == self.birth_town
        )


@dataclass(frozen=True, slots=True)
class CafFaults:
    """What goes wrong on demand; as built, nothing does.

    ``slow`` is the seconds that each answer waits (0 to 60). ``down`` answers that the funds cannot be reached,
    ``limited`` that there are too many requests, ``malformed`` answers 200 with what is no quotient.
    """

    slow: float = 0.0
    down: bool = False
    limited: bool = False
    malformed: bool = False

    def changed(self, wishes: object) -> "CafFaults":
        """These faults with some of them changed, as asked in JSON; raises ``ValueError`` on anything else."""
        if not isinstance(wishes, Mapping) or not wishes.keys() <= {each.name for each in fields(self)}:
            raise ValueError(f"an object is expected, with {', '.join(each.name for each in fields(self))}")
        values = {**asdict(self), **wishes}
        slow, switches = values["slow"], (values["down"], values["limited"], values["malformed"])
        if isinstance(slow, bool) or not isinstance(slow, int | float) or not 0 <= slow <= 60:
            raise ValueError("slow is a number from 0 to 60")
        if not all(isinstance(each, bool) for each in switches):
            raise ValueError("down, limited and malformed are true or false")
        return CafFaults(**values)


def caf_app(clock: Clock, allocataires: Iterable[Allocataire], faults: CafFaults | None = None) -> Starlette:
    """The funds as an application to mount anywhere; they know these people and no other.

    ``…/control`` speaks JSON: GET tells the faults in force and how many questions were asked, POST changes faults
    (:class:`CafFaults`), DELETE sets them all right again.
    """
    fund = _Fund(clock, tuple(allocataires), faults or CafFaults())
    return Starlette(
        routes=[
            Route(PATH, fund.answer, methods=["GET"]),
            Route(CONTROL_PATH, fund.tell, methods=["GET"]),
            Route(CONTROL_PATH, fund.change, methods=["POST"]),
            Route(CONTROL_PATH, fund.reset, methods=["DELETE"]),
        ]
    )


class _Fund:
    """One endpoint per method."""

    def __init__(self, clock: Clock, known: tuple[Allocataire, ...], faults: CafFaults) -> None:
        self._clock = clock
        self._known = known
        self._faults = faults
        self._asked = 0

    async def answer(self, request: Request) -> Response:
        """A quotient, or an error as the real server writes it."""
        self._asked += 1
        await asyncio.sleep(self._faults.slow)
        if self._faults.down:
            return _error(502, "37000", "Erreur inconnue du fournisseur de données")
        if self._faults.limited:
            reset = int(self._clock.now().timestamp()) + PAUSE
            return _error(429, "00429", "Trop de requêtes", {"RateLimit-Reset": str(reset)})
        if self._faults.malformed:
            return PlainTextResponse("<html>maintenance</html>")
        return self._found(request)

    def _found(self, request: Request) -> Response:
        asked = request.query_params
        if not request.headers.get("authorization", "").removeprefix("Bearer "):
            return _error(401, "00101", "Jeton absent ou invalide")
        if not all(asked.get(name) for name in REQUIRED) or not asked.getlist("prenoms[]"):
            return _error(422, "00301", "Paramètres invalides")
        person = next((each for each in self._known if each.is_meant_by(asked)), None)
        if person is None:
            return _error(404, "37003", "Dossier allocataire absent CNAV")
        return JSONResponse({"data": self._file_of(person), "links": {}, "meta": {}})

    def _file_of(self, person: Allocataire) -> dict[str, Any]:
        today = self._clock.now().date()
        return {
            "allocataires": [_civil_status(person.birth_name, person.first_name, person.birth_date)],
            "enfants": [_civil_status(each.last_name, each.first_name, each.birth_date) for each in person.children],
            "adresse": {"destinataire": f"{person.first_name} {person.birth_name}", "pays": "FRANCE"},
            "quotient_familial": {
                "fournisseur": person.provider,
                "valeur": person.euros,
                "annee": today.year,
                "mois": today.month,
                "annee_calcul": today.year,
                "mois_calcul": today.month,
            },
        }

    async def tell(self, _request: Request) -> Response:
        """The faults in force, and the number of questions so far."""
        return JSONResponse({"faults": asdict(self._faults), "asked": self._asked})

    async def change(self, request: Request) -> Response:
        """Change some faults; what is not understood changes nothing."""
        try:
            self._faults = self._faults.changed(await request.json())
        except (ValueError, RecursionError) as error:
            return JSONResponse({"error": str(error)}, 400)
        return await self.tell(request)

    async def reset(self, request: Request) -> Response:
        """No fault any more."""
        self._faults = CafFaults()
        return await self.tell(request)


def _civil_status(last_name: str, first_name: str, birth_date: date) -> dict[str, Any]:
    return {
        "nom_naissance": last_name.upper(),
        "nom_usage": None,
        "prenoms": first_name.upper(),
        "date_naissance": birth_date.isoformat(),
        "sexe": "F",
    }


def _error(status: int, code: str, title: str, headers: Mapping[str, str] | None = None) -> Response:
    error = {"code": code, "title": title, "detail": f"{title}.", "source": None, "meta": {"provider": "CNAV"}}
    return JSONResponse({"errors": [error]}, status, headers)


def _folded(name: str) -> str:
    letters = unicodedata.normalize("NFKD", name).casefold()
    return "".join(letter for letter in letters if letter.isalpha())
