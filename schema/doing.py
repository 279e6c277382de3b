"""A mutation, from the function of its domain file: types, access, and refusals as ``userErrors``."""

from collections.abc import Awaitable, Callable
from typing import Annotated, Any, get_type_hints

import strawberry

from schema.access import Access, mutation
from schema.payloads import Info, Payload, answer

INPUT = strawberry.argument(description="What to do.")

Doing = Callable[..., Awaitable[Payload]]


def does(work: Doing, access: Access, description: str, *, single: bool = False, cost_per_day: int = 0) -> Any:
    """The mutation that does ``work``: ``(ctx, input) -> payload``, or ``(ctx) -> payload`` when there is no input.

    An expected refusal becomes the payload's ``userErrors``. ``single`` and ``cost_per_day`` are those of
    :func:`schema.access.mutation`.
    """
    types = get_type_hints(work)
    payload: Callable[..., Payload] = types["return"]

    if "input" in types:

        async def with_input(self: Any, info: Info, input: Any) -> Payload:
            return await answer(payload, work(info.context, input))

        with_input.__annotations__ |= {"input": Annotated[types["input"], INPUT], "return": payload}
        resolver: Any = with_input
    else:

        async def without_input(self: Any, info: Info) -> Payload:
            return await answer(payload, work(info.context))

        without_input.__annotations__["return"] = payload
        resolver = without_input
    return mutation(access=access, description=description, single=single, cost_per_day=cost_per_day)(resolver)
