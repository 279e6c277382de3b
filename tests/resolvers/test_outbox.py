"""What must happen outside is written once, leased to one worker, tried again later, and forgotten when done."""

import asyncio
from contextlib import suppress
from datetime import timedelta

import pytest

from plugins.rules.wording import Message
from resolvers.errors import Code, Refused
from resolvers.models import Article, Effect
from resolvers.models.effects import EffectKind
from resolvers.models.tenancy import settled, unit_of_work
from resolvers.outbox import DELAYS, LEASE, Addressee, claim, done, enqueue, enqueue_mail, failed, mail_of, opened
from resolvers.ports import Mail
from tests.refusals import refused
from tests.towns import Town

pytestmark = [pytest.mark.anyio, pytest.mark.database]


async def written(town: Town, *keys: str, after: timedelta = timedelta(0)) -> None:
    """Effects with a payload that must not be read in the table, each due a second after the one before."""
    with town.at_work() as ctx:
        for seconds, key in enumerate(keys):
            run_at = ctx.now + after + timedelta(seconds=seconds)
            await enqueue(EffectKind.MAIL, key, {"secret": "provisoire"}, town.ports, run_at)


async def claimed(town: Town, limit: int = 20) -> list[Effect]:
    """Lease what is due now."""
    with town.at_work() as ctx:
        return await claim(ctx.now, limit)


async def the_effect(town: Town) -> Effect:
    """The only effect there is."""
    with town.at_work():
        (effect,) = await Effect.all()
    return effect


async def test_an_effect_is_written_once_per_key_and_sealed(chavagne: Town) -> None:
    await written(chavagne, "mail:1")
    with chavagne.at_work() as ctx:
        await enqueue(EffectKind.MAIL, "mail:1", {"secret": "another"}, chavagne.ports, ctx.now)
    effect = await the_effect(chavagne)
    assert "provisoire" not in effect.payload
    assert opened(effect, chavagne.ports) == {"secret": "provisoire"}
    with pytest.raises(ValueError, match="sealed"):
        opened(effect, Town.called("chavagne").ports)  # another installation's keys


async def test_a_mail_is_written_in_the_commune_s_words_and_signed_by_the_service(epagny: Town) -> None:
    with epagny.at_work() as ctx:
        await enqueue_mail(
            epagny.commune,
            epagny.ports,
            ctx.now,
            Message.PASSWORD_CHANGED,
            Addressee("lea@example.org", "Léa"),
            key="k",
            service="petite-enfance",
        )
    effect = await the_effect(epagny)
    assert (effect.key, effect.kind) == ("mail:k", EffectKind.MAIL)
    assert mail_of(effect, epagny.ports) == Mail(
        key=str(effect.id),
        sender="ne-pas-repondre@epagnymetztesy.fr",
        recipient="lea@example.org",
        subject="Épagny Metz-Tessy : votre mot de passe a été changé",
        body=(
            "Bonjour Léa,\n\nLe mot de passe de votre espace famille vient d'être changé.\n\n"
            "Si ce n'est pas vous, écrivez sans attendre à petite-enfance@epagnymetztesy.fr.\n\n"
            "service Petite Enfance\nÉpagny Metz-Tessy\npetite-enfance@epagnymetztesy.fr\n"
        ),
        reply_to="petite-enfance@epagnymetztesy.fr",
    )


async def test_effects_are_leased_in_order_when_due_and_to_nobody_else_until_the_lease_ends(chavagne: Town) -> None:
    await written(chavagne, "a", "b", "c")
    await written(chavagne, "later", after=timedelta(minutes=5))
    assert [effect.key for effect in await claimed(chavagne)] == ["a"]
    chavagne.later(seconds=2)
    assert [effect.key for effect in await claimed(chavagne, limit=1)] == ["b"]
    assert [effect.key for effect in await claimed(chavagne)] == ["c"]
    assert await claimed(chavagne) == []
    chavagne.clock.advance(LEASE - timedelta(seconds=2))
    assert await claimed(chavagne) == []
    chavagne.later(seconds=1)
    assert [effect.key for effect in await claimed(chavagne)] == ["a"]


async def test_what_is_done_is_never_done_again_and_keeps_no_contents(chavagne: Town) -> None:
    await written(chavagne, "a")
    (effect,) = await claimed(chavagne)
    with chavagne.at_work() as ctx:
        await done(effect.id, ctx.now)
    after = await the_effect(chavagne)
    assert (after.payload, after.done_at, after.leased_until) == ("", chavagne.clock.now(), None)
    chavagne.later(days=400)
    assert await claimed(chavagne) == []
    await written(chavagne, "a")
    assert await claimed(chavagne) == []


async def test_failures_are_tried_again_ever_later_then_set_aside_with_their_contents(chavagne: Town) -> None:
    await written(chavagne, "a")
    waits = []
    for _ in DELAYS:
        (effect,) = await claimed(chavagne)
        with chavagne.at_work() as ctx:
            await failed(effect, ctx.now, "451 try later " + "x" * 500)
        after = await the_effect(chavagne)
        waits.append(after.run_at - chavagne.clock.now())
        chavagne.clock.set(after.run_at - timedelta(seconds=1))
        assert await claimed(chavagne) == []
        chavagne.clock.set(after.run_at)
    assert waits == [timedelta(minutes=minutes) for minutes in (1, 5, 15, 60, 180, 360, 720, 1440)]
    (last,) = await claimed(chavagne)
    with chavagne.at_work() as ctx:
        await failed(last, ctx.now, "550 unknown")
    dead = await the_effect(chavagne)
    assert (dead.dead_at, dead.attempts, dead.error, dead.done_at, dead.leased_until) == (
        chavagne.clock.now(),
        9,
        "550 unknown",
        None,
        None,
    )
    assert opened(dead, chavagne.ports) == {"secret": "provisoire"}  # an agent can have it sent again
    chavagne.later(days=400)
    assert await claimed(chavagne) == []


async def test_what_will_never_work_is_set_aside_at_once(chavagne: Town) -> None:
    await written(chavagne, "a")
    (effect,) = await claimed(chavagne)
    with chavagne.at_work() as ctx:
        await failed(effect, ctx.now, "550 no such user", final=True)
    dead = await the_effect(chavagne)
    assert (dead.dead_at, dead.attempts, dead.error) == (chavagne.clock.now(), 1, "550 no such user")


async def test_a_refused_use_case_leaves_no_effect(chavagne: Town) -> None:
    @unit_of_work
    async def announce_then_refuse() -> None:
        await written(chavagne, "a")
        raise Refused(Code.STATE_CONFLICT, "Non.")

    with chavagne.at_work():
        with refused(Code.STATE_CONFLICT):
            await announce_then_refuse()
        assert await Effect.all().count() == 0


@pytest.mark.postgres
async def test_workers_that_look_at_once_share_the_effects(chavagne: Town) -> None:
    await written(chavagne, *(f"k{n:02}" for n in range(40)))
    chavagne.later(minutes=1)
    shares = await asyncio.gather(*(claimed(chavagne, limit=10) for _ in range(6)))
    keys = [effect.key for share in shares for effect in share]
    assert len(keys) == len(set(keys)) <= 40
    while share := await claimed(chavagne, limit=10):
        keys += [effect.key for effect in share]
    assert sorted(keys) == [f"k{n:02}" for n in range(40)]


@unit_of_work
async def publish(title: str) -> None:
    """A use case with two statements."""
    await Article.create(title=title, body="…", published_at=Town.called("chavagne").clock.now())
    await Article.filter(title=title).update(body="publié")


@unit_of_work
async def publish_two_then_refuse() -> None:
    """A use case made of others."""
    await publish("un")
    await publish("deux")
    raise Refused(Code.STATE_CONFLICT, "Non.")


async def test_a_use_case_called_by_another_joins_its_transaction(chavagne: Town) -> None:
    with chavagne.at_work():
        with refused(Code.STATE_CONFLICT):
            await publish_two_then_refuse()
        assert await Article.all().count() == 0
        await publish("trois")
        assert [(row.title, row.body) for row in await Article.all()] == [("trois", "publié")]


async def test_requests_cancelled_at_any_moment_neither_tear_a_use_case_nor_hold_the_database(chavagne: Town) -> None:
    with chavagne.at_work():
        for turns in range(12):
            requests = [asyncio.ensure_future(publish(f"{turns}-{n}")) for n in range(8)]
            for _ in range(turns):
                await asyncio.sleep(0)
            for request in requests:
                request.cancel()
            await asyncio.gather(*requests, return_exceptions=True)
        async with asyncio.timeout(10):
            await publish("after")
            rows = await Article.all()
    assert {row.body for row in rows} == {"publié"}
    assert "after" in {row.title for row in rows}


async def test_a_use_case_whose_request_is_gone_is_waited_for_before_the_databases_close(chavagne: Town) -> None:
    with chavagne.at_work():
        request = asyncio.ensure_future(publish("gone"))
        await asyncio.sleep(0)
        request.cancel()
        with suppress(asyncio.CancelledError):
            await request
        await settled()
        assert [row.title for row in await Article.all()] == ["gone"]
