"""The running system: its table of contents."""

import asyncio
import logging
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.routing import BaseRoute, Route

from gateway.caf import ApiParticulier
from gateway.database import DatabaseError, Databases
from gateway.doors.body_limit import BodyLimit
from gateway.doors.calendar_feed import calendar_routes
from gateway.doors.day_papers import day_paper_routes
from gateway.doors.drawers import drawer_routes
from gateway.doors.exports import export_routes
from gateway.doors.files import file_routes
from gateway.doors.graphiql import graphiql_page, graphiql_routes
from gateway.doors.graphql_http import PortalGraphQL
from gateway.doors.health import health_routes
from gateway.doors.landing import landing_routes
from gateway.doors.mandates import mandate_routes
from gateway.doors.public_files import public_file_routes
from gateway.doors.remittances import remittance_routes
from gateway.doors.request_id import RequestId
from gateway.doors.sessions import Doorman
from gateway.doors.sheets import sheet_routes
from gateway.doors.statements import statement_routes
from gateway.doors.tenancy import Tenancy
from gateway.doors.uploads import upload_routes
from gateway.inspection.file_types import FileChecker
from gateway.logs import AccessLog
from gateway.mail import SmtpMailer
from gateway.papers.pdf import TypstPrinter
from gateway.passwords import Argon2Passwords
from gateway.payments.callbacks import payment_routes
from gateway.payments.lyra import Lyra
from gateway.payments.payfip import Payfip
from gateway.sealing import FernetSealer
from gateway.settings import Settings, WorkerPlace
from gateway.worker import Worker
from plugins.communes import Communes
from resolvers.ports import Clock, Ports
from schema.execution import internal_error
from schema.portal import printed, schema

_CODES = {
    401: "UNAUTHENTICATED",
    403: "FORBIDDEN",
    404: "NOT_FOUND",
    405: "METHOD_NOT_ALLOWED",
    413: "PAYLOAD_TOO_LARGE",
    429: "THROTTLED",
}
_log = logging.getLogger("portail.app")


def open_ports(settings: Settings, clock: Clock) -> Ports:
    """The doors to the outside world, from the settings."""
    return Ports(
        clock=clock,
        passwords=Argon2Passwords(),
        sealer=FernetSealer(settings.secret_keys),
        mailer=SmtpMailer(settings.smtp, clock),
        printer=TypstPrinter(),
        payfip=Payfip(settings.payfip_endpoint, settings.payfip_page, clock),
        lyra=Lyra(settings.lyra_keys, clock, settings.lyra_page),
        caf=ApiParticulier(settings.caf_endpoint, settings.caf_access, clock),
    )


def create_app(settings: Settings, communes: Communes, clock: Clock) -> Starlette:
    """The portal as an ASGI application. Its databases must be migrated before it starts."""
    databases = Databases(settings.database_url, communes)
    ports = open_ports(settings, clock)
    doorman = Doorman(settings, ports)
    checker = FileChecker()
    worker = Worker(communes, ports, settings.public_url) if settings.worker is WorkerPlace.EMBEDDED else None
    sdl = printed()

    async def schema_text(_request: Request) -> Response:
        return PlainTextResponse(sdl, media_type="application/graphql; charset=utf-8")

    routes: list[BaseRoute] = [
        *health_routes(databases, worker, clock),
        *graphiql_routes(),
        Route("/graphql", PortalGraphQL(schema, doorman.context), methods=None),
        Route("/schema.graphql", schema_text, methods=["GET"]),
        *([Route("/graphiql", graphiql_page, methods=["GET"])] if settings.graphiql else []),
        *file_routes(doorman),
        *mandate_routes(doorman),
        *statement_routes(doorman),
        *upload_routes(doorman, checker),
        *public_file_routes(),
        *sheet_routes(doorman, checker),
        *calendar_routes(doorman),
        *remittance_routes(doorman),
        *export_routes(doorman),
        *drawer_routes(doorman),
        *day_paper_routes(doorman),
        *payment_routes(doorman),
        *landing_routes(),
    ]

    @asynccontextmanager
    async def lifespan(_app: Starlette) -> AsyncIterator[None]:
        async with running(databases, ports, worker):
            yield

    return Starlette(
        routes=routes,
        middleware=[
            Middleware(BodyLimit),
            Middleware(RequestId),
            Middleware(AccessLog),
            Middleware(Tenancy, communes=communes),
        ],
        exception_handlers={HTTPException: _http_error, Exception: _internal_error},
        lifespan=lifespan,
    )


@asynccontextmanager
async def running(databases: Databases, ports: Ports, worker: Worker | None) -> AsyncIterator[None]:
    """Open the databases and run the worker for the time of a block."""
    async with opened(databases):
        stop = asyncio.Event()
        task = asyncio.create_task(worker.run(stop)) if worker is not None else None
        try:
            yield
        finally:
            stop.set()
            if task is not None:
                await task
            await ports.aclose()


@asynccontextmanager
async def opened(databases: Databases) -> AsyncIterator[None]:
    """Open the databases for the time of a block; :class:`DatabaseError` when one lacks a migration."""
    await databases.open()
    try:
        for slug in databases.slugs:
            if pending := await databases.pending(slug):
                raise DatabaseError(
                    f"The database of {slug} lacks {len(pending)} migrations ({pending[0]} first): "
                    "run « python -m gateway migrate »."
                )
        yield
    finally:
        await databases.close()


async def _http_error(request: Request, error: Exception) -> Response:
    status = error.status_code if isinstance(error, HTTPException) else 500
    detail = error.detail if isinstance(error, HTTPException) else ""
    headers: Mapping[str, str] | None = error.headers if isinstance(error, HTTPException) else None
    body = {"errors": [{"message": detail, "extensions": {"code": _CODES.get(status, "BAD_REQUEST")}}]}
    return JSONResponse(body, status, headers)


async def _internal_error(_request: Request, error: Exception) -> Response:
    return JSONResponse({"errors": [internal_error(error, "http").formatted]}, 500)
