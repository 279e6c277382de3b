"""The « titre » of an invoice: a debt that the treasury notifies and collects, by an identifier and a reference.

The portal copies what is printed on the « avis des sommes à payer »: it is never told what became of the debt.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from plugins.rules.errors import RuleError
from plugins.rules.payment import PayfipTitre

_BOUNDS = {
    "exercise": (2000, 2099, "L'exercice est une année à quatre chiffres, comme 2026."),
    "number": (1, 99_999_999, "Le numéro du titre a de un à huit chiffres."),
    "line": (1, 999_999, "Le numéro de ligne a de un à six chiffres."),
}


@dataclass(frozen=True, slots=True)
class TitreReference:
    """What goes in the three boxes of the treasury's form, such as 2026 – 1234 – 1, without zeros in front.

    The guide of Chailles (§3) shows three boxes, and the SDIS 06 prints « 2021-2-1 »; that they are the exercise, the
    number of the « titre » and its line is how such references are usually read. Eighteen digits at most, as the
    DGFiP's « refdet » of a titre: how many are for the number and for the line is ours.
    """

    exercise: int
    number: int
    line: int

    def __post_init__(self) -> None:
        for fault in self.faults(self.exercise, self.number, self.line).values():
            raise RuleError(fault)

    @staticmethod
    def faults(exercise: int, number: int, line: int) -> Mapping[str, str]:
        """What is wrong with each part, in French; empty when they make a reference."""
        given = {"exercise": exercise, "number": number, "line": line}
        return {part: sentence for part, (least, most, sentence) in _BOUNDS.items() if not least <= given[part] <= most}

    @property
    def parts(self) -> tuple[str, str, str]:
        """The three boxes, in their order."""
        return str(self.exercise), str(self.number), str(self.line)

    def __str__(self) -> str:
        """« 2026-1234-1 », to be copied at once."""
        return "-".join(self.parts)

    def say(self) -> str:
        """« 2026-1234-1 (exercice 2026, titre n° 1234, ligne 1) »."""
        return f"{self} (exercice {self.exercise}, titre n° {self.number}, ligne {self.line})"


@dataclass(frozen=True, slots=True)
class TitreNotice:
    """How an invoice is paid as a « titre »; ``reference`` is None until the service has it from the treasury."""

    route: PayfipTitre
    reference: TitreReference | None = None

    def say(self) -> str:
        """What to copy and where, what is still on paper only, and that the portal is not told of the payment."""
        unknown_here = (
            f"Le portail ne sait pas si cet avis est payé : seuls l'avis, {self.route.website} et votre trésorerie le "
            "disent."
        )
        if self.reference is None:
            return (
                f"{self.route.say()} Le portail n'a pas encore cette référence : elle est imprimée sur l'avis que "
                f"vous recevez par courrier. {unknown_here}"
            )
        return f"{self.route.say_form()} la référence {self.reference.say()}. {unknown_here}"
