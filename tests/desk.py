"""A town with a desk « guichet »: Chavagne, whose guide has none."""

from types import SimpleNamespace

from plugins.hookspecs import hookimpl
from plugins.rules.identity import Service
from plugins.rules.payment import Counter, PayfipRegie, PaymentRoute
from tests.towns import Town

DESK = Counter("guichet", "Au guichet", "mairie, du lundi au vendredi", ("espèces", "chèque bancaire", "CESU papier"))
CHEQUES_ONLY = Counter("guichet", "Au guichet", "mairie", ("chèque",))


def town_with(desk: Counter = DESK) -> Town:
    """Chavagne with this desk, and PayFiP."""

    @hookimpl
    def payment_routes(service: Service) -> tuple[PaymentRoute, ...]:
        return PayfipRegie("payfip", "Paiement en ligne", client_number="035076", mode="T"), desk

    return Town(Town.called("chavagne").commune.trying(SimpleNamespace(payment_routes=payment_routes)))
