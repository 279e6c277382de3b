"""What the resolvers need from the outside world; the gateway implements it.

Each port is the smallest promise that serves: no rendering, no storage, no session crosses it.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import Enum
from typing import Protocol

from plugins.rules.day_papers import DayPaper
from plugins.rules.deposits import DepositSlip
from plugins.rules.invoice_documents import CreditNoteDocument, InvoiceDocument
from plugins.rules.mandates import MandateDocument
from plugins.rules.payment import LyraPlatform
from plugins.rules.sheets import Sheet
from plugins.rules.statements import PaymentStatement, ReceiptDocument, TaxStatement


class Clock(Protocol):
    """The only source of the present instant."""

    def now(self) -> datetime:
        """The present instant, timezone-aware, in UTC."""
        ...


class PasswordHasher(Protocol):
    """Keeps passwords so that they can be checked and never read."""

    async def hash(self, password: str) -> str:
        """The stored form of a password (slow on purpose; never blocks the event loop)."""
        ...

    async def verify(self, stored: str | None, password: str) -> bool:
        """True when the password matches; with ``stored=None`` it spends the same time and answers False."""
        ...


class Sealer(Protocol):
    """Encrypts what must be readable later but never lie in clear in a table."""

    def seal(self, clear: str) -> str:
        """Encrypt a text; the result is ASCII."""
        ...

    def marks(self, clear: str) -> tuple[str, ...]:
        """One-way marks of a short secret, to find it again without keeping it: the mark to store first, then those
        that former keys made. 64 characters each."""
        ...

    def unseal(self, sealed: str) -> str:
        """Decrypt what :meth:`seal` returned; raises ``ValueError`` on anything else."""
        ...

    def seal_bytes(self, clear: bytes) -> bytes:
        """Encrypt a file."""
        ...

    def unseal_bytes(self, sealed: bytes) -> bytes:
        """Decrypt what :meth:`seal_bytes` returned; raises ``ValueError`` on anything else."""
        ...


@dataclass(frozen=True, slots=True)
class Mail:
    """One message to one person. ``key`` makes the Message-ID, so a repeated delivery can be recognised."""

    key: str
    sender: str
    recipient: str
    subject: str
    body: str
    reply_to: str | None = None


class Mailer(Protocol):
    """Hands a message to an SMTP server."""

    async def send(self, mail: Mail) -> None:
        """Return once the server accepted it; raise :class:`DeliveryDelayed` or :class:`DeliveryRefused` otherwise."""
        ...


class DeliveryDelayed(Exception):  # noqa: N818 (an answer of the outside world, not a fault of ours)
    """The server could not take the message now: try again later."""


class DeliveryRefused(Exception):  # noqa: N818 (an answer of the outside world, not a fault of ours)
    """The server will never take this message (unknown recipient, malformed address)."""


class Printer(Protocol):
    """Draws documents."""

    async def invoice(self, document: InvoiceDocument) -> bytes:
        """An accessible PDF (PDF/UA) of an invoice."""
        ...

    async def invoices(self, documents: Sequence[InvoiceDocument]) -> bytes:
        """One PDF of several invoices, each on pages of its own, in their order."""
        ...

    async def credit_note(self, document: CreditNoteDocument) -> bytes:
        """An accessible PDF (PDF/UA) of a credit note."""
        ...

    async def receipt(self, document: ReceiptDocument) -> bytes:
        """An accessible PDF (PDF/UA) of a receipt."""
        ...

    async def payment_statement(self, document: PaymentStatement) -> bytes:
        """An accessible PDF (PDF/UA) of a statement of payments."""
        ...

    async def tax_statement(self, document: TaxStatement) -> bytes:
        """An accessible PDF (PDF/UA) of a statement for taxes."""
        ...

    async def sheet(self, sheet: Sheet) -> bytes:
        """A PDF with fields to fill (AcroForm), those that are known already filled."""
        ...

    async def mandate(self, document: MandateDocument) -> bytes:
        """An accessible PDF (PDF/UA) of a mandate to sign."""
        ...

    async def deposit_slip(self, slip: DepositSlip) -> bytes:
        """An accessible PDF (PDF/UA) of a deposit slip."""
        ...

    async def day_list(self, paper: DayPaper) -> bytes:
        """An accessible PDF (PDF/UA) of the sheets of a day."""
        ...


class PaymentOutcome(Enum):
    """What the bank says of one payment attempt."""

    PENDING = "PENDING"  # not known yet: ask again
    PAID = "PAID"
    REFUSED = "REFUSED"
    CANCELLED = "CANCELLED"  # abandoned by the person
    EXPIRED = "EXPIRED"  # will never be paid: start another attempt
    LATE = "LATE"  # not known so long after the start that another attempt may be started; it may still be paid


@dataclass(frozen=True, slots=True)
class PaymentOrder:
    """What to ask the bank to collect. ``amount_cents`` is positive; ``reference`` is ours, unique per attempt.

    ``client_number`` is the régie's number at PayFiP or the site's at Lyra, ``mode`` what each calls test and
    production; ``platform`` is Lyra's.
    """

    commune: str
    client_number: str
    year: int
    reference: str
    subject: str
    amount_cents: int
    email: str
    mode: str
    notification_url: str
    return_url: str
    platform: LyraPlatform | None = None


@dataclass(frozen=True, slots=True)
class StartedPayment:
    """The bank's identifier of the attempt, and the page to send the person to: posting ``form``, when there is one."""

    external_id: str
    redirect_url: str
    form: Mapping[str, str] | None = None


BY_DEBIT = "debit"
"""The means of what is collected from a bank account, at once or by a remittance."""


@dataclass(frozen=True, slots=True)
class PaymentReport:
    """The bank's answer about an attempt; ``raw`` is kept as received, as proof.

    ``means`` is how it was paid: ``card``, or ``debit`` when the bank accepted an order that it will collect later.
    ``doubt`` says in French what the bank answered that nobody knew when this was written: the attempt stays PENDING
    for as long as it does, and the agents are told.
    """

    outcome: PaymentOutcome
    raw: Mapping[str, str]
    amount_cents: int | None = None
    reference: str | None = None
    authorization: str | None = None
    paid_at: datetime | None = None
    means: str = "card"
    doubt: str = ""


@dataclass(frozen=True, slots=True)
class BankNotice:
    """What a bank told us by itself, once its signature was checked.

    ``event`` is the bank's own identifier of this very notice, ``reference`` ours of the attempt; ``echo`` repeats
    fields of the form that the browser posted, and must equal them.
    """

    event: str
    reference: str
    echo: Mapping[str, str]
    report: PaymentReport


class BankUnavailable(Exception):  # noqa: N818 (an answer of the outside world, not a fault of ours)
    """The bank did not answer, or answered that it cannot work now: nothing is known, try again later."""


class BankRefused(Exception):  # noqa: N818 (an answer of the outside world, not a fault of ours)
    """The bank refused the order itself; ``code`` is the bank's own, ``reason`` says it in French.

    ``remedy`` is what the family itself can do, a French sentence; empty when only the service can.
    """

    def __init__(self, code: str, reason: str, remedy: str = "") -> None:
        super().__init__(f"{code}: {reason}")
        self.code = code
        self.reason = reason
        self.remedy = remedy


class BankForged(Exception):  # noqa: N818 (an answer of the outside world, not a fault of ours)
    """What claims to come from the bank was not signed with its key."""


class PaymentDesk(Protocol):
    """One payment route that the portal drives: it starts attempts and asks what became of them."""

    async def start(self, order: PaymentOrder) -> StartedPayment:
        """Open an attempt at the bank; raises :class:`BankUnavailable` or :class:`BankRefused`."""
        ...

    async def report(self, external_id: str, started_at: datetime) -> PaymentReport:
        """Ask the bank what became of an attempt; raises :class:`BankUnavailable`."""
        ...

    async def aclose(self) -> None:
        """Give the connections back."""
        ...


class RegieDesk(PaymentDesk, Protocol):
    """A payment desk that knows the régies it collects for by their numbers."""

    async def describe(self, client_number: str) -> tuple[str, ...]:
        """The lines of a régie's name; raises :class:`BankRefused` or :class:`BankUnavailable`."""
        ...


class CardDesk(PaymentDesk, Protocol):
    """A payment desk that signs what it says, and answers no question: silence is all it can report."""

    def read(self, commune: str, received: Mapping[str, str]) -> BankNotice:
        """Check what came to a commune in the bank's name; raises :class:`BankForged`."""
        ...


class Sex(Enum):
    """The sex of the civil status; the values are those of the funds."""

    FEMALE = "F"
    MALE = "M"


@dataclass(frozen=True, slots=True)
class CivilIdentity:
    """Who a family allowance fund is asked about, as on a birth certificate. None of it is kept by the portal.

    Places are codes of the INSEE: ``birth_country`` is 99100 for France, ``birth_town`` None for who was born abroad.
    """

    birth_name: str
    first_names: tuple[str, ...]
    birth_date: date
    birth_country: str
    birth_town: str | None = None
    sex: Sex | None = None


@dataclass(frozen=True, slots=True)
class FundChild:
    """A child of the fund's file: its first names, as the fund writes them."""

    first_names: str
    birth_date: date


@dataclass(frozen=True, slots=True)
class FundAnswer:
    """What the fund knows: a quotient in whole euros a month, the first day of its month, the children of the file."""

    euros: int
    month: date
    children: tuple[FundChild, ...]


class FundUnavailable(Exception):  # noqa: N818 (an answer of the outside world, not a fault of ours)
    """The fund did not answer, or not with a quotient: nothing is known, try again later."""


class FundUnknown(Exception):  # noqa: N818 (an answer of the outside world, not a fault of ours)
    """No fund has a file of this person."""


class AllowanceFund(Protocol):
    """The family allowance funds (CAF and MSA), as far as a commune may ask them."""

    def serves(self, commune: str) -> bool:
        """True when the commune may ask at all."""
        ...

    async def quotient(self, commune: str, who: CivilIdentity) -> FundAnswer:
        """The person's quotient of the present month; raises :class:`FundUnknown` or :class:`FundUnavailable`."""
        ...

    async def aclose(self) -> None:
        """Give the connections back."""
        ...


@dataclass(frozen=True, slots=True)
class Ports:
    """All the doors a use case may need, in one value."""

    clock: Clock
    passwords: PasswordHasher
    sealer: Sealer
    mailer: Mailer
    printer: Printer
    payfip: RegieDesk
    lyra: CardDesk
    caf: AllowanceFund

    async def aclose(self) -> None:
        """Give back what the doors hold open."""
        await self.payfip.aclose()
        await self.lyra.aclose()
        await self.caf.aclose()
