"""The ways a family may pay, as the commune offers them; the gateway drives those that can be driven."""

import re
from dataclasses import dataclass
from typing import ClassVar, Literal, get_args

from plugins.rules.errors import RuleError
from plugins.rules.texts import require_code, require_line

PayfipMode = Literal["T", "X", "W"]  # test, activation, production: DGFiP's own letters
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
class PayfipRegie(PaymentRoute):
    """PayFiP for a « régie »: the portal opens the payment at the DGFiP under its six-digit client number.

    Amounts are limited, in cents, by the DGFiP (codes M3 and M5 of its guide).
    """

    client_number: str
    mode: PayfipMode
    minimum_cents: int = 100
    maximum_cents: int = 9_999_999
    drives_payment: ClassVar[bool] = True

    def __post_init__(self) -> None:
        PaymentRoute.__post_init__(self)
        _require_six_digits(self.client_number, "PayFiP client number")
        if self.mode not in get_args(PayfipMode):
            raise RuleError(f"PayFiP mode {self.mode!r}: T for tests, X for activation, W in production.")
        if not 100 <= self.minimum_cents <= self.maximum_cents <= 9_999_999:
            raise RuleError(f"PayFiP limits {self.minimum_cents} to {self.maximum_cents}: stay within 100 … 9 999 999.")

    def accepts(self, amount_cents: int) -> bool:
        """True when the DGFiP takes this amount in one payment."""
        return self.minimum_cents <= amount_cents <= self.maximum_cents

    def say(self) -> str:
        """What a family does to pay that way, in one French sentence."""
        return f"{self.label} : paiement sécurisé sur le site de la direction générale des Finances publiques (PayFiP)."


@dataclass(frozen=True, slots=True)
class PayfipTitre(PaymentRoute):
    """PayFiP for a « titre »: the family copies an identifier and a three-part reference from its paper notice.

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
        return (
            f"{self.label} : sur {self.website}, saisissez l'identifiant de structure {self.structure_identifier} "
            "et la référence en trois parties de votre avis des sommes à payer."
        )


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
