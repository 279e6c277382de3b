"""How long a calendar takes: a month and a school year of one and two children, through the whole schema.

Run from the checkout: ``PYTHONPATH=. .venv/bin/python bench/agenda.py``. Figures depend on the machine: compare
ratios, before and after a change, on the same one.
"""

import asyncio
import statistics
import tempfile
import time
from collections.abc import Awaitable, Callable
from datetime import UTC, date, datetime
from pathlib import Path

from gateway.app import open_ports
from gateway.clock import SteppedClock
from gateway.database import Databases
from gateway.demonstration.loading import load_demonstration
from gateway.sealing import new_key
from gateway.settings import Settings
from plugins import hookspecs
from plugins.communes import Communes
from resolvers.access.sign_in import open_session, viewer_of
from resolvers.agenda.bookings import agenda
from resolvers.agenda.plans import Window
from resolvers.context import ANONYMOUS, Context
from resolvers.families.households import HouseholdFile, households_of
from resolvers.models import Account
from resolvers.models.accounts import SessionKind
from resolvers.models.scope import current_scope, everything_in_sight
from resolvers.models.tenancy import in_commune
from schema.portal import schema

NOW = datetime(2026, 10, 1, 8, tzinfo=UTC)
AGENDA = """query($first: Date!, $last: Date!) { viewer { households { agenda(firstDay: $first, lastDay: $last) {
  units { day childId activity unit verdict placesLeft price { total { amount } } bookUntil { at } cancelUntil { at } }
} } } }"""
WINDOWS = {"a month": ("2026-11-01", "2026-11-30"), "a school year": ("2026-09-01", "2027-07-05")}


async def timed(work: Callable[[], Awaitable[object]], runs: int) -> float:
    """Median milliseconds of some runs, after one that is not counted."""
    await work()
    durations = []
    for _ in range(runs):
        started = time.perf_counter()
        await work()
        durations.append((time.perf_counter() - started) * 1000)
    return statistics.median(durations)


async def main() -> None:
    """Measure and print."""
    with tempfile.TemporaryDirectory() as folder:
        settings = Settings.from_environment(
            {"DATABASE_URL": f"sqlite://{Path(folder)}/{{commune}}.sqlite3", "PORTAIL_SECRET_KEYS": new_key()}
        )
        communes = Communes.installed(("chavagne",))
        ports = open_ports(settings, SteppedClock(NOW))
        databases = Databases(settings.database_url, communes)
        await databases.open()
        await databases.migrate()
        await load_demonstration(communes, ports, settings.public_url)
        commune = communes["chavagne"]
        with in_commune("chavagne"), everything_in_sight():
            account = await Account.get(email="monsieur.test@example.org")
            ctx = Context(commune, ANONYMOUS, NOW, ports, settings.public_url)
            opened = await open_session(ctx, account.login, "Demonstration2026", SessionKind.COOKIE)
            found = await viewer_of(opened.token, NOW, commune.ask(hookspecs.terms).version)
            assert found is not None
            ctx.viewer, scope = found
            token = current_scope.set(scope)
            for name, (first, last) in WINDOWS.items():

                async def ask(first: str = first, last: str = last) -> object:
                    ctx.loaders.clear()
                    answer = await schema.execute(
                        AGENDA, variable_values={"first": first, "last": last}, context_value=ctx
                    )
                    assert not answer.errors, answer.errors
                    return answer

                answer = await ask()
                units = len(answer.data["viewer"]["households"][0]["agenda"]["units"])
                window = Window(date.fromisoformat(first), date.fromisoformat(last))
                (household,) = await households_of(ctx)

                async def plan(window: Window = window, household: HouseholdFile = household) -> object:
                    return await agenda(ctx, household, window, frozenset())

                print(
                    f"{name:>14}, two children: {units:5} units, {await timed(ask, 7):7.1f} ms, "
                    f"of which the plan {await timed(plan, 7):6.1f} ms"
                )
            current_scope.reset(token)
        await ports.aclose()
        await databases.close()


asyncio.run(main())
