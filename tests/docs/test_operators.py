"""The operators' table of settings is that of the code, names and defaults."""

import re

import httpx
import pytest
from starlette.applications import Starlette

from gateway.clock import SystemClock
from gateway.commands.cli import COMMANDS
from gateway.database import Databases
from gateway.doors.health import health_routes
from gateway.settings import KNOWN, PREFIX, Settings
from tests.docs.markdown import BY_NAME, ROOT, code, files, rows

KEYS = {"PORTAIL_SECRET_KEYS": "MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY="}
TABLE = {code(name): default for name, default, _ in rows(BY_NAME["docs/operators.md"].section("Settings"))}


def test_the_table_has_every_setting_and_no_other() -> None:
    assert sorted(TABLE) == sorted(KNOWN)


def test_every_variable_that_the_code_names_is_in_the_table() -> None:
    packages = [ROOT / name for name in ("gateway", "schema", "resolvers", "plugins")]
    named = {
        name
        for path in files(".py")
        if any(path.is_relative_to(package) for package in packages)
        for name in re.findall(rf"\b{PREFIX}[A-Z_]+[A-Z]\b", path.read_text(encoding="utf-8"))
    }
    assert named == {name for name in TABLE if name.startswith(PREFIX)}


@pytest.mark.parametrize("name", sorted(name for name, default in TABLE.items() if default.startswith("`")))
def test_a_default_written_out_changes_nothing(name: str) -> None:
    assert Settings.from_environment({**KEYS, name: code(TABLE[name])}) == Settings.from_environment(KEYS)


def test_a_setting_without_default_says_so_in_words() -> None:
    words = {name: default for name, default in TABLE.items() if not default.startswith("`")}
    assert words == {
        "PORTAIL_CAF_ACCESS": "nobody is asked",
        "PORTAIL_COMMUNES": "every commune",
        "PORTAIL_LYRA_KEYS": "no card",
        "PORTAIL_LYRA_PAGE": "the platform's own page",
        "PORTAIL_SECRET_KEYS": "required",
        "PORTAIL_SMTP_USERNAME": "nobody signs in",
        "PORTAIL_SMTP_PASSWORD": "nobody signs in",
        "PORTAIL_TRUSTED_PROXIES": "none",
    }


def test_the_table_of_commands_has_every_command_and_no_other() -> None:
    listed = [code(name) for name, _ in rows(BY_NAME["docs/operators.md"].section("Starting"))]
    assert listed == list(COMMANDS)


@pytest.mark.parametrize("name", BY_NAME)
def test_every_command_that_a_document_names_exists(name: str) -> None:
    named = set(re.findall(r"python -m gateway ([\w-]+)", BY_NAME[name].text))
    assert named <= set(COMMANDS)


async def answers(path: str) -> int:
    """What the portal's own routes answer, before any database is open."""
    routes = health_routes(Databases("sqlite://{commune}", ()), None, SystemClock())
    transport = httpx.ASGITransport(Starlette(routes=list(routes)))
    async with httpx.AsyncClient(transport=transport, base_url="http://portail") as client:
        return (await client.get(path)).status_code


@pytest.mark.anyio
async def test_the_addresses_of_health_exist() -> None:
    listed = [code(address) for address, _, _ in rows(BY_NAME["docs/operators.md"].section("Health"))]
    assert [await answers(address) for address in listed] == [200, 200]


def test_the_loggers_to_watch_exist() -> None:
    listed = {code(name) for name, _, _ in rows(BY_NAME["docs/operators.md"].section("Logs"))}
    said = {
        name
        for path in files(".py")
        if not path.is_relative_to(ROOT / "tests")
        for name in re.findall(r'getLogger\("(portail\.[a-z.]+)"\)', path.read_text(encoding="utf-8"))
    }
    assert listed <= said
