"""One process that holds the portal, the simulated bank, the simulated mailbox and a clock that can be moved."""

import os
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from datetime import datetime
from pathlib import Path

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse, Response
from starlette.routing import BaseRoute, Mount, Route

from gateway.app import create_app, open_ports
from gateway.clock import ShiftedClock
from gateway.database import Databases
from gateway.demonstration.allocataires import allocataires
from gateway.demonstration.families import COMMUNES, PASSWORD
from gateway.demonstration.loading import load_demonstration
from gateway.sealing import kept_key
from gateway.settings import Settings
from gateway.simulators.bank import PAGE_PATH, SERVICE_PATH, bank_app
from gateway.simulators.bank_ledger import BankClient
from gateway.simulators.caf import caf_app
from gateway.simulators.debit_bank import debit_bank_app
from gateway.simulators.lyra import PAGE_PATH as LYRA_PAGE_PATH
from gateway.simulators.lyra import lyra_app
from gateway.simulators.lyra_shops import Shop
from gateway.simulators.mailbox import Mailbox, mailbox_app
from plugins import hookspecs
from plugins.communes import Communes
from plugins.rules.payment import PayfipRegie

BANK = "/simulators/bank"
LYRA = "/simulators/lyra"
DEBIT_BANK = "/simulators/debit-bank"
MAILBOX = "/simulators/mailbox"
CAF = "/simulators/caf"
SIRET = "00000000000000"  # of nobody


def demonstration_settings(environ: Mapping[str, str], smtp_port: int) -> Settings:
    """The settings of the demonstration: its own database files, key, mail server and bank, unless told otherwise."""
    port = environ.get("PORT", "").strip() or "8000"
    folder = Path("var") / "demonstration"
    defaults = {
        "DATABASE_URL": f"sqlite://{folder}/{{commune}}.sqlite3",
        "PORTAIL_HOST": "0.0.0.0",  # noqa: S104 (a container or another machine of the room may look at it)
        "PORTAIL_COOKIE_SECURE": "off",
        "PORTAIL_SECRET_KEYS": kept_key(folder / "secret.key"),
        "PORTAIL_SMTP_HOST": "127.0.0.1",
        "PORTAIL_SMTP_PORT": str(smtp_port),
        "PORTAIL_PAYFIP_ENDPOINT": f"http://127.0.0.1:{port}{BANK}{SERVICE_PATH}",
        "PORTAIL_PAYFIP_PAGE": f"http://localhost:{port}{BANK}{PAGE_PATH}",
        "PORTAIL_LYRA_PAGE": f"http://localhost:{port}{LYRA}{LYRA_PAGE_PATH}",
        "PORTAIL_CAF_ENDPOINT": f"http://127.0.0.1:{port}{CAF}",
        "PORTAIL_CAF_ACCESS": ",".join(f"{slug}:{SIRET}:demonstration" for slug in COMMUNES),
    }
    return Settings.from_environment({**defaults, **environ})


class Demonstration:
    """Everything the demonstration runs, around one clock."""

    def __init__(self, now: datetime | None) -> None:
        self.clock = ShiftedClock()
        if now is not None:
            self.clock.jump(now)
        self.mailbox = Mailbox(self.clock)
        self.communes = Communes.installed(tuple(COMMUNES))

    @asynccontextmanager
    async def prepared(self) -> AsyncIterator[tuple[Starlette, Settings]]:
        """Start the mailbox, migrate and fill the databases; yields the application to serve."""
        async with self.mailbox.serving():
            settings = demonstration_settings(os.environ, self.mailbox.port)
            await self._fill(settings)
            yield self._app(settings), settings

    async def _fill(self, settings: Settings) -> None:
        databases = Databases(settings.database_url, self.communes)
        ports = open_ports(settings, self.clock)
        await databases.open()
        try:
            await databases.migrate()
            await load_demonstration(self.communes, ports, settings.public_url)
        finally:
            await ports.aclose()
            await databases.close()

    def _app(self, settings: Settings) -> Starlette:
        """The portal itself, with the simulators among its routes."""
        portal = create_app(settings, self.communes, self.clock)
        simulators: list[BaseRoute] = [
            Mount(BANK, bank_app(self.clock, self._bank_clients())),
            Mount(LYRA, lyra_app(self.clock, [Shop(k.site_id, k.mode, k.key) for k in settings.lyra_keys])),
            Mount(DEBIT_BANK, debit_bank_app()),
            Mount(MAILBOX, mailbox_app(self.mailbox)),
            Mount(CAF, caf_app(self.clock, allocataires(COMMUNES.values()))),
            Route("/simulators/clock", self._move_clock, methods=["GET", "POST"]),
            Route("/simulators", _to_mailbox, methods=["GET"]),
        ]
        portal.router.routes[:0] = simulators
        return portal

    def _bank_clients(self) -> list[BankClient]:
        """The PayFiP clients of the communes, as the simulated DGFiP knows them."""
        clients = {
            route.client_number: BankClient(route.client_number, (commune.identity.name, service.label, "TEST"))
            for commune in self.communes.values()
            for service in commune.identity.services
            for route in commune.gather(hookspecs.payment_routes, service=service)
            if isinstance(route, PayfipRegie)
        }
        return list(clients.values())

    async def _move_clock(self, request: Request) -> Response:
        """``POST {"now": "2026-11-02T09:00:00+01:00"}`` moves the time of the whole demonstration."""
        if request.method == "POST":
            try:
                self.clock.jump(datetime.fromisoformat((await request.json())["now"]))
            except (ValueError, KeyError, TypeError) as error:
                return JSONResponse({"error": f"an instant with an offset is expected ({type(error).__name__})"}, 400)
        return JSONResponse({"now": self.clock.now().isoformat()})


async def _to_mailbox(_request: Request) -> Response:
    return RedirectResponse(f"{MAILBOX}/")


def welcome(settings: Settings) -> str:
    """What the demonstration prints: where to look and who to be."""
    lines = [
        "",
        "The portal is running, with the TEST families of the five guides.",
        "",
        f"  mailbox   {settings.public_url}{MAILBOX}/   (activation mails wait there)",
        f"  health    {settings.public_url}/health/ready",
        "",
        f"  Every login below has the password {PASSWORD}",
        "",
    ]
    for slug, demo in COMMUNES.items():
        families = [p.email for h in demo.households for p in h.persons if p.email and not p.invited]
        invited = [p.email for h in demo.households for p in h.persons if p.invited]
        lines.append(f"  {slug:<10}{settings.public_url}/{slug}/graphiql")
        lines.append(f"            families: {', '.join(families)}")
        lines.append(f"            agent:    {demo.agent_email}")
        if invited:
            lines.append(f"            to activate from the mailbox: {', '.join(invited)}")
    return "\n".join([*lines, "", "Press Ctrl+C to stop.", ""])
