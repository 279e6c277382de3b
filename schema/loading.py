"""Relations across branches: one batch per relation and request, whatever the number of parents."""

from collections.abc import Awaitable, Callable, Sequence
from typing import TypeVar
from uuid import UUID

from strawberry.dataloader import DataLoader

from resolvers.context import Context

T = TypeVar("T")


async def load(ctx: Context, batch: Callable[[Context, Sequence[UUID]], Awaitable[list[T]]], key: UUID) -> T:
    """What a batch function answers for one parent, asked together with its siblings."""
    name = f"{batch.__module__}.{batch.__qualname__}"
    if name not in ctx.loaders:

        async def load_all(keys: list[UUID]) -> list[T]:
            return await batch(ctx, keys)

        ctx.loaders[name] = DataLoader(load_fn=load_all)
    loader: DataLoader[UUID, T] = ctx.loaders[name]
    return await loader.load(key)
