"""Invoices online instead of paper « adhésion à la facture en ligne »: for whom, on which terms, who accepts."""

from collections.abc import Iterable
from dataclasses import dataclass

from plugins.rules.features import Review
from plugins.rules.french import say_list
from plugins.rules.joining import JoiningTerms

TERMS = JoiningTerms(
    "1",
    "Vos factures sont déposées dans votre espace famille et un e-mail vous prévient de chacune : vous ne les recevez "
    "plus sur papier. Elles valent celles sur papier ; vous les téléchargez et les gardez. Vous signalez tout "
    "changement d'adresse e-mail, et vous revenez au papier quand vous le voulez.",
)
"""The portal's own terms."""


@dataclass(frozen=True, slots=True)
class OnlineInvoices:
    """How households that receive their invoices on paper have them online instead.

    Those that one of ``services`` follows receive paper until they join (empty: all of them); the invoices of the
    others are online already. An agent accepts each request, or it holds at once, as ``review`` says. Back to paper
    holds at once.
    """

    review: Review = Review.AGENT
    services: frozenset[str] = frozenset()
    terms: JoiningTerms = TERMS

    def concerns(self, services: Iterable[str]) -> bool:
        """True for a household that these services follow, by their codes, when its invoices are on paper at first."""
        return not self.services or not self.services.isdisjoint(services)

    def say(self) -> str:
        """Who receives paper, and who accepts that it stops."""
        accepted = ", après accord du service" if self.review is Review.AGENT else ""
        return f"Les factures sont sur papier jusqu'à l'adhésion de la famille à la facture en ligne{accepted}."

    def say_recap(self, told: Iterable[str]) -> str:
        """What joining will do, before the family validates; ``told`` names who is mailed, in full."""
        when = "Quand le service aura accepté votre demande" if self.review is Review.AGENT else "Dès maintenant"
        return (
            f"{when}, vos factures ne seront plus envoyées sur papier. À chaque facture, un e-mail préviendra "
            f"{say_list(told)}."
        )
