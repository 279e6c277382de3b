"""What the commune shows to everybody, apart from its news: documents, practical information, menus."""

from enum import Enum
from typing import Any

from tortoise import fields
from tortoise.indexes import Index

from resolvers.models.base import Row


class PageKind(Enum):
    """What a public page is."""

    DOCUMENT = "DOCUMENT"  # a règlement, a form: a text or the address of a file
    PRACTICAL = "PRACTICAL"  # opening hours, who to call, how to come


class PublicPage(Row):
    """A page readable without an account, until it is withdrawn. ``link`` is where its file or its site is, if any."""

    kind = fields.CharEnumField(PageKind, max_length=16)
    title = fields.CharField(max_length=200)
    body = fields.TextField(default="")
    link = fields.CharField(max_length=500, default="")
    file_name = fields.CharField(max_length=120, default="", db_default="")
    published_at = fields.DatetimeField()
    withdrawn_at = fields.DatetimeField(null=True)

    class Meta:
        table = "public_page"
        indexes = (Index(fields=("kind", "published_at")),)


class PublicFile(Row):
    """The file of a public page, apart so that lists stay light."""

    page_id = fields.UUIDField(unique=True)
    media_type = fields.CharField(max_length=40)
    content = fields.BinaryField()

    class Meta:
        table = "public_file"


class Menu(Row):
    """The menu of a site for the week of a Monday, whose ``days`` are ``plugins.rules.menus.WeekMenu.plain``."""

    site = fields.CharField(max_length=80)
    week = fields.DateField(db_index=True)
    days = fields.JSONField[list[dict[str, Any]]](default=list)
    published_at = fields.DatetimeField()
    withdrawn_at = fields.DatetimeField(null=True)

    class Meta:
        table = "menu"
        unique_together = (("site", "week"),)
