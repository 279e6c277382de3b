"""The doors of the portal other than GraphQL, called as a browser does."""

from datetime import timedelta
from typing import Any
from uuid import UUID

import httpx
from starlette.applications import Starlette

from gateway.app import create_app
from gateway.sealing import new_key
from gateway.settings import Settings
from resolvers.access.tokens import fingerprint
from resolvers.models import Session
from resolvers.models.accounts import SessionKind
from tests.towns import Signed, Town, communes


def portal_of(town: Town, database_url: str) -> Starlette:
    """The application itself, on a town's database, which is already open."""
    environment = {"DATABASE_URL": database_url, "PORTAIL_SECRET_KEYS": new_key()}
    return create_app(Settings.from_environment(environment), communes(), town.clock)


async def cookie_of(town: Town, account: Signed | UUID) -> str:
    """Sign an account in, and return what its browser sends."""
    account_id = account.viewer.account_id if isinstance(account, Signed) else account
    token = f"cookie-of-{account_id}"
    with town.at_work() as ctx:
        await Session.create(
            account_id=account_id,
            kind=SessionKind.COOKIE,
            token_hash=fingerprint(token),
            created_at=ctx.now,
            expires_at=ctx.now + timedelta(hours=10),
            ends_at=ctx.now + timedelta(hours=10),
        )
    return f"portail-{town.commune.slug}={token}"


async def ask(portal: Starlette, method: str, path: str, cookie: str | None = None, **request: Any) -> httpx.Response:
    """One request of a browser on a page of the portal; ``path`` starts with the commune."""
    headers = {"Sec-Fetch-Site": "same-origin", **({"Cookie": cookie} if cookie else {}), **request.pop("headers", {})}
    transport = httpx.ASGITransport(portal, raise_app_exceptions=False)
    async with httpx.AsyncClient(transport=transport, base_url="http://localhost:8000", headers=headers) as client:
        return await client.request(method, f"/{path}", **request)
