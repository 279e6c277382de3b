"""Cards by Lyra (PayZen, Systempay, Scellius, Sogecommerce): the hosted page of protocol V2, signed by HMAC-SHA-256.

The browser posts a form that we signed; the bank posts back what became of it, signed with the same key. Nothing can
be asked: what is not signed is not believed, and a page that nobody speaks of is over.
"""

import base64
import hashlib
import hmac
import logging
import re
import secrets
import string
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from plugins.rules.payment import LyraPlatform
from resolvers.ports import (
    BankForged,
    BankNotice,
    BankUnavailable,
    Clock,
    PaymentOrder,
    PaymentOutcome,
    PaymentReport,
    StartedPayment,
)

_log = logging.getLogger("portail.lyra")

SILENCE = timedelta(minutes=30)  # after which a page of which nothing was heard is over
EURO = "978"
PAGES = {
    LyraPlatform.PAYZEN: "https://secure.payzen.eu/vads-payment/",
    LyraPlatform.SYSTEMPAY: "https://paiement.systempay.fr/vads-payment/",
    LyraPlatform.SCELLIUS: "https://scelliuspaiement.labanquepostale.fr/vads-payment/",
    LyraPlatform.SOGECOMMERCE: "https://sogecommerce.societegenerale.eu/vads-payment/",
}
OUTCOMES = {
    "AUTHORISED": PaymentOutcome.PAID,
    "CAPTURED": PaymentOutcome.PAID,
    "AUTHORISED_TO_VALIDATE": PaymentOutcome.PENDING,
    "CAPTURE_FAILED": PaymentOutcome.PENDING,
    "INITIAL": PaymentOutcome.PENDING,
    "SUSPENDED": PaymentOutcome.PENDING,
    "UNDER_VERIFICATION": PaymentOutcome.PENDING,
    "WAITING_AUTHORISATION": PaymentOutcome.PENDING,
    "WAITING_AUTHORISATION_TO_VALIDATE": PaymentOutcome.PENDING,
    "WAITING_FOR_PAYMENT": PaymentOutcome.PENDING,
    "NOT_CREATED": PaymentOutcome.REFUSED,
    "REFUSED": PaymentOutcome.REFUSED,
    "ABANDONED": PaymentOutcome.CANCELLED,
    "CANCELLED": PaymentOutcome.CANCELLED,
    "EXPIRED": PaymentOutcome.EXPIRED,
}
"""What ``vads_trans_status`` means; what nobody knew when this was written is PENDING, and an alert."""

_ECHO = ("vads_site_id", "vads_ctx_mode", "vads_currency", "vads_amount", "vads_order_id")
_LETTERS = string.ascii_lowercase + string.digits


@dataclass(frozen=True, slots=True)
class LyraKey:
    """The key of one site of a commune, in one mode (TEST or PRODUCTION)."""

    commune: str
    site_id: str
    mode: str
    key: str = field(repr=False)


class Lyra:
    """A :class:`resolvers.ports.CardDesk` for the sites whose keys it holds.

    ``page`` replaces the address of every platform's page, for a simulated one. The bank itself is never called.
    """

    def __init__(self, keys: Iterable[LyraKey], clock: Clock, page: str | None = None) -> None:
        self._keys = {(each.commune, each.site_id, each.mode): each.key for each in keys}
        self._clock = clock
        self._page = page

    async def aclose(self) -> None:
        """Nothing is held open."""

    async def start(self, order: PaymentOrder) -> StartedPayment:
        """Sign the form that opens the page; raises :class:`BankUnavailable` without a key for this site and mode.

        Lyra wants an identifier of six characters that is unique in the day, and does not start with 9.
        """
        key = self._keys.get((order.commune, order.client_number, order.mode))
        if key is None or order.platform is None:
            raise BankUnavailable(f"no Lyra key for {order.commune}, site {order.client_number}, {order.mode}")
        now = self._clock.now().astimezone(UTC)
        number = secrets.choice(_LETTERS[:-1]) + "".join(secrets.choice(_LETTERS) for _ in range(5))
        form = form_fields(order, now, number)
        form["signature"] = signature(form, key)
        identifier = f"{order.client_number}-{now:%Y%m%d}-{number}"
        return StartedPayment(identifier, self._page or PAGES[order.platform], form)

    async def report(self, external_id: str, started_at: datetime) -> PaymentReport:
        """Nothing can be asked of Lyra: PENDING, then LATE half an hour after ``started_at``."""
        is_over = self._clock.now() >= started_at + SILENCE
        return PaymentReport(PaymentOutcome.LATE if is_over else PaymentOutcome.PENDING, {})

    def read(self, commune: str, received: Mapping[str, str]) -> BankNotice:
        """What a signed notice or return says; raises :class:`BankForged` when no key of the commune signed it."""
        key = self._keys.get((commune, received.get("vads_site_id", ""), received.get("vads_ctx_mode", "")))
        given = received.get("signature", "")
        if key is None or not hmac.compare_digest(signature(received, key).encode(), given.encode()):
            raise BankForged("the signature is not that of the bank")
        status = received.get("vads_trans_status", "")
        transaction = received.get("vads_trans_uuid") or received.get("vads_trans_id", "")
        return BankNotice(
            event=f"{transaction[:40]}:{status[:39]}",
            reference=received.get("vads_order_id", ""),
            echo={name: received.get(name, "") for name in _ECHO},
            report=_report(received, status),
        )


def form_fields(order: PaymentOrder, now: datetime, number: str) -> dict[str, str]:
    """The fields of the form, unsigned: one payment in euros, at once, on the bank's page."""
    return {
        "vads_action_mode": "INTERACTIVE",
        "vads_amount": str(order.amount_cents),
        "vads_ctx_mode": order.mode,
        "vads_currency": EURO,
        "vads_cust_email": order.email,
        "vads_language": "fr",
        "vads_order_id": order.reference,
        "vads_page_action": "PAYMENT",
        "vads_payment_config": "SINGLE",
        "vads_return_mode": "GET",
        "vads_site_id": order.client_number,
        "vads_trans_date": f"{now:%Y%m%d%H%M%S}",
        "vads_trans_id": number,
        "vads_url_check": order.notification_url,
        "vads_url_return": order.return_url,
        "vads_version": "V2",
    }


def signature(fields: Mapping[str, str], key: str) -> str:
    """The signature of the ``vads_`` fields: their values in the order of their names, then the key, joined by +."""
    values = [value for name, value in sorted(fields.items()) if name.startswith("vads_")]
    digest = hmac.new(key.encode(), "+".join([*values, key]).encode(), hashlib.sha256).digest()
    return base64.b64encode(digest).decode()


def _report(received: Mapping[str, str], status: str) -> PaymentReport:
    outcome, doubt = OUTCOMES.get(status, PaymentOutcome.PENDING), ""
    operation = received.get("vads_operation_type", "DEBIT")
    if status not in OUTCOMES or operation != "DEBIT":  # a refund made in the bank's back office pays nothing
        _log.error("Lyra told %r of an operation %r", status[:40], operation[:20])
        outcome = PaymentOutcome.PENDING
        doubt = f"Lyra annonce « {status[:40]} » d'une opération « {operation[:20]} », que le portail n'attend pas"
    amount = received.get("vads_amount", "")
    created = received.get("vads_effective_creation_date", "")
    paid_at = _instant(created) if outcome is PaymentOutcome.PAID else None
    return PaymentReport(
        outcome=outcome,
        raw=dict(received),
        amount_cents=int(amount) if re.fullmatch(r"[0-9]{1,12}", amount) else None,
        reference=received.get("vads_order_id", ""),
        authorization=received.get("vads_auth_number") or None,
        paid_at=paid_at,
        doubt=doubt,
    )


def _instant(text: str) -> datetime | None:
    """The instant of a date of Lyra (AAAAMMJJHHMMSS, in UTC); None if unreadable."""
    if not re.fullmatch(r"[0-9]{14}", text):
        return None
    try:
        return datetime.strptime(text, "%Y%m%d%H%M%S").replace(tzinfo=UTC)
    except ValueError:
        return None
