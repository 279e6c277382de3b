"""Documents that soon end: told once, thirty days before, unless something replaced them."""

from datetime import date, timedelta
from uuid import UUID

import pytest

from resolvers.files import documents
from resolvers.files.document_reminders import remind
from resolvers.files.documents import Deposit, Place
from tests.towns import Family, Town, add_agent, add_family, add_parent

pytestmark = pytest.mark.anyio
LAST_DAY = date(2026, 12, 31)


async def accepted(town: Town, family: Family, content: bytes = b"%PDF-1", until: date | None = LAST_DAY) -> UUID:
    """A document that an agent accepted until a day."""
    with town.asked_by(family.parent) as ctx:
        place = Place(family.id, None, "fiche-sanitaire")
        kept = await documents.add(ctx, place, Deposit("application/pdf", "pdf", content))
    with town.asked_by(await add_agent(town)) as ctx:
        await documents.decide(ctx, kept.id, accept=True, valid_until=until)
    return kept.id


async def told_on(town: Town, day: date) -> list[str]:
    """The addresses that were written to, by the end of rounds made on that day."""
    town.on(day)
    with town.at_work() as ctx:
        await remind(ctx)
    return sorted(mail.recipient for mail in await town.mails("document-expiring"))


@pytest.mark.database
async def test_every_adult_who_sees_the_file_is_told_once_thirty_days_before(chavagne: Town) -> None:
    family, other = await add_family(chavagne), await add_family(chavagne, "AUTRE")
    second = await add_parent(chavagne, family.id, "Coparent TEST")
    await add_parent(chavagne, family.id, "Parent SANS-DROIT", sees=False)
    await accepted(chavagne, family)
    await accepted(chavagne, other, until=None)
    both = sorted([family.parent.viewer.email, second.email])
    days = [LAST_DAY - timedelta(days=left) for left in (31, 30, 29, 0, -1)]
    assert [await told_on(chavagne, day) for day in days] == [[], both, both, both, both]
    mail = (await chavagne.mails("document-expiring"))[0]
    assert "jusqu'au jeudi 31 décembre 2026" in mail.body
    assert "sanitaire" not in mail.body


async def test_two_documents_that_end_together_make_one_mail(chavagne: Town) -> None:
    family = await add_family(chavagne)
    with chavagne.asked_by(family.parent) as ctx:
        other = await documents.add(ctx, Place(family.id, None, "autre"), Deposit("application/pdf", "pdf", b"%PDF-2"))
    with chavagne.asked_by(await add_agent(chavagne)) as ctx:
        await documents.decide(ctx, other.id, accept=True, valid_until=LAST_DAY)
    await accepted(chavagne, family)
    assert await told_on(chavagne, LAST_DAY) == [family.parent.viewer.email]


async def test_nothing_is_told_of_what_was_withdrawn_replaced_or_refused(chavagne: Town) -> None:
    withdrawn, replaced, refused = [await add_family(chavagne, name) for name in ("UN", "DEUX", "TROIS")]
    with chavagne.asked_by(withdrawn.parent) as ctx:
        await documents.withdraw(ctx, await accepted(chavagne, withdrawn))
    await accepted(chavagne, replaced)
    await accepted(chavagne, replaced, b"%PDF-2", None)
    again = await accepted(chavagne, refused)
    with chavagne.asked_by(await add_agent(chavagne)) as ctx:
        await documents.decide(ctx, again, accept=False, reason="Périmé")
    assert await told_on(chavagne, LAST_DAY) == []


async def test_a_longer_validity_is_told_again_when_it_ends(chavagne: Town) -> None:
    family = await add_family(chavagne)
    kept = await accepted(chavagne, family)
    assert len(await told_on(chavagne, LAST_DAY)) == 1
    with chavagne.asked_by(await add_agent(chavagne)) as ctx:
        await documents.decide(ctx, kept, accept=True, valid_until=date(2027, 6, 30))
    assert len(await told_on(chavagne, date(2027, 5, 30))) == 1
    assert len(await told_on(chavagne, date(2027, 5, 31))) == 2
