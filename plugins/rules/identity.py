"""Who a commune is, and the services that answer its families."""

import re
from dataclasses import dataclass
from typing import Literal, get_args
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from plugins.rules.errors import RuleError
from plugins.rules.french import say_list
from plugins.rules.texts import require_code, require_line, require_mailbox, require_unique

SchoolZone = Literal["A", "B", "C"]
_PAGE = re.compile(r"https://[a-z0-9-]+(\.[a-z0-9-]+)+(/[A-Za-z0-9._~/-]*)?")
_HOST = re.compile(r"[a-z0-9]([a-z0-9-]*[a-z0-9])?(\.[a-z0-9]([a-z0-9-]*[a-z0-9])?)+")


@dataclass(frozen=True, slots=True)
class Service:
    """An office of the commune that runs activities and reads a mailbox, such as the « service Enfance »."""

    code: str
    label: str
    mailbox: str
    phone: str | None = None

    def __post_init__(self) -> None:
        require_code(self.code, "Service code")
        require_line(self.label, "Service label")
        require_mailbox(self.mailbox, "Service mailbox")
        if self.phone is not None:
            require_line(self.phone, "Service phone")

    def say(self) -> str:
        """How to reach the service, in French: « service Enfance (enfance@… ou 02 …) »."""
        reach = self.mailbox if self.phone is None else f"{self.mailbox} ou {self.phone}"
        return f"{self.label} ({reach})"


@dataclass(frozen=True, slots=True)
class Identity:
    """What distinguishes a commune from every other: slug in addresses, name, zone, sender, services, host names.

    ``school_zone`` is None in Corsica and overseas, where the commune writes its own calendar. ``sender_name`` is read
    beside the sender of mails. ``portal`` is the address where families are told to go, ``website`` the commune's own.
    """

    slug: str
    name: str
    school_zone: SchoolZone | None
    sender: str
    services: tuple[Service, ...]
    hosts: tuple[str, ...] = ()
    timezone: str = "Europe/Paris"
    sender_name: str | None = None
    website: str | None = None
    portal: str | None = None

    def __post_init__(self) -> None:
        require_code(self.slug, "Commune slug")
        require_line(self.name, "Commune name")
        require_mailbox(self.sender, "Sender")
        if self.sender_name is not None:
            require_line(self.sender_name, "Sender name")
        for page in (self.website, self.portal):
            if page is not None and not _PAGE.fullmatch(page):
                raise RuleError(f"Page {page!r} of {self.name}: write an address that starts with https://.")
        if self.school_zone not in (None, *get_args(SchoolZone)):
            raise RuleError(
                f"School zone {self.school_zone!r} of {self.name}: choose A, B or C, or None and answer 'calendar'."
            )
        if not self.services:
            raise RuleError(f"{self.name} has no service: name at least one, with its mailbox.")
        require_unique(tuple(service.code for service in self.services), f"Services of {self.name}")
        require_unique(self.hosts, f"Hosts of {self.name}")
        for host in self.hosts:
            if not _HOST.fullmatch(host):
                raise RuleError(f"Host {host!r} of {self.name}: write a lower-case host name without port or path.")
        try:
            ZoneInfo(self.timezone)
        except (ZoneInfoNotFoundError, ValueError) as unknown:
            raise RuleError(f"Time zone {self.timezone!r} of {self.name}: write an IANA name.") from unknown

    @property
    def tz(self) -> ZoneInfo:
        """The time zone every deadline of the commune is counted in."""
        return ZoneInfo(self.timezone)

    @property
    def author(self) -> str:
        """Who mails come from, as RFC 5322 writes it: « "monespacefamille.fr" <ne-pas-repondre@…> »."""
        if self.sender_name is None:
            return self.sender
        quoted = self.sender_name.replace("\\", "\\\\").replace('"', '\\"')
        return f'"{quoted}" <{self.sender}>'

    def say(self) -> str:
        """Name, school zone, clocks, sender, services and addresses in French; a sentence a line."""
        zone = f"zone scolaire {self.school_zone}" if self.school_zone else "sans zone scolaire"
        lines = [
            f"{self.name}, {zone}, fuseau horaire {self.timezone}.",
            f"Les courriels partent de {self._say_sender()}.",
            *(f"{service.say()[:1].upper()}{service.say()[1:]}." for service in self.services),
        ]
        if self.website:
            lines.append(f"Site de la commune : {self.website}")
        if self.portal:
            lines.append(f"Les familles ouvrent le portail à {self.portal}")
        if self.hosts:
            lines.append(f"Adresses du portail : {say_list(self.hosts)}.")
        return "\n".join(lines)

    def _say_sender(self) -> str:
        return self.sender if self.sender_name is None else f"« {self.sender_name} », {self.sender}"

    def service(self, code: str) -> Service:
        """The service of that code; raises :class:`RuleError` when the commune has none."""
        for service in self.services:
            if service.code == code:
                return service
        known = ", ".join(service.code for service in self.services)
        raise RuleError(f"{self.name} has no service {code!r}: it has {known}.")
