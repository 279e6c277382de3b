"""Whose rows may be read: fail-closed scoping of every table that belongs to a household.

A request of a family sets its own households and persons; one of an agent who works for some services, what those
services follow; other agents and the portal's own work ask for everything, in words. Without a scope, a scoped table
cannot be queried at all. Joins, ``raw()`` and ``save()`` are not covered by a manager: an architecture test refuses
joins and raw SQL on scoped tables, and rows are loaded through the manager before they are saved.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from pypika_tortoise.functions import Cast
from pypika_tortoise.terms import Term
from tortoise.expressions import Function, Q, Subquery
from tortoise.manager import Manager
from tortoise.queryset import QuerySet


@dataclass(frozen=True, slots=True)
class Scope:
    """The households and persons whose rows are visible, and what ``services`` follow; ``everything`` lifts the limit.

    A table whose rows go to one service, as requests do, shows those of other ``services`` to nobody they limit.
    """

    households: frozenset[UUID] = frozenset()
    persons: frozenset[UUID] = frozenset()
    everything: bool = False
    services: frozenset[str] | None = None


EVERYTHING = Scope(everything=True)
NOTHING = Scope()

current_scope: ContextVar[Scope] = ContextVar("current_scope")


@contextmanager
def everything_in_sight() -> Iterator[None]:
    """Lift the limit for a block: sign-in, the worker, the bank's callbacks. Say at the call why it is right."""
    token = current_scope.set(EVERYTHING)
    try:
        yield
    finally:
        current_scope.reset(token)


class _Text(Cast):
    """``CAST(column AS TEXT)``."""

    def __init__(self, term: Term) -> None:
        super().__init__(term, "TEXT")


class _Written(Function):
    """A JSON column as it is written: the same on both databases."""

    database_func = _Text


class ScopedManager(Manager):
    """Adds the current scope to every query of a table. ``service`` is the column of the service a row goes to."""

    def __init__(
        self, column: str = "household_id", *, persons: bool = False, followed: str = "", service: str = ""
    ) -> None:
        super().__init__()
        self._column = column
        self._persons = persons
        self._followed = followed
        self._service = service

    def get_queryset(self) -> QuerySet[Any]:
        """The table's rows that the current scope may see; ``LookupError`` when no scope was set."""
        scope = current_scope.get()
        rows: QuerySet[Any] = super().get_queryset()
        if scope.everything:
            return rows
        visible = scope.persons if self._persons else scope.households
        named: dict[str, Any] = {f"{self._column}__in": list(visible)}
        if scope.services is None:
            return rows.filter(**named)
        followed: dict[str, Any] = {f"{self._column}__in": Subquery(self._keys(scope.services))}
        theirs = rows.filter(Q(**named) | Q(**followed))
        return theirs.filter(**{f"{self._service}__in": sorted(scope.services)}) if self._service else theirs

    def _keys(self, services: frozenset[str]) -> Any:
        """The keys of the households that some services follow, or of the persons in them."""
        from resolvers.models.households import Household, Membership  # which are limited themselves

        if self._persons:
            return Membership.all().values("person_id")
        if not self._followed:
            return Household.all().values("id")
        codes = [Q(followed__contains=f'"{code}"') for code in sorted(services)]
        written = super().get_queryset().annotate(followed=_Written(self._followed))
        return written.filter(Q(*codes, join_type=Q.OR) if codes else Q(id__in=[])).values("id")
