"""The « titre » of an invoice, as families copy it at the treasury; agents record its reference by lists."""

import strawberry

from plugins.rules.titres import TitreNotice
from resolvers.billing import titres
from resolvers.billing.titres import TitreEntry
from resolvers.context import Context
from schema.payloads import Payload


@strawberry.type(
    description="The « titre » of an invoice: what to copy at the Treasury, which never tells the portal that it is "
    "paid."
)
class InvoiceTitre:
    """See ``plugins.rules.titres.TitreNotice``."""

    structure_identifier: str = strawberry.field(description="Six digits to copy there as they are.")
    parts: list[str] = strawberry.field(
        description="The three boxes of the reference: exercise, number of the titre, line. Empty until the service "
        "has recorded them: they are on the paper notice."
    )
    reference: str | None = strawberry.field(
        description="The same in one text to copy, such as `2026-1234-1`; null until it is recorded."
    )
    website: str = strawberry.field(description="The address of the Treasury's form.")
    sentence: str = strawberry.field(
        description="What to do there, and what the portal does not know, in French: one of `howToPay`."
    )

    @classmethod
    def of(cls, notice: TitreNotice) -> "InvoiceTitre":
        """The titre as clients see it."""
        return cls(
            structure_identifier=notice.route.structure_identifier,
            parts=list(notice.reference.parts) if notice.reference is not None else [],
            reference=str(notice.reference) if notice.reference is not None else None,
            website=notice.route.website,
            sentence=notice.say(),
        )


@strawberry.input(description="The reference of one invoice, as the treasury's software gives it.")
class TitreInput:
    """See ``plugins.rules.titres.TitreReference``."""

    invoice_number: str = strawberry.field(description="The number of an issued invoice.")
    exercise: int = strawberry.field(description="The year of the exercise, in four digits.")
    number: int = strawberry.field(description="The number of the titre, of one to eight digits.")
    line: int = strawberry.field(description="The line of the titre, of one to six digits.")


@strawberry.input(description="Input of `titresRecord`.")
class TitresRecordInput:
    """A list, harmless when sent twice."""

    titres: list[TitreInput] = strawberry.field(
        description="At most 500; one that cannot be recorded refuses them all, and is told by its place from 0."
    )


@strawberry.type(description="Answer of `titresRecord`.")
class TitresRecordPayload(Payload):
    """The references are recorded."""

    recorded_count: int = strawberry.field(
        description="How many are new, or other than before; those that stood already are not counted.", default=0
    )


async def record(ctx: Context, input: TitresRecordInput) -> TitresRecordPayload:
    """Record the references of invoices."""
    entries = [TitreEntry(each.invoice_number, (each.exercise, each.number, each.line)) for each in input.titres]
    return TitresRecordPayload(recorded_count=await titres.record(ctx, entries))
