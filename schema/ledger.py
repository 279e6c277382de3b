"""The account of a household « relevé de compte », for those who see its money."""

from datetime import date
from typing import Annotated
from uuid import UUID

import strawberry

from resolvers.billing import invoices, ledger
from resolvers.context import Context
from resolvers.families.households import households_of
from schema.money_enums import AccountEntryKind
from schema.relay import After, Connection, First, connect, decode_cursor, encode_cursor, page_arguments, parse_uuid
from schema.scalars import Money

HouseholdWanted = Annotated[strawberry.ID, strawberry.argument(description="The household.")]


@strawberry.type(description="One line of an account.")
class AccountEntry:
    """See ``plugins.rules.ledger.Entry``."""

    day: date = strawberry.field(description="The day.")
    kind: AccountEntryKind = strawberry.field(description="What it is.")
    label: str = strawberry.field(description="What it is about, in French.")
    amount: Money = strawberry.field(description="What is owed more; negative for what is paid or owed no more.")
    balance: Money = strawberry.field(description="What is owed after it.")


@strawberry.type(description="What a household owes and paid: the balance is the sum of the lines.")
class HouseholdAccount:
    """See ``resolvers.billing.ledger.Account``."""

    value: strawberry.Private[ledger.Account]
    balance: Money = strawberry.field(description="What it owes; negative when the commune owes it.")
    owed: Money = strawberry.field(description="What remains to pay of its invoices.")
    credit: Money = strawberry.field(description="What it paid and nothing claims: see `creditUse`.")

    @strawberry.field(description="The lines, newest first.")
    def entries(self, first: First = None, after: After = None) -> Connection[AccountEntry]:
        """A page of what was read already."""
        page = page_arguments(first, after)
        lines = self.value.lines
        older = decode_cursor(page.after, int)[0] if page.after is not None else len(lines)
        shown = list(enumerate(lines[: max(0, older)]))[::-1][: page.size + 1]
        nodes = [
            AccountEntry(
                day=line.entry.day,
                kind=AccountEntryKind[line.entry.kind.name],
                label=line.entry.label,
                amount=Money.of(line.entry.cents),
                balance=Money.of(line.balance_cents),
            )
            for _, line in shown
        ]
        return connect(page, nodes, [encode_cursor(place) for place, _ in shown], len(lines))

    @classmethod
    def of(cls, value: ledger.Account) -> "HouseholdAccount":
        """The account as clients see it."""
        return cls(
            value=value,
            balance=Money.of(value.balance_cents),
            owed=Money.of(value.owed_cents),
            credit=Money.of(value.credit_cents),
        )


async def account_of(ctx: Context, household_id: UUID, services: tuple[str, ...]) -> HouseholdAccount | None:
    """The account; None for those who may not see the money."""
    if not invoices.may_read(ctx, services):
        return None
    return HouseholdAccount.of(await ledger.account_of(ctx, household_id))


async def account_asked(ctx: Context, household_id: str) -> HouseholdAccount | None:
    """The account of any household that an agent may see."""
    key = parse_uuid(household_id, "Household")
    found = await households_of(ctx, frozenset({key})) if key is not None else []
    return await account_of(ctx, found[0].id, found[0].services) if found else None
