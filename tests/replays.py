"""A village under rules that a mairie tries, and what they change."""

from dataclasses import dataclass
from types import SimpleNamespace

from plugins.commune import Commune
from plugins.hookspecs import hookimpl
from plugins.rules.booking import Accept, BookingRules
from plugins.rules.catalogue import Activity
from plugins.rules.days import CALENDAR_DAYS, days_before
from plugins.rules.deadlines import END_OF_DAY, at
from plugins.rules.tariffs import Tariff, When, add, constant
from resolvers.agenda.plans import Window
from resolvers.agenda.replay import Replay, replay
from tests.orders import NOVEMBER
from tests.towns import Family, Town, add_family
from tests.village import village

UNITS = ("matin", "repas", "apres-midi")


@dataclass(frozen=True)
class Drawn:
    """The rules of a village: days before, days before for who is late, prices, what late costs."""

    book: int
    late: int
    cancel: int
    prices: tuple[int, int, int]
    surcharge: int

    def plugin(self) -> SimpleNamespace:
        """The two answers a mairie would try; built anew, so that equal rules are never the same objects."""

        @hookimpl
        def booking_rules(activity: Activity) -> BookingRules:
            last = {
                days: at(days_before(days, CALENDAR_DAYS), END_OF_DAY) for days in (self.book, self.late, self.cancel)
            }
            return BookingRules(last[self.book], last[self.cancel], Accept(last[self.late], "C'est tard"))

        @hookimpl
        def tariff(activity: Activity) -> Tariff:
            prices = dict(zip(UNITS, map(constant, self.prices), strict=True))
            known = {"seance": constant(500)} if activity.code == "stage" else prices
            return Tariff(known, (add(self.surcharge, when=When.LATE, label="Réservation tardive"),))

        return SimpleNamespace(booking_rules=booking_rules, tariff=tariff)

    def commune(self, places: int = 50) -> Commune:
        """The village under these rules."""
        return village(places).trying(self.plugin())


TODAY = Drawn(book=2, late=1, cancel=2, prices=(200, 300, 250), surcharge=100)
STRICTER = Drawn(book=5, late=3, cancel=5, prices=(220, 300, 260), surcharge=150)


def silent(_done: int, _total: int) -> None:
    """Nobody watches."""


async def compared(town: Town, trial: Commune, window: Window = NOVEMBER, *, names: bool = False) -> Replay:
    """The window under the rules on trial."""
    with town.at_work() as ctx:
        return await replay(ctx, trial, window, silent, names=names)


async def day_care(town: Town, name: str = "TEST") -> Family:
    """Two children enrolled in the village's day care."""
    return await add_family(town, name, enrolled=("accueil",))
