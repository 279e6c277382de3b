"""The files a commune's bank reads: their version, the treasury's own profile, and the letters they are written in."""

import re
import unicodedata
from dataclasses import dataclass
from datetime import date
from typing import Literal, get_args

from plugins.rules.errors import RuleError
from plugins.rules.ibans import is_iban
from plugins.rules.texts import require_line

FileVersion = Literal["pain.008.001.08", "pain.008.001.02"]

_LIGATURES = str.maketrans({"œ": "oe", "Œ": "OE", "æ": "ae", "Æ": "AE", "ß": "ss", "’": "'", "°": "o", "–": "-"})
_SEPA = re.compile(r"[^A-Za-z0-9/?:().,'+ -]")  # EPC217-08, « SEPA conversion table »: what every bank reads
_MOST_A_DAY = 999


@dataclass(frozen=True, slots=True)
class TreasuryAccount:
    """A « compte de dépôt de fonds au Trésor »: the treasury's office collects for the régie that holds the account.

    ``post`` is the six digits of the office « poste comptable », ``service`` the letters the treasury gave the régie
    for its files, ``siret`` who sends them (DGFiP, « prélèvements SEPA, remettants DFT », tome 3).
    """

    office: str
    post: str
    service: str
    siret: str
    holder: str
    iban: str

    def __post_init__(self) -> None:
        for text in (self.office, self.holder):
            require_line(text, "Treasury account")
        if not re.fullmatch(r"[0-9]{6}", self.post):
            raise RuleError(f"Office {self.post!r} of the treasury: write the six digits of the « poste comptable ».")
        if not re.fullmatch(r"[A-Z0-9]{1,8}", self.service):
            raise RuleError(f"Service {self.service!r} of the treasury: write 1 to 8 capital letters and digits.")
        if not re.fullmatch(r"[0-9]{14}", self.siret):
            raise RuleError(f"SIRET {self.siret!r} of who sends files to the treasury: write 14 digits.")
        if not is_iban(self.iban):
            raise RuleError(f"IBAN of the treasury account of {self.holder}: it is not one; write it without spaces.")

    def say(self) -> str:
        """« un compte de dépôt de fonds au Trésor (SGC de Redon, poste 035031) »."""
        return f"un compte de dépôt de fonds au Trésor ({self.office}, poste {self.post})"


@dataclass(frozen=True, slots=True)
class BankFile:
    """How collections are sent: the version of ISO 20022 the bank reads, and the treasury's profile, if it is it."""

    version: FileVersion = "pain.008.001.08"
    treasury: TreasuryAccount | None = None

    def __post_init__(self) -> None:
        if self.version not in get_args(FileVersion):
            raise RuleError(f"Bank file {self.version!r}: write one of {', '.join(get_args(FileVersion))}.")

    def say(self) -> str:
        """« fichier pain.008.001.08 »."""
        return f"fichier {self.version}" + (f" pour {self.treasury.say()}" if self.treasury else "")

    def message_id(self, day: date, sequence: int) -> str:
        """The name of the *sequence*-th file of a day, 1 being the first; unique to this creditor for ever."""
        if not 1 <= sequence <= _MOST_A_DAY:
            raise RuleError(f"File {sequence} of a day: write 1 to {_MOST_A_DAY}.")
        if self.treasury is None:
            return f"SDD-{day:%Y%m%d}-{sequence:03}"
        return f"{self.treasury.service}-DFT-SDD-{day:%y%j}-{sequence:03}"

    def end_to_end_id(self, message_id: str, position: int) -> str:
        """The reference of a collection, by its place in a file: what the bank names it by, 35 characters at most."""
        if self.treasury is None:
            return f"{message_id}-{position:05}"
        *_, day, sequence = message_id.split("-")
        return f"1D{self.treasury.post}0{day}{sequence}{position:05}"


def sepa_text(text: str, longest: int) -> str:
    """The text in the letters every bank reads, cut; what has no such letter becomes a space.

    A slash neither begins nor ends it, and never follows another (EPC implementation guidelines, §1.4).
    """
    plain = unicodedata.normalize("NFKD", text.translate(_LIGATURES))
    spelt = _SEPA.sub(" ", "".join(letter for letter in plain if not unicodedata.combining(letter)))
    return re.sub(r"/{2,}", "/", " ".join(spelt.split())).strip("/ ")[:longest].strip("/ ")
