"""The brakes on guessing: each failure makes the next try wait longer, by name, by account and by caller's address.

A name that was typed is braked whether it opens an account or not. The account behind it is braked as well, whatever
name it is called by, and in silence: a try made meanwhile under its other name fails like a wrong password, so nobody
learns that both names open the same account.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from resolvers.access.tokens import fingerprint
from resolvers.context import Context
from resolvers.errors import Code, Refused
from resolvers.models import SignInFailure
from resolvers.models.tenancy import unit_of_work

FREE_FAILURES = {"name": 5, "account": 5, "client": 50}  # a whole town hall may share one address
LONGEST_BLOCK = timedelta(minutes=15)
FORGOTTEN_AFTER = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Brakes:
    """The marks one try is counted under. There are always three, so that a known account takes no longer."""

    marks: Mapping[str, str]

    @classmethod
    def of(cls, ctx: Context, name: str, account_id: UUID | None) -> "Brakes":
        """The marks of a try at ``name``, which opens this account if any."""
        account = f"account:{account_id}" if account_id else f"nobody:{name}"
        written = {"name": f"name:{name}", "account": account, "client": f"client:{ctx.client}"}
        return cls({kind: fingerprint(text) for kind, text in written.items()})

    async def refuse_or_hold(self, now: datetime, way_out: str) -> bool:
        """True when the try must fail whatever is typed: the account is braked under another name.

        Refused: THROTTLED with ``until`` while the name or the caller's address is braked; ``way_out`` says what to do
        instead of waiting.
        """
        rows = await SignInFailure.filter(key__in=list(self.marks.values()), blocked_until__gt=now)
        until = [row.blocked_until for row in rows if row.blocked_until and row.key != self.marks["account"]]
        if until:
            raise _throttled(max(until), now, way_out)
        return bool(rows)

    @unit_of_work
    async def count_failure(self, now: datetime) -> None:
        """One more failure under each mark; beyond the free ones, each doubles the wait."""
        free = {mark: FREE_FAILURES[kind] for kind, mark in self.marks.items()}
        await SignInFailure.bulk_create(
            [SignInFailure(key=mark, last_failure_at=now) for mark in sorted(free)], ignore_conflicts=True
        )
        for row in await SignInFailure.filter(key__in=list(free)).order_by("key").select_for_update():
            forgotten = now - row.last_failure_at > FORGOTTEN_AFTER
            failures = 1 if forgotten else row.failures + 1
            over = failures - free[row.key]
            block = min(timedelta(seconds=10 * 2 ** min(over, 10)), LONGEST_BLOCK) if over >= 0 else None
            await SignInFailure.filter(id=row.id).update(
                failures=failures, last_failure_at=now, blocked_until=now + block if block else None
            )


async def forgive(account_id: UUID, names: Iterable[str]) -> None:
    """Forget the failures of an account and of its names: whoever it belongs to has just signed in."""
    written = [f"account:{account_id}", *(f"name:{name}" for name in names)]
    await SignInFailure.filter(key__in=[fingerprint(text) for text in written]).delete()


def _throttled(until: datetime, now: datetime, way_out: str) -> Refused:
    minutes = max(1, round((until - now).total_seconds() / 60))
    return Refused(
        Code.THROTTLED,
        f"Trop d'essais infructueux. Réessayez dans {minutes} minute{'s' if minutes > 1 else ''}, ou {way_out}.",
        until=until,
    )
