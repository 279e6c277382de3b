"""The settings of a running portal: read once from the environment, checked at once, never read again."""

import difflib
import ipaddress
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import Enum
from typing import NoReturn, TypeVar
from urllib.parse import SplitResult, urlsplit

from gateway.caf import CafAccess
from gateway.payments.lyra import LyraKey

PREFIX = "PORTAIL_"
PAYFIP_ENDPOINT = "https://www.payfip.gouv.fr/tpa/services/securite"
PAYFIP_PAGE = "https://www.payfip.gouv.fr/tpa/paiementws.web"
CAF_ENDPOINT = "https://particulier.api.gouv.fr"
LOG_LEVELS = ("DEBUG", "INFO", "WARNING", "ERROR")
KNOWN = (
    "PORT",
    "DATABASE_URL",
    "PORTAIL_HOST",
    "PORTAIL_COMMUNES",
    "PORTAIL_PUBLIC_URL",
    "PORTAIL_SECRET_KEYS",
    "PORTAIL_SMTP_HOST",
    "PORTAIL_SMTP_PORT",
    "PORTAIL_SMTP_USERNAME",
    "PORTAIL_SMTP_PASSWORD",
    "PORTAIL_SMTP_TLS",
    "PORTAIL_PAYFIP_ENDPOINT",
    "PORTAIL_PAYFIP_PAGE",
    "PORTAIL_LYRA_KEYS",
    "PORTAIL_LYRA_PAGE",
    "PORTAIL_CAF_ENDPOINT",
    "PORTAIL_CAF_ACCESS",
    "PORTAIL_WORKER",
    "PORTAIL_GRAPHIQL",
    "PORTAIL_LOG_LEVEL",
    "PORTAIL_COOKIE_SECURE",
    "PORTAIL_TRUSTED_PROXIES",
)

_HOST = re.compile(r"[A-Za-z0-9._:-]+")
_KEY = re.compile(r"[A-Za-z0-9_-]{43}=")  # 32 bytes; decoders are laxer and would take two keys run together
_ACCESS = re.compile(r"(?P<commune>[a-z0-9-]+):(?P<siret>[0-9]{14}):(?P<token>[A-Za-z0-9._-]+)")
_LYRA_KEY = re.compile(
    r"(?P<commune>[a-z0-9-]+):(?P<site_id>[0-9]{8}):(?P<mode>TEST|PRODUCTION):(?P<key>[A-Za-z0-9]{16,64})"
)
_SLUG = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
_E = TypeVar("_E", bound=Enum)


class SettingsError(ValueError):
    """A setting is missing or wrong; the message names the variable, its value unless secret, and what is expected."""


class SmtpTls(Enum):
    """How the connection to the mail server is protected."""

    NONE = "none"
    STARTTLS = "starttls"  # opened in clear, then protected before anything is said
    TLS = "tls"  # protected from the first byte


class WorkerPlace(Enum):
    """Where mails, polls and scheduled work are done."""

    EMBEDDED = "embedded"  # a task of the server
    SEPARATE = "separate"  # the command `python -m gateway worker`


@dataclass(frozen=True, slots=True)
class Smtp:
    """The mail server that takes our messages; without a username, nobody signs in."""

    host: str
    port: int
    tls: SmtpTls
    username: str | None = None
    password: str | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """Everything that changes from one installation to another.

    ``communes`` is None when every installed commune is served. ``public_url`` has no final slash.
    ``lyra_page`` is None when cards are paid on each platform's own page.
    ``database_url`` is ``sqlite://…{commune}…`` or ``postgres://…``. The first of ``secret_keys`` encrypts.
    """

    host: str
    port: int
    public_url: str
    communes: tuple[str, ...] | None
    smtp: Smtp
    payfip_endpoint: str
    payfip_page: str
    lyra_keys: tuple[LyraKey, ...]
    lyra_page: str | None
    caf_endpoint: str
    caf_access: tuple[CafAccess, ...]
    worker: WorkerPlace
    graphiql: bool
    log_level: str
    cookie_secure: bool
    trusted_proxies: tuple[str, ...]
    database_url: str = field(repr=False)
    secret_keys: tuple[str, ...] = field(repr=False)

    @classmethod
    def from_environment(cls, environ: Mapping[str, str]) -> "Settings":
        """Read and check every variable of :data:`KNOWN`; a blank one counts as unset.

        Raises :class:`SettingsError` at the first one that is missing, unknown or wrong.
        """
        _refuse_unknown(environ)
        read = _Reader(environ)
        port = read.number("PORT", 8000)
        cookie_secure = read.optional_switch("PORTAIL_COOKIE_SECURE")
        # Somebody who says that cookies may travel in clear is trying the portal on a network of their own.
        clear_allowed = cookie_secure is False
        public_url = read.web_address("PORTAIL_PUBLIC_URL", f"http://localhost:{port}", clear_allowed)
        if urlsplit(public_url).path not in ("", "/"):
            read.fail("PORTAIL_PUBLIC_URL", "an address without path: communes come right after the host")
        return cls(
            host=read.host("PORTAIL_HOST", "127.0.0.1"),
            port=port,
            public_url=public_url.rstrip("/"),
            communes=_communes(read),
            smtp=_smtp(read),
            payfip_endpoint=read.web_address("PORTAIL_PAYFIP_ENDPOINT", PAYFIP_ENDPOINT, clear_allowed),
            payfip_page=read.web_address("PORTAIL_PAYFIP_PAGE", PAYFIP_PAGE, clear_allowed),
            lyra_keys=_lyra_keys(read),
            lyra_page=_lyra_page(read, clear_allowed),
            caf_endpoint=read.web_address("PORTAIL_CAF_ENDPOINT", CAF_ENDPOINT, clear_allowed),
            caf_access=_caf_access(read),
            worker=read.choice("PORTAIL_WORKER", WorkerPlace.EMBEDDED),
            graphiql=read.optional_switch("PORTAIL_GRAPHIQL") is not False,
            log_level=_log_level(read),
            cookie_secure=public_url.startswith("https://") if cookie_secure is None else cookie_secure,
            trusted_proxies=_trusted_proxies(read),
            database_url=_database_url(read),
            secret_keys=_secret_keys(read),
        )


class _Reader:
    """Reads one variable at a time and fails with one sentence."""

    def __init__(self, environ: Mapping[str, str]) -> None:
        self._environ = environ

    def text(self, name: str) -> str | None:
        return self._environ.get(name, "").strip() or None

    def items(self, name: str) -> tuple[str, ...]:
        return tuple(item for item in (part.strip() for part in (self.text(name) or "").split(",")) if item)

    def fail(self, name: str, expected: str) -> NoReturn:
        raise SettingsError(f"{name} is {self.text(name)!r}; expected {expected}.")

    def checked(self, name: str, default: str, accepts: Callable[[str], object], expected: str) -> str:
        value = self.text(name) or default
        if not accepts(value):
            self.fail(name, expected)
        return value

    def host(self, name: str, default: str) -> str:
        return self.checked(name, default, _HOST.fullmatch, "a host name or an IP address, without port")

    def number(self, name: str, default: int) -> int:
        return int(self.checked(name, str(default), _is_port, "a port number from 1 to 65535"))

    def optional_switch(self, name: str) -> bool | None:
        value = self.text(name)
        if value not in (None, "on", "off"):
            self.fail(name, "on or off")
        return None if value is None else value == "on"

    def choice(self, name: str, default: _E) -> _E:
        accepted = [str(member.value) for member in type(default)]
        return type(default)(self.checked(name, str(default.value), accepted.__contains__, " or ".join(accepted)))

    def web_address(self, name: str, default: str, clear_allowed: bool) -> str:
        expected = "an address such as https://host, without password, query or fragment"
        value = self.checked(name, default, _is_web_address, expected)
        parts = urlsplit(value)
        if parts.scheme == "http" and not (clear_allowed or _is_this_machine(parts.hostname or "")):
            self.fail(name, "https (plain http is for localhost, or for a trial with PORTAIL_COOKIE_SECURE=off)")
        return value


def _refuse_unknown(environ: Mapping[str, str]) -> None:
    for name in environ:
        if name.startswith(PREFIX) and name not in KNOWN:
            nearest = difflib.get_close_matches(name, KNOWN, n=1, cutoff=0.0)[0]
            raise SettingsError(f"{name} is not a setting; did you mean {nearest}?")


def _communes(read: _Reader) -> tuple[str, ...] | None:
    slugs = read.items("PORTAIL_COMMUNES")
    if not all(_SLUG.fullmatch(slug) for slug in slugs) or len(set(slugs)) != len(slugs):
        read.fail("PORTAIL_COMMUNES", "different slugs separated by commas, such as chavagne,melle; nothing for all")
    return slugs or None


def _smtp(read: _Reader) -> Smtp:
    host = read.host("PORTAIL_SMTP_HOST", "localhost")
    local = _is_this_machine(host)
    tls = read.choice("PORTAIL_SMTP_TLS", SmtpTls.NONE if local else SmtpTls.STARTTLS)
    port = read.number("PORTAIL_SMTP_PORT", {SmtpTls.NONE: 25, SmtpTls.STARTTLS: 587, SmtpTls.TLS: 465}[tls])
    username, password = read.text("PORTAIL_SMTP_USERNAME"), read.text("PORTAIL_SMTP_PASSWORD")
    if (username is None) != (password is None):
        missing = "PORTAIL_SMTP_USERNAME" if username is None else "PORTAIL_SMTP_PASSWORD"
        raise SettingsError(f"{missing} is missing; expected a username and a password together, or neither.")
    if username is not None and tls is SmtpTls.NONE and not local:
        read.fail("PORTAIL_SMTP_TLS", "starttls or tls: a password never travels in clear")
    return Smtp(host, port, tls, username, password)


def _caf_access(read: _Reader) -> tuple[CafAccess, ...]:
    found = []
    for rank, item in enumerate(read.items("PORTAIL_CAF_ACCESS"), start=1):
        access = _ACCESS.fullmatch(item)  # it holds a token: never quoted
        if access is None:
            raise SettingsError(f"PORTAIL_CAF_ACCESS: item {rank} is not commune:SIRET of 14 digits:token.")
        found.append(CafAccess(**access.groupdict()))
    if len({access.commune for access in found}) < len(found):
        raise SettingsError("PORTAIL_CAF_ACCESS names a commune twice; expected one access for each commune.")
    return tuple(found)


def _lyra_keys(read: _Reader) -> tuple[LyraKey, ...]:
    found = []
    for rank, item in enumerate(read.items("PORTAIL_LYRA_KEYS"), start=1):
        key = _LYRA_KEY.fullmatch(item)  # a secret: never quoted
        if key is None:
            raise SettingsError(
                f"PORTAIL_LYRA_KEYS: item {rank} is not commune:site of 8 digits:TEST or PRODUCTION:key."
            )
        found.append(LyraKey(**key.groupdict()))
    if len({(each.commune, each.site_id, each.mode) for each in found}) < len(found):
        raise SettingsError("PORTAIL_LYRA_KEYS gives two keys to a site; expected one for each site and mode.")
    return tuple(found)


def _lyra_page(read: _Reader, clear_allowed: bool) -> str | None:
    return read.web_address("PORTAIL_LYRA_PAGE", "", clear_allowed) if read.text("PORTAIL_LYRA_PAGE") else None


def _log_level(read: _Reader) -> str:
    accepts = LOG_LEVELS.__contains__
    return read.checked("PORTAIL_LOG_LEVEL", "INFO", accepts, "DEBUG, INFO, WARNING or ERROR")


def _trusted_proxies(read: _Reader) -> tuple[str, ...]:
    proxies = read.items("PORTAIL_TRUSTED_PROXIES")
    if not all(_is_network(proxy) for proxy in proxies):
        read.fail("PORTAIL_TRUSTED_PROXIES", "IP addresses or networks separated by commas, such as 10.0.0.0/8")
    return proxies


def _database_url(read: _Reader) -> str:
    value = read.text("DATABASE_URL") or "sqlite://var/{commune}.sqlite3"
    scheme, _, path = value.partition("://")
    if scheme == "sqlite" and path:
        if "{commune}" not in path:
            # A file name holds no secret: quote it.
            read.fail("DATABASE_URL", "{commune} in the file name, since each commune has its own file")
        return value
    # From here on the value may hold a password, so it is never quoted.
    if scheme not in ("postgres", "postgresql"):
        raise SettingsError(
            "DATABASE_URL: expected sqlite://…/{commune}.sqlite3 or postgres://user:password@host/name."
        )
    parts = _split(value)
    if parts is None or len(parts.path) < 2 or "{commune}" in value:
        raise SettingsError(
            "DATABASE_URL: expected postgres://user:password@host/name, with one name of database; "
            "each commune has its own schema in it, so {commune} has no place there."
        )
    return f"postgres://{path}"


def _secret_keys(read: _Reader) -> tuple[str, ...]:
    keys = read.items("PORTAIL_SECRET_KEYS")
    if not keys:
        raise SettingsError(
            "PORTAIL_SECRET_KEYS is missing; expected one key or several separated by commas. " + _RECIPE
        )
    for rank, key in enumerate(keys, start=1):
        if not _KEY.fullmatch(key):
            raise SettingsError(f"PORTAIL_SECRET_KEYS: key {rank} is not 32 bytes in URL-safe base64. " + _RECIPE)
    return keys


_RECIPE = "Make one with: python -c 'from cryptography.fernet import Fernet; print(Fernet.generate_key().decode())'"


def _split(address: str) -> SplitResult | None:
    """The parts of an address, or None when it or its port is malformed."""
    try:
        parts = urlsplit(address)
        return parts if parts.port != 0 else None
    except ValueError:
        return None


def _is_web_address(value: str) -> bool:
    parts = _split(value)
    if parts is None or parts.scheme not in ("http", "https") or not _HOST.fullmatch(parts.hostname or ""):
        return False
    return not (parts.username or parts.password or parts.query or parts.fragment or re.search(r"\s", value))


def _is_port(value: str) -> bool:
    return re.fullmatch(r"[0-9]{1,5}", value) is not None and 1 <= int(value) <= 65535


def _is_network(value: str) -> bool:
    try:
        ipaddress.ip_network(value)
    except ValueError:
        return False
    return True


def _is_this_machine(host: str) -> bool:
    if host == "localhost" or host.endswith(".localhost"):
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
