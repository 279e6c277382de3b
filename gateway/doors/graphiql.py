"""GraphiQL, the page where integrators try the API; its files are served from here, so it works without network."""

from pathlib import Path

from starlette.requests import Request
from starlette.responses import FileResponse
from starlette.routing import BaseRoute, Mount
from starlette.staticfiles import StaticFiles

FILES = Path(__file__).parent.parent / "static" / "graphiql"

CONTENT_SECURITY_POLICY = "; ".join(
    (
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self' 'unsafe-inline'",  # the editor writes style attributes
        "img-src 'self' data:",
        "font-src 'self' data:",
        "connect-src 'self'",
        "base-uri 'none'",
        "form-action 'none'",
        "frame-ancestors 'none'",
    )
)


async def graphiql_page(request: Request) -> FileResponse:
    """The page, to be mounted beside ``graphql``: it sends its queries to that relative address."""
    headers = {
        "content-security-policy": CONTENT_SECURITY_POLICY,
        "referrer-policy": "no-referrer",
        "x-content-type-options": "nosniff",
        "cache-control": "no-cache",
    }
    return FileResponse(FILES / "index.html", media_type="text/html; charset=utf-8", headers=headers)


def graphiql_routes() -> list[BaseRoute]:
    """The scripts and styles of the page, the same for every commune: ``/static/graphiql/…``."""
    return [Mount("/static/graphiql", StaticFiles(directory=FILES), name="graphiql-files")]
