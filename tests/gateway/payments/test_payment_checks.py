"""What ``check`` says of the routes of payment: a key that is missing, a route that is still in test."""

from dataclasses import replace
from types import SimpleNamespace

import pytest

from gateway.payments.lyra import LyraKey
from gateway.payments.payment_checks import payment_doubts
from plugins.commune import Commune
from plugins.hookspecs import hookimpl
from plugins.rules.identity import Identity, Service
from plugins.rules.payment import OnlineRoute, PaymentRoute
from tests.cards import CARD, REGIE

KEY = LyraKey("bourg", CARD.site_id, "PRODUCTION", "1122334455667788")
PRODUCTION = replace(CARD, mode="PRODUCTION")


def bourg(*routes: OnlineRoute) -> Commune:
    """Two services that offer the same ways to pay."""

    @hookimpl
    def identity() -> Identity:
        services = tuple(Service(code, f"service {code}", f"{code}@bourg.fr") for code in ("enfance", "jeunesse"))
        return Identity("bourg", "Bourg", "B", "portail@bourg.fr", services)

    @hookimpl
    def payment_routes(service: Service) -> tuple[PaymentRoute, ...]:
        return routes

    return Commune("bourg", SimpleNamespace(identity=identity, payment_routes=payment_routes))


@pytest.mark.parametrize(
    ("route", "keys", "told"),
    [
        (PRODUCTION, [KEY], []),
        (
            PRODUCTION,
            [replace(KEY, mode="TEST"), replace(KEY, site_id="87654321"), replace(KEY, commune="ville")],
            ["nobody can pay by 'carte': add bourg:12345678:PRODUCTION:KEY to PORTAIL_LYRA_KEYS"],
        ),
        (replace(REGIE, mode="W"), [], []),
        (
            REGIE,
            [],
            ["'payfip' is in test: nobody is debited, and invoices are marked paid; change its mode"],
        ),
        (
            CARD,
            [],
            [
                "nobody can pay by 'carte': add bourg:12345678:TEST:KEY to PORTAIL_LYRA_KEYS",
                "'carte' is in test: nobody is debited, and invoices are marked paid; change its mode",
            ],
        ),
    ],
)
def test_a_route_that_does_not_work_here_is_told_once(route: OnlineRoute, keys: list[LyraKey], told: list[str]) -> None:
    assert list(payment_doubts(bourg(route), keys)) == told
