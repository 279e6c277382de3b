"""The communes as they start, and a village whose every answer a test may replace."""

from collections.abc import Callable
from types import SimpleNamespace

import pytest

from plugins.communes import Communes
from plugins.hookspecs import hookimpl
from plugins.rules.calendar import MONDAY, DayKind, SchoolYear
from plugins.rules.catalogue import Activity, Catalogue, Unit
from plugins.rules.identity import Identity, Service
from plugins.rules.tariffs import Tariff, constant

Village = Callable[..., SimpleNamespace]


@pytest.fixture(scope="session")
def communes() -> Communes:
    """The five communes of the tree."""
    return Communes.installed()


@pytest.fixture
def village() -> Village:
    """Builds a plugin: one service, a canteen on Mondays at 3 €; keyword arguments replace or add answers."""

    @hookimpl
    def identity() -> Identity:
        service = Service("enfance", "service Enfance", "enfance@village.fr")
        return Identity("village", "Village", "B", "portail@village.fr", (service,))

    @hookimpl
    def catalogue(year: SchoolYear) -> Catalogue:
        meal = Unit("repas", "Repas", frozenset({MONDAY}), frozenset({DayKind.SCHOOL}))
        return Catalogue(
            year, (Activity("cantine", "Cantine", "enfance", "École", year.first_day, year.last_day, (meal,)),)
        )

    @hookimpl
    def tariff(activity: Activity, year: SchoolYear) -> Tariff:
        return Tariff({"repas": constant(300)})

    def build(**answers: object) -> SimpleNamespace:
        given = {"identity": identity, "catalogue": catalogue, "tariff": tariff} | answers
        return SimpleNamespace(**{name: answer for name, answer in given.items() if answer is not None})

    return build
