"""Calendar feeds over GraphQL: the address is told once, the list never tells it again, a revoked feed leaves it."""

from typing import Any

import pytest

from gateway.database import Databases
from resolvers.agenda.calendar_feeds import read_feed
from resolvers.errors import Code
from schema.portal import schema
from schema.relay import global_id
from tests.refusals import refused
from tests.towns import Family, Town, add_family

pytestmark = [pytest.mark.anyio, pytest.mark.database]
CREATE = """mutation($household: ID!) { calendarFeedCreate(input: {householdId: $household}) {
  url feed { id householdId readAt } userErrors { code field } } }"""
REVOKE = "mutation($id: ID!) { calendarFeedRevoke(input: {id: $id}) { id userErrors { code field } } }"
LIST = "{ viewer { calendarFeeds { id householdId createdAt readAt } } }"
NODE = "query($id: ID!) { node(id: $id) { __typename id } }"


@pytest.fixture
async def town(databases: Databases) -> Town:
    """Chavagne."""
    return Town.called("chavagne")


async def asked(town: Town, family: Family, text: str, **variables: Any) -> Any:
    """The data of an operation of the parent, which must go without any error."""
    with town.asked_by(family.parent) as ctx:
        result = await schema.execute(text, variables, context_value=ctx)
    assert result.errors is None, result.errors
    return result.data


async def test_an_address_is_told_once_listed_without_its_secret_and_closed(town: Town) -> None:
    family = await add_family(town)
    household = global_id("Household", family.id)
    made = (await asked(town, family, CREATE, household=household))["calendarFeedCreate"]
    head, _, secret = made["url"].removesuffix(".ics").rpartition("/")
    assert (head, len(secret)) == ("https://portail.example/chavagne/calendar", 43)
    with town.asked_by(family.parent) as ctx:
        assert await read_feed(ctx, secret) == []
    feed = {**made["feed"], "createdAt": "2026-10-05T07:30:00Z", "readAt": "2026-10-05T07:30:00Z"}
    assert await asked(town, family, LIST) == {"viewer": {"calendarFeeds": [feed]}}
    assert await asked(town, family, NODE, id=feed["id"]) == {"node": {"__typename": "CalendarFeed", "id": feed["id"]}}
    revoked = await asked(town, family, REVOKE, id=feed["id"])
    assert revoked == {"calendarFeedRevoke": {"id": feed["id"], "userErrors": []}}
    assert await asked(town, family, LIST) == {"viewer": {"calendarFeeds": []}}
    with town.asked_by(family.parent) as ctx, refused(Code.NOT_FOUND):
        await read_feed(ctx, secret)


async def test_what_is_not_one_s_own_is_refused(town: Town) -> None:
    family, other = await add_family(town, "TEST"), await add_family(town, "TESTBIS")
    theirs = (await asked(town, other, CREATE, household=global_id("Household", other.id)))["calendarFeedCreate"]
    made = await asked(town, family, CREATE, household=global_id("Household", other.id))
    closed = await asked(town, family, REVOKE, id=theirs["feed"]["id"])
    assert made["calendarFeedCreate"]["userErrors"] == [{"code": "NOT_FOUND", "field": ["input", "householdId"]}]
    assert closed["calendarFeedRevoke"]["userErrors"] == [{"code": "NOT_FOUND", "field": ["input", "id"]}]
