"""What a household prepares, planted beside the rest: its basket."""

from datetime import date, timedelta

from resolvers import models
from resolvers.agenda.bookings import Order
from resolvers.agenda.plans import Window, Wish
from tests.contract.planting import Planted

NOVEMBER = Window(date(2026, 11, 1), date(2026, 11, 30))


async def plant_basket(planted: Planted) -> None:
    """A meal of November, to validate."""
    wish = Wish(planted.child, "restauration", frozenset({(date(2026, 11, 12), "repas")}))
    with planted.town.at_work():
        await planted.owned(
            models.Basket,
            wanted=Order(NOVEMBER, (wish,)).described(),
            version=1,
            saved_by=planted.parent.id,
            saved_at=planted.now,
            until=planted.now + timedelta(days=30),
        )
