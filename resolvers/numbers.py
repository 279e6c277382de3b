"""Numbers that people quote, without gap: each series has its counter."""

from tortoise.expressions import F

from resolvers.models import NumberCounter
from resolvers.models.keys import new_key


async def take_numbers(series: str, count: int) -> int:
    """Take consecutive numbers of a series and return the first; the counter stays locked until the commit."""
    await NumberCounter.bulk_create([NumberCounter(id=new_key(), series=series)], ignore_conflicts=True)
    await NumberCounter.filter(series=series).update(taken=F("taken") + count)
    counter = await NumberCounter.get(series=series)
    return counter.taken - count + 1


async def hold(series: str) -> None:
    """Wait until nobody else holds a counter, and hold it until the commit; no number is taken from it."""
    await NumberCounter.bulk_create([NumberCounter(series=series)], ignore_conflicts=True)
    await NumberCounter.filter(series=series).select_for_update()
