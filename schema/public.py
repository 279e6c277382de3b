"""What everybody reads without an account besides the news: documents, practical information, menus."""

from datetime import date, datetime
from uuid import UUID

import strawberry

from plugins.rules import menus as menu_rules
from plugins.rules.errors import RuleError
from resolvers.context import Context
from resolvers.errors import Code, Refused
from resolvers.models import Menu as MenuRow
from resolvers.models import PublicPage as PublicPageRow
from resolvers.models.public import PageKind as PageKindValue
from resolvers.publishing import public_pages
from schema.cost import LIST_SIZE
from schema.enums import Allergen, PageKind
from schema.loading import load
from schema.payloads import Info, Payload
from schema.relay import Connection, Node, Page, connect, decode_cursor, encode_cursor, global_id, require_uuid


@strawberry.type(description="A file that everybody downloads.")
class PublicFile:
    """See ``resolvers.models.public.PublicFile``."""

    name: str = strawberry.field(description="Its name, such as `reglement-interieur.pdf`.")
    url: str = strawberry.field(description="Where anybody downloads it.")
    media_type: str = strawberry.field(description="`application/pdf`, `image/jpeg` or `image/png`.")
    size: int = strawberry.field(description="Its size in bytes.")


@strawberry.type(description="A page readable without an account: a document, or practical information.")
class PublicPage(Node):
    """See ``resolvers.models.public.PublicPage``."""

    key: strawberry.Private[UUID]
    file_name: strawberry.Private[str]
    kind: PageKind = strawberry.field(description="What it is.")
    title: str = strawberry.field(description="Its title, in French.")
    body: str = strawberry.field(description="Its text, in French; empty when the link says all.")
    link: str | None = strawberry.field(description="The https address of its file or site, if any.")
    published_at: datetime = strawberry.field(description="When it was published.")

    @strawberry.field(description="Its own file, if an agent sent one.")
    async def file(self, info: Info) -> PublicFile | None:
        """None at once for a page without file; one statement for all the others."""
        found = await load(info.context, public_pages.files_of, self.key) if self.file_name else None
        if found is None:
            return None
        url = info.context.link(f"public-files/{self.key}")
        return PublicFile(name=self.file_name, url=url, media_type=found.media_type, size=found.size)

    @classmethod
    def of(cls, row: PublicPageRow) -> "PublicPage":
        """The page as clients see it."""
        return cls(
            id=global_id("PublicPage", row.id),
            key=row.id,
            file_name=row.file_name,
            kind=PageKind[row.kind.name],
            title=row.title,
            body=row.body,
            link=row.link or None,
            published_at=row.published_at,
        )


async def pages_page(ctx: Context, kind: PageKind | None, page: Page) -> Connection[PublicPage]:
    """A page of public pages, newest first."""
    after = decode_cursor(page.after, datetime, UUID) if page.after is not None else None
    wanted = PageKindValue[kind.name] if kind else None
    rows, total = await public_pages.pages_page(ctx, wanted, after, page.size + 1)
    cursors = [encode_cursor(row.published_at, row.id) for row in rows]
    return connect(page, [PublicPage.of(row) for row in rows], cursors, total)


@strawberry.type(description="A dish of a menu.")
class Dish:
    """See ``plugins.rules.menus.Dish``."""

    label: str = strawberry.field(description="Its name, in French.")
    are_allergens_told: bool = strawberry.field(description="False when nothing is known of its allergens.")
    allergens: list[Allergen] = strawberry.field(
        description="Its allergens, as far as they are told.", metadata={LIST_SIZE: 2}
    )
    sentence: str = strawberry.field(description="The dish and its allergens, in French.")

    @classmethod
    def of(cls, dish: menu_rules.Dish) -> "Dish":
        """The dish as clients see it."""
        told = dish.allergens or frozenset()
        return cls(
            label=dish.label,
            are_allergens_told=dish.allergens is not None,
            allergens=[Allergen[each.name] for each in menu_rules.Allergen if each in told],
            sentence=dish.say(),
        )


@strawberry.type(description="What is served on a day.")
class MenuDay:
    """See ``plugins.rules.menus.MenuDay``."""

    day: date = strawberry.field(description="The day.")
    dishes: list[Dish] = strawberry.field(description="The dishes, in order.")


@strawberry.type(description="The menu of a site for a week.")
class Menu(Node):
    """See ``resolvers.models.public.Menu``."""

    site: str = strawberry.field(description="Where it is served.")
    week: date = strawberry.field(description="The Monday of its week.")
    days: list[MenuDay] = strawberry.field(description="The days, in order.")
    published_at: datetime = strawberry.field(description="When this version was published.")

    @classmethod
    def of(cls, row: MenuRow) -> "Menu":
        """The menu as clients see it."""
        found = menu_rules.WeekMenu.read(row.week, row.days)
        return cls(
            id=global_id("Menu", row.id),
            site=row.site,
            week=row.week,
            days=[MenuDay(day=each.day, dishes=[Dish.of(dish) for dish in each.dishes]) for each in found.days],
            published_at=row.published_at,
        )


async def menus_page(ctx: Context, week: date | None, site: str | None, page: Page) -> Connection[Menu]:
    """A page of menus, newest week first."""
    after = decode_cursor(page.after, date, UUID) if page.after is not None else None
    rows, total = await public_pages.menus_page(ctx, week, site, after, page.size + 1)
    cursors = [encode_cursor(row.week, row.id) for row in rows]
    return connect(page, [Menu.of(row) for row in rows], cursors, total)


@strawberry.input(description="Input of `publicPagePublish`.")
class PublicPagePublishInput:
    """A page: a text, an address, or both; with neither, it is read once its file is sent."""

    kind: PageKind = strawberry.field(description="What it is.")
    title: str = strawberry.field(description="Its title, at most 200 characters.")
    body: str = strawberry.field(description="Its text, at most 20,000 characters.", default="")
    link: str = strawberry.field(description="The https address of its file or site.", default="")
    idempotency_key: str | None = strawberry.field(
        description="The same key with the same input gets the same answer, once done.", default=None
    )


@strawberry.type(description="Answer of `publicPagePublish`.")
class PublicPagePublishPayload(Payload):
    """The page is published."""

    page: PublicPage | None = strawberry.field(description="The page; null when refused.", default=None)


async def publish_page(ctx: Context, input: PublicPagePublishInput) -> PublicPagePublishPayload:
    """Publish a page at once."""
    kind = PageKindValue[input.kind.name]
    row = await public_pages.publish_page(ctx, kind, input.title, input.body, input.link, input.idempotency_key)
    return PublicPagePublishPayload(page=PublicPage.of(row))


@strawberry.input(description="Input of `publicPageWithdraw`.")
class PublicPageWithdrawInput:
    """A page."""

    id: strawberry.ID = strawberry.field(description="The page to take back.")


@strawberry.type(description="Answer of `publicPageWithdraw`.")
class PublicPageWithdrawPayload(Payload):
    """Nobody reads the page any more."""

    id: strawberry.ID | None = strawberry.field(description="The page that was taken back.", default=None)


async def withdraw_page(ctx: Context, input: PublicPageWithdrawInput) -> PublicPageWithdrawPayload:
    """Take a page back."""
    key = require_uuid(input.id, "PublicPage", what="Page", field="id")
    await public_pages.withdraw_page(ctx, key)
    return PublicPageWithdrawPayload(id=input.id)


@strawberry.input(description="A dish of a menu.")
class DishInput:
    """A dish."""

    label: str = strawberry.field(description="Its name, at most 120 characters.")
    allergens: list[Allergen] | None = strawberry.field(
        description="Its allergens; an empty list says that it has none, null that they are not told.", default=None
    )


@strawberry.input(description="What is served on a day.")
class MenuDayInput:
    """A day."""

    day: date = strawberry.field(description="The day, in the week of the menu.")
    dishes: list[DishInput] = strawberry.field(description="The dishes in order, 1 to 12.")


@strawberry.input(description="Input of `menuPublish`.")
class MenuPublishInput:
    """The menu of a site for a week."""

    site: str = strawberry.field(description="Where it is served, at most 80 characters.")
    week: date = strawberry.field(description="The Monday of the week.")
    days: list[MenuDayInput] = strawberry.field(description="The days, in order, each once.")


@strawberry.type(description="Answer of `menuPublish`.")
class MenuPublishPayload(Payload):
    """The menu is published, in place of the one before."""

    menu: Menu | None = strawberry.field(description="The menu; null when refused.", default=None)


async def publish_menu(ctx: Context, input: MenuPublishInput) -> MenuPublishPayload:
    """Publish the menu of a week; harmless when sent twice."""
    try:
        menu = menu_rules.WeekMenu(input.week, tuple(_day(each) for each in input.days))
    except RuleError as error:
        raise Refused(Code.INVALID, str(error), field=("days",)) from error
    return MenuPublishPayload(menu=Menu.of(await public_pages.publish_menu(ctx, input.site, menu)))


def _day(input: MenuDayInput) -> menu_rules.MenuDay:
    return menu_rules.MenuDay(input.day, tuple(_dish(each) for each in input.dishes))


def _dish(input: DishInput) -> menu_rules.Dish:
    told = None if input.allergens is None else frozenset(menu_rules.Allergen[each.name] for each in input.allergens)
    return menu_rules.Dish(input.label, told)


@strawberry.input(description="Input of `menuWithdraw`.")
class MenuWithdrawInput:
    """A menu."""

    id: strawberry.ID = strawberry.field(description="The menu to take back.")


@strawberry.type(description="Answer of `menuWithdraw`.")
class MenuWithdrawPayload(Payload):
    """Nobody reads the menu any more."""

    id: strawberry.ID | None = strawberry.field(description="The menu that was taken back.", default=None)


async def withdraw_menu(ctx: Context, input: MenuWithdrawInput) -> MenuWithdrawPayload:
    """Take a menu back."""
    key = require_uuid(input.id, "Menu", what="Menu", field="id")
    await public_pages.withdraw_menu(ctx, key)
    return MenuWithdrawPayload(id=input.id)
