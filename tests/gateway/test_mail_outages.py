"""A mail server that is busy, silent, cut off or away delays the mails of the outbox: each arrives, and once."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import date

import pytest

from gateway.database import Databases
from gateway.mail import SmtpMailer
from gateway.settings import Smtp, SmtpTls
from gateway.simulators.mailbox import Failure, Mailbox
from gateway.worker import Worker
from plugins.communes import Communes
from resolvers import outbox
from resolvers.models import Effect
from tests.gateway.test_worker import keep_until
from tests.towns import Town

pytestmark = [pytest.mark.anyio, pytest.mark.database]

SOON = 0.5  # seconds after which a silent server is given up
FAMILIES = 3


@pytest.fixture
async def town(databases: Databases) -> Town:
    """Chavagne, where the documents of three families will soon end: each of them is to be mailed."""
    town = Town.called("chavagne")
    for _ in range(FAMILIES):
        await keep_until(town, date(2026, 10, 20))
    return town


@asynccontextmanager
async def working(town: Town, port: int) -> AsyncIterator[None]:
    """The worker, which hands its mails to the server of this port."""
    mailer = SmtpMailer(Smtp("127.0.0.1", port, SmtpTls.NONE), town.clock, SOON)
    worker = Worker(Communes([town.commune]), replace(town.ports, mailer=mailer), "https://portail.example")
    stop = asyncio.Event()
    turning = asyncio.create_task(worker.run(stop))
    try:
        yield
    finally:
        stop.set()
        await turning


async def tries(town: Town, wanted: list[int]) -> list[int]:
    """How many times each mail that has to leave was tried in vain: as wanted, or what it is after twenty seconds."""
    found: list[int] = []
    for _ in range(400):
        with town.at_work():
            found = [effect.attempts for effect in await Effect.filter(done_at__isnull=True)]
        if found == wanted:
            break
        await asyncio.sleep(0.05)
    return found


async def arrive_once(town: Town, box: Mailbox) -> None:
    """Every family gets its mail once the first delay is over, and nothing is left to send."""
    town.clock.advance(outbox.DELAYS[0])
    assert await tries(town, []) == []
    recipients = [mail.to for mail in box.messages()]
    assert (len(recipients), len(set(recipients))) == (FAMILIES, FAMILIES)


@pytest.mark.parametrize("failure", [Failure.DELAY, Failure.STALL, Failure.DROP])
async def test_a_server_that_fails_each_mail_once_delays_them_and_loses_none(town: Town, failure: Failure) -> None:
    box = Mailbox(town.clock)
    async with box.serving():
        box.fail(failure, times=FAMILIES)
        async with working(town, box.port):
            assert await tries(town, [1] * FAMILIES) == [1] * FAMILIES
            assert box.messages() == ()
            await arrive_once(town, box)


async def test_a_server_that_is_away_delays_them_and_loses_none(town: Town) -> None:
    box = Mailbox(town.clock)
    async with box.serving():
        port = box.port
    async with working(town, port):
        assert await tries(town, [1] * FAMILIES) == [1] * FAMILIES
        async with box.serving(port):
            await arrive_once(town, box)
