"""Who asks: the session cookie or the bearer token of a request becomes a viewer and the scope of its rows."""

import hashlib
import hmac
from dataclasses import dataclass
from datetime import datetime

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from gateway.doors.request_id import current_request_id
from gateway.doors.tenancy import commune_of
from gateway.settings import Settings
from plugins import hookspecs
from resolvers.access.sign_in import viewer_of
from resolvers.context import ANONYMOUS, Context, Viewer
from resolvers.models.scope import NOTHING, Scope, current_scope
from resolvers.ports import Ports

INVALID_TOKEN = {"WWW-Authenticate": 'Bearer error="invalid_token"'}


@dataclass(frozen=True, slots=True)
class CookieCarrier:
    """Keeps a session in an HttpOnly cookie of one commune; ``__Host-`` where cookies are secure (RFC 6265bis)."""

    response: Response
    name: str
    secure: bool
    now: datetime

    def keep(self, token: str, expires_at: datetime) -> None:
        """Have the browser present this token until then."""
        seconds = int((expires_at - self.now).total_seconds())  # not an instant: the browser's clock may be wrong
        self.response.set_cookie(
            self.name, token, max_age=seconds, path="/", secure=self.secure, httponly=True, samesite="lax"
        )

    def forget(self) -> None:
        """Have the browser drop its token."""
        self.response.delete_cookie(self.name, path="/", secure=self.secure, httponly=True, samesite="lax")


class Doorman:
    """Builds the context of a request; the same one for GraphQL, downloads and callbacks."""

    def __init__(self, settings: Settings, ports: Ports) -> None:
        self._settings = settings
        self._ports = ports

    def cookie_name(self, slug: str) -> str:
        """One cookie per commune: signing in at one says nothing to another on the same host."""
        return f"__Host-portail-{slug}" if self._settings.cookie_secure else f"portail-{slug}"

    async def context(self, request: Request, response: Response) -> Context:
        """Who asks. Raises 401 for a bearer token that does not work; a dead cookie is an anonymous visitor."""
        commune = commune_of(request.scope)
        now = self._ports.clock.now()
        carrier = CookieCarrier(response, self.cookie_name(commune.slug), self._settings.cookie_secure, now)
        token, is_bearer = self._token(request, carrier.name)
        found: tuple[Viewer, Scope] | None = None
        if token is not None:
            found = await viewer_of(token, now, commune.ask(hookspecs.terms).version)
            if found is None and is_bearer:
                raise HTTPException(401, "This token is unknown, expired or revoked.", INVALID_TOKEN)
        viewer, scope = found or (ANONYMOUS, NOTHING)
        current_scope.set(scope)
        return Context(
            commune=commune,
            viewer=viewer,
            now=now,
            ports=self._ports,
            public_url=self._settings.public_url,
            carrier=carrier,
            client=self._mark(request),
            user_agent=request.headers.get("user-agent", ""),
            request_id=current_request_id.get() or "",
        )

    @staticmethod
    def _token(request: Request, cookie: str) -> tuple[str | None, bool]:
        kind, _, credentials = request.headers.get("authorization", "").partition(" ")
        if kind.lower() == "bearer" and credentials.strip():
            return credentials.strip(), True
        return request.cookies.get(cookie), False

    def _mark(self, request: Request) -> str:
        """A keyed hash of the address: enough to slow a guesser down, useless to find who it was."""
        host = request.client.host if request.client else ""
        return hmac.new(self._settings.secret_keys[-1].encode(), host.encode(), hashlib.sha256).hexdigest()
