"""An invoice run goes on by itself: the worker takes turns to the end, killed or not, whoever else continues it."""

import asyncio
import random
from dataclasses import replace
from uuid import UUID

import pytest

from gateway.database import Databases
from gateway.worker import Worker
from plugins.communes import Communes
from resolvers import outbox
from resolvers.billing.runs import Wanted, go_on, go_on_alone, issue, start
from resolvers.models import Effect, Invoice, InvoiceRun
from resolvers.models.billing import InvoiceState, RunState
from resolvers.models.effects import EffectKind
from tests.invoicing import MONDAY, drawn
from tests.resolvers.test_runs import Dying, Killed, fed_families
from tests.towns import Town

pytestmark = [pytest.mark.anyio, pytest.mark.database]


@pytest.fixture
def town(databases: Databases) -> Town:
    """Chavagne."""
    return Town.called("chavagne")


async def numbers(town: Town) -> list[int | None]:
    """The numbers of the invoices that were issued."""
    with town.at_work():
        rows = await Invoice.filter(state=InvoiceState.ISSUED).order_by("sequence")
        assert len({row.household_id for row in rows}) == len(rows)
    return [row.sequence for row in rows]


async def waiting(town: Town) -> list[Effect]:
    """The turns that remain to be taken."""
    with town.at_work():
        return await Effect.filter(kind=EffectKind.INVOICE_RUN, done_at__isnull=True)


async def test_the_worker_draws_then_issues_what_an_agent_began(town: Town) -> None:
    _, agent = await fed_families(town, 4)
    worker, stop = Worker(Communes([town.commune]), town.ports, "https://portail.example"), asyncio.Event()
    working = asyncio.create_task(worker.run(stop))

    async def becomes(state: RunState) -> None:
        for _ in range(600):
            with town.at_work():
                run = await InvoiceRun.get()
            if run.state is state and run.drawn == 4 and not await waiting(town):
                return
            await asyncio.sleep(0.05)
        raise AssertionError(f"the run is {run.state} for ever")

    with town.asked_by(agent) as ctx:
        run = await start(ctx, Wanted(MONDAY), batch=1)
    await becomes(RunState.DRAFT)
    with town.asked_by(agent) as ctx:
        await issue(ctx, run.id, batch=1)
    await becomes(RunState.ISSUED)
    stop.set()
    await working
    assert await numbers(town) == [1, 2, 3, 4]


async def test_a_run_for_some_goes_on_alone_beside_the_one_it_took_them_from(town: Town) -> None:
    families, agent = await fed_families(town, 4)
    with town.asked_by(agent) as ctx:
        large = await start(ctx, Wanted(MONDAY), batch=1)
        some = sorted(family.id for family in families)[2:]
        small = await start(ctx, Wanted(MONDAY, households=frozenset(some)), batch=1)
    while left := await waiting(town):
        for effect in left:
            with town.at_work() as ctx:
                await go_on_alone(ctx, UUID(outbox.opened(effect, ctx.ports)["run"]), effect.id, batch=1)
                await outbox.done(effect.id, ctx.now)
    with town.at_work():
        runs = {run.id: (run.households, run.drawn, run.total_cents) for run in await InvoiceRun.all()}
        drafts = [row.run_id for row in await Invoice.filter(household_id__in=some)]
    assert runs == {large.id: (2, 2, 1500), small.id: (2, 2, 1500)}
    assert drafts == [small.id, small.id]


async def test_a_worker_killed_ten_times_and_an_agent_who_continues_issue_each_invoice_once(town: Town) -> None:
    _, agent = await fed_families(town, 8)
    run = await drawn(town, agent)
    with town.asked_by(agent) as ctx:
        await issue(ctx, run.id, batch=1)
    ports, chance, deaths, turns = town.ports, random.Random(6), 0, 0
    while left := await waiting(town):
        turns += 1
        assert len(left) <= 2  # the turn under way, and the next
        town.ports = ports
        if turns == 5:
            with town.asked_by(agent) as ctx:
                await go_on(ctx, run.id, batch=1)
        town.ports = replace(ports, sealer=Dying(ports.sealer, chance.randrange(2))) if deaths < 10 else ports
        town.later(seconds=outbox.LEASE.total_seconds() + 1)
        with town.at_work() as ctx:
            for effect in await outbox.claim(ctx.now):
                if effect.kind is not EffectKind.INVOICE_RUN:
                    continue
                try:
                    await go_on_alone(ctx, run.id, effect.id, batch=1)
                except Killed:
                    deaths += 1
                else:
                    await outbox.done(effect.id, ctx.now)
    assert (deaths, await numbers(town)) == (10, list(range(1, 9)))


async def test_a_turn_taken_twice_asks_for_one_next_turn(town: Town) -> None:
    _, agent = await fed_families(town, 4)
    with town.asked_by(agent) as ctx:
        run = await start(ctx, Wanted(MONDAY), batch=1)
    (turn,) = await waiting(town)
    with town.at_work() as ctx:
        for _ in range(2):
            await go_on_alone(ctx, run.id, turn.id, batch=1)
    assert len(await waiting(town)) == 2
    with town.at_work():
        assert (await InvoiceRun.get()).drawn == 3
