"""What a route of payment lacks to work here: told by ``check``, which knows the settings besides the plugins."""

from collections.abc import Collection, Iterator

from gateway.payments.lyra import LyraKey
from plugins import hookspecs
from plugins.commune import Commune
from plugins.rules.payment import LyraCard, OnlineRoute, PayfipRegie


def payment_doubts(commune: Commune, keys: Collection[LyraKey]) -> Iterator[str]:
    """One sentence for each route that is in test, and for each site of Lyra whose key is not set."""
    known = {(key.commune, key.site_id, key.mode) for key in keys}
    for route in _online_routes(commune):
        if isinstance(route, LyraCard) and (commune.slug, route.site_id, route.mode) not in known:
            yield (
                f"nobody can pay by {route.code!r}: add {commune.slug}:{route.site_id}:{route.mode}:KEY to "
                "PORTAIL_LYRA_KEYS"
            )
        if isinstance(route, LyraCard | PayfipRegie) and route.mode in ("TEST", "T"):
            yield f"{route.code!r} is in test: nobody is debited, and invoices are marked paid; change its mode"


def _online_routes(commune: Commune) -> list[OnlineRoute]:
    """Each route once, whatever the number of services that offer it."""
    found = [
        route
        for service in commune.identity.services
        for route in commune.gather(hookspecs.payment_routes, service=service)
        if isinstance(route, OnlineRoute)
    ]
    return list(dict.fromkeys(found))
