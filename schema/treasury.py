"""What the treasury is told: the statement of a period « état d'encaissement », its files, and what is overdue."""

from datetime import date
from typing import Annotated
from uuid import UUID

import strawberry

from plugins.rules import overdue as overdue_rules
from plugins.rules import treasury
from plugins.rules.statements import say_means
from plugins.rules.treasury import TreasuryLedger, statement_of, total_of
from resolvers.agenda.plans import Window
from resolvers.billing import invoices
from resolvers.context import Context
from resolvers.paying import overdue
from resolvers.paying.treasury_exports import exports_of
from resolvers.paying.treasury_ledger import ledger_of
from schema.cost import LIST_SIZE
from schema.money_enums import AccountEntryKind
from schema.payloads import Info
from schema.relay import After, Connection, First, connect, decode_cursor, encode_cursor, global_id, page_arguments
from schema.scalars import Money

OneService = Annotated[
    str | None, strawberry.argument(description="Only what is of the activities of this service; its code.")
]


@strawberry.type(description="What was claimed and collected of an activity.")
class TreasuryLine:
    """See ``plugins.rules.treasury.StatementLine``."""

    service: str = strawberry.field(description="The code of the service; empty on what is of none.")
    activity: str = strawberry.field(
        description="The activity, in French; empty on what no activity claims, such as a household's credit."
    )
    route: str = strawberry.field(description="The code of the way to pay; empty where no money moved.")
    means: str = strawberry.field(description="How money moved, in French; empty where none did.")
    invoiced: Money = strawberry.field(description="What was invoiced.")
    cleared: Money = strawberry.field(description="What credit notes and write-offs took off.")
    received: Money = strawberry.field(description="What was booked as paid.")
    reversed: Money = strawberry.field(description="What of it did not stand: rejects, unpaid cheques, mistakes.")
    refunded: Money = strawberry.field(description="What was given back.")
    collected: Money = strawberry.field(description="What was received, less what was reversed or refunded.")

    @classmethod
    def of(cls, line: treasury.StatementLine) -> "TreasuryLine":
        """The line as clients see it."""
        return cls(
            service=line.service,
            activity=line.activity,
            route=line.route,
            means=say_means(line.means),
            invoiced=Money.of(line.invoiced_cents),
            cleared=Money.of(line.cleared_cents),
            received=Money.of(line.received_cents),
            reversed=Money.of(line.reversed_cents),
            refunded=Money.of(line.refunded_cents),
            collected=Money.of(line.collected_cents),
        )


@strawberry.type(description="One movement, or the part of it that is of one invoice and one activity.")
class TreasuryEntry:
    """See ``plugins.rules.treasury.TreasuryEntry``."""

    day: date = strawberry.field(description="The day it was written; of a payment, the day it was booked.")
    kind: AccountEntryKind = strawberry.field(description="What it is.")
    reference: str = strawberry.field(description="The number of the invoice, the credit note or the receipt.")
    household: str = strawberry.field(description="The name of the household.")
    amount: Money = strawberry.field(description="What is owed more; negative for what is paid or owed no more.")
    invoice: str = strawberry.field(description="The number of the invoice it is about; empty on credit.")
    service: str = strawberry.field(description="The code of the service; empty on what is of none.")
    activity: str = strawberry.field(description="The activity, in French; empty on what is of none.")
    route: str = strawberry.field(description="The code of the way to pay; empty where no money moved.")
    means: str = strawberry.field(description="How money moved, in French; empty where none did.")
    note: str = strawberry.field(description="What was written of it, in French: the number of a cheque, a reason.")
    deposit: str = strawberry.field(description="The number of the slip it was banked with; empty without one.")

    @classmethod
    def of(cls, entry: treasury.TreasuryEntry) -> "TreasuryEntry":
        """The entry as clients see it."""
        return cls(
            day=entry.day,
            kind=AccountEntryKind[entry.kind.name],
            reference=entry.reference,
            household=entry.household,
            amount=Money.of(entry.cents),
            invoice=entry.invoice,
            service=entry.service,
            activity=entry.activity,
            route=entry.route,
            means=say_means(entry.means),
            note=entry.note,
            deposit=entry.deposit,
        )


@strawberry.type(description="A file for the treasury.")
class TreasuryFile:
    """See ``plugins.rules.treasury.TreasuryExport``."""

    code: str = strawberry.field(description="Its code.")
    label: str = strawberry.field(description="What it is, in French.")
    url: str = strawberry.field(description="Where an agent downloads it for these days; each download is logged.")


@strawberry.type(
    description="« État d'encaissement »: what was claimed and collected in a period, activity by activity."
)
class TreasuryStatement:
    """See ``resolvers.paying.treasury_ledger``. What it adds up to is what the accounts of the households moved by."""

    ledger: strawberry.Private[TreasuryLedger]
    total: TreasuryLine = strawberry.field(description="What the lines add up to.")
    lines: list[TreasuryLine] = strawberry.field(
        description="One for each service, activity, way and means of payment.", metadata={LIST_SIZE: 30}
    )
    files: list[TreasuryFile] = strawberry.field(description="The same, to download.")
    is_partial: bool = strawberry.field(
        description="True when some families pay at the Treasury, which tells the portal nothing of it."
    )

    @strawberry.field(description="Every entry, oldest first.")
    def entries(self, first: First = None, after: After = None) -> Connection[TreasuryEntry]:
        """A page of what was read already."""
        page = page_arguments(first, after)
        start = decode_cursor(page.after, int)[0] + 1 if page.after is not None else 0
        shown = self.ledger.entries[max(0, start) :][: page.size + 1]
        cursors = [encode_cursor(max(0, start) + place) for place in range(len(shown))]
        return connect(page, [TreasuryEntry.of(entry) for entry in shown], cursors, len(self.ledger.entries))


async def statement(ctx: Context, first_day: date, last_day: date, service: str | None) -> TreasuryStatement:
    """The statement of these days; statements depend on the entries by hundreds."""
    ledger = await ledger_of(ctx, Window(first_day, last_day), service)
    lines = statement_of(ledger.entries)
    days = f"firstDay={first_day.isoformat()}&lastDay={last_day.isoformat()}"
    asked = days if service is None else f"{days}&service={service}"
    services = [service] if service else [each.code for each in ctx.commune.identity.services]
    return TreasuryStatement(
        ledger=ledger,
        total=TreasuryLine.of(total_of(lines)),
        lines=[TreasuryLine.of(line) for line in lines],
        files=[
            TreasuryFile(code=each.code, label=each.label, url=ctx.link(f"treasury/{each.code}?{asked}"))
            for each in exports_of(ctx)
        ],
        is_partial=not all(invoices.is_reported(ctx, [each]) for each in services if ctx.viewer.works_for(each)),
    )


@strawberry.type(description="An issued invoice that is past its due date.")
class OverdueInvoice:
    """See ``plugins.rules.overdue.OverdueInvoice``."""

    invoice_id: strawberry.ID = strawberry.field(description="The invoice.")
    number: str = strawberry.field(description="Its number.")
    household_id: strawberry.ID = strawberry.field(description="The household.")
    household: str = strawberry.field(description="The name of the household.")
    due_on: date = strawberry.field(description="The day it had to be paid by.")
    days_late: int = strawberry.field(description="How many days ago that was.")
    owed: Money = strawberry.field(description="What remains to pay.")
    reminders: int = strawberry.field(description="How many reminders were sent.")
    reminded_on: date | None = strawberry.field(description="The day of the last one.")
    is_paid_elsewhere: bool = strawberry.field(
        description="True when it is paid at the Treasury, which tells the portal nothing: it may well be paid."
    )
    titre_reference: str | None = strawberry.field(
        description="What the Treasury knows it by, such as `2026-1234-1`; null while none is recorded."
    )

    @classmethod
    def of(cls, value: overdue_rules.OverdueInvoice) -> "OverdueInvoice":
        """The invoice as clients see it."""
        return cls(
            invoice_id=global_id("Invoice", value.key),
            number=value.number,
            household_id=global_id("Household", value.household_key),
            household=value.household,
            due_on=value.due_on,
            days_late=value.days_late,
            owed=Money.of(value.owed_cents),
            reminders=value.reminders,
            reminded_on=value.reminded_on,
            is_paid_elsewhere=value.is_paid_elsewhere,
            titre_reference=str(value.titre) if value.titre is not None else None,
        )


@strawberry.type(description="« Retards de paiement »: what is owed past its due date.")
class OverdueInvoices:
    """See ``resolvers.paying.overdue``."""

    count: strawberry.Private[int]
    owed: Money = strawberry.field(description="What remains to pay of all of them.")
    file_url: str = strawberry.field(description="Where an agent downloads them all; each download is logged.")

    @strawberry.field(description="The invoices, the oldest due first.")
    async def invoices(self, info: Info, first: First = None, after: After = None) -> Connection[OverdueInvoice]:
        """A page of them: three statements."""
        page = page_arguments(first, after)
        last = decode_cursor(page.after, date, UUID) if page.after is not None else None
        found = await overdue.overdue_page(info.context, last, page.size + 1)
        cursors = [encode_cursor(invoice.due_on, invoice.key) for invoice in found]
        return connect(page, [OverdueInvoice.of(invoice) for invoice in found], cursors, self.count)


async def overdue_invoices(ctx: Context) -> OverdueInvoices:
    """What is owed past its due date by the households that the agent may see: two statements."""
    count, cents = await overdue.overdue_total(ctx)
    return OverdueInvoices(count=count, owed=Money.of(cents), file_url=ctx.link("overdue.csv"))
