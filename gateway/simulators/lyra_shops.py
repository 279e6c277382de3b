"""What the simulated Lyra knows and decides: its shops and their keys, its transactions, its checks of a form."""

import re
from base64 import b64encode
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from hmac import digest
from uuid import uuid4

from resolvers.ports import Clock

PAGE_LIFE = timedelta(minutes=15)
PENDING = ("", "UNDER_VERIFICATION")  # results that another one may follow
_RESULTS = {"AUTHORISED": "00", "UNDER_VERIFICATION": "00", "REFUSED": "05", "ABANDONED": "17"}
_RULES = {
    "vads_version": r"V2",
    "vads_page_action": r"PAYMENT",
    "vads_action_mode": r"INTERACTIVE",
    "vads_payment_config": r"SINGLE",
    "vads_currency": r"978",
    "vads_amount": r"[1-9]\d{0,11}",
    "vads_trans_id": r"[0-8a-zA-Z][0-9a-zA-Z]{5}",
    "vads_trans_date": r"\d{14}",
    "vads_order_id": r"[0-9A-Za-z-]{0,64}",
    "vads_url_return": r"https?://\S{1,1000}",
}


@dataclass(frozen=True, slots=True)
class Shop:
    """A site of eight digits in one mode (TEST, PRODUCTION), and its key."""

    site_id: str
    mode: str
    key: str = field(repr=False)


@dataclass(slots=True)
class Transaction:
    """A form that was accepted, and how it ended: an empty status until then."""

    uuid: str
    form: Mapping[str, str]
    opened_at: datetime
    status: str = ""
    ended_at: datetime | None = None
    notices: int = 0


class FormRefused(Exception):  # noqa: N818 (Lyra's own word)
    """Why a form or a button is refused; ``field`` is the faulty one."""

    def __init__(self, field: str, reason: str) -> None:
        super().__init__(reason)
        self.field = field


class Shops:
    """The shops served and their transactions, on the clock given."""

    def __init__(self, clock: Clock, shops: Iterable[Shop]) -> None:
        self._clock = clock
        self._keys = {(shop.site_id, shop.mode): shop.key for shop in shops}
        self._transactions: dict[str, Transaction] = {}

    def key(self, transaction: Transaction) -> str:
        """The key of a transaction's shop and mode."""
        return self._keys[_shop(transaction.form)]

    def open(self, form: Mapping[str, str]) -> Transaction:
        """Accept a form that is right and signed; raises :class:`FormRefused`.

        The identifier of a transaction is unique in a day, but a page that was left unpaid may be opened again.
        """
        key = self._keys.get(_shop(form))
        if key is None:
            raise FormRefused("vads_site_id", "boutique ou mode inconnu")
        if signed(form, key)["signature"] != form.get("signature"):
            raise FormRefused("signature", "la signature n'est pas valide")
        for name, pattern in _RULES.items():
            if not re.fullmatch(pattern, form.get(name, ""), re.ASCII):
                raise FormRefused(name, "valeur refusée")
        same = [each for each in self._transactions.values() if _day(each.form) == _day(form)]
        if any(each.status not in ("", "ABANDONED") for each in same):
            raise FormRefused("vads_trans_id", "identifiant de transaction déjà utilisé")
        transaction = Transaction(str(uuid4()).replace("-", ""), dict(form), self._clock.now())
        self._transactions[transaction.uuid] = transaction
        return transaction

    def settle(self, uuid: str, status: str) -> Transaction:
        """Record how a page ends; raises :class:`FormRefused` when it is unknown, too old or already ended."""
        transaction = self._transactions.get(uuid)
        if transaction is None or transaction.status not in PENDING:
            raise FormRefused("vads_trans_uuid", "Cette transaction est terminée ou inconnue.")
        now = self._clock.now()
        if transaction.status == "" and now > transaction.opened_at + PAGE_LIFE:
            raise FormRefused("vads_trans_uuid", "La page de paiement a expiré.")
        transaction.notices += 1
        transaction.status, transaction.ended_at = status, now
        return transaction

    def told(self, transaction: Transaction, *, notice: bool = False) -> dict[str, str]:
        """The signed fields of a return, or of a notice, which alone holds ``vads_hash`` and its source."""
        ended = (transaction.ended_at or transaction.opened_at).astimezone(UTC)
        is_paid = transaction.status == "AUTHORISED"
        echoed = {name: value for name, value in transaction.form.items() if not name.startswith("vads_url_")}
        fields = {
            **echoed,
            "vads_trans_uuid": transaction.uuid,
            "vads_trans_status": transaction.status,
            "vads_result": _RESULTS[transaction.status],
            "vads_operation_type": "DEBIT",
            "vads_auth_result": "00" if is_paid else "",
            "vads_auth_number": transaction.uuid[:6] if is_paid else "",
            "vads_card_number": "497010XXXXXX0000" if is_paid else "",
            "vads_effective_amount": transaction.form["vads_amount"],
            "vads_effective_creation_date": f"{ended:%Y%m%d%H%M%S}",
        }
        if notice:
            source = "PAY" if transaction.notices == 1 else "BATCH_AUTO"
            fields |= {"vads_url_check_src": source, "vads_hash": sha256(transaction.uuid.encode()).hexdigest()}
        return signed(fields, self.key(transaction))


def signed(fields: Mapping[str, str], key: str) -> dict[str, str]:
    """Fields with their signature, as protocol V2 makes it."""
    named = {name: value for name, value in fields.items() if name.startswith("vads_")}
    text = "".join(f"{named[name]}+" for name in sorted(named)) + key
    return {**named, "signature": b64encode(digest(key.encode(), text.encode(), sha256)).decode()}


def _shop(form: Mapping[str, str]) -> tuple[str, str]:
    return form.get("vads_site_id", ""), form.get("vads_ctx_mode", "")


def _day(form: Mapping[str, str]) -> tuple[str, str, str]:
    return form.get("vads_site_id", ""), form.get("vads_trans_date", "")[:8], form.get("vads_trans_id", "").lower()
