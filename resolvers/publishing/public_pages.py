"""Documents, practical information and menus that everybody reads, published and withdrawn by agents."""

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from urllib.parse import urlsplit
from uuid import UUID

from tortoise.expressions import Q
from tortoise.functions import Length
from tortoise.queryset import QuerySet

from plugins.rules.menus import WeekMenu
from plugins.rules.texts import is_printable
from resolvers.context import Context
from resolvers.errors import Code, Refused, not_found
from resolvers.files.documents import Deposit
from resolvers.idempotency import recall, remember
from resolvers.models import Menu, PublicFile, PublicPage
from resolvers.models.public import PageKind
from resolvers.models.tenancy import unit_of_work

PUBLISH = "publicPagePublish"
LONGEST_TITLE, LONGEST_BODY, LONGEST_LINK, LONGEST_SITE, LONGEST_NAME = 200, 20_000, 500, 80, 80


@dataclass(frozen=True, slots=True)
class FileFacts:
    """What is told of a page's file before it is downloaded; ``size`` in bytes."""

    media_type: str
    size: int


def readable() -> QuerySet[PublicPage]:
    """The pages that everybody reads: not taken back, and with a text, an address or a file."""
    has_something = ~Q(body="") | ~Q(link="") | ~Q(file_name="")
    return PublicPage.filter(has_something, withdrawn_at__isnull=True)


async def pages_page(
    _ctx: Context, kind: PageKind | None, before: tuple[datetime, UUID] | None, limit: int
) -> tuple[list[PublicPage], int]:
    """A page of the published pages of a kind (all of them by default), newest first, and how many there are."""
    rows = readable()
    if kind is not None:
        rows = rows.filter(kind=kind)
    total = await rows.count()
    if before is not None:
        at, key = before
        rows = rows.filter(Q(published_at__lt=at) | Q(published_at=at, id__lt=key))
    return await rows.order_by("-published_at", "-id").limit(limit), total


@unit_of_work
async def publish_page(
    ctx: Context, kind: PageKind, title: str, body: str, link: str, key: str | None = None
) -> PublicPage:
    """Publish a page at once: a text, the address of a file or of a site, or both; with neither, once its file is sent.

    Refused: BLANK, INVALID (lengths, an address that is not https), and as ``idempotency.recall``.
    """
    title, body, link = title.strip(), body.strip(), link.strip()
    _refuse_page(title, body, link)
    asked = {"kind": kind.value, "title": title, "body": body, "link": link}
    answered = await recall(ctx, PUBLISH, key, asked)
    if answered is not None:
        return await PublicPage.get(id=UUID(answered["page"]))
    page = await PublicPage.create(kind=kind, title=title, body=body, link=link, published_at=ctx.now)
    await remember(ctx, PUBLISH, key, asked, {"page": str(page.id)})
    return page


def _refuse_page(title: str, body: str, link: str) -> None:
    if not title:
        raise Refused(Code.BLANK, "Donnez un titre à la page.", field=("title",))
    if len(title) > LONGEST_TITLE or not is_printable(title):
        raise Refused(
            Code.INVALID, f"Un titre fait au plus {LONGEST_TITLE} caractères, sur une ligne.", field=("title",)
        )
    if len(body) > LONGEST_BODY:
        raise Refused(Code.INVALID, f"Un texte fait au plus {LONGEST_BODY} caractères.", field=("body",))
    if link and (len(link) > LONGEST_LINK or not _is_https(link)):
        raise Refused(Code.INVALID, "Écrivez une adresse qui commence par https://.", field=("link",))


def _is_https(link: str) -> bool:
    try:
        parts = urlsplit(link)
    except ValueError:
        return False
    return (
        parts.scheme == "https" and bool(parts.hostname) and not parts.username and link.isascii() and " " not in link
    )


@unit_of_work
async def withdraw_page(ctx: Context, page_id: UUID) -> None:
    """Take a page back; harmless when it is already. Refused: NOT_FOUND."""
    page = await PublicPage.filter(id=page_id).select_for_update().first()
    if page is None:
        raise not_found("Page", "id")
    page.withdrawn_at = page.withdrawn_at or ctx.now
    await page.save(update_fields=["withdrawn_at"])


@unit_of_work
async def attach_file(ctx: Context, page_id: UUID, deposit: Deposit) -> PublicPage:
    """Publish a file on a page, in place of the one before. Its name is made from the page's title: the one that the
    agent's computer gave often says more than is needed. Refused: NOT_FOUND for a page taken back too.
    """
    page = await PublicPage.filter(id=page_id, withdrawn_at__isnull=True).select_for_update().first()
    if page is None:
        raise not_found("Page", "pageId")
    if not (page.body or page.link or page.file_name):
        page.published_at = ctx.now  # nobody could read it until now
    page.file_name = f"{_file_stem(page.title)}.{deposit.extension}"
    await page.save(update_fields=["file_name", "published_at"])
    await PublicFile.filter(page_id=page.id).delete()
    await PublicFile.create(page_id=page.id, media_type=deposit.media_type, content=deposit.content)
    return page


def _file_stem(title: str) -> str:
    """« reglement-interieur » for « Règlement intérieur »: a name that every computer takes."""
    letters = unicodedata.normalize("NFKD", title).encode("ascii", "ignore").decode().casefold()
    return re.sub(r"[^a-z0-9]+", "-", letters).strip("-")[:LONGEST_NAME].rstrip("-") or "document"


async def files_of(_ctx: Context, page_ids: Sequence[UUID]) -> list[FileFacts | None]:
    """What is told of the file of each page, None without file: one statement, which reads no contents."""
    rows = PublicFile.filter(page_id__in=list(page_ids)).annotate(size=Length("content"))
    found = {
        page_id: FileFacts(media_type, size)
        for page_id, media_type, size in await rows.values_list("page_id", "media_type", "size")
    }
    return [found.get(page_id) for page_id in page_ids]


async def read_file(page_id: UUID) -> tuple[PublicPage, PublicFile] | None:
    """A page and its file, for everybody; None when there is none, or the page was taken back."""
    page = await readable().filter(id=page_id).exclude(file_name="").first()
    file = await PublicFile.filter(page_id=page_id).first() if page else None
    return (page, file) if page and file else None


async def menus_page(
    _ctx: Context, week: date | None, site: str | None, before: tuple[date, UUID] | None, limit: int
) -> tuple[list[Menu], int]:
    """A page of the published menus, newest week first, and how many there are; ``week`` is any day of one."""
    rows = Menu.filter(withdrawn_at__isnull=True)
    if week is not None:
        rows = rows.filter(week=monday_of(week))
    if site is not None:
        rows = rows.filter(site=site)
    total = await rows.count()
    if before is not None:
        monday, key = before
        rows = rows.filter(Q(week__lt=monday) | Q(week=monday, id__lt=key))
    return await rows.order_by("-week", "-id").limit(limit), total


def monday_of(day: date) -> date:
    """The Monday of a day's week."""
    return date.fromordinal(day.toordinal() - day.weekday())


@unit_of_work
async def publish_menu(ctx: Context, site: str, menu: WeekMenu) -> Menu:
    """Publish the menu of a site for a week, in place of the one published before. Refused: BLANK, INVALID."""
    site = site.strip()
    if not site:
        raise Refused(Code.BLANK, "Dites de quel restaurant est ce menu.", field=("site",))
    if len(site) > LONGEST_SITE or not is_printable(site):
        raise Refused(Code.INVALID, f"Un lieu fait au plus {LONGEST_SITE} caractères, sur une ligne.", field=("site",))
    row = Menu(site=site, week=menu.monday, days=menu.plain(), published_at=ctx.now)
    await Menu.bulk_create([row], ignore_conflicts=True)
    kept = await Menu.filter(site=site, week=menu.monday).select_for_update().get()
    kept.days, kept.published_at, kept.withdrawn_at = menu.plain(), ctx.now, None
    await kept.save(update_fields=["days", "published_at", "withdrawn_at"])
    return kept


@unit_of_work
async def withdraw_menu(ctx: Context, menu_id: UUID) -> None:
    """Take a menu back; harmless when it is already. Refused: NOT_FOUND."""
    menu = await Menu.filter(id=menu_id).select_for_update().first()
    if menu is None:
        raise not_found("Menu", "id")
    menu.withdrawn_at = menu.withdrawn_at or ctx.now
    await menu.save(update_fields=["withdrawn_at"])
