"""Invoice runs: drawn, checked, drawn again, then issued, a batch of households at a time.

Each batch is one transaction, and the run's own rows say what is left: killed anywhere, it goes on where it was. The
worker takes turns until nothing is left, whether or not an agent looks on and takes some too.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from tortoise.functions import Sum

from plugins import hookspecs
from plugins.rules.invoicing import say_period
from resolvers.agenda.plans import Window
from resolvers.billing.bill_shares import Sharing
from resolvers.billing.billing import Population, households_to_draw
from resolvers.billing.bills import Trouble
from resolvers.billing.drafts import clear, draw, drop_drafts, leave_to_another, mark_to_draw
from resolvers.billing.issuing import issue_batch, moved_households
from resolvers.context import Context
from resolvers.days.attendance import take_turns
from resolvers.errors import Code, Refused, not_found
from resolvers.idempotency import recall, remember
from resolvers.models import Household, Invoice, InvoiceRun, RunProblem
from resolvers.models.billing import InvoiceState, RunState
from resolvers.models.effects import EffectKind
from resolvers.models.keys import new_key
from resolvers.models.tenancy import unit_of_work
from resolvers.outbox import enqueue

START = "invoiceRunStart"
BATCH = 200  # households: about a second of work
LONGEST_CHECK = 2000  # drafts looked at together, before any number is taken
MOST_NAMED = 100  # households named for one run


@dataclass(frozen=True, slots=True)
class Wanted:
    """A period, by one of its days, and what of it to invoice.

    No service: all that the agent works for. No household: every one.
    """

    day: date
    services: frozenset[str] = frozenset()
    households: frozenset[UUID] = frozenset()


async def start(ctx: Context, wanted: Wanted, key: str | None = None, batch: int = BATCH) -> InvoiceRun:
    """Begin a run and draw its first batch of households; a draft run that it overlaps makes way for it.

    A run for some households draws those that share their bills too. It takes its households out of a draft run that
    has others, which stands; any other one that it overlaps is dropped.
    Refused: INVALID (a period that has not ended, more than ``MOST_NAMED`` households), NOT_FOUND (a service, a
    household), STATE_CONFLICT (a run that overlaps is being issued), and as ``idempotency.recall``.
    """
    return await go_on(ctx, await _opened(ctx, wanted, key), batch)


@unit_of_work
async def _opened(ctx: Context, wanted: Wanted, key: str | None) -> UUID:
    await take_turns()
    asked = {
        "day": wanted.day.isoformat(),
        "services": sorted(wanted.services),
        "households": sorted(map(str, wanted.households)),
    }
    answered = await recall(ctx, START, key, asked)
    if answered is not None:
        return UUID(answered["run"])
    window = _period(ctx, wanted.day)
    run = InvoiceRun(
        period_first=window.first,
        period_last=window.last,
        services=_services(ctx, wanted.services),
        limited_to=await _limit(wanted.households),
        started_by=ctx.viewer.account_id,
        started_at=ctx.now,
    )
    await _make_way(ctx, run)
    await run.save()
    households = (await Sharing.read()).with_their_own(await households_to_draw(Population.of(ctx, run)))
    await mark_to_draw(run, households)
    await InvoiceRun.filter(id=run.id).update(households=len(households))
    await _go_on_later(ctx, run, new_key())
    await remember(ctx, START, key, asked, {"run": str(run.id)})
    return run.id


def _period(ctx: Context, day: date) -> Window:
    calendar = ctx.commune.ask(hookspecs.calendar)
    first, last = ctx.commune.ask(hookspecs.invoicing).period(Window(day, day).first, calendar)
    if last >= ctx.local_now.date():
        label = say_period(first, last)
        message = f"{label[0].upper()}{label[1:]} : cette période n'est pas terminée, facturez-la ensuite."
        raise Refused(Code.INVALID, message, field=("day",))
    return Window(first, last)


def _services(ctx: Context, wanted: frozenset[str]) -> list[str]:
    known = {service.code for service in ctx.commune.identity.services if ctx.viewer.works_for(service.code)}
    if not (known and wanted <= known):  # for an agent of none that is known, no service is not all of them
        raise not_found("Service", "services")
    return sorted(wanted or (known if ctx.viewer.services is not None else ()))


async def _limit(wanted: frozenset[UUID]) -> list[str]:
    """The households that a run is limited to: these, and those whose bills cannot be drawn without theirs."""
    if len(wanted) > MOST_NAMED:
        message = f"Nommez {MOST_NAMED} foyers au plus, en plusieurs facturations ; sans aucun, tous sont facturés."
        raise Refused(Code.INVALID, message, field=("householdIds",))
    if not wanted:
        return []
    if await Household.filter(id__in=sorted(wanted)).count() < len(wanted):
        raise not_found("Foyer", "householdIds")
    return sorted(map(str, (await Sharing.read()).with_their_own(wanted)))


async def _make_way(ctx: Context, new: InvoiceRun) -> None:
    """Take the households of a new run out of the draft runs that it overlaps; drop those that have no others."""
    standing = InvoiceRun.filter(
        state__in=[RunState.DRAFT, RunState.ISSUING],
        period_first__lte=new.period_last,
        period_last__gte=new.period_first,
    )
    for run in await standing.order_by("id").select_for_update():
        if not (_overlap(run.services, new.services) and _overlap(run.limited_to, new.limited_to)):
            continue
        _refuse_issuing(run)
        if not new.limited_to or (run.limited_to and set(run.limited_to) <= set(new.limited_to)):
            await _drop(run)
        else:
            await leave_to_another(run, [UUID(household) for household in new.limited_to])
            await _tell_progress(ctx, run)


def _overlap(some: Sequence[str], others: Sequence[str]) -> bool:
    """True when one is in both; an empty list stands for all there are."""
    return not some or not others or not set(some).isdisjoint(others)


def _refuse_issuing(run: InvoiceRun) -> None:
    if run.state is RunState.ISSUING:
        message = f"Les factures de {say_period(run.period_first, run.period_last)} sont en cours d'émission."
        raise Refused(Code.STATE_CONFLICT, f"{message} Terminez d'abord.")


@unit_of_work
async def go_on(ctx: Context, run_id: UUID, batch: int = BATCH) -> InvoiceRun:
    """Draw, or issue, the next batch of a run; nothing when it has none left. Refused: NOT_FOUND."""
    run = await _my_turn(ctx, run_id)
    if run.state is RunState.DRAFT:
        await _draw_batch(ctx, run, batch)
    elif run.state is RunState.ISSUING:
        await issue_batch(ctx, run, batch)
    await _tell_progress(ctx, run)
    return run


@unit_of_work
async def go_on_alone(ctx: Context, run_id: UUID, turn: UUID, batch: int = BATCH) -> None:
    """The worker's turn: the next batch, and another turn while something is left, in one transaction.

    Taken twice, a turn asks for the same next one: turns never multiply.
    """
    run = await go_on(ctx, run_id, batch)
    if run.state is RunState.ISSUING or (run.state is RunState.DRAFT and run.drawn_at is None):
        await _go_on_later(ctx, run, turn)


async def _go_on_later(ctx: Context, run: InvoiceRun, turn: UUID) -> None:
    payload = {"run": str(run.id)}
    await enqueue(EffectKind.INVOICE_RUN, f"invoice-run:{run.id}:{turn}", payload, ctx.ports, ctx.now)


async def _my_turn(ctx: Context, run_id: UUID) -> InvoiceRun:
    """The run, locked until the commit, while nobody records attendance."""
    await take_turns()
    run = await InvoiceRun.filter(id=run_id).select_for_update().first()
    if run is None or not may_read(ctx, run):
        raise not_found("Facturation", "id")
    return run


async def _draw_batch(ctx: Context, run: InvoiceRun, batch: int = BATCH) -> None:
    left = RunProblem.filter(run_id=run.id, code=Trouble.NOT_DRAWN.name)
    households = await left.order_by("household_id").limit(batch).values_list("household_id", flat=True)
    if households:
        await draw(ctx, run, households)


async def _tell_progress(ctx: Context, run: InvoiceRun) -> None:
    """Count what is done, and end what is."""
    left = await RunProblem.filter(run_id=run.id, code=Trouble.NOT_DRAWN.name).count()
    mine = Invoice.filter(run_id=run.id)
    (total,) = await mine.annotate(total=Sum("total_cents")).values_list("total", flat=True)
    waiting = await mine.filter(state=InvoiceState.DRAFT).count()
    run.drawn, run.total_cents = max(run.households - left, 0), total or 0
    run.issued = await mine.filter(state=InvoiceState.ISSUED).count()
    if run.state is RunState.DRAFT:
        run.drawn_at = None if left else run.drawn_at or ctx.now
    elif run.state is RunState.ISSUING and not waiting:
        run.state, run.issued_at = RunState.ISSUED, ctx.now
    await run.save()


@unit_of_work
async def redraw(ctx: Context, run_id: UUID, household_id: UUID | None = None) -> InvoiceRun:
    """Draw a household of a draft run again, or all those whose attendance moved and those that have a problem.

    What another run took is drawn again by its name only.
    Refused: NOT_FOUND (a household that the run is not for, too), STATE_CONFLICT when the run is no draft any more.
    """
    run = await _my_turn(ctx, run_id)
    if run.state is not RunState.DRAFT:
        raise Refused(Code.STATE_CONFLICT, "Cette facturation n'est plus un brouillon : corrigez par un avoir.")
    if household_id is not None and not (
        _overlap(run.limited_to, [str(household_id)]) and await Household.filter(id=household_id).exists()
    ):
        raise not_found("Foyer", "householdId")
    households = await _to_correct(ctx, run) if household_id is None else frozenset({household_id})
    wanted = (await Sharing.read()).with_their_own(households)
    await clear(run, wanted)
    await mark_to_draw(run, wanted)
    await _draw_batch(ctx, run)
    await _tell_progress(ctx, run)
    if run.drawn_at is None:
        await _go_on_later(ctx, run, new_key())
    return run


async def _to_correct(ctx: Context, run: InvoiceRun) -> frozenset[UUID]:
    problems = RunProblem.filter(run_id=run.id).exclude(code=Trouble.ELSEWHERE.name)
    stopped: list[Any] = await problems.distinct().values_list("household_id", flat=True)
    return frozenset(stopped) | await _moved(ctx, run)


async def _moved(ctx: Context, run: InvoiceRun) -> frozenset[UUID]:
    """The households of the run's drafts whose attendance moved."""
    drafts = await Invoice.filter(run_id=run.id, state=InvoiceState.DRAFT).order_by("household_id")
    moved: frozenset[UUID] = frozenset()
    for first in range(0, len(drafts), LONGEST_CHECK):
        moved |= await moved_households(ctx, run, drafts[first : first + LONGEST_CHECK])
    return moved


async def issue(ctx: Context, run_id: UUID, batch: int = BATCH) -> InvoiceRun:
    """Issue the drafts of a run and its first batch of mails; asked again, it goes on, and once done changes nothing.

    Refused: NOT_FOUND, NOTHING_TO_INVOICE (no draft), STATE_CONFLICT (households left to draw, attendance that moved,
    a run that was dropped).
    """
    await _begin_issuing(ctx, run_id)
    return await go_on(ctx, run_id, batch)


@unit_of_work
async def _begin_issuing(ctx: Context, run_id: UUID) -> None:
    run = await _my_turn(ctx, run_id)
    if run.state in (RunState.ISSUING, RunState.ISSUED):
        return
    label = say_period(run.period_first, run.period_last)
    if run.state is RunState.DROPPED:
        raise Refused(Code.STATE_CONFLICT, f"Cette facturation de {label} a été abandonnée : lancez-en une autre.")
    if await RunProblem.filter(run_id=run.id, code=Trouble.NOT_DRAWN.name).exists():
        raise Refused(Code.STATE_CONFLICT, f"Le calcul de {label} n'est pas terminé : continuez-le d'abord.")
    if not await Invoice.filter(run_id=run.id, state=InvoiceState.DRAFT).exists():
        raise Refused(Code.NOTHING_TO_INVOICE, f"Aucune facture préparée pour {label} : rien à émettre.")
    if moved := await _moved(ctx, run):
        message = f"Des présences de {label} ont changé depuis le calcul (foyers concernés : {len(moved)})"
        raise Refused(Code.STATE_CONFLICT, f"{message} : recalculez-les avant d'émettre.")
    await InvoiceRun.filter(id=run.id).update(state=RunState.ISSUING)
    await _go_on_later(ctx, run, new_key())


@unit_of_work
async def drop(ctx: Context, run_id: UUID) -> InvoiceRun:
    """Give up a draft run: nobody is invoiced, what it charged is due again.

    Refused: NOT_FOUND, STATE_CONFLICT once its invoices are being issued.
    """
    run = await _my_turn(ctx, run_id)
    if run.state is RunState.ISSUED:
        raise Refused(Code.STATE_CONFLICT, "Ces factures sont émises : corrigez par un avoir.")
    _refuse_issuing(run)
    await _drop(run)
    return run


async def _drop(run: InvoiceRun) -> None:
    drafts: list[Any] = await Invoice.filter(run_id=run.id, state=InvoiceState.DRAFT).values_list("id", flat=True)
    for first in range(0, len(drafts), LONGEST_CHECK):
        await drop_drafts(drafts[first : first + LONGEST_CHECK])
    await RunProblem.filter(run_id=run.id).delete()
    run.state, run.total_cents = RunState.DROPPED, 0
    await run.save()


def may_read(ctx: Context, run: InvoiceRun) -> bool:
    """True for a run of services that the agent works for, all of them."""
    mine = ctx.viewer.services
    return mine is None or (bool(run.services) and set(run.services) <= mine)
