"""Every invoice of a generated commune equals an independent recomputation from the log, to the cent."""

from datetime import timedelta

import pytest

from resolvers.billing import Month
from resolvers.models import Invoice
from resolvers.models.billing import InvoiceState
from tests.generated import households
from tests.invoicing import drawn, issued
from tests.recomputing import recomputed
from tests.towns import Town, add_agent

pytestmark = [pytest.mark.anyio, pytest.mark.database]

MONTHS = (Month(2026, 11), Month(2026, 12), Month(2027, 1))


async def test_every_invoice_is_what_the_log_and_the_figures_of_the_commune_make_of_it(chavagne: Town) -> None:
    with chavagne.at_work():
        for rows in households(chavagne.commune, 60, MONTHS, often=0.15):
            await rows.write()
    agent = await add_agent(chavagne)
    for month in MONTHS:
        chavagne.on(month.window.last + timedelta(days=1))
        run = await drawn(chavagne, agent, month)
        assert len(await issued(chavagne, agent, month)) > 50, run.state
    with chavagne.at_work():
        invoices = await Invoice.filter(state=InvoiceState.ISSUED)
        expected = await recomputed(MONTHS[-1].window.last)
    found = {(row.household_id, row.period_first.year, row.period_first.month): row.total_cents for row in invoices}
    assert found == expected
    assert sorted(row.sequence or 0 for row in invoices if row.year == 2027) == list(
        range(1, sum(row.year == 2027 for row in invoices) + 1)
    )
