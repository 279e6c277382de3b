"""What the commune publishes is read by everybody, page by page, newest first."""

from datetime import timedelta

import pytest

from resolvers.errors import Code
from resolvers.models import Article
from resolvers.publishing.news import news_page, publish
from tests.refusals import refused
from tests.towns import Town, add_agent

pytestmark = [pytest.mark.anyio, pytest.mark.database]


async def test_news_are_read_page_by_page_even_when_several_came_out_together(chavagne: Town) -> None:
    agent = await add_agent(chavagne)
    with chavagne.asked_by(agent) as ctx:
        for title in ("a", "b", "c"):
            await publish(ctx, f" {title} ", "Texte")
        await Article.create(title="demain", body="…", published_at=ctx.now + timedelta(days=1))
    chavagne.later(minutes=1)
    with chavagne.asked_by(agent) as ctx:
        await publish(ctx, "d", "Texte")
        first, total = await news_page(ctx, None, 2)
        second, _ = await news_page(ctx, (first[-1].published_at, first[-1].id), 2)
        third, _ = await news_page(ctx, (second[-1].published_at, second[-1].id), 2)
    assert (total, third, first[0].title) == (4, [], "d")
    assert sorted(article.title for article in first + second) == ["a", "b", "c", "d"]


@pytest.mark.parametrize(
    ("title", "body", "code"),
    [
        ("", "Texte", Code.BLANK),
        ("Titre", " ", Code.BLANK),
        ("t" * 201, "Texte", Code.INVALID),
        ("Titre", "t" * 20_001, Code.INVALID),
    ],
)
async def test_an_article_without_title_or_text_or_far_too_long_is_refused(
    chavagne: Town, title: str, body: str, code: Code
) -> None:
    agent = await add_agent(chavagne)
    with chavagne.asked_by(agent) as ctx:
        with refused(code):
            await publish(ctx, title, body)
        assert await Article.all().count() == 0


async def test_a_key_publishes_once(chavagne: Town) -> None:
    agent = await add_agent(chavagne)
    with chavagne.asked_by(agent) as ctx:
        first = await publish(ctx, "Rentrée", "Bonne rentrée", "k1")
        assert (await publish(ctx, "Rentrée", "Bonne rentrée", "k1")).id == first.id
        with refused(Code.IDEMPOTENCY_KEY_REUSED):
            await publish(ctx, "Rentrée", "Bonnes vacances", "k1")
        assert await Article.all().count() == 1
