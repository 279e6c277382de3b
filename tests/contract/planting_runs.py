"""An invoice run of a marked household: a draft of one line, and a unit that is on none."""

from datetime import date

from resolvers import models
from resolvers.models.keys import new_key
from tests.contract.planting import SEEN_DAY, Planted


async def plant_run(planted: Planted) -> None:
    """A run of July that was drawn and waits to be issued."""
    first, last = date(2026, 7, 1), date(2026, 7, 31)
    with planted.town.at_work():
        run = await planted.row(
            models.InvoiceRun,
            "InvoiceRun",
            period_first=first,
            period_last=last,
            started_by=new_key(),
            started_at=planted.now,
            drawn_at=planted.now,
            limited_to=[str(planted.household)],
        )
        draft = await planted.owned(
            models.Invoice,
            period_first=first,
            period_last=last,
            run_id=run.id,
            year=2026,
            number=None,
            total_cents=250,
            prepared_at=planted.now,
        )
        await planted.owned(
            models.InvoiceLine, invoice_id=draft.id, position=0, quantity=1, unit_cents=250, total_cents=250
        )
        await planted.of_child(models.RunProblem, run_id=run.id, day=SEEN_DAY, code="UNCHECKED")
