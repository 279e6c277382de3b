"""Places that a marked household waits for: offered, offered too long ago, not offered yet."""

from datetime import date, timedelta

from resolvers import models
from resolvers.models.waiting import HoldPurpose, WaitingState
from tests.contract.planting import SEEN_DAY, Planted

FULL_DAY = date(2026, 12, 4)
OFFERED_DAY = date(2026, 12, 7)


async def plant_waiting(planted: Planted) -> None:
    """A place offered until tomorrow, one whose time is over, a child that waits; the canteen of 4 December is full."""
    with planted.town.at_work():
        for day, places in ((FULL_DAY, 0), (OFFERED_DAY, 2)):
            await models.PlaceCount.get_or_create({"capacity": places, "taken": places}, day=day, pool="repas")
        asked = {"account_id": planted.parent.id, "asked_at": planted.now, "changed_at": planted.now}
        for day, pool, hours in ((OFFERED_DAY, {"pool": "repas"}, 24), (SEEN_DAY, {}, -24)):
            until = planted.now + timedelta(hours=hours)
            entry = await planted.of_child(
                models.WaitingEntry,
                "WaitingEntry",
                day=day,
                activity="restauration",
                unit="repas",
                state=WaitingState.OFFERED,
                offered_until=until,
                **asked,
            )
            await planted.of_child(
                models.PlaceHold, day=day, purpose=HoldPurpose.OFFER, source_id=entry.id, until=until, **pool
            )
        await planted.of_child(models.WaitingEntry, "WaitingEntry", day=SEEN_DAY, **asked)
