"""The ways a family may pay, as the commune offers them; the gateway drives those that can be driven."""

import re
from dataclasses import dataclass, field
from enum import Enum
from typing import ClassVar, Literal, get_args

from plugins.rules.errors import RuleError
from plugins.rules.texts import require_code, require_line

PayfipMode = Literal["T", "W"]  # test, production: DGFiP's own letters; X, activation, is a payment an agent makes
LyraMode = Literal["TEST", "PRODUCTION"]  # Lyra's own words: each has its own key
MOST_CENTS = 9_999_999
_SIX_DIGITS = re.compile(r"[0-9]{6}")


@dataclass(frozen=True, slots=True)
class PaymentRoute:
    """A way to pay. ``drives_payment`` is True when the portal starts the payment and learns what became of it."""

    code: str
    label: str
    drives_payment: ClassVar[bool] = False

    def __post_init__(self) -> None:
        require_code(self.code, "Payment route code")
        require_line(self.label, f"Label of payment route {self.code}")

    def say(self) -> str:
        """What a family does to pay that way, in one French sentence."""
        return f"{self.label}."


@dataclass(frozen=True, slots=True)
class OnlineRoute(PaymentRoute):
    """A way to pay that the portal drives: it sends the person to the bank's page and learns what became of it.

    Amounts are limited in cents: from 1 €, and to 99 999.99 €, which are the DGFiP's limits (codes M3 and M5 of its
    guide); a commune may ask for narrower ones.
    """

    minimum_cents: int = field(default=100, kw_only=True)
    maximum_cents: int = field(default=MOST_CENTS, kw_only=True)
    drives_payment: ClassVar[bool] = True

    def __post_init__(self) -> None:
        PaymentRoute.__post_init__(self)
        if not 100 <= self.minimum_cents <= self.maximum_cents <= MOST_CENTS:
            raise RuleError(
                f"Limits {self.minimum_cents} to {self.maximum_cents} of payment route {self.code}: "
                "stay within 100 … 9 999 999."
            )

    def accepts(self, amount_cents: int) -> bool:
        """True when this amount may be paid in one payment."""
        return self.minimum_cents <= amount_cents <= self.maximum_cents


@dataclass(frozen=True, slots=True)
class PayfipRegie(OnlineRoute):
    """PayFiP for a « régie »: the portal opens the payment at the DGFiP under its six-digit client number."""

    client_number: str
    mode: PayfipMode

    def __post_init__(self) -> None:
        OnlineRoute.__post_init__(self)
        _require_six_digits(self.client_number, "PayFiP client number")
        if self.mode not in get_args(PayfipMode):
            raise RuleError(f"PayFiP mode {self.mode!r}: T for tests, W in production; an agent activates (X) it.")

    def say(self) -> str:
        """What a family does to pay that way, in one French sentence."""
        return f"{self.label} : paiement sécurisé sur le site de la direction générale des Finances publiques (PayFiP)."


class LyraPlatform(Enum):
    """Who sells the card page of Lyra to the commune: each has its own address."""

    PAYZEN = "PayZen"
    SYSTEMPAY = "Systempay"  # Banque Populaire, Caisse d'Épargne
    SCELLIUS = "Scellius"  # La Banque Postale
    SOGECOMMERCE = "Sogecommerce"  # Société Générale


@dataclass(frozen=True, slots=True)
class LyraCard(OnlineRoute):
    """Cards on the page of Lyra, under the commune's site number of eight digits.

    The key that signs is a secret of who runs the portal, never of the plugin (``PORTAIL_LYRA_KEYS``).
    """

    site_id: str
    platform: LyraPlatform
    mode: LyraMode

    def __post_init__(self) -> None:
        OnlineRoute.__post_init__(self)
        if not re.fullmatch(r"[0-9]{8}", self.site_id):
            raise RuleError(f"Lyra site {self.site_id!r}: write the eight digits of the shop.")
        if self.mode not in get_args(LyraMode):
            raise RuleError(f"Lyra mode {self.mode!r}: TEST or PRODUCTION.")

    def say(self) -> str:
        """What a family does to pay that way, in one French sentence."""
        return f"{self.label} : paiement par carte bancaire sur la page sécurisée de {self.platform.value}."


@dataclass(frozen=True, slots=True)
class PayfipTitre(PaymentRoute):
    """PayFiP for a « titre »: the family copies an identifier, and the reference of its notice (``TitreNotice``).

    The portal is never told what became of it: whether such an invoice is paid is unknown here, and said so.
    """

    structure_identifier: str
    website: str = "https://www.payfip.gouv.fr"

    def __post_init__(self) -> None:
        PaymentRoute.__post_init__(self)
        _require_six_digits(self.structure_identifier, "PayFiP structure identifier")
        if not self.website.startswith("https://"):
            raise RuleError(f"PayFiP website {self.website!r}: write an https address.")

    def say(self) -> str:
        """What a family does to pay that way, in French."""
        return f"{self.say_form()} la référence en trois parties de votre avis des sommes à payer."

    def say_form(self) -> str:
        """The form to fill in and its first box, in French: the reference is still to be said."""
        return f"{self.label} : sur {self.website}, saisissez l'identifiant de structure {self.structure_identifier} et"


@dataclass(frozen=True, slots=True)
class Counter(PaymentRoute):
    """Payment in person at a desk, with the means it takes."""

    desk: str
    means: tuple[str, ...]

    def __post_init__(self) -> None:
        PaymentRoute.__post_init__(self)
        for text in (self.desk, *self.means):
            require_line(text, f"Desk of payment route {self.code}")
        if not self.means:
            raise RuleError(f"Payment route {self.code}: name at least one means of payment, such as « chèque ».")

    def say(self) -> str:
        """What a family does to pay that way, in one French sentence."""
        return f"{self.label} : {self.desk} ({', '.join(self.means)})."


@dataclass(frozen=True, slots=True)
class DirectDebitRoute(PaymentRoute):
    """The invoice is collected from the family's bank account, once a mandate is signed; nothing to do each month."""

    how_to_join: str

    def __post_init__(self) -> None:
        PaymentRoute.__post_init__(self)
        require_line(self.how_to_join, f"How to join payment route {self.code}")

    def say(self) -> str:
        """What a family does to pay that way, in French."""
        return f"{self.label} : {self.how_to_join}"


def _require_six_digits(value: str, what: str) -> None:
    if not _SIX_DIGITS.fullmatch(value):
        raise RuleError(f"{what} {value!r}: write the six digits given by the DGFiP.")
