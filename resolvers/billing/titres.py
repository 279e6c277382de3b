"""The references of « titres », as agents take them from the treasury's software: recorded by lists, corrected so."""

import logging
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from plugins.rules.titres import TitreReference
from resolvers.billing.invoices import titre_route
from resolvers.context import Context
from resolvers.errors import Code, Refusals, Refused
from resolvers.models import Household, Invoice, Titre
from resolvers.models.billing import InvoiceState
from resolvers.models.scope import everything_in_sight
from resolvers.models.tenancy import unit_of_work
from resolvers.numbers import hold

MOST_TITRES = 500
TURN = "titres"  # the counter that is locked to take turns: a reference is free until whoever checks it has written it

Parts = tuple[int, int, int]

_log = logging.getLogger("portail.treasury")


@dataclass(frozen=True, slots=True)
class TitreEntry:
    """What a list says of one invoice, as it was typed: its number, and the exercise, number and line of its titre."""

    invoice_number: str
    parts: Parts


@unit_of_work
async def record(ctx: Context, entries: Sequence[TitreEntry]) -> int:
    """Record the references of invoices, or correct them; returns how many are new or other than before.

    All or nothing, in as many statements for five hundred as for one. The old reference of a corrected one is logged.
    Refused, each at its place in the list: INVALID (a part, an invoice named twice, too many), NOT_FOUND,
    PAYMENT_ROUTE_UNAVAILABLE (the household does not pay so), TITRE_TAKEN.
    """
    if len(entries) > MOST_TITRES:
        raise Refused(Code.INVALID, f"Au plus {MOST_TITRES} titres à la fois.", field=("titres",))
    await hold(TURN)
    batch = await _judged(ctx, entries)
    refused = [refusal for place in range(len(entries)) for refusal in batch.refusals(place)]
    if refused:
        raise Refusals(refused)
    return await _write(ctx, batch)


@dataclass(frozen=True, slots=True)
class _Batch:
    """A list, with what it is judged by: the issued invoices that it names, those of them that are paid by « titre »,
    the references of invoices that it does not name, and how often it writes each number and each reference."""

    entries: Sequence[TitreEntry]
    invoices: Mapping[str, Invoice]
    paid_so: frozenset[UUID]
    elsewhere: frozenset[Parts]
    times: Counter[str | Parts]

    def refusals(self, place: int) -> Iterator[Refused]:
        """Why one line cannot be recorded, each time with the part that is wrong."""
        entry = self.entries[place]
        for part, sentence in TitreReference.faults(*entry.parts).items():
            yield Refused(Code.INVALID, sentence, field=("titres", str(place), part))
        if (fault := self._fault_of_invoice(entry.invoice_number)) is not None:
            yield Refused(*fault, field=("titres", str(place), "invoiceNumber"))
        if (taken := self._taken(entry.parts)) is not None:
            yield Refused(Code.TITRE_TAKEN, taken, field=("titres", str(place), "number"))

    def _fault_of_invoice(self, number: str) -> tuple[Code, str] | None:
        invoice = self.invoices.get(number)
        if invoice is None:
            return Code.NOT_FOUND, "Facture introuvable parmi celles qui sont émises : vérifiez son numéro."
        if invoice.id not in self.paid_so:
            return Code.PAYMENT_ROUTE_UNAVAILABLE, f"La facture {number} ne se paie pas au moyen d'un titre."
        if self.times[number] > 1:
            return Code.INVALID, f"La facture {number} est plusieurs fois dans la liste : gardez-en une ligne."
        return None

    def _taken(self, parts: Parts) -> str | None:
        said = _written(parts)
        if parts in self.elsewhere:
            return f"La référence {said} est déjà celle d'une autre facture : vérifiez-la, ou corrigez d'abord l'autre."
        if self.times[parts] > 1:
            return f"La référence {said} est plusieurs fois dans la liste : un titre est celui d'une seule facture."
        return None


async def _judged(ctx: Context, entries: Sequence[TitreEntry]) -> _Batch:
    """What a list is judged by: three statements."""
    rows = await Invoice.filter(number__in=[entry.invoice_number for entry in entries], state=InvoiceState.ISSUED)
    homes = {row.id: row for row in await Household.filter(id__in=list({row.household_id for row in rows}))}
    with everything_in_sight():  # a reference is borne once in the commune, also by what other services follow
        bearers = await Titre.filter(number__in=[entry.parts[1] for entry in entries])
    named = {row.id for row in rows}
    return _Batch(
        entries=entries,
        invoices={row.number: row for row in rows if row.number is not None},
        paid_so=frozenset(row.id for row in rows if titre_route(ctx, homes[row.household_id].services) is not None),
        elsewhere=frozenset(_parts(row) for row in bearers if row.invoice_id not in named),
        times=Counter([part for entry in entries for part in (entry.invoice_number, entry.parts)]),
    )


async def _write(ctx: Context, batch: _Batch) -> int:
    """Put what is new or corrected in the place of what was there: three statements, so that two may be exchanged."""
    wanted = {batch.invoices[entry.invoice_number].id: entry.parts for entry in batch.entries}
    before = {row.invoice_id: _parts(row) for row in await Titre.filter(invoice_id__in=list(wanted))}
    homes = {row.id: row.household_id for row in batch.invoices.values()}
    fresh = {key: parts for key, parts in wanted.items() if before.get(key) != parts}
    await Titre.filter(invoice_id__in=[key for key in fresh if key in before]).delete()
    await Titre.bulk_create([_row(ctx, homes[key], key, parts) for key, parts in fresh.items()])
    for key, parts in fresh.items():
        if key in before:
            what = {"invoice": str(key), "was": _written(before[key]), "is": _written(parts)}
            facts = {"account": str(ctx.viewer.account_id), **what}
            _log.info("the reference of a titre was corrected", extra={"facts": facts})
    return len(fresh)


def _row(ctx: Context, household_id: UUID, invoice_id: UUID, parts: Parts) -> Titre:
    exercise, number, line = parts
    return Titre(
        household_id=household_id,
        invoice_id=invoice_id,
        exercise=exercise,
        number=number,
        line=line,
        recorded_by=ctx.viewer.account_id,
        at=ctx.now,
    )


def _parts(row: Titre) -> Parts:
    return row.exercise, row.number, row.line


def _written(parts: Parts) -> str:
    return "-".join(map(str, parts))
