"""Calendar feeds over HTTP: ``GET /calendar/{secret}.ics``, relative to a commune, as RFC 5545 has it."""

import asyncio
from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from icalendar import Calendar
from icalendar import Event as CalendarEvent
from icalendar.enums import TRANSP
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from gateway.doors.etags import tagged
from gateway.doors.sessions import Doorman
from plugins.rules.identity import Identity
from resolvers.agenda.calendar_feeds import Event, read_feed
from resolvers.errors import Code, Refused

_PRODUCT = "-//Portail famille//FR"
_EVERY = timedelta(hours=6)  # how often an agenda is asked to read again
_HEADERS = {
    "Cache-Control": "private, no-cache",
    "X-Content-Type-Options": "nosniff",
    "X-Robots-Tag": "noindex",
    "Referrer-Policy": "no-referrer",
    "Content-Disposition": 'inline; filename="calendrier.ics"',
}


def calendar_routes(doorman: Doorman) -> list[Route]:
    """The bookings behind a secret. 404 for whatever opens nothing, 429 for who tries too many secrets."""

    async def calendar(request: Request) -> Response:
        ctx = await doorman.context(request, Response())
        try:
            events = await read_feed(ctx, request.path_params["secret"])
        except Refused as refusal:
            raise _closed(refusal, ctx.now) from refusal
        written = await asyncio.to_thread(feed_of, ctx.commune.identity, events)
        return tagged(request, written, "text/calendar; charset=utf-8", _HEADERS)

    return [Route("/calendar/{secret}.ics", calendar, methods=["GET"])]


def _closed(refusal: Refused, now: datetime) -> HTTPException:
    until = refusal.facts.get("until")
    if refusal.code is not Code.THROTTLED or not isinstance(until, datetime):
        return HTTPException(404, "Ce calendrier n'existe pas.", {"Cache-Control": "no-store"})
    seconds = str(max(1, int((until - now).total_seconds())))
    return HTTPException(429, refusal.message, {"Cache-Control": "no-store", "Retry-After": seconds})


def feed_of(identity: Identity, events: Sequence[Event]) -> bytes:
    """The calendar as it travels. The same bookings make the same bytes, so that its tag tells whether they changed."""
    calendar = Calendar.new(name=f"Activités : {identity.name}", prodid=_PRODUCT, refresh_interval=_EVERY)
    calendar.pop("UID")  # drawn at random by the library, and optional (RFC 7986)
    for event in events:
        calendar.add_component(_written(event, identity.tz))
    calendar.add_missing_timezones()
    written: bytes = calendar.to_ical()
    return written


def _written(event: Event, zone: ZoneInfo) -> CalendarEvent:
    """Transparent: what a child does leaves its parent free."""
    starts: date = event.day
    ends: date = event.day + timedelta(days=1)
    if event.starts_at is not None and event.ends_at is not None:
        starts, ends = (datetime.combine(event.day, at, zone) for at in (event.starts_at, event.ends_at))
    return CalendarEvent.new(
        uid=event.uid,
        stamp=event.changed_at.astimezone(UTC),
        last_modified=event.changed_at.astimezone(UTC),
        start=starts,
        end=ends,
        summary=event.summary,
        transparency=TRANSP.TRANSPARENT,
    )
