"""What a household paid, to be shown or printed: statements of payments and for taxes."""

from datetime import date
from uuid import UUID

import strawberry

from plugins.rules import statements
from plugins.rules.statements import say_means
from resolvers.agenda.plans import Window
from resolvers.billing import attestations
from resolvers.context import Context
from schema.cost import LIST_SIZE
from schema.scalars import Money


@strawberry.type(description="What was paid for a child and an activity.")
class PaidActivity:
    """See ``plugins.rules.statements.PaidActivity``."""

    child: str = strawberry.field(description="The child's name; empty for the whole household.")
    activity: str = strawberry.field(description="The activity, in French.")
    paid: Money = strawberry.field(description="What was paid.")


@strawberry.type(description="A payment, and the part of it that paid invoices.")
class PaymentMade:
    """See ``plugins.rules.statements.PaymentMade``."""

    paid_on: date = strawberry.field(description="The day it was paid.")
    means: str = strawberry.field(description="How, in French.")
    reference: str = strawberry.field(description="Its reference.")
    amount: Money = strawberry.field(description="The part that paid invoices.")


@strawberry.type(description="An invoice of the period.")
class InvoiceOfPeriod:
    """See ``plugins.rules.statements.PaidInvoice``."""

    number: str = strawberry.field(description="Its number.")
    issued_on: date = strawberry.field(description="The day it was issued.")
    total: Money = strawberry.field(description="What it claimed.")
    paid: Money = strawberry.field(description="What was paid of it until now.")


@strawberry.type(description="« Attestation de paiement »: what was paid in a period, by date of payment.")
class PaymentStatement:
    """See ``plugins.rules.statements.PaymentStatement``."""

    paid: Money = strawberry.field(description="What was paid.")
    activities: list[PaidActivity] = strawberry.field(
        description="For whom and for what; they add up to what was paid.", metadata={LIST_SIZE: 4}
    )
    payments: list[PaymentMade] = strawberry.field(
        description="The payments; they add up to what was paid.", metadata={LIST_SIZE: 4}
    )
    invoices: list[InvoiceOfPeriod] = strawberry.field(
        description="The invoices issued in the period.", metadata={LIST_SIZE: 4}
    )
    sentences: list[str] = strawberry.field(description="What is certified, in French.")
    pdf_url: str = strawberry.field(description="Where the signed-in person downloads it.")


@strawberry.type(description="What was paid in a year for a child.")
class ChildCare:
    """See ``plugins.rules.statements.ChildCare``."""

    name: str = strawberry.field(description="The child's name.")
    birth_date: date | None = strawberry.field(description="The day of birth, if known.")
    care: Money = strawberry.field(description="What was paid for its care.")
    care_with_meal: Money = strawberry.field(description="What was paid for its care where the price includes a meal.")
    paid: Money = strawberry.field(description="All that was paid for it.")
    counts: bool = strawberry.field(description="True under six years of age on 1 January of the year.")


@strawberry.type(description="« Attestation fiscale »: what was paid in a calendar year for the care of children.")
class TaxStatement:
    """See ``plugins.rules.statements.TaxStatement``."""

    paid: Money = strawberry.field(description="All that was paid in the year.")
    care: Money = strawberry.field(description="What was paid for the care of the children that count.")
    children: list[ChildCare] = strawberry.field(
        description="The children that something was paid for.", metadata={LIST_SIZE: 3}
    )
    sentences: list[str] = strawberry.field(description="What the sums mean and what to take off them, in French.")
    pdf_url: str = strawberry.field(description="Where the signed-in person downloads it.")


async def payment_statement(ctx: Context, household_id: UUID, window: Window) -> PaymentStatement | None:
    """What a household paid in a window; null for who may not see its money."""
    found = await attestations.payment_statement(ctx, household_id, window)
    if found is None:
        return None
    asked = f"firstDay={window.first.isoformat()}&lastDay={window.last.isoformat()}"
    return PaymentStatement(
        paid=Money.of(found.paid_cents),
        activities=[
            PaidActivity(child=line.child, activity=line.activity, paid=Money.of(line.cents))
            for line in found.activities
        ],
        payments=[
            PaymentMade(
                paid_on=made.on, means=say_means(made.means), reference=made.reference, amount=Money.of(made.cents)
            )
            for made in found.payments
        ],
        invoices=[_invoice(invoice) for invoice in found.invoices],
        sentences=list(found.say()),
        pdf_url=ctx.link(f"households/{household_id}/payments.pdf?{asked}"),
    )


async def tax_statement(ctx: Context, household_id: UUID, year: int) -> TaxStatement | None:
    """What a household paid in a year; null for who may not see its money."""
    found = await attestations.tax_statement(ctx, household_id, year)
    if found is None:
        return None
    return TaxStatement(
        paid=Money.of(found.paid_cents),
        care=Money.of(found.care_cents),
        children=[
            ChildCare(
                name=child.name,
                birth_date=child.birth_date,
                care=Money.of(child.care_cents),
                care_with_meal=Money.of(child.with_meal_cents),
                paid=Money.of(child.paid_cents),
                counts=child.counts,
            )
            for child in found.children
        ],
        sentences=list(found.say()),
        pdf_url=ctx.link(f"households/{household_id}/taxes/{year}.pdf"),
    )


def _invoice(invoice: statements.PaidInvoice) -> InvoiceOfPeriod:
    return InvoiceOfPeriod(
        number=invoice.number,
        issued_on=invoice.issued_on,
        total=Money.of(invoice.total_cents),
        paid=Money.of(invoice.paid_cents),
    )
