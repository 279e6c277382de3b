"""Which commune a request is for."""

from urllib.parse import urlsplit

import httpx
import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Mount, Route
from starlette.types import Message, Receive, Scope, Send

from gateway.doors.tenancy import Tenancy, commune_of
from plugins.communes import Commune, Communes
from plugins.hookspecs import hookimpl
from plugins.rules.calendar import SchoolYear
from plugins.rules.catalogue import Catalogue
from plugins.rules.identity import Identity, Service
from resolvers.models.tenancy import current_commune

pytestmark = pytest.mark.anyio


class Village:
    """A commune that offers nothing yet."""

    def __init__(self, slug: str, *hosts: str) -> None:
        mailbox = f"mairie@{slug}.example"
        self._identity = Identity(slug, slug.title(), "B", mailbox, (Service("mairie", "Mairie", mailbox),), hosts)

    @hookimpl
    def identity(self) -> Identity:
        return self._identity

    @hookimpl
    def catalogue(self, year: SchoolYear) -> Catalogue:
        return Catalogue(year, (), ())


def communes() -> Communes:
    plain, hosted = Village("plaine"), Village("coteau", "famille.coteau.example")
    return Communes([Commune("plaine", plain), Commune("coteau", hosted)])


async def tell(request: Request) -> Response:
    """What the application sees of its request."""
    return JSONResponse(
        {
            "commune": request.state.commune.slug if hasattr(request.state, "commune") else None,
            "current": current_commune.get(None),
            "inner": request.scope["path"].removeprefix(request.scope["root_path"]),
            "link": str(request.url_for("page")),
        }
    )


def portal() -> Tenancy:
    routes = [Route("/graphql", tell, name="page"), Route("/health/live", tell), Route("/simulators/bank", tell)]
    return Tenancy(Starlette(routes=[*routes, Mount("/deep", routes=[Route("/er", tell)])]), communes())


async def get(path: str, host: str = "portail.example") -> httpx.Response:
    async with httpx.AsyncClient(transport=httpx.ASGITransport(portal()), base_url=f"https://{host}") as web:
        return await web.get(path)


async def test_the_first_segment_names_the_commune_and_routes_are_relative_to_it() -> None:
    assert (await get("/plaine/graphql?x=/coteau/")).json() == {
        "commune": "plaine",
        "current": "plaine",
        "inner": "/graphql",
        "link": "https://portail.example/plaine/graphql",
    }
    assert (await get("/coteau/deep/er")).json()["commune"] == "coteau"
    assert current_commune.get(None) is None


@pytest.mark.parametrize(
    "host",
    ["famille.coteau.example", "FAMILLE.coteau.example", "famille.coteau.example:8443", "famille.coteau.example."],
)
async def test_on_its_own_host_a_commune_needs_no_segment(host: str) -> None:
    told = [(await get(path, host)).json() for path in ("/graphql", "/coteau/graphql")]

    assert [(answer["commune"], answer["current"], answer["inner"]) for answer in told] == [
        ("coteau", "coteau", "/graphql"),
        ("coteau", "coteau", "/graphql"),
    ]
    assert [urlsplit(answer["link"]).path for answer in told] == ["/graphql", "/coteau/graphql"]


async def test_on_the_host_of_a_commune_no_other_commune_can_be_reached() -> None:
    answer = await get("/plaine/graphql", "famille.coteau.example")

    assert (answer.status_code, answer.text) == (404, "Not Found")


@pytest.mark.parametrize(
    "path",
    [
        "/",
        "/nulle-part/graphql",
        "/Plaine/graphql",
        "/plaine%20/graphql",
        "/plaine%00/graphql",
        "/%2e%2e/graphql",
        "/plainex/graphql",
        "/healthy",
        "/é/graphql",
        "/" + "x" * 5000,
    ],
)
async def test_an_unknown_commune_is_told_so_and_the_application_is_not_called(path: str) -> None:
    calls: list[str] = []

    async def application(scope: Scope, receive: Receive, send: Send) -> None:
        calls.append(scope["path"])

    url = httpx.URL("https://portail.example").copy_with(raw_path=path.encode("ascii", "replace"))
    async with httpx.AsyncClient(transport=httpx.ASGITransport(Tenancy(application, communes()))) as web:
        answer = await web.get(url)

    assert (answer.status_code, calls) == (404, [])
    assert answer.headers["Cache-Control"] == "no-store"
    assert answer.json() == {
        "errors": [
            {
                "message": "Cette adresse ne correspond à aucune commune de ce portail.",
                "extensions": {"code": "COMMUNE_NOT_FOUND"},
            }
        ]
    }


@pytest.mark.parametrize("host", ["portail.example", "famille.coteau.example"])
@pytest.mark.parametrize("path", ["/health/live", "/simulators/bank"])
async def test_shared_paths_belong_to_no_commune(path: str, host: str) -> None:
    told = (await get(path, host)).json()

    assert (told["commune"], told["current"], told["inner"]) == (None, None, path)


async def test_what_the_server_put_in_the_state_is_kept_and_not_shared() -> None:
    seen: list[Scope] = []

    async def application(scope: Scope, receive: Receive, send: Send) -> None:
        seen.append(scope)

    state = {"pool": "shared"}
    scope: Scope = {"type": "http", "path": "/plaine/x", "root_path": "", "headers": [], "state": state}
    await Tenancy(application, communes())(scope, _no_receive, _no_send)

    assert (seen[0]["state"]["pool"], commune_of(seen[0]).slug) == ("shared", "plaine")
    assert (state, scope["root_path"]) == ({"pool": "shared"}, "")


async def test_the_commune_is_forgotten_even_when_the_application_fails() -> None:
    async def application(scope: Scope, receive: Receive, send: Send) -> None:
        raise RuntimeError(current_commune.get())

    scope: Scope = {"type": "http", "path": "/plaine/x", "root_path": "", "headers": []}
    with pytest.raises(RuntimeError, match="plaine"):
        await Tenancy(application, communes())(scope, _no_receive, _no_send)

    assert current_commune.get(None) is None


async def test_a_socket_to_an_unknown_commune_is_closed() -> None:
    sent: list[Message] = []

    async def send(message: Message) -> None:
        sent.append(message)

    scope: Scope = {"type": "websocket", "path": "/nulle-part/graphql", "root_path": "", "headers": []}
    await portal()(scope, _no_receive, send)

    assert [(message["type"], message["code"]) for message in sent] == [("websocket.close", 1008)]


async def test_the_life_of_the_server_is_not_a_request() -> None:
    seen: list[str] = []

    async def application(scope: Scope, receive: Receive, send: Send) -> None:
        seen.append(scope["type"])

    await Tenancy(application, communes())({"type": "lifespan"}, _no_receive, _no_send)

    assert seen == ["lifespan"]


def test_a_commune_cannot_take_the_name_of_a_shared_path() -> None:
    with pytest.raises(ValueError, match="'health' is also a path of the portal"):
        Tenancy(Starlette(), Communes([Commune("health", Village("health"))]))


async def _no_receive() -> Message:
    raise AssertionError("nothing is read")


async def _no_send(_message: Message) -> None:
    raise AssertionError("nothing is sent")
