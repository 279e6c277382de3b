"""A commune that takes cards on Lyra's page, and what the bank says of them, signed apart from the portal."""

import base64
import hashlib
import hmac
from collections.abc import Mapping
from types import SimpleNamespace

from plugins.commune import Commune
from plugins.hookspecs import hookimpl
from plugins.rules.calendar import SchoolYear
from plugins.rules.catalogue import Catalogue
from plugins.rules.direct_debits import DirectDebitPolicy, SepaCreditor
from plugins.rules.identity import Identity, Service
from plugins.rules.payment import LyraCard, LyraPlatform, PayfipRegie, PaymentRoute
from resolvers.models import PaymentAttempt
from resolvers.models.payments import AttemptState
from resolvers.paying.settlements import hear
from resolvers.ports import BankForged
from tests.towns import LYRA_KEYS, Town

CARD = LyraCard("carte", "Carte bancaire", "12345678", LyraPlatform.PAYZEN, "TEST")
REGIE = PayfipRegie("payfip", "Paiement en ligne", "012345", "T")
CREDITOR = SepaCreditor(
    "Mairie du Village", "FR10ZZZ535076", ("35310 Village",), "VIL", "FR1420041010050500013M02606", "PSSTFRPP"
)


def card_village() -> Commune:
    """A village without activities where one pays by card, by PayFiP or by direct debit; the rest is the portal's."""

    @hookimpl
    def identity() -> Identity:
        service = Service("enfance", "service Enfance", "enfance@village.fr")
        return Identity("village", "Village", "B", "portail@village.fr", (service,))

    @hookimpl
    def catalogue(year: SchoolYear) -> Catalogue:
        return Catalogue(year, ())

    @hookimpl
    def payment_routes(service: Service) -> tuple[PaymentRoute, ...]:
        return (CARD, REGIE)

    @hookimpl
    def direct_debit() -> DirectDebitPolicy:
        return DirectDebitPolicy(enabled=True, creditor=CREDITOR, told_days_before=1)

    answers = SimpleNamespace(
        identity=identity, catalogue=catalogue, payment_routes=payment_routes, direct_debit=direct_debit
    )
    return Commune("village", answers)


def signed(fields: Mapping[str, str], key: str = LYRA_KEYS[0].key) -> dict[str, str]:
    """Fields and their signature."""
    named = {name: value for name, value in fields.items() if name.startswith("vads_")}
    text = "+".join([*(named[name] for name in sorted(named)), key])
    made = hmac.new(key.encode(), text.encode(), hashlib.sha256).digest()
    return {**named, "signature": base64.b64encode(made).decode()}


def told(attempt: PaymentAttempt, status: str = "AUTHORISED", **changes: str) -> dict[str, str]:
    """What the bank posts about an attempt, signed; ``changes`` are made before it signs."""
    form = dict(attempt.form or {})
    fields = {
        **{name: value for name, value in form.items() if not name.startswith("vads_url_")},
        "vads_trans_status": status,
        "vads_trans_uuid": f"uuid-of-{form['vads_trans_id']}",
        "vads_auth_number": "A1B2C3",
        "vads_operation_type": "DEBIT",
        "vads_effective_creation_date": "20261202110400",
    }
    return signed({**fields, **changes})


async def say(town: Town, received: Mapping[str, str]) -> AttemptState | None:
    """Let the portal hear what was posted to it; the state of the attempt afterwards, None when nothing is believed."""
    with town.at_work() as ctx:
        try:
            attempt = await hear(ctx, "lyra", ctx.ports.lyra.read(town.commune.slug, received))
        except BankForged:
            return None
    return attempt.state if attempt else None
