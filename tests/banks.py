"""A bank in memory, whose answers a test decides."""

from datetime import UTC, datetime

from resolvers.ports import PaymentOrder, PaymentOutcome, PaymentReport, StartedPayment


class Bank:
    """A :class:`resolvers.ports.PaymentDesk` in memory. A test decides what became of each payment.

    ``trouble`` is raised by the next questions, until it is None again.
    """

    NAME = ("COMMUNE DE TEST", "REGIE ENFANCE")

    def __init__(self) -> None:
        self.orders: dict[str, PaymentOrder] = {}
        self.answers: dict[str, PaymentReport] = {}
        self.questions: list[str] = []
        self.trouble: Exception | None = None

    async def start(self, order: PaymentOrder) -> StartedPayment:
        """Open a payment that nobody has made yet."""
        if self.trouble is not None:
            raise self.trouble
        external_id = f"idop-{len(self.orders) + 1}"
        self.orders[external_id] = order
        self.answers[external_id] = PaymentReport(PaymentOutcome.PENDING, {})
        return StartedPayment(external_id, f"https://bank.example/pay?idop={external_id}")

    async def report(self, external_id: str, started_at: datetime) -> PaymentReport:
        """What the test said of the payment."""
        self.questions.append(external_id)
        if self.trouble is not None:
            raise self.trouble
        return self.answers[external_id]

    async def describe(self, client_number: str) -> tuple[str, ...]:
        """The name of any régie."""
        if self.trouble is not None:
            raise self.trouble
        return self.NAME

    async def aclose(self) -> None:
        """Nothing is held open."""

    def decides(
        self, external_id: str, outcome: PaymentOutcome, *, cents: int | None = None, reference: str | None = None
    ) -> None:
        """From now on, answer this of a payment."""
        order = self.orders[external_id]
        paid = outcome is PaymentOutcome.PAID
        self.answers[external_id] = PaymentReport(
            outcome,
            {"resultrans": outcome.value},
            amount_cents=(order.amount_cents if cents is None else cents) if paid else None,
            reference=reference or order.reference,
            authorization="A1B2C3" if paid else None,
            paid_at=datetime(2026, 12, 2, 11, 4, tzinfo=UTC) if paid else None,
        )
