"""What agents look at before they issue a run: its drafts, its journal, and what changed since the run before."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from tortoise.expressions import Q, Subquery
from tortoise.functions import Count, Sum
from tortoise.queryset import QuerySet

from resolvers.billing.bills import Trouble
from resolvers.billing.runs import may_read
from resolvers.context import Context
from resolvers.models import Household, Invoice, InvoiceLine, InvoiceRun, Person, RunProblem
from resolvers.models.billing import InvoiceState, RunState

WHOLE = 100


async def runs_page(ctx: Context, before: UUID | None, limit: int) -> tuple[list[InvoiceRun], int]:
    """The runs that an agent may read, the last begun first, after the one at ``before``, and how many there are."""
    rows = [run for run in await InvoiceRun.all().order_by("-id") if may_read(ctx, run)]
    return [run for run in rows if before is None or run.id < before][:limit], len(rows)


async def runs_of(ctx: Context, ids: Sequence[UUID]) -> list[InvoiceRun]:
    """The runs among these that an agent may read."""
    return [run for run in await InvoiceRun.filter(id__in=list(ids)) if may_read(ctx, run)]


@dataclass(frozen=True, slots=True)
class Tally:
    """How many drafts a run has, and how many units or households are stopped by each trouble."""

    drafts: int
    troubles: Mapping[Trouble, int]


async def tallies_of(_ctx: Context, ids: Sequence[UUID]) -> list[Tally]:
    """The tally of each run: two statements for all of them."""
    drafts = Invoice.filter(run_id__in=list(ids), state=InvoiceState.DRAFT).annotate(many=Count("id"))
    counted = dict(await drafts.group_by("run_id").values_list("run_id", "many"))
    troubles: defaultdict[UUID, dict[Trouble, int]] = defaultdict(dict)
    noted = RunProblem.filter(run_id__in=list(ids)).annotate(many=Count("id")).group_by("run_id", "code")
    for run, code, many in await noted.values_list("run_id", "code", "many"):
        troubles[run][Trouble[code]] = many
    return [Tally(counted.get(run, 0), troubles[run]) for run in ids]


async def household_names(_ctx: Context, households: Sequence[UUID]) -> list[str]:
    """The name of each household, empty for one that the agent may not see: one statement for all of them."""
    names = await _names_of(households)
    return [names.get(household, "") for household in households]


async def drafts_page(run_id: UUID, after: UUID | None, limit: int) -> tuple[list[tuple[Invoice, str]], int]:
    """A page of a run's drafts with the names of their households, after a household, and how many there are."""
    rows = Invoice.filter(run_id=run_id, state=InvoiceState.DRAFT)
    total = await rows.count()
    page = await (rows if after is None else rows.filter(household_id__gt=after)).order_by("household_id").limit(limit)
    names = await _names_of([draft.household_id for draft in page])
    return [(draft, names.get(draft.household_id, "")) for draft in page], total


async def problems_page(
    run_id: UUID, trouble: Trouble | None, after: tuple[UUID, date, UUID] | None, limit: int
) -> tuple[list[tuple[RunProblem, str, str]], int]:
    """A page of a run's journal with the names of households and children, after a row, and how many there are.

    By household, then by day; a problem of a whole household is its only one. What only remains to be drawn is no
    problem yet.
    """
    rows = RunProblem.filter(run_id=run_id)
    rows = rows.filter(code=trouble.name) if trouble else rows.exclude(code=Trouble.NOT_DRAWN.name)
    total = await rows.count()
    if after is not None:
        household, day, row = after
        same = Q(household_id=household)
        rows = rows.filter(Q(household_id__gt=household) | same & (Q(day__gt=day) | Q(day=day, id__gt=row)))
    page = await rows.order_by("household_id", "day", "id").limit(limit)
    names = await _names_of([row.household_id for row in page])
    people = await Person.filter(id__in=sorted({row.child_id for row in page if row.child_id}))
    children: dict[Any, str] = {person.id: f"{person.first_name} {person.last_name}" for person in people}
    return [(row, names.get(row.household_id, ""), children.get(row.child_id, "")) for row in page], total


async def _names_of(households: Sequence[UUID]) -> dict[UUID, str]:
    return dict(await Household.filter(id__in=sorted(set(households))).values_list("id", "name"))


@dataclass(frozen=True, slots=True)
class Changed:
    """What a household, or an activity, was charged by the run before (None: nothing) and is by this one, in cents."""

    name: str
    before: int | None
    now: int | None
    household_id: UUID | None = None


@dataclass(frozen=True, slots=True)
class Comparison:
    """A run beside those issued for the last period before its own and the same services, all of them together.

    Of a run for some households, only these are compared. ``changed`` are the households that come, go, or are charged
    more or less by so many per cent, the largest difference first; ``activities`` are all of them, by name.
    """

    previous: tuple[InvoiceRun, ...]
    new: int
    gone: int
    changed: tuple[Changed, ...]
    activities: tuple[Changed, ...]


async def compare(run: InvoiceRun, percent: int, most: int) -> Comparison | None:
    """Compare a run with those of the period before; None when there is none. Six statements, whatever they charge."""
    previous = await _issued_before(run)
    if not previous:
        return None
    were, are = _invoices(run, previous), _invoices(run, [run])
    before, now = [await _by_household(invoices) for invoices in (were, are)]
    moved = sorted(
        (key for key in before.keys() | now.keys() if _differs(before.get(key), now.get(key), percent)),
        key=lambda key: (-abs(now.get(key, 0) - before.get(key, 0)), key),
    )
    names = await _names_of(moved[:most])
    was, becomes = [await _by_activity(invoices) for invoices in (were, are)]
    return Comparison(
        previous,
        new=len(now.keys() - before.keys()),
        gone=len(before.keys() - now.keys()),
        changed=tuple(Changed(names.get(key, ""), before.get(key), now.get(key), key) for key in moved[:most]),
        activities=tuple(Changed(name, was.get(name), becomes.get(name)) for name in sorted({*was, *becomes})),
    )


async def _issued_before(run: InvoiceRun) -> tuple[InvoiceRun, ...]:
    """The runs issued for the last period before a run's own, and the same services, in the order they were begun."""
    issued = InvoiceRun.filter(state=RunState.ISSUED, period_last__lt=run.period_first).order_by("-period_last", "id")
    alike = [one for one in await issued if sorted(one.services) == sorted(run.services)]
    return tuple(one for one in alike if _period(one) == _period(alike[0]))


def _period(run: InvoiceRun) -> tuple[date, date]:
    return run.period_first, run.period_last


def _invoices(run: InvoiceRun, some: Iterable[InvoiceRun]) -> QuerySet[Invoice]:
    """The invoices of some runs, to the households of one."""
    rows = Invoice.filter(run_id__in=[one.id for one in some])
    return rows.filter(household_id__in=list(run.limited_to)) if run.limited_to else rows


def _differs(before: int | None, now: int | None, percent: int) -> bool:
    """True for who comes or goes, and when the difference is more than so many per cent of what was charged."""
    if before is None or now is None:
        return True
    return abs(now - before) * WHOLE > abs(before) * percent


async def _by_household(invoices: QuerySet[Invoice]) -> Counter[UUID]:
    totals = invoices.annotate(total=Sum("total_cents")).group_by("household_id")
    return Counter(dict(await totals.values_list("household_id", "total")))


async def _by_activity(invoices: QuerySet[Invoice]) -> dict[str, int]:
    lines = InvoiceLine.filter(invoice_id__in=Subquery(invoices.values("id")))
    totals = lines.annotate(total=Sum("total_cents")).group_by("activity")
    return dict(await totals.values_list("activity", "total"))
