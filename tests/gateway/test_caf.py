"""API Particulier against funds that work (the simulated ones) and against servers that do not."""

import asyncio
import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import date, timedelta

import httpx
import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response, StreamingResponse
from starlette.routing import Route

from gateway.caf import PATH, ApiParticulier, CafAccess, question, read_answer
from gateway.simulators.caf import Allocataire, SimulatedChild, caf_app
from resolvers.ports import CivilIdentity, FundAnswer, FundChild, FundUnavailable, FundUnknown, Sex
from tests.gateway.payments.loopback import SteppedClock, serving

pytestmark = pytest.mark.anyio

ACCESS = (CafAccess("chavagne", "21350076500012", "un.jeton"),)
BORN, CHILD_BORN = date(1985, 6, 15), date(2018, 3, 14)
KNOWN = Allocataire("Testbis", "Éloïse", BORN, "35238", 812, (SimulatedChild("Léo-Paul", "Test", CHILD_BORN),))
ELOISE = CivilIdentity("TESTBIS", ("Eloise",), BORN, "99100", "35238", Sex.FEMALE)


@asynccontextmanager
async def funds(**settings: float) -> AsyncIterator[tuple[ApiParticulier, SteppedClock, httpx.AsyncClient]]:
    """The simulated funds, the door to them, and who sets their faults."""
    clock = SteppedClock()
    async with serving(caf_app(clock, [KNOWN])) as address, httpx.AsyncClient(base_url=address) as control:
        door = ApiParticulier(address, ACCESS, clock, **settings)
        try:
            yield door, clock, control
        finally:
            await door.aclose()


@asynccontextmanager
async def server(answer: Response) -> AsyncIterator[ApiParticulier]:
    """A server that answers this whatever it is asked."""

    async def endpoint(_request: Request) -> Response:
        return answer

    async with serving(Starlette(routes=[Route(PATH, endpoint)])) as address:
        door = ApiParticulier(address, ACCESS, SteppedClock(), patience=2)
        try:
            yield door
        finally:
            await door.aclose()


async def test_a_known_person_gets_the_quotient_of_the_month_and_the_children_of_the_file() -> None:
    async with funds() as (door, _, _):
        found = await door.quotient("chavagne", ELOISE)
    assert found == FundAnswer(812, date(2026, 11, 1), (FundChild("LÉO-PAUL", CHILD_BORN),))


@pytest.mark.parametrize(
    "who",
    [
        replace(ELOISE, birth_name="DURAND"),
        replace(ELOISE, first_names=("Élise",)),
        replace(ELOISE, birth_date=date(1985, 6, 16)),
        replace(ELOISE, birth_town="35047"),
        replace(ELOISE, first_names=()),
    ],
    ids=["another name", "another first name", "another day", "another town", "no first name"],
)
async def test_who_is_not_found_is_unknown(who: CivilIdentity) -> None:
    async with funds() as (door, _, _):
        with pytest.raises(FundUnknown):
            await door.quotient("chavagne", who)


def test_the_question_is_that_of_the_contract() -> None:
    asked = question("21350076500012", replace(ELOISE, first_names=("Eloise", "Marie")))
    assert str(asked) == (
        "recipient=21350076500012&nomNaissance=TESTBIS&anneeDateNaissance=1985&moisDateNaissance=6&jourDateNaissance=15"
        "&sexeEtatCivil=F&codeCogInseePaysNaissance=99100&codeCogInseeCommuneNaissance=35238"
        "&prenoms%5B%5D=Eloise&prenoms%5B%5D=Marie"
    )


def test_what_is_not_known_is_not_asked() -> None:
    asked = question("21350076500012", replace(ELOISE, birth_country="99404", birth_town=None, sex=None))
    assert {"sexeEtatCivil", "codeCogInseeCommuneNaissance"} & set(asked) == set()


async def test_a_commune_without_access_is_not_served() -> None:
    async with funds() as (door, _, control):
        assert (door.serves("chavagne"), door.serves("melle")) == (True, False)
        with pytest.raises(FundUnavailable):
            await door.quotient("melle", ELOISE)
        assert (await control.get("/control")).json()["asked"] == 0


@pytest.mark.parametrize("fault", [{"down": True}, {"malformed": True}, {"limited": True}, {"slow": 5}])
async def test_funds_that_do_not_work_are_unavailable_then_work_again(fault: dict[str, object]) -> None:
    async with funds(patience=0.5) as (door, clock, control):
        (await control.post("/control", json=fault)).raise_for_status()
        with pytest.raises(FundUnavailable):
            await door.quotient("chavagne", ELOISE)
        (await control.delete("/control")).raise_for_status()
        clock.advance(seconds=61)
        assert (await door.quotient("chavagne", ELOISE)).euros == 812


async def test_too_many_requests_are_followed_by_the_pause_that_was_asked() -> None:
    async with funds() as (door, clock, control):
        (await control.post("/control", json={"limited": True})).raise_for_status()
        for seconds, asked in ((0, 1), (59, 1), (2, 2)):
            clock.advance(seconds=seconds)
            with pytest.raises(FundUnavailable):
                await door.quotient("chavagne", ELOISE)
            assert (await control.get("/control")).json()["asked"] == asked


@pytest.mark.parametrize(
    ("headers", "pause"),
    [
        ({"Retry-After": "30"}, timedelta(seconds=30)),
        ({"Retry-After": "99999"}, timedelta(minutes=5)),
        ({"RateLimit-Reset": "demain"}, timedelta(seconds=1)),
        ({}, timedelta(seconds=1)),
    ],
)
async def test_a_pause_is_read_from_either_header_and_never_long(headers: dict[str, str], pause: timedelta) -> None:
    clock, answers = SteppedClock(), 0

    async def endpoint(_request: Request) -> Response:
        nonlocal answers
        answers += 1
        return Response(status_code=429, headers=headers)

    async with serving(Starlette(routes=[Route(PATH, endpoint)])) as address:
        door = ApiParticulier(address, ACCESS, clock)
        for step, expected in ((timedelta(0), 1), (pause - timedelta(microseconds=1), 1), (timedelta(seconds=1), 2)):
            clock.instant += step
            with pytest.raises(FundUnavailable):
                await door.quotient("chavagne", ELOISE)
            assert answers == expected
        await door.aclose()


@pytest.mark.parametrize(
    "answer",
    [
        Response(status_code=500),
        Response(status_code=400),
        RedirectResponse("https://ailleurs.example/"),
        Response(b"x" * 70_000),
        Response(b"[]"),
    ],
    ids=["500", "400", "redirect", "endless", "a list"],
)
async def test_anything_else_than_a_quotient_is_unavailable(answer: Response) -> None:
    async with server(answer) as door:
        with pytest.raises(FundUnavailable):
            await door.quotient("chavagne", ELOISE)


async def test_an_answer_that_trickles_is_given_up() -> None:
    async def drops() -> AsyncIterator[bytes]:
        for _ in range(50):
            yield b" "
            await asyncio.sleep(0.1)

    async with server(StreamingResponse(drops())) as door:
        with pytest.raises(FundUnavailable):
            await door.quotient("chavagne", ELOISE)


@pytest.mark.parametrize("status", [401, 403])
async def test_a_refused_token_is_told_to_the_operator_and_never_shown(
    status: int, caplog: pytest.LogCaptureFixture
) -> None:
    async with server(Response(status_code=status)) as door:
        with caplog.at_level(logging.ERROR, "portail.caf"), pytest.raises(FundUnavailable):
            await door.quotient("chavagne", ELOISE)
    assert caplog.messages == [f"API Particulier refuses the access of chavagne: HTTP {status}"]
    assert "un.jeton" not in repr(ACCESS)


FOUND = '{"valeur": 812, "annee": 2026, "mois": 11}'


@pytest.mark.parametrize(
    ("content", "children"),
    [
        (f'{{"data": {{"quotient_familial": {FOUND}}}}}', ()),
        (f'{{"data": {{"quotient_familial": {FOUND}, "enfants": null}}}}', ()),
        (f'{{"data": {{"quotient_familial": {FOUND}, "enfants": [{{"date_naissance": null}}]}}}}', ()),
        (
            f'{{"data": {{"quotient_familial": {FOUND}, "enfants": [{{"date_naissance": "2018-03-14"}}]}}}}',
            (FundChild("", CHILD_BORN),),
        ),
    ],
)
def test_an_answer_without_children_is_one(content: str, children: tuple[FundChild, ...]) -> None:
    assert read_answer(content.encode()) == FundAnswer(812, date(2026, 11, 1), children)


@pytest.mark.parametrize(
    "found",
    [
        "null",
        "{}",
        FOUND.replace("812", '"812"'),
        FOUND.replace("812", "true"),
        FOUND.replace("812", "-1"),
        FOUND.replace("812", "100000"),
        FOUND.replace("11", "13"),
        FOUND.replace("2026", "26"),
        f'{FOUND}, "enfants": [3]',
        f'{FOUND}, "enfants": [{{"date_naissance": "hier"}}]',
    ],
)
def test_an_answer_of_another_form_is_none(found: str) -> None:
    with pytest.raises(ValueError, match=r"unexpected form|out of its range|month must be|isoformat"):
        read_answer(f'{{"data": {{"quotient_familial": {found}}}}}'.encode())
