"""Public pages and menus: published at once, read page by page by everybody, taken back."""

from datetime import date
from uuid import uuid4

import pytest

from plugins.rules.menus import Dish, MenuDay, WeekMenu
from resolvers.errors import Code
from resolvers.files.documents import Deposit
from resolvers.models import Menu, PublicPage
from resolvers.models.public import PageKind
from resolvers.publishing import news
from resolvers.publishing.public_pages import (
    attach_file,
    menus_page,
    pages_page,
    publish_menu,
    publish_page,
    withdraw_menu,
    withdraw_page,
)
from tests.refusals import refused
from tests.towns import Town

pytestmark = [pytest.mark.anyio, pytest.mark.database]

MONDAY, NEXT_MONDAY = date(2026, 10, 5), date(2026, 10, 12)
LINK = "https://chavagne.example/reglement.pdf"


def menu(monday: date, *labels: str) -> WeekMenu:
    """A menu of one day."""
    return WeekMenu(monday, (MenuDay(monday, tuple(Dish(label) for label in labels)),))


async def published(town: Town, title: str, kind: PageKind = PageKind.DOCUMENT) -> PublicPage:
    """A page, a minute after the one before."""
    town.later(minutes=1)
    with town.at_work() as ctx:
        return await publish_page(ctx, kind, f" {title} ", "", LINK)


async def test_pages_are_read_by_kind_newest_first_page_by_page(chavagne: Town) -> None:
    for title in ("Règlement", "Fiche sanitaire", "Fiche famille"):
        await published(chavagne, title)
    await published(chavagne, "Horaires", PageKind.PRACTICAL)
    with chavagne.at_work() as ctx:
        first, total = await pages_page(ctx, PageKind.DOCUMENT, None, 2)
        rest, _ = await pages_page(ctx, PageKind.DOCUMENT, (first[1].published_at, first[1].id), 2)
        everything, count = await pages_page(ctx, None, None, 10)
    assert (total, count, everything[0].title) == (3, 4, "Horaires")
    assert [row.title for row in [*first, *rest]] == ["Fiche famille", "Fiche sanitaire", "Règlement"]


async def test_a_page_of_a_file_alone_is_read_once_its_file_is_there_and_dated_from_then(chavagne: Town) -> None:
    with chavagne.at_work() as ctx:
        page = await publish_page(ctx, PageKind.DOCUMENT, "Menus d'octobre", " ", "")
        assert await pages_page(ctx, None, None, 10) == ([], 0)
    chavagne.later(hours=1)
    with chavagne.at_work() as ctx:
        await attach_file(ctx, page.id, Deposit("application/pdf", "pdf", b"%PDF-1.7"))
        ((shown,), total) = await pages_page(ctx, None, None, 10)
    assert (shown.id, shown.file_name, shown.published_at, total) == (page.id, "menus-d-octobre.pdf", ctx.now, 1)
    chavagne.later(hours=1)
    with chavagne.at_work() as ctx:
        replaced = await attach_file(ctx, page.id, Deposit("image/png", "png", b"\x89PNG"))
    assert (replaced.file_name, replaced.published_at) == ("menus-d-octobre.png", shown.published_at)


async def test_a_page_taken_back_is_not_read_any_more(chavagne: Town) -> None:
    page = await published(chavagne, "Règlement")
    with chavagne.at_work() as ctx:
        for _ in range(2):
            await withdraw_page(ctx, page.id)
        assert await pages_page(ctx, None, None, 10) == ([], 0)
        with refused(Code.NOT_FOUND):
            await withdraw_page(ctx, uuid4())


@pytest.mark.parametrize(
    ("title", "body", "link", "code", "field"),
    [
        ("", "Texte", "", Code.BLANK, "title"),
        ("t" * 201, "Texte", "", Code.INVALID, "title"),
        ("Sur\ndeux lignes", "Texte", "", Code.INVALID, "title"),
        ("Titre", "t" * 20_001, "", Code.INVALID, "body"),
        ("Titre", "", "http://chavagne.example/", Code.INVALID, "link"),
        ("Titre", "", "javascript:alert(1)", Code.INVALID, "link"),
        ("Titre", "", "https://", Code.INVALID, "link"),
        ("Titre", "", "https://[", Code.INVALID, "link"),
        ("Titre", "", "https://moi:secret@chavagne.example/", Code.INVALID, "link"),
        ("Titre", "", f"https://chavagne.example/{'x' * 500}", Code.INVALID, "link"),
    ],
)
async def test_a_page_that_cannot_be_shown_is_refused(
    chavagne: Town, title: str, body: str, link: str, code: Code, field: str
) -> None:
    with chavagne.at_work() as ctx:
        with refused(code) as told:
            await publish_page(ctx, PageKind.DOCUMENT, title, body, link)
        assert (told.value.field, await PublicPage.all().count()) == ((field,), 0)


async def test_a_menu_published_again_takes_the_place_of_the_one_before(chavagne: Town) -> None:
    with chavagne.at_work() as ctx:
        first = await publish_menu(ctx, " École ", menu(MONDAY, "Pomme"))
        await withdraw_menu(ctx, first.id)
        assert await menus_page(ctx, None, None, None, 10) == ([], 0)
        again = await publish_menu(ctx, "École", menu(MONDAY, "Poire"))
        assert (again.id, again.days[0]["dishes"][0]["label"], await Menu.all().count()) == (first.id, "Poire", 1)
        assert (await menus_page(ctx, None, None, None, 10))[1] == 1
        with refused(Code.NOT_FOUND):
            await withdraw_menu(ctx, uuid4())


async def test_menus_are_read_by_week_and_by_site(chavagne: Town) -> None:
    with chavagne.at_work() as ctx:
        for site in ("Crèche", "École"):
            for monday in (MONDAY, NEXT_MONDAY):
                await publish_menu(ctx, site, menu(monday, "Pomme"))
        newest, total = await menus_page(ctx, None, None, None, 3)
        last, _ = await menus_page(ctx, None, None, (newest[2].week, newest[2].id), 3)
        ((of_the_day,), _) = await menus_page(ctx, date(2026, 10, 16), "École", None, 10)
    assert (total, [row.week for row in [*newest, *last]]) == (4, [NEXT_MONDAY, NEXT_MONDAY, MONDAY, MONDAY])
    assert (of_the_day.site, of_the_day.week) == ("École", NEXT_MONDAY)


@pytest.mark.parametrize(("site", "code"), [(" ", Code.BLANK), ("x" * 81, Code.INVALID), ("a\nb", Code.INVALID)])
async def test_a_menu_says_where_it_is_served(chavagne: Town, site: str, code: Code) -> None:
    with chavagne.at_work() as ctx, refused(code):
        await publish_menu(ctx, site, menu(MONDAY, "Pomme"))


async def test_a_piece_of_news_taken_back_is_not_read_any_more(chavagne: Town) -> None:
    with chavagne.at_work() as ctx:
        article = await news.publish(ctx, "Grève", "Pas de cantine jeudi.")
        for _ in range(2):
            await news.withdraw(ctx, article.id)
        assert await news.news_page(ctx, None, 10) == ([], 0)
        with refused(Code.NOT_FOUND):
            await news.withdraw(ctx, uuid4())
