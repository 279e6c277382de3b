"""The worker: does what the outbox asks, commune after commune, until it is told to stop."""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from datetime import date, datetime, timedelta
from uuid import UUID

from plugins.communes import Commune, Communes
from resolvers import outbox
from resolvers.access import sign_up
from resolvers.agenda import offers, reminders
from resolvers.billing import reminders_due, runs
from resolvers.context import ANONYMOUS, Context
from resolvers.files import document_reminders
from resolvers.models import Effect
from resolvers.models.effects import EffectKind
from resolvers.models.scope import everything_in_sight
from resolvers.models.tenancy import in_commune
from resolvers.paying import collecting, mandate_states, plan_agreements, settlements
from resolvers.ports import BankUnavailable, DeliveryDelayed, DeliveryRefused, Ports

PAUSE = 0.5  # seconds between two looks at the outboxes when there was nothing to do
ROUND = timedelta(hours=1)
_log = logging.getLogger("portail.worker")


class Worker:
    """Drains the outboxes of the communes this process serves. Several may run: effects are leased."""

    def __init__(self, communes: Communes, ports: Ports, public_url: str) -> None:
        self._communes = communes
        self._ports = ports
        self._public_url = public_url
        self.last_turn: datetime | None = None
        self._rounds: dict[str, datetime] = {}
        self._deeds: dict[EffectKind, Callable[[Context, Effect], Awaitable[None]]] = {
            EffectKind.MAIL: self._mail,
            EffectKind.PAYMENT_POLL: self._poll,
            EffectKind.ACCOUNT_RECOVERY: self._recover,
            EffectKind.PLACES: self._places,
            EffectKind.INVOICE_RUN: self._invoice,
        }

    async def run(self, stop: asyncio.Event) -> None:
        """Work until ``stop`` is set; the effect under way is finished first."""
        while not stop.is_set():
            done = 0
            for commune in self._communes.values():
                done += await self._turn(commune)
            self.last_turn = self._ports.clock.now()
            if not done:
                try:
                    await asyncio.wait_for(stop.wait(), PAUSE)
                except TimeoutError:
                    continue

    async def _turn(self, commune: Commune) -> int:
        """One look at a commune's outbox; a database that is down is tried again at the next turn."""
        with in_commune(commune.slug), everything_in_sight():  # the worker serves every household
            try:
                await self._make_rounds(commune)
                effects = await outbox.claim(self._ports.clock.now())
            except Exception:  # noqa: BLE001 (whatever is down may be up again at the next turn)
                _log.exception("the outbox cannot be read")
                return 0
            for effect in effects:
                await self._do(commune, effect)
            return len(effects)

    async def _make_rounds(self, commune: Commune) -> None:
        """Once an hour, do what time alone decides: remind of documents that soon end, of last instants and of
        unpaid invoices, end the payment plans of which a part is missed and the mandates that nobody used, and book the
        collections that no bank rejected in time."""
        now = self._ports.clock.now()
        last = self._rounds.get(commune.slug)
        if last is None or not timedelta(0) <= now - last < ROUND:
            await document_reminders.remind(self._context(commune, "rounds"))
            await reminders.remind(self._context(commune, "rounds"))
            await reminders_due.remind(self._context(commune, "rounds"))
            await plan_agreements.end_missed(self._context(commune, "rounds"))
            await mandate_states.lapse(self._context(commune, "rounds"))
            await collecting.book_due(self._context(commune, "rounds"))
            self._rounds[commune.slug] = now

    def _context(self, commune: Commune, work: str) -> Context:
        return Context(
            commune=commune,
            viewer=ANONYMOUS,
            now=self._ports.clock.now(),
            ports=self._ports,
            public_url=self._public_url,
            request_id=work,
        )

    async def _do(self, commune: Commune, effect: Effect) -> None:
        ctx = self._context(commune, str(effect.id))
        facts = {"kind": effect.kind.value, "effect": str(effect.id), "attempt": effect.attempts + 1}
        if not await outbox.renew(effect, ctx.now):
            return
        try:
            await self._deeds[effect.kind](ctx, effect)
        except DeliveryRefused as refusal:
            _log.warning("an effect was refused for good", extra={"facts": facts})
            await outbox.failed(effect, ctx.now, str(refusal), final=True)
        except (DeliveryDelayed, BankUnavailable) as delay:
            _log.info("an effect is delayed", extra={"facts": facts})
            await outbox.failed(effect, ctx.now, str(delay))
        except Exception as error:  # noqa: BLE001 (one effect that fails must not stop the others)
            _log.exception("an effect failed", extra={"facts": facts})
            await outbox.failed(effect, ctx.now, type(error).__name__)
        else:
            await outbox.done(effect.id, self._ports.clock.now())

    async def _mail(self, _ctx: Context, effect: Effect) -> None:
        await self._ports.mailer.send(outbox.mail_of(effect, self._ports))

    async def _poll(self, ctx: Context, effect: Effect) -> None:
        payload = outbox.opened(effect, self._ports)
        await settlements.poll(ctx, UUID(payload["attempt"]), int(payload["polls"]))

    async def _invoice(self, ctx: Context, effect: Effect) -> None:
        await runs.go_on_alone(ctx, UUID(outbox.opened(effect, self._ports)["run"]), effect.id)

    async def _recover(self, ctx: Context, effect: Effect) -> None:
        await sign_up.send_way_in(ctx, outbox.opened(effect, self._ports))

    async def _places(self, ctx: Context, effect: Effect) -> None:
        days = outbox.opened(effect, self._ports)["days"]
        await offers.pass_on(ctx, [date.fromisoformat(day) for day in days])
