"""Bank accounts as families write them: read, checked to the key of the RIB, and shown masked."""

from dataclasses import dataclass

from schwifty import BIC, IBAN
from schwifty.exceptions import InvalidBBANChecksum, InvalidChecksumDigits, SchwiftyException


class UnusableIban(ValueError):  # noqa: N818 (a refusal is not an error of the program)
    """An IBAN that cannot be debited; the message tells the family why, in French, and what to do."""


@dataclass(frozen=True, slots=True)
class BankAccount:
    """An account of the SEPA zone. ``bic`` and ``bank`` are empty when the bank is not a known one."""

    iban: str
    bic: str
    bank: str

    def __repr__(self) -> str:
        """Never the account itself: what is logged stays unknown."""
        return f"BankAccount({mask(self.iban[:4], self.iban[-4:])})"

    def say(self) -> str:
        """« FR76 •••• •••• 0189 (CREDIT AGRICOLE SA) »."""
        bank = f" ({self.bank})" if self.bank else ""
        return f"{mask(self.iban[:4], self.iban[-4:])}{bank}"


def read_account(written: str) -> BankAccount:
    """The account that a family wrote, spaces aside.

    Raises :class:`UnusableIban` for what is no IBAN of the SEPA zone, or a French one whose RIB key is wrong.
    """
    try:
        iban = IBAN(written, validate_bban=True)
    except InvalidBBANChecksum as fault:
        raise UnusableIban("La clé du RIB ne correspond pas à ce compte : recopiez l'IBAN de votre RIB.") from fault
    except InvalidChecksumDigits as fault:
        raise UnusableIban("Un chiffre de l'IBAN est faux : recopiez-le de votre RIB.") from fault
    except SchwiftyException as fault:
        raise UnusableIban("Ce n'est pas un IBAN : recopiez celui de votre RIB, FR suivi de 25 caractères.") from fault
    if not iban.in_sepa_zone:
        raise UnusableIban("Ce compte est hors de la zone SEPA : donnez celui d'une banque qui s'y trouve.")
    return BankAccount(str(iban), str(iban.bic or ""), iban.bank_name or "")


def is_iban(text: str) -> bool:
    """True for an IBAN whose every check digit is right, written without spaces."""
    try:
        return text == str(IBAN(text, validate_bban=True))
    except SchwiftyException:
        return False


def is_bic(text: str) -> bool:
    """True for the code of a bank, of 8 or 11 characters."""
    try:
        return text == str(BIC(text))
    except SchwiftyException:
        return False


def mask(start: str, end: str) -> str:
    """« FR76 •••• •••• 2606 »: enough for its owner to know it, too little for anybody else."""
    return f"{start} •••• •••• {end}"
