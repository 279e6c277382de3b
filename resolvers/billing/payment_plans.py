"""The payment plans « échéanciers » that stand. What is left of each part is computed from what its invoice owes:
payments know nothing of plans."""

from collections import defaultdict
from collections.abc import Iterable
from uuid import UUID

from plugins.rules.payment_plans import Part, PaymentPlan
from resolvers.models import Instalment, Invoice
from resolvers.paying.allocations import owed_cents


async def plans_of(invoices: Iterable[Invoice]) -> dict[UUID, PaymentPlan]:
    """The standing plan of each invoice that has one, as what it owes leaves it: one statement."""
    owed = {row.id: owed_cents(row) for row in invoices}
    rows = Instalment.filter(invoice_id__in=list(owed), withdrawn_at__isnull=True)
    found: defaultdict[UUID, list[Part]] = defaultdict(list)
    for row in await rows.order_by("position"):
        found[row.invoice_id].append(Part(row.due_on, row.cents, row.cents))
    return {key: PaymentPlan(tuple(parts)).when_owed(owed[key]) for key, parts in found.items()}
