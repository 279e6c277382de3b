"""Whose rows may be read: fail-closed scoping of every table that belongs to a household.

A request of a family sets its own households and persons; agents and the portal's own work ask for everything, in
words. Without a scope, a scoped table cannot be queried at all. Joins, ``raw()`` and ``save()`` are not covered by a
manager: an architecture test refuses joins and raw SQL on scoped tables, and rows are loaded through the manager
before they are saved.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from tortoise.manager import Manager
from tortoise.queryset import QuerySet


@dataclass(frozen=True, slots=True)
class Scope:
    """The households and persons whose rows are visible; ``everything`` lifts the limit."""

    households: frozenset[UUID] = frozenset()
    persons: frozenset[UUID] = frozenset()
    everything: bool = False


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


class ScopedManager(Manager):
    """Adds the current scope to every query of a table."""

    def __init__(self, column: str = "household_id", *, persons: bool = False) -> None:
        super().__init__()
        self._column = column
        self._persons = persons

    def get_queryset(self) -> QuerySet[Any]:
        """The table's rows that the current scope may see; ``LookupError`` when no scope was set."""
        scope = current_scope.get()
        rows: QuerySet[Any] = super().get_queryset()
        if scope.everything:
            return rows
        visible = scope.persons if self._persons else scope.households
        return rows.filter(**{f"{self._column}__in": list(visible)})
