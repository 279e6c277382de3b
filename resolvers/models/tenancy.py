"""Which commune's database a query goes to, and how a unit of work is committed there.

Each commune has one named connection; the name is the commune's slug. Without a current commune, nothing can be
queried: :data:`current_commune` has no default, so a forgotten commune is an error and never another commune's data.
"""

import asyncio
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import wraps
from typing import ParamSpec, TypeVar

from tortoise.models import Model
from tortoise.transactions import in_transaction

P = ParamSpec("P")
T = TypeVar("T")

current_commune: ContextVar[str] = ContextVar("current_commune")
PATIENCE = 20  # seconds: as long as a server that stops waits for its requests

_in_unit_of_work: ContextVar[bool] = ContextVar("in_unit_of_work", default=False)
_under_way: set[asyncio.Task[object]] = set()


class CommuneRouter:
    """Tortoise's router: the current commune names the connection; no commune, no query."""

    def db_for_read(self, _model: type[Model]) -> str:
        """The connection for reads."""
        return current_commune.get()

    def db_for_write(self, _model: type[Model]) -> str:
        """The connection for writes."""
        return current_commune.get()


@contextmanager
def in_commune(slug: str) -> Iterator[None]:
    """Run a block for one commune (the worker, commands, tests)."""
    token = current_commune.set(slug)
    try:
        yield
    finally:
        current_commune.reset(token)


def unit_of_work(use_case: Callable[P, Awaitable[T]]) -> Callable[P, Awaitable[T]]:
    """Make a use case one transaction that a cancelled request cannot tear.

    The work runs in its own task: on SQLite a task cancelled while it enters a transaction would keep the lock for
    ever. A use case called by another one joins its transaction.
    """

    @wraps(use_case)
    async def run(*args: P.args, **kwargs: P.kwargs) -> T:
        if _in_unit_of_work.get():
            return await use_case(*args, **kwargs)

        async def work() -> T:
            _in_unit_of_work.set(True)
            async with in_transaction(current_commune.get()):
                return await use_case(*args, **kwargs)

        task = asyncio.create_task(work())
        _under_way.add(task)
        task.add_done_callback(_under_way.discard)
        return await asyncio.shield(task)

    return run


async def settled() -> None:
    """Wait for the units of work under way here, even those whose request is gone: databases may then close."""
    here = asyncio.get_running_loop()
    left = [task for task in _under_way if task.get_loop() is here]
    if left:
        await asyncio.wait(left, timeout=PATIENCE)
