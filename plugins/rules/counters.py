"""What is handed over at a desk « guichet »: cash, a cheque, CESU titles, and what the régie writes down of each."""

import re
from dataclasses import dataclass
from enum import Enum

from plugins.rules.french import euros
from plugins.rules.payment import Counter
from plugins.rules.texts import is_printable

_TITLE = re.compile(r"[0-9A-Z]{4,20}")
LONGEST_NOTE = 120


class CounterMeans(Enum):
    """How one pays at a desk; the value is kept with the payment."""

    CASH = "cash"
    CHEQUE = "cheque"
    CESU = "cesu"

    def say(self) -> str:
        """« espèces », « chèque », « CESU »: as routes name their means."""
        return _WORDS[self]


_WORDS = {CounterMeans.CASH: "espèces", CounterMeans.CHEQUE: "chèque", CounterMeans.CESU: "CESU"}


def taken_at(desk: Counter) -> tuple[CounterMeans, ...]:
    """The means that a desk takes: those whose word its route writes, « chèque bancaire » being a « chèque »."""
    written = " ".join(desk.means).casefold()
    return tuple(means for means in CounterMeans if means.say().casefold() in written)


@dataclass(frozen=True, slots=True)
class HandedOver:
    """What an agent received, in cents; of a cheque its number and bank, of CESU the number of each title."""

    means: CounterMeans
    cents: int
    cheque: str = ""
    bank: str = ""
    titles: tuple[str, ...] = ()

    def fault(self) -> str | None:
        """Why it cannot be written down, in French; None when it can."""
        if not 0 < self.cents <= 9_999_999:
            return f"{euros(self.cents)} : écrivez un montant positif, de moins de {euros(10_000_000)}."
        is_cheque = self.means is CounterMeans.CHEQUE
        if is_cheque != bool(self.cheque) or is_cheque != bool(self.bank):
            return "Écrivez le numéro et la banque d'un chèque, et d'un chèque seulement."
        if (self.means is CounterMeans.CESU) != bool(self.titles):
            return "Écrivez le numéro de chaque titre CESU, et des CESU seulement."
        numbers = (*self.titles, *([self.cheque] if is_cheque else []))
        if not all(_TITLE.fullmatch(number) for number in numbers) or len(set(numbers)) < len(numbers):
            return (
                "Un numéro de chèque ou de titre a de 4 à 20 chiffres ou lettres capitales, et n'est écrit qu'une fois."
            )
        if not is_printable(self.bank):
            return "Écrivez le nom de la banque sur une ligne, sans caractère spécial."
        if len(self.note()) > LONGEST_NOTE:
            shorter = (
                "abrégez le nom de la banque" if is_cheque else "répartissez les titres sur plusieurs encaissements"
            )
            return f"C'est trop long pour une ligne du journal : {shorter}."
        return None

    def note(self) -> str:
        """What the journal says of it: « chèque n° 1234567, Banque postale », « CESU n° 12345, 12346 »."""
        if self.means is CounterMeans.CHEQUE:
            return f"chèque n° {self.cheque}, {self.bank}"
        return f"CESU n° {', '.join(self.titles)}" if self.means is CounterMeans.CESU else ""
