"""Mandates, remittances and a bank's words in a few words."""

from collections.abc import Sequence
from datetime import date
from typing import Any
from uuid import UUID

from plugins.rules.debit_answers import BankWord
from resolvers.models import Collection, Invoice, Mandate, Remittance
from resolvers.models.direct_debits import MandateState
from resolvers.paying import collecting, rejects, remittances
from tests.paying import NUMBERS, owe
from tests.towns import Family, Signed, Town

DEBIT_DAY = date(2026, 12, 21)
IBANS = {
    "AGRIFRPPXXX": "FR7630006000011234567890189",
    "PSSTFRPP": "FR1420041010050500013M02606",
    "": "GB82WEST12345698765432",
}


async def mandate(town: Town, family: Family, **values: Any) -> UUID:
    """A mandate in force since October."""
    bic = values.pop("bic", "AGRIFRPPXXX")
    iban = IBANS[bic]
    given = {
        "rum": f"ENF-2026-{next(NUMBERS):06}",
        "holder": "Parent TEST",
        "state": MandateState.ACTIVE,
        "signed_on": date(2026, 10, 1),
        "active_from": date(2026, 10, 2),
        **values,
    }
    with town.at_work() as ctx:
        row = await Mandate.create(
            household_id=family.id,
            account_id=family.parent.viewer.account_id,
            iban=ctx.ports.sealer.seal(iban),
            iban_end=iban[-4:],
            bic=bic,
            conditions="1",
            asked_at=ctx.now,
            **given,
        )
    return row.id


async def owe_debit(town: Town, family: Family, cents: int = 7_50, /, **values: Any) -> UUID:
    """An invoice that the family was told is collected on the day of the tests."""
    invoice = await owe(town, family, cents)
    with town.at_work():
        await Invoice.filter(id=invoice).update(**{"debit_on": DEBIT_DAY, **values})
    return invoice


async def made(town: Town, agent: Signed, day: date = DEBIT_DAY, key: str | None = None) -> Remittance:
    """The remittance of a day."""
    with town.asked_by(agent) as ctx:
        return await remittances.make(ctx, day, key)


async def sent(town: Town, agent: Signed, day: date = DEBIT_DAY) -> Remittance:
    """The remittance of a day, given to the bank, on that day."""
    remittance = await made(town, agent, day)
    with town.asked_by(agent) as ctx:
        return await remittances.mark_sent(ctx, remittance.id)


async def booked(town: Town, agent: Signed, remittance: Remittance) -> Remittance:
    """The same, booked."""
    with town.asked_by(agent) as ctx:
        return await collecting.book(ctx, remittance.id)


async def heard(town: Town, agent: Signed, *words: BankWord, source: str = "pain.002") -> rejects.Heard:
    """What hearing the bank did."""
    with town.asked_by(agent) as ctx:
        return await rejects.hear(ctx, source, words)


async def collections(town: Town, *columns: str) -> Sequence[Any]:
    """These columns of every collection, in the order of their references."""
    with town.at_work():
        return await Collection.all().order_by("end_to_end_id").values_list(*columns)


async def paid_cents(town: Town, *invoices: UUID) -> list[int]:
    """What each invoice has received."""
    with town.at_work():
        found = dict(await Invoice.filter(id__in=invoices).values_list("id", "paid_cents"))
    return [found[invoice] for invoice in invoices]
