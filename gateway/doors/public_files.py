"""The files of public pages: ``GET /public-files/{page}``, relative to a commune, readable without an account."""

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from gateway.doors.etags import tagged
from resolvers.publishing import public_pages

# Kept by whoever likes, asked again each time: a page that is taken back is gone at once.
_HEADERS = {
    "Cache-Control": "public, no-cache",
    "X-Content-Type-Options": "nosniff",
    "Content-Security-Policy": "script-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'self'",
}


def public_file_routes() -> list[Route]:
    """The file of a page, shown by the browser that can; 404 without file, and once the page is taken back."""

    async def public_file(request: Request) -> Response:
        found = await public_pages.read_file(request.path_params["key"])
        if found is None:
            raise HTTPException(404, "Ce document n'existe pas.")
        page, file = found
        headers = {**_HEADERS, "Content-Disposition": f'inline; filename="{page.file_name}"'}
        return tagged(request, bytes(file.content), file.media_type, headers)

    return [Route("/public-files/{key:uuid}", public_file, methods=["GET"])]
