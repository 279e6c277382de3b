"""Is it alive, and is it ready: what a load balancer and an operator ask."""

from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta
from functools import partial

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from gateway.database import Databases
from gateway.worker import Worker
from resolvers.models import Effect
from resolvers.models.tenancy import in_commune
from resolvers.ports import Clock

SILENT_TOO_LONG = timedelta(seconds=60)
LATE_TOO_LONG = timedelta(minutes=15)
HEADERS = {"Cache-Control": "no-store"}


def health_routes(databases: Databases, worker: Worker | None, clock: Clock) -> list[Route]:
    """``/health/live`` and ``/health/ready``; ``worker`` is None when it runs in a process of its own."""

    async def live(_request: Request) -> Response:
        return JSONResponse({"status": "live"}, headers=HEADERS)

    async def ready(_request: Request) -> Response:
        checks: dict[str, str] = {}
        for slug in databases.slugs:
            checks[f"database:{slug}"] = await _told(partial(_database, databases, slug))
            checks[f"outbox:{slug}"] = await _told(partial(_outbox, slug, clock.now()))
        checks["worker"] = _worker(worker, clock.now())
        is_ready = all(answer == "ok" for answer in checks.values())
        body = {"status": "ready" if is_ready else "not ready", "checks": checks}
        return JSONResponse(body, 200 if is_ready else 503, HEADERS)

    return [Route("/health/live", live), Route("/health/ready", ready)]


async def _told(check: Callable[[], Awaitable[str]]) -> str:
    try:
        return await check()
    except Exception as error:  # noqa: BLE001 (whatever is wrong, the operator is told its kind and nothing more)
        return f"does not answer ({type(error).__name__})"


async def _database(databases: Databases, slug: str) -> str:
    pending = await databases.pending(slug)
    return f"lacks {len(pending)} migrations: run « python -m gateway migrate »" if pending else "ok"


async def _outbox(slug: str, now: datetime) -> str:
    """Effects that should have been done long ago mean that no worker runs, wherever it should."""
    with in_commune(slug):
        late = await Effect.filter(done_at__isnull=True, dead_at__isnull=True, run_at__lt=now - LATE_TOO_LONG).count()
    return f"{late} effects are late: is a worker running?" if late else "ok"


def _worker(worker: Worker | None, now: datetime) -> str:
    if worker is None:
        return "ok"
    silent = worker.last_turn is None or now - worker.last_turn > SILENT_TOO_LONG
    return "is silent" if silent else "ok"
