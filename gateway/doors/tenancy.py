"""Which commune a request is for: the first segment of its path, or the host name of a commune that has its own."""

from collections.abc import Container
from typing import Final, cast

from starlette.datastructures import Headers
from starlette.responses import JSONResponse
from starlette.types import ASGIApp, Receive, Scope, Send
from starlette.websockets import WebSocketClose

from plugins.communes import Commune, Communes
from resolvers.models.tenancy import in_commune

SHARED: Final[Container[str]] = frozenset({"health", "static", "simulators"})


class Tenancy:
    """ASGI middleware: finds the commune of a request, or answers 404 ``COMMUNE_NOT_FOUND``.

    Inside, ``scope["state"]["commune"]`` is the :class:`Commune`, ``current_commune`` its slug, and routes are relative
    to it: ``/chavagne/graphql`` is served by the route ``/graphql``. On a commune's own host the slug may be left out,
    and no other commune can be reached. Paths that start with a segment of :data:`SHARED` belong to no commune.
    """

    def __init__(self, app: ASGIApp, communes: Communes) -> None:
        clash = [slug for slug in communes if slug in SHARED]
        if clash:
            raise ValueError(
                f"The slug {clash[0]!r} is also a path of the portal itself: give the commune another one."
            )
        self._app = app
        self._communes = communes

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request in its commune."""
        if scope["type"] not in ("http", "websocket"):
            await self._app(scope, receive, send)
            return
        root = scope.get("root_path", "")
        segment = scope["path"].removeprefix(root).lstrip("/").partition("/")[0]
        if segment in SHARED:
            await self._app(scope, receive, send)
            return
        own_host = self._communes.by_host(_host(scope))
        commune = own_host or self._communes.get(segment)
        if commune is None:
            await _not_found(scope, receive, send)
            return
        # Starlette strips the root path itself when it matches routes: the path stays whole (ASGI specification).
        inner_root = f"{root}/{segment}" if segment == commune.slug else root
        inner = {**scope, "root_path": inner_root, "state": {**scope.get("state", {}), "commune": commune}}
        with in_commune(commune.slug):
            await self._app(inner, receive, send)


def commune_of(scope: Scope) -> Commune:
    """The commune that :class:`Tenancy` found for this request."""
    return cast(Commune, scope["state"]["commune"])


def _host(scope: Scope) -> str:
    """The host name asked for, in lower case, without port nor final dot."""
    name = Headers(scope=scope).get("host", "")
    return name.partition(":")[0].rstrip(".").lower()


async def _not_found(scope: Scope, receive: Receive, send: Send) -> None:
    if scope["type"] == "websocket":
        await WebSocketClose(code=1008)(scope, receive, send)
        return
    message = "Cette adresse ne correspond à aucune commune de ce portail."
    body = {"errors": [{"message": message, "extensions": {"code": "COMMUNE_NOT_FOUND"}}]}
    await JSONResponse(body, 404, {"Cache-Control": "no-store"})(scope, receive, send)
