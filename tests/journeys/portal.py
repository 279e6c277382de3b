"""A running demonstration and the people who use it, seen from outside: a process, HTTP and nothing else."""

import os
import re
import socket
import subprocess
import sys
import time
from base64 import urlsafe_b64encode
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from html import unescape
from pathlib import Path
from types import TracebackType
from typing import Any, Self, TypeVar
from urllib.parse import parse_qs, urlsplit

import httpx

CHECKOUT = Path(__file__).parents[2]
PASSWORD = "Demonstration2026"  # printed by the demonstration at start
PATIENCE = 90  # seconds; a loaded machine is slow, not wrong
UNKNOWN = "01a1fc42-0000-7000-8000-000000000000"  # the key of nothing
T = TypeVar("T")

USER_ERRORS = "userErrors { code field message until contact }"


def free_port() -> int:
    """A port of the loopback interface that nobody listens on now."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port: int = listener.getsockname()[1]
        return port


def environment(port: int, database_url: str, **settings: str) -> dict[str, str]:
    """The environment of a command of the portal: ours without any of its settings, and these."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("PORTAIL_")}
    return {
        **kept,
        "PYTHONPATH": str(CHECKOUT),
        "PORT": str(port),
        "DATABASE_URL": database_url,
        "PORTAIL_HOST": "127.0.0.1",
        **settings,
    }


def run_command(directory: Path, *arguments: str, **environ: str) -> subprocess.CompletedProcess[str]:
    """Run ``python -m gateway …`` to its end, in a directory of its own."""
    command = [sys.executable, "-m", "gateway", *arguments]
    return subprocess.run(command, cwd=directory, env=environ, capture_output=True, text=True, timeout=PATIENCE)


def eventually(what: str, attempt: Callable[[], T | None]) -> T:
    """The first answer of *attempt* that is not None; fails with *what* was expected when none comes."""
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline:
        answer = attempt()
        if answer is not None:
            return answer
        time.sleep(0.05)
    raise AssertionError(f"still waiting after {PATIENCE} seconds: {what}")


@dataclass(frozen=True, slots=True)
class Mail:
    """A message that was really received by SMTP."""

    to: str
    sender: str
    reply_to: str
    subject: str
    text: str

    def found(self, pattern: str) -> str:
        """What the first group of a regular expression finds in the text."""
        match = re.search(pattern, self.text)
        assert match is not None, f"no {pattern!r} in:\n{self.text}"
        return match[1]

    def carried(self) -> dict[str, str]:
        """What the link of a mail carries: its token, and the e-mail it is bound to."""
        query = parse_qs(urlsplit(self.found(r"(http://\S+)")).query)
        return {name: value for name, (value,) in query.items()}


class Portal:
    """The demonstration, running in a process of its own on the loopback interface."""

    def __init__(self, directory: Path, database_url: str, now: str) -> None:
        self.port = free_port()
        self.url = f"http://localhost:{self.port}"
        self._transport = httpx.HTTPTransport()
        self._clients: list[httpx.Client] = []
        self._output = (directory / "demonstration.log").open("ab")
        self._process = subprocess.Popen(
            [sys.executable, "-m", "gateway", "demo", "--now", now],
            cwd=directory,
            env=environment(self.port, database_url),
            stdout=self._output,
            stderr=self._output,
        )
        self.http = self.client()

    def __enter__(self) -> Self:
        try:
            eventually("the portal is ready", self._ready)
        except BaseException:
            self.kill()
            raise
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, tb: TracebackType | None) -> None:
        self._process.terminate()
        try:
            self._process.wait(PATIENCE)
        finally:
            self.kill()

    def kill(self) -> None:
        """End the process at once, as a power cut does."""
        self._process.kill()
        self._process.wait()
        self._output.close()
        for client in self._clients:
            client.close()

    def _ready(self) -> bool | None:
        assert self._process.poll() is None, Path(self._output.name).read_text(encoding="utf-8")
        with suppress(httpx.ConnectError):
            return True if self.http.get("/health/ready").status_code == 200 else None
        return None

    def client(self) -> httpx.Client:
        """A browser of its own, with its own cookies, on the portal's address."""
        client = httpx.Client(base_url=self.url, transport=self._transport, timeout=PATIENCE)
        self._clients.append(client)
        return client

    def visitor(self, commune: str) -> "Visitor":
        """Somebody who opens the portal of a commune and is not signed in."""
        return Visitor(self, commune, self.client())

    def signed_in(self, commune: str, identifier: str, password: str = PASSWORD) -> "Visitor":
        """Somebody who signs in with nothing left to do."""
        visitor = self.visitor(commune)
        assert visitor.sign_in(identifier, password) == []
        return visitor

    # --- the world around ----------------------------------------------------------------------------------------

    def move_clock(self, instant: str) -> None:
        """Show another instant to the whole demonstration: the portal, the bank and the mailbox."""
        self.http.post("/simulators/clock", json={"now": instant}).raise_for_status()

    def mails(self, to: str, about: str = "") -> list[Mail]:
        """What an address has received so far, oldest first; ``about`` is part of the subject."""
        received = self.http.get("/simulators/mailbox/messages", params={"to": to}).raise_for_status().json()
        mails = [Mail(m["to"], m["from"], m["reply_to"], m["subject"], m["text"]) for m in received]
        return [mail for mail in mails if about in mail.subject]

    def mail(self, to: str, about: str) -> Mail:
        """The last mail of that subject, waited for: the worker sends it a moment after the answer."""
        mails = eventually(f"a mail to {to} about {about!r}", lambda: self.mails(to, about) or None)
        return mails[-1]

    @contextmanager
    def bank_that(self, **faults: object) -> Iterator[None]:
        """The simulated bank with these faults for the time of a block (``gateway.simulators.bank``)."""
        self.http.post("/simulators/bank/control", json=faults).raise_for_status()
        try:
            yield
        finally:
            self.http.delete("/simulators/bank/control").raise_for_status()

    def notified(self, count: int) -> list[str]:
        """What the portal answered to the bank's notifications, once *count* of them were sent."""

        def answers() -> list[str] | None:
            sent = self.http.get("/simulators/bank/control").json()["notifications"]
            return [each["outcome"] for each in sent] if len(sent) >= count else None

        return eventually(f"{count} notifications", answers)


@dataclass(slots=True)
class Visitor:
    """A browser, or an application with a token, on the portal of one commune."""

    portal: Portal
    commune: str
    http: httpx.Client
    headers: dict[str, str] = field(default_factory=dict)

    def post(self, query: str, variables: Mapping[str, Any] | None = None) -> httpx.Response:
        """Send a GraphQL operation; whatever the answer."""
        body = {"query": query, "variables": dict(variables or {})}
        return self.http.post(f"/{self.commune}/graphql", json=body, headers=self.headers)

    def ask(self, query: str, **variables: Any) -> dict[str, Any]:
        """The data of a GraphQL operation, which must go without any error."""
        answer = self.post(query, variables).json()
        assert "errors" not in answer, answer["errors"]
        data: dict[str, Any] = answer["data"]
        return data

    def mutate(self, name: str, selection: str = "", **values: Any) -> dict[str, Any]:
        """The payload of a mutation, its refusals included."""
        payload: dict[str, Any] = self.ask(mutation(name, selection), input=values)[name]
        return payload

    def do(self, name: str, selection: str = "", **values: Any) -> dict[str, Any]:
        """The payload of a mutation, which must not be refused."""
        payload = self.mutate(name, selection, **values)
        assert payload["userErrors"] == [], payload["userErrors"]
        return payload

    def refusals(self, name: str, **values: Any) -> list[dict[str, Any]]:
        """Why a mutation is refused; it must be."""
        refusals: list[dict[str, Any]] = self.mutate(name, **values)["userErrors"]
        assert refusals != [], f"{name} was not refused"
        return refusals

    def refused_at_the_door(self, query: str, **variables: Any) -> dict[str, Any]:
        """The only top-level error of an operation."""
        (error,) = self.post(query, variables).json()["errors"]
        told: dict[str, Any] = error
        return told

    def sign_in(self, identifier: str, password: str) -> list[str]:
        """Open a session kept by a cookie; returns the steps that are left."""
        steps: list[str] = self.do("sessionOpen", "steps", identifier=identifier, password=password)["steps"]
        return steps

    def use_bearer(self, identifier: str, password: str) -> dict[str, Any]:
        """Open a session carried by a token, as mobile applications do; returns the tokens."""
        tokens: dict[str, Any] = self.do(
            "sessionOpen",
            "tokens { accessToken refreshToken expiresAt }",
            identifier=identifier,
            password=password,
            transport="BEARER",
        )["tokens"]
        self.headers["authorization"] = f"Bearer {tokens['accessToken']}"
        return tokens

    def activate(self, email: str) -> tuple[str, str]:
        """Follow the link of the activation mail; returns the login and the generated password it gave."""
        mail = self.portal.mail(email, "activez votre espace famille")
        login = mail.found(r"(?:Votre identifiant|Nom d'utilisateur) : (\S+)")
        page = self.http.get(mail.found(r"(http://\S+)"))
        assert page.status_code == 200
        token = page.text.partition("<code>")[2].partition("</code>")[0]
        assert self.do("accountActivate", "login", token=token)["login"] == login
        return login, mail.found(r"[Mm]ot de passe (?:provisoire|temporaire) : (\S+)")

    def household(self) -> dict[str, Any]:
        """The only household of the person: children's identifiers by first name, adults, services."""
        (household,) = self.ask(HOUSEHOLDS)["viewer"]["households"]
        found: dict[str, Any] = household
        return {**found, "children": {child["firstName"]: child["id"] for child in found["children"]}}

    def invoices(self) -> list[dict[str, Any]]:
        """The invoices of the person's household, newest first."""
        (household,) = self.ask(INVOICES)["viewer"]["households"]
        nodes: list[dict[str, Any]] = household["invoices"]["nodes"]
        return nodes

    def press(self, page: str, letter: str) -> httpx.Response:
        """Press a button of the bank's page (P pays, R is refused, A abandons); returns the page that follows."""
        shown = self.http.get(page)
        assert shown.status_code == 200, shown.text
        return self.http.post(page, data={"idop": hidden_idop(shown.text), "resultrans": letter})

    def come_back(self, page: httpx.Response) -> httpx.Response:
        """Let the bank's last page post the browser back to the portal, which sends it on to a page to read."""
        action = re.search(r'action="([^"]+)"', page.text)
        assert action is not None, page.text
        return self.http.post(unescape(action[1]), data={"idop": hidden_idop(page.text)})


def hidden_idop(page: str) -> str:
    """The bank's identifier of an attempt, in one of its forms."""
    found = re.search(r'name="idop" value="([^"]+)"', page)
    assert found is not None, page
    return unescape(found[1])


def identifier(kind: str, key: str = UNKNOWN) -> str:
    """A well-formed identifier of nothing."""
    return urlsafe_b64encode(f"{kind}:{key}".encode()).rstrip(b"=").decode()


def mutation(name: str, selection: str = "") -> str:
    """The document of a mutation, by the schema's convention on names."""
    input_type = f"{name[0].upper()}{name[1:]}Input"
    return f"mutation($input: {input_type}!) {{ {name}(input: $input) {{ {USER_ERRORS} {selection} }} }}"


HOUSEHOLDS = """{ viewer { login email steps households {
  id name services { service { code mailbox } features { feature allowed reason contact } }
  adults { id firstName lastName role phone }
  children { id firstName enrolments { activity } dossiers { state reason } }
  paymentRoutes { code isOnline }
} } }"""

INVOICES = """{ viewer { households { invoices { nodes {
  id number status dueOn pdfUrl paidAt total { amount } paid { amount } remaining { amount }
  lines { child activity unit quantity unitPrice { amount } total { amount } detail }
  payments { id state reference amount { amount } }
} } } } }"""
