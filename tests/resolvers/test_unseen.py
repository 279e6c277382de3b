"""What is new since the visit before: Épagny's guide, « les nouvelles factures, actualités […] sont notifiées »."""

from typing import Any

import pytest

from resolvers.models import Article, PublicPage
from resolvers.models.public import PageKind
from schema.portal import schema
from tests.invoicing import FIRST_OF_DECEMBER, checked, fed_family, issued, prepared
from tests.towns import Signed, Town, add_agent, add_family, sign_in_again

pytestmark = [pytest.mark.anyio, pytest.mark.database]

ASK = "query($since: DateTime) { viewer { unseen(since: $since) { since invoices articles pages } } }"


async def unseen(town: Town, by: Signed, since: str | None = None) -> dict[str, Any]:
    """The counts, as one request."""
    with town.asked_by(by) as ctx:
        answer = await schema.execute(ASK, variable_values={"since": since}, context_value=ctx)
    assert answer.errors is None and answer.data is not None
    found: dict[str, Any] = answer.data["viewer"]["unseen"]
    return found


async def publish(town: Town) -> None:
    """One piece of news and one document, now."""
    with town.at_work() as ctx:
        await Article.create(title="Grève", body="Pas de cantine jeudi.", published_at=ctx.now)
        await PublicPage.create(kind=PageKind.DOCUMENT, title="Règlement", body="À lire.", published_at=ctx.now)


async def test_at_the_first_visit_everything_is_new(chavagne: Town) -> None:
    await publish(chavagne)
    family = await add_family(chavagne)
    assert await unseen(chavagne, family.parent) == {"since": None, "invoices": 0, "articles": 1, "pages": 1}


async def test_what_was_there_at_the_visit_before_is_new_no_more(chavagne: Town) -> None:
    await publish(chavagne)
    family = await add_family(chavagne)
    first = chavagne.clock.now()
    chavagne.later(hours=1)
    again = await sign_in_again(chavagne, family)
    seen = {"since": first.isoformat().replace("+00:00", "Z"), "invoices": 0, "articles": 0, "pages": 0}
    assert await unseen(chavagne, again) == seen
    await publish(chavagne)
    assert await unseen(chavagne, again) == {**seen, "articles": 1, "pages": 1}


async def test_a_new_invoice_is_counted_for_its_own_household_alone(chavagne: Town) -> None:
    family, other, agent = await fed_family(chavagne), await add_family(chavagne, "AUTRE"), await add_agent(chavagne)
    chavagne.on(FIRST_OF_DECEMBER)
    await checked(chavagne, agent)
    await prepared(chavagne, agent)
    await issued(chavagne, agent)
    since = "2026-11-30T08:00:00Z"
    counts = [(await unseen(chavagne, by, since))["invoices"] for by in (family.parent, other.parent)]
    assert counts == [1, 0]
    assert (await unseen(chavagne, family.parent, "2026-12-02T08:00:00Z"))["invoices"] == 0
