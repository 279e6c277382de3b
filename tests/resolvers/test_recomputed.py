"""Every invoice of a generated commune equals an independent recomputation from the log, to the cent."""

from collections import Counter
from datetime import timedelta

import pytest

from resolvers.billing.billing import Month
from resolvers.models import CreditNote, Invoice
from resolvers.models.billing import InvoiceState
from tests.generated import GeneratedCommune, Rows
from tests.invoicing import credit_what_is_excused, drawn, issued
from tests.recomputing import recomputed
from tests.towns import Signed, Town, add_agent

pytestmark = [pytest.mark.anyio, pytest.mark.database]

MONTHS = (Month(2026, 11), Month(2026, 12), Month(2027, 1))


async def lived(town: Town, agent: Signed, generated: GeneratedCommune, month: Month) -> int:
    """A month goes by, is invoiced, and corrected by what is told afterwards; how many credit notes."""
    first_of_next = month.window.last + timedelta(days=1)
    town.on(first_of_next)
    with town.at_work():
        await Rows.all_of(generated.month(month)).write()
    await drawn(town, agent, month)
    await issued(town, agent, month)
    town.on(first_of_next + timedelta(days=2))
    with town.asked_by(agent) as ctx:
        await generated.afterwards(month).write()
        return await credit_what_is_excused(ctx, since=town.clock.now() - timedelta(days=2))


async def test_every_invoice_is_what_the_log_and_the_figures_of_the_commune_make_of_it(chavagne: Town) -> None:
    generated = GeneratedCommune(chavagne.commune, 60, often=0.15, rare=0.005)
    with chavagne.at_work():
        await Rows.all_of(generated.families(MONTHS[2].window.first)).write()
    agent = await add_agent(chavagne)
    notes = [await lived(chavagne, agent, generated, month) for month in MONTHS]
    with chavagne.at_work():
        expected = await recomputed([(month.window.first, month.window.last) for month in MONTHS])
        invoices = await Invoice.filter(state=InvoiceState.ISSUED)
        credited: Counter[object] = Counter()
        bills = {row.id: (row.household_id, row.period_first) for row in invoices}
        for note in await CreditNote.all():
            credited[bills[note.invoice_id]] += note.total_cents
    assert {bills[row.id]: row.total_cents for row in invoices} == expected.invoiced
    assert (credited, min(notes) > 0, len(invoices) > 150) == (expected.credited, True, True)
    assert sorted(row.sequence or 0 for row in invoices if row.year == 2027) == list(
        range(1, sum(row.year == 2027 for row in invoices) + 1)
    )
