"""The worker writes what time alone decides, hour after hour, and sends it."""

import asyncio
from datetime import date
from uuid import UUID

import pytest

from gateway.database import Databases
from gateway.worker import Worker
from plugins.communes import Communes
from resolvers.files import documents
from resolvers.files.documents import Deposit, Place
from tests.towns import Town, add_agent, add_family

pytestmark = pytest.mark.anyio


async def keep_until(town: Town, day: date) -> UUID:
    """A family whose only document ends on a day; returns the family."""
    family = await add_family(town)
    with town.asked_by(family.parent) as ctx:
        kept = await documents.add(ctx, Place(family.id, None, "autre"), Deposit("application/pdf", "pdf", b"%PDF-"))
    with town.asked_by(await add_agent(town)) as ctx:
        await documents.decide(ctx, kept.id, accept=True, valid_until=day)
    return family.id


async def sent(town: Town, count: int) -> list[str]:
    """The subjects of the mails, once there are so many."""
    for _ in range(400):
        if len(town.letterbox.sent) >= count:
            break
        await asyncio.sleep(0.05)
    return [mail.subject for mail in town.letterbox.sent]


async def test_documents_that_end_are_looked_for_at_start_and_again_an_hour_later(databases: Databases) -> None:
    town = Town.called("chavagne")
    worker = Worker(Communes([town.commune]), town.ports, "https://portail.example")
    await keep_until(town, date(2026, 10, 20))
    stop = asyncio.Event()
    working = asyncio.create_task(worker.run(stop))
    subject = "Chavagne : un document est à renouveler"
    assert await sent(town, 1) == [subject]
    await keep_until(town, date(2026, 10, 21))
    town.later(hours=1)
    assert await sent(town, 2) == [subject] * 2
    stop.set()
    await working
