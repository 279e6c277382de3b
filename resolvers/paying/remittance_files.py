"""What the file of a remittance tells the bank: the accounts in clear, so its reading is logged."""

import logging
from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import get_args
from uuid import UUID

from plugins import hookspecs
from plugins.rules.bank_files import BankFile, FileVersion
from plugins.rules.remittances import Amendment, Debit, RemittanceFile
from resolvers.context import Context
from resolvers.models import Collection, Invoice, Mandate, Remittance
from resolvers.paying.remittances import sees_remittances

_log = logging.getLogger("portail.remittances")


async def file_of(ctx: Context, remittance_id: UUID) -> RemittanceFile | None:
    """Everything the file of a remittance says, accounts in clear: the reading is logged.

    None for who may not, and until it is sent: whoever has the file may give it to the bank.
    """
    remittance = await Remittance.get_or_none(id=remittance_id) if sees_remittances(ctx) else None
    policy = ctx.commune.ask(hookspecs.direct_debit)
    if remittance is None or remittance.sent_at is None or policy.creditor is None:
        return None
    _log.info(
        "a remittance's file was read",
        extra={"facts": {"remittance": str(remittance.id), "account": str(ctx.viewer.account_id)}},
    )
    rows = await Collection.filter(remittance_id=remittance.id).order_by("end_to_end_id")
    numbers = dict(await Invoice.filter(id__in=[row.invoice_id for row in rows]).values_list("id", "number"))
    mandates = {row.id: row for row in await Mandate.filter(id__in=[row.mandate_id for row in rows])}
    amended = await _amendments(ctx, rows, mandates)
    return RemittanceFile(
        message_id=remittance.message_id,
        made_at=remittance.made_at.astimezone(ctx.commune.tz),
        collect_on=remittance.collect_on,
        format=_format(policy.bank_file, remittance.version),
        creditor=policy.creditor,
        debits=tuple(
            _debit(ctx, row, mandates[row.mandate_id], amended.get(row.id), f"Facture {numbers[row.invoice_id]}")
            for row in rows
        ),
    )


def _format(now: BankFile, version: str) -> BankFile:
    """The bank's file, in the version of the day it was made."""
    return replace(now, version=next((each for each in get_args(FileVersion) if each == version), now.version))


def _debit(ctx: Context, row: Collection, mandate: Mandate, amendment: Amendment | None, label: str) -> Debit:
    return Debit(
        end_to_end_id=row.end_to_end_id,
        sequence="FRST" if row.sequence == "FRST" else "RCUR",
        cents=row.cents,
        mandate=mandate.rum,
        signed_on=mandate.signed_on or mandate.asked_at.astimezone(ctx.commune.tz).date(),
        holder=mandate.holder,
        iban=ctx.ports.sealer.unseal(mandate.iban),
        bic=mandate.bic,
        label=f"{label} {ctx.commune.identity.name}",
        amendment=amendment,
    )


async def _amendments(
    ctx: Context, rows: Iterable[Collection], mandates: Mapping[UUID, Mandate]
) -> dict[UUID, Amendment]:
    """What the bank must be told of each amended mandate, the first time it collects: three statements."""
    amending = {mandate.id: mandate.amends for mandate in mandates.values() if mandate.amends is not None}
    former = {row.id: row for row in await Mandate.filter(id__in=list(amending.values()), used_at__not_isnull=True)}
    first: dict[UUID, UUID] = {}
    uses = Collection.filter(mandate_id__in=list(amending)).order_by("end_to_end_id")
    for mandate_id, key in await uses.values_list("mandate_id", "id"):
        first.setdefault(mandate_id, key)
    found = {}
    for row in rows:
        before = former.get(amending.get(row.mandate_id) or row.mandate_id)
        if before is not None and (row.sequence == "FRST" or first[row.mandate_id] == row.id):
            now = mandates[row.mandate_id]
            unseal = ctx.ports.sealer.unseal
            found[row.id] = Amendment(
                former_reference=before.rum if before.rum != now.rum else None,
                other_account=unseal(before.iban) != unseal(now.iban),
            )
    return found
