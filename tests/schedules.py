"""Everything that may happen around a payment, in any order and at once, and what must be true whatever happened.

The banks are the simulated ones, in this process: PayFiP over its own protocol, Lyra with its own signatures. The one
that collects remittances says of each what a deed draws.
"""

import asyncio
from collections import Counter
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import timedelta
from uuid import UUID

import httpx

from gateway.payments.payfip import Payfip
from gateway.simulators.bank import CONTROL_PATH, PAGE_PATH, SERVICE_PATH, bank_app
from gateway.simulators.bank_ledger import BankClient
from gateway.simulators.bank_notifications import BankFaults
from gateway.simulators.lyra_shops import FormRefused, Shop, Shops, Transaction
from plugins.rules.debit_answers import BankWord
from resolvers.billing import credit_notes
from resolvers.errors import Refused
from resolvers.models import Allocation, AttemptShare, Collection, Effect, Invoice, InvoiceLine, Payment, PaymentAttempt
from resolvers.models.direct_debits import CollectionState
from resolvers.models.effects import EffectKind
from resolvers.models.payments import AttemptState
from resolvers.outbox import claim, done, failed, opened
from resolvers.paying import collecting, rejects, remittances
from resolvers.paying.settlements import keep_bank_event, poll, settle
from resolvers.ports import BankUnavailable
from tests.cards import REGIE, card_village, say, signed
from tests.debiting import mandate
from tests.paying import DUE, owe, pay
from tests.towns import LYRA_KEYS, Family, Signed, Town, add_agent, add_family

BANK = "http://bank.example"
MOVES = (7, 50, 70, 16 * 60, 31 * 60, 2 * 3600 + 60, 26 * 3600)  # seconds
LONGEST_CALL = 120  # seconds: a bank that answers later than that was given up
LETTERS = "PPPVRZAA"
STATUSES = ("AUTHORISED", "AUTHORISED", "AUTHORISED", "UNDER_VERIFICATION", "REFUSED", "ABANDONED")
DEEDS = (
    *("start", "start", "press", "press", "notify", "return", "refresh", "poll"),
    *("later", "clear", "forge", "down", "remit", "collect", "collect"),
)
Deed = tuple[str, int, int]


@dataclass
class Schedule:
    """One family with two invoices, another one that has no business there, an agent, and the two banks."""

    town: Town
    family: Family
    stranger: Signed
    agent: Signed
    browser: httpx.AsyncClient
    lyra: Shops
    invoices: list[UUID] = field(default_factory=list)
    attempts: dict[UUID, PaymentAttempt] = field(default_factory=dict)
    cards: dict[UUID, Transaction] = field(default_factory=dict)
    paid: set[UUID] = field(default_factory=set)
    is_down: bool = False

    @classmethod
    async def made(cls) -> "Schedule":
        """A village whose banks are in this process."""
        town = Town(card_village())
        client = BankClient(REGIE.client_number, ("VILLAGE", "", ""))
        transport = httpx.ASGITransport(bank_app(town.clock, [client], BankFaults(notifications=0)))
        desk = Payfip(BANK + SERVICE_PATH, BANK + PAGE_PATH, town.clock, transport=transport)
        town.ports = replace(town.ports, payfip=desk)
        family, other = await add_family(town, children=()), await add_family(town, "AUTRE", children=())
        await mandate(town, family)
        shops = Shops(town.clock, [Shop(key.site_id, key.mode, key.key) for key in LYRA_KEYS])
        browser = httpx.AsyncClient(transport=transport, base_url=BANK)
        return cls(town, family, other.parent, await add_agent(town), browser, shops)

    async def aclose(self) -> None:
        """Give the connections back."""
        await self.browser.aclose()
        await self.town.ports.aclose()

    async def begin(self) -> None:
        """Two new invoices, and nothing done yet."""
        self.attempts, self.cards, self.paid = {}, {}, set()
        today = self.town.context().local_now.date()
        days = {"issued_on": today, "due_on": today, "debit_on": today}
        self.invoices = [await owe(self.town, self.family, cents, **days) for cents in (DUE, 4_00)]
        lines = [
            InvoiceLine(
                invoice_id=key,
                household_id=self.family.id,
                position=1,
                child="Enfant1 TEST",
                activity="Cantine",
                unit="Repas",
                quantity=1,
                unit_cents=cents,
                total_cents=cents,
            )
            for key, cents in zip(self.invoices, (DUE, 4_00), strict=True)
        ]
        with self.town.at_work():
            await InvoiceLine.bulk_create(lines)

    async def do(self, deed: Deed) -> None:
        """One thing that happens; what is refused, or meets a bank that is down, changes nothing."""
        name, n, m = deed
        known = list(self.attempts.values())
        with suppress(Refused, BankUnavailable, FormRefused):
            if name == "start":
                await self._start(n, m)
            elif name == "poll":
                await self._poll()
            elif name == "later":
                self.town.later(seconds=MOVES[n % len(MOVES)])
            elif name == "clear":
                await self._clear(self.invoices[n % 2], m)
            elif name == "down":
                await self._turn(down=not self.is_down)
            elif name == "remit":
                await self._remit()
            elif name == "collect":
                await self._collect(n, m)
            elif known:
                await self._with(name, known[n % len(known)], m)

    async def _with(self, name: str, attempt: PaymentAttempt, m: int) -> None:
        if name == "press":
            await self._press(attempt, m)
        elif name == "forge":
            await self._forge(attempt, m)
        else:
            for _ in range(m % 6 if name == "notify" else 1):
                await self._tell(attempt, by_bank=name != "refresh")

    async def _start(self, n: int, m: int) -> None:
        wanted = (self.invoices[:1], self.invoices[1:], self.invoices)[n % 3]
        attempt = await pay(self.town, self.family.parent, *wanted, route=("payfip", "carte")[m % 2])
        self.attempts[attempt.id] = attempt

    async def _press(self, attempt: PaymentAttempt, m: int) -> None:
        """Press a button of the bank's page, which says by itself when it is too late."""
        if not attempt.form:
            await self.browser.get(PAGE_PATH, params={"idop": attempt.external_id or ""})
            pressed = {"idop": attempt.external_id or "", "resultrans": LETTERS[m % len(LETTERS)]}
            await self.browser.post(PAGE_PATH, data=pressed)
        else:
            card = self.cards.get(attempt.id)
            if card is None or card.status == "ABANDONED":
                card = self.lyra.open(attempt.form)
            self.lyra.settle(card.uuid, STATUSES[m % len(STATUSES)])
            self.cards[attempt.id] = card

    async def _tell(self, attempt: PaymentAttempt, *, by_bank: bool) -> None:
        """The bank's notification or the browser's return, or the family that asks again."""
        if by_bank and attempt.id in self.cards:
            await say(self.town, self.lyra.told(self.cards[attempt.id], notice=True))
            return
        with self.town.at_work() as ctx:
            if by_bank:
                await keep_bank_event("payfip", attempt.external_id or "", {}, ctx.now)
            await settle(ctx, attempt.external_id or "")

    async def _poll(self) -> bool:
        """Do what the outbox has due, as a worker does; False when there was nothing."""
        with self.town.at_work() as ctx:
            claimed = await claim(ctx.now)
            for effect in claimed:
                if effect.kind is EffectKind.PAYMENT_POLL:
                    payload = opened(effect, self.town.ports)
                    try:
                        await poll(ctx, UUID(payload["attempt"]), payload["polls"])
                    except BankUnavailable as delay:
                        await failed(effect, ctx.now, str(delay))
                        continue
                await done(effect.id, ctx.now)
        return bool(claimed)

    async def _clear(self, invoice: UUID, m: int) -> None:
        with self.town.asked_by(self.agent) as ctx:
            if m % 2:
                await credit_notes.issue(ctx, invoice, None, "Absence justifiée", None)
            else:
                await credit_notes.write_off(ctx, invoice, 1_00, "Remise", None)

    async def _remit(self) -> None:
        """Make the remittance of tomorrow, and give it to the bank."""
        with self.town.asked_by(self.agent) as ctx:
            made = await remittances.make(ctx, ctx.local_now.date() + timedelta(days=1), None)
            await remittances.mark_sent(ctx, made.id)

    async def _collect(self, n: int, m: int) -> None:
        """The bank's word on a collection, so many times; or the agent books what it did not reject."""
        with self.town.asked_by(self.agent) as ctx:
            known = await Collection.filter(invoice_id__in=self.invoices).order_by("end_to_end_id")
            if not known:
                return
            found = known[n % len(known)]
            if m % 3 == 0:
                await collecting.book(ctx, found.remittance_id)
            else:
                word = BankWord(found.end_to_end_id, ("", "AM04")[n % 2], found.cents)
                await rejects.hear(ctx, "pain.002", [word] * (m % 3))

    async def _turn(self, *, down: bool) -> None:
        self.is_down = down
        await self.browser.post(CONTROL_PATH, json={"down": down})

    async def _forge(self, attempt: PaymentAttempt, m: int) -> None:
        """Lies about a payment; and somebody else who tries to pay what is not theirs."""
        fields = {**(attempt.form or {}), "vads_trans_status": "AUTHORISED", "vads_trans_uuid": "forged"}
        lies = (
            fields,
            {**signed(fields), "vads_amount": "1"},
            signed(fields, "0000000000000000"),
            signed({**fields, "vads_amount": "1"}),
            signed({**fields, "vads_currency": "952"}),
        )
        await say(self.town, lies[m % len(lies)])
        with self.town.at_work() as ctx:
            await keep_bank_event("payfip", f"forged-{m}", {"resultrans": "P"}, ctx.now)
            await settle(ctx, f"forged-{m}")
        await pay(self.town, self.stranger, *self.invoices)

    # --- what must be true -------------------------------------------------------------------------------------------

    async def check(self) -> None:
        """After each moment: the ledger is balanced, no invoice is overpaid, and what was paid stays so.

        Nor is an invoice ever at the bank in two ways: paid on a page, and collected by a remittance.
        """
        with self.town.at_work():
            shares = await AttemptShare.filter(invoice_id__in=self.invoices)
            attempts = await PaymentAttempt.filter(id__in=[share.attempt_id for share in shares])
            payments = await Payment.filter(attempt_id__in=[row.id for row in attempts])
            placed = await Allocation.filter(payment_id__in=[row.id for row in payments])
            invoices = await Invoice.filter(id__in=self.invoices)
            collected = await Collection.filter(invoice_id__in=self.invoices)
        settled = {row.id for row in attempts if row.state is AttemptState.PAID}
        assert self.paid <= settled
        self.paid = settled
        assert sorted(row.attempt_id for row in payments) == sorted(settled)
        of_payment, of_invoice = Counter[UUID](), Counter[UUID | None]()
        for row in placed:
            of_payment[row.payment_id] += row.amount_cents
            of_invoice[row.invoice_id] += row.amount_cents
        stands = {row.id: row.amount_cents for row in payments if row.reversed_at is None}
        assert +of_payment == Counter(stands)
        assert [of_invoice[row.id] for row in invoices] == [row.paid_cents for row in invoices]
        assert all(0 <= row.paid_cents <= row.total_cents - row.cleared_cents for row in invoices)
        running = {row.id for row in attempts if row.state is AttemptState.RUNNING}
        on_a_page = Counter(share.invoice_id for share in shares if share.attempt_id in running)
        waiting = Counter(row.invoice_id for row in collected if row.state is CollectionState.WAITING)
        assert all(times == 1 for times in (on_a_page + waiting).values())

    async def end(self) -> None:
        """The bank's last word reaches us at last: what it took is booked, nothing else is, and a receipt each.

        PayFiP tells nothing by itself: our polling must find out. Lyra, that cannot be asked, posts its notice again.
        """
        await self._turn(down=False)
        for key in self.cards:
            await self._tell(self.attempts[key], by_bank=True)
        self.town.later(hours=25)
        while await self._poll():
            continue
        await self.check()
        taken = {key for key, attempt in self.attempts.items() if await self._was_taken(attempt)}
        assert self.paid & self.attempts.keys() == taken
        with self.town.at_work():
            shares = await AttemptShare.filter(attempt_id__in=list(taken))
            payments = await Payment.filter(attempt_id__in=list(taken))
            receipts = [f"mail:receipt:{row.id}:{self.family.parent.viewer.account_id}" for row in payments]
            assert await Effect.filter(key__in=receipts).count() == len(payments)
            done = Collection.filter(invoice_id__in=self.invoices, state=CollectionState.COLLECTED)
            collected = Counter(row.invoice_id for row in await done)
        for invoice in self.invoices:
            payers = [share.attempt_id for share in shares if share.invoice_id == invoice]
            is_told = not any(payer in self.cards for payer in payers)  # Lyra cannot be asked
            assert len(payers) + collected[invoice] <= 1 or not is_told

    async def _was_taken(self, attempt: PaymentAttempt) -> bool:
        if attempt.form:
            return attempt.id in self.cards and self.cards[attempt.id].status == "AUTHORISED"
        report = await self.town.ports.payfip.report(attempt.external_id or "", attempt.started_at)
        return report.raw.get("resultrans") in ("P", "V")


def _outlasts(deed: Deed) -> bool:
    """True for a time that nothing lasts: what is under way is over by then."""
    name, n, _ = deed
    return name == "later" and MOVES[n % len(MOVES)] > LONGEST_CALL


async def play(schedule: Schedule, moments: Sequence[Sequence[Deed]]) -> None:
    """Play the moments in turn, what is in one at once, and check after each."""
    await schedule.begin()
    for moment in moments:
        await asyncio.gather(*(schedule.do(deed) for deed in moment if not _outlasts(deed)))
        for deed in filter(_outlasts, moment):
            await schedule.do(deed)
        await schedule.check()
    await schedule.end()
