"""Payments as families read them: where the attempt stands, what was booked of it, and what that means for them."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum

from resolvers.models import Payment, PaymentAttempt
from resolvers.models.payments import AttemptState
from resolvers.ports import BY_DEBIT


class PaymentState(Enum):
    """The states of an attempt, and REVERSED for one whose payment did not stand."""

    RUNNING = "RUNNING"
    PAID = "PAID"
    REVERSED = "REVERSED"
    REFUSED = "REFUSED"
    CANCELLED = "CANCELLED"
    EXPIRED = "EXPIRED"


_SENTENCES = {
    PaymentState.PAID: "Votre paiement a été accepté. Un reçu vous est envoyé par mail.",
    PaymentState.REVERSED: "Ce paiement a été annulé : ce qu'il avait réglé est de nouveau à payer.",
    PaymentState.REFUSED: "Votre paiement a été refusé par la banque : rien n'a été débité. Vous pouvez réessayer.",
    PaymentState.CANCELLED: "Vous avez abandonné ce paiement : rien n'a été débité. Vous pouvez réessayer.",
    PaymentState.EXPIRED: "Ce paiement n'a pas abouti : rien n'a été débité. Vous pouvez réessayer.",
    PaymentState.RUNNING: "La banque n'a pas encore confirmé votre paiement. La facture sera marquée payée d'elle-même "
    "dès sa réponse : ne payez pas une seconde fois.",
}
_ORDERED = (
    "Votre ordre de prélèvement a été accepté : il est en attente d'encaissement. N'en faites pas un second. Si votre "
    "banque le rejette, vous en serez averti et la facture sera de nouveau à payer."
)


@dataclass(frozen=True, slots=True)
class Followed:
    """An attempt to pay, and what was booked of it: None until the bank says that it is paid."""

    attempt: PaymentAttempt
    booked: Payment | None

    @property
    def state(self) -> PaymentState:
        """Where it stands."""
        if self.booked is not None and self.booked.reversed_at is not None:
            return PaymentState.REVERSED
        return PaymentState[self.attempt.state.name]

    @property
    def awaits_collection(self) -> bool:
        """True for an order of direct debit given on a bank's page: it is booked, the money comes days later.

        A collection of a remittance is booked once the bank collected it, and has no identifier at a bank's page.
        """
        ordered = self.booked is not None and self.booked.means == BY_DEBIT and self.attempt.external_id is not None
        return ordered and self.state is PaymentState.PAID

    def say(self) -> str:
        """What it means for the family, in French."""
        return _ORDERED if self.awaits_collection else _SENTENCES[self.state]


async def followed(attempts: Sequence[PaymentAttempt]) -> list[Followed]:
    """Each attempt and what was booked of it: one statement for all, none when nothing may be booked."""
    paid = [attempt.id for attempt in attempts if attempt.state is AttemptState.PAID]
    booked = {row.attempt_id: row for row in await Payment.filter(attempt_id__in=paid)} if paid else {}
    return [Followed(attempt, booked.get(attempt.id)) for attempt in attempts]
