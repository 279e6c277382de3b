"""A household's bookings in an agenda: what is written is read back by the library that agendas are tested with."""

from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import httpx
import pytest
from icalendar import Calendar, Component
from starlette.applications import Starlette

from gateway.database import Databases
from resolvers.agenda.calendar_feeds import create_feed, feeds_of, revoke_feed
from resolvers.errors import Code
from resolvers.models import Booking, CalendarFeed, Membership
from tests.doors import ask, portal_of
from tests.refusals import refused
from tests.towns import Family, Town, add_agent, add_family, add_parent, sign_in, statements

pytestmark = [pytest.mark.anyio, pytest.mark.database]
PARIS = ZoneInfo("Europe/Paris")
BOOKED_AT = datetime(2026, 9, 20, 6, 0, tzinfo=UTC)


@pytest.fixture
async def town(databases: Databases) -> Town:
    """Épagny, whose school units have times and whose centres have none."""
    return Town.called("epagny")


@pytest.fixture
def portal(town: Town, database_url: str) -> Starlette:
    """The application itself."""
    return portal_of(town, database_url)


async def book(town: Town, family: Family, child: str, activity: str, unit: str, day: date, **state: Any) -> None:
    """A booking as it stands in the table."""
    with town.at_work():
        await Booking.create(
            household_id=family.id,
            child_id=family.children[child],
            activity=activity,
            unit=unit,
            day=day,
            changed_at=BOOKED_AT,
            **state,
        )


async def secret_of(town: Town, family: Family) -> str:
    """A new secret of the family's parent."""
    with town.asked_by(family.parent) as ctx:
        return (await create_feed(ctx, family.id)).secret


async def read(portal: Starlette, secret: str, **headers: str) -> httpx.Response:
    """What an agenda is answered."""
    return await ask(portal, "GET", f"epagny/calendar/{secret}.ics", headers=headers)


def told(event: Component) -> dict[str, Any]:
    """An event as an agenda shows it."""
    return {
        "what": str(event["SUMMARY"]),
        "from": event.decoded("DTSTART"),
        "to": event.decoded("DTEND"),
        "free": str(event["TRANSP"]) == "TRANSPARENT",
        "changed": event.decoded("DTSTAMP"),
    }


async def test_bookings_are_read_from_thirty_days_ago_to_the_last_one(town: Town, portal: Starlette) -> None:
    family = await add_family(town, children=("Zoé", "Ali"), enrolled=("restauration", "croc-loisirs"))
    await book(town, family, "Zoé", "restauration", "repas", date(2026, 9, 4))  # 31 days ago
    await book(town, family, "Zoé", "restauration", "repas", date(2026, 10, 23))  # before the clocks change
    await book(town, family, "Zoé", "restauration", "repas", date(2026, 11, 3))  # and after
    await book(town, family, "Ali", "croc-loisirs", "matin", date(2027, 6, 30))
    await book(town, family, "Ali", "croc-loisirs", "repas", date(2027, 6, 30), live=False)
    answer = await read(portal, await secret_of(town, family))
    calendar = Calendar.from_ical(answer.content)
    facts = {"free": True, "changed": BOOKED_AT}
    assert [told(event) for event in calendar.events] == [
        {
            "what": "Zoé : Repas",
            "from": datetime(2026, 10, 23, 11, 30, tzinfo=PARIS),
            "to": datetime(2026, 10, 23, 13, 20, tzinfo=PARIS),
            **facts,
        },
        {
            "what": "Zoé : Repas",
            "from": datetime(2026, 11, 3, 11, 30, tzinfo=PARIS),
            "to": datetime(2026, 11, 3, 13, 20, tzinfo=PARIS),
            **facts,
        },
        {"what": "Ali : Matin", "from": date(2027, 6, 30), "to": date(2027, 7, 1), **facts},
    ]
    assert [event.decoded("DTSTART").utcoffset() for event in calendar.events[:2]] == [
        timedelta(hours=2),
        timedelta(hours=1),
    ]
    assert [zone.tz_name for zone in calendar.timezones] == ["Europe/Paris"]
    assert (answer.status_code, answer.headers["content-type"]) == (200, "text/calendar; charset=utf-8")
    assert (answer.headers["cache-control"], answer.headers["referrer-policy"]) == ("private, no-cache", "no-referrer")
    assert b"TEST" not in answer.content  # no family name


async def test_the_same_bookings_have_the_same_tag_and_identifiers_and_a_cancelled_one_disappears(
    town: Town, portal: Starlette
) -> None:
    family = await add_family(town, enrolled=("restauration",))
    days = [date(2026, 10, 6), date(2026, 10, 8)]
    for day in days:
        await book(town, family, "Enfant1", "restauration", "repas", day)
    secret, other = await secret_of(town, family), await secret_of(town, family)
    first = await read(portal, secret)
    town.later(hours=30)
    again = await read(portal, other)
    assert (again.content, again.headers["etag"]) == (first.content, first.headers["etag"])
    unchanged = await read(portal, secret, **{"If-None-Match": first.headers["etag"]})
    assert (unchanged.status_code, unchanged.content) == (304, b"")
    with town.at_work():
        await Booking.filter(day=days[0]).update(live=False)
    after = await read(portal, secret, **{"If-None-Match": first.headers["etag"]})
    identifiers = [[str(event["UID"]) for event in Calendar.from_ical(each.content).events] for each in (first, after)]
    assert len(set(identifiers[0])) == 2
    assert (after.status_code, identifiers[1]) == (200, identifiers[0][1:])


async def test_what_opens_nothing_is_answered_alike(town: Town, portal: Starlette) -> None:
    family, blind = await add_family(town, "TEST"), await add_family(town, "TESTBIS")
    revoked, lost, left = await secret_of(town, family), await secret_of(town, blind), await secret_of(town, family)
    assert [(await read(portal, secret)).status_code for secret in (revoked, lost, left)] == [200, 200, 200]
    with town.asked_by(family.parent) as ctx:
        feeds = await feeds_of(ctx)
        await revoke_feed(ctx, feeds[1].id)
        await revoke_feed(ctx, feeds[1].id)
    with town.at_work():
        await Membership.filter(household_id=blind.id, person_id=blind.parent.viewer.person_id).update(sees=False)
    closed = [await read(portal, secret) for secret in (revoked, lost, "x", "é", "A" * 43)]
    assert [(answer.status_code, answer.json(), answer.headers["cache-control"]) for answer in closed] == [
        (404, closed[0].json(), "no-store")
    ] * 5
    assert (await read(portal, left)).status_code == 200


async def test_who_tries_many_secrets_waits_and_an_agenda_that_has_one_does_not(town: Town, portal: Starlette) -> None:
    secret = await secret_of(town, await add_family(town))
    answers = [await read(portal, f"guess-{number}") for number in range(51)]
    assert [answer.status_code for answer in answers] == [404] * 50 + [429]
    assert int(answers[-1].headers["retry-after"]) > 0
    assert (await read(portal, secret)).status_code == 200
    town.later(minutes=1)
    assert (await read(portal, "guess-52")).status_code == 404


async def test_a_feed_is_of_a_household_that_one_sees_and_only_its_owner_revokes_it(town: Town) -> None:
    family, other = await add_family(town, "TEST"), await add_family(town, "TESTBIS")
    half = await sign_in(town, await add_parent(town, family.id, "Parent TESTBIS"))
    blind = await sign_in(town, await add_parent(town, family.id, "Parent SANS-DROIT", sees=False))
    with town.asked_by(family.parent) as ctx:
        mine = (await create_feed(ctx, family.id)).feed
    for signed in (other.parent, blind, await add_agent(town)):
        with town.asked_by(signed) as ctx:
            with refused(Code.NOT_FOUND):
                await create_feed(ctx, family.id)
            assert await feeds_of(ctx) == []
    for signed in (half, other.parent):
        with town.asked_by(signed) as ctx, refused(Code.NOT_FOUND):
            await revoke_feed(ctx, mine.id)
    with town.asked_by(half) as ctx:
        assert await feeds_of(ctx) == []


async def test_the_same_key_gets_the_same_secret_and_no_more_than_ten_feeds_live(town: Town) -> None:
    family = await add_family(town)
    with town.asked_by(family.parent) as ctx:
        first, again = [await create_feed(ctx, family.id, "une-fois") for _ in range(2)]
        assert (again.secret, again.feed.id) == (first.secret, first.feed.id)
        others = [await create_feed(ctx, family.id) for _ in range(9)]
        with refused(Code.STATE_CONFLICT):
            await create_feed(ctx, family.id)
        await revoke_feed(ctx, others[0].feed.id)
        assert (await create_feed(ctx, family.id)).secret not in {first.secret, *(each.secret for each in others)}


async def test_a_feed_tells_to_the_hour_when_it_was_read(town: Town, portal: Starlette) -> None:
    family = await add_family(town)
    secret = await secret_of(town, family)
    readings: list[datetime | None] = []
    for minutes in (10, 30, 31):
        town.later(minutes=minutes)
        await read(portal, secret)
        with town.at_work():
            readings.append((await CalendarFeed.all().get()).read_at)
    start = town.clock.now() - timedelta(minutes=71)
    assert readings == [start + timedelta(minutes=10), start + timedelta(minutes=10), start + timedelta(minutes=71)]


@pytest.mark.parametrize("children", [("Zoé",), ("Ali", "Bao", "Cléo")])
async def test_a_reading_takes_the_same_statements_whatever_the_family(
    town: Town, portal: Starlette, children: tuple[str, ...]
) -> None:
    family = await add_family(town, children=children, enrolled=("restauration",))
    for child in children:
        for day in range(5, 30):
            await book(town, family, child, "restauration", "repas", date(2026, 10, day))
    secret = await secret_of(town, family)
    await read(portal, secret)
    with statements() as sent:
        answer = await read(portal, secret)
    assert len(Calendar.from_ical(answer.content).events) == 25 * len(children)
    assert len(sent) == 5


async def test_the_log_never_holds_a_secret(town: Town, portal: Starlette, caplog: pytest.LogCaptureFixture) -> None:
    secret = await secret_of(town, await add_family(town))
    with caplog.at_level("INFO", "portail"):
        await read(portal, secret)
        await ask(portal, "GET", f"epagny/calendar/{secret}")
    lines = [record.__dict__["facts"]["path"] for record in caplog.records if record.name == "portail.access"]
    assert lines == ["/epagny/calendar/…", "/epagny/calendar/…"]
    assert not any(secret in str(record.__dict__) for record in caplog.records)
