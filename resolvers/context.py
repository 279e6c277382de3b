"""Who asks, of which commune, at which instant, through which doors: the first argument of every use case."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import Enum
from typing import Any, Protocol
from uuid import UUID

from plugins.communes import Commune
from resolvers.ports import Ports


class AccountKind(Enum):
    """Whose account it is."""

    FAMILY = "FAMILY"
    AGENT = "AGENT"


class AgentRight(Enum):
    """What an agent of the service may do."""

    ATTENDANCE = "ATTENDANCE"  # see the day's lists and record who came
    BILLING = "BILLING"  # prepare and issue invoices
    FAMILIES = "FAMILIES"  # accounts, households, yearly files
    SETTINGS = "SETTINGS"  # news, delayed mails, the state of the portal


class Step(Enum):
    """What a person must still do before using the portal."""

    CHANGE_PASSWORD = "CHANGE_PASSWORD"  # noqa: S105 (a name, not a secret)
    ACCEPT_TERMS = "ACCEPT_TERMS"


@dataclass(frozen=True, slots=True)
class HouseholdRights:
    """What a person may do in one household."""

    household_id: UUID
    sees: bool
    books: bool
    pays: bool


@dataclass(frozen=True, slots=True)
class Viewer:
    """The person behind the request; every field is empty for an anonymous visitor."""

    account_id: UUID | None = None
    session_id: UUID | None = None
    kind: AccountKind | None = None
    person_id: UUID | None = None
    login: str = ""
    email: str = ""
    first_name: str = ""
    last_name: str = ""
    steps: tuple[Step, ...] = ()
    rights: frozenset[AgentRight] = frozenset()
    services: frozenset[str] | None = None  # those an agent works for; None: all of them
    households: Mapping[UUID, HouseholdRights] = field(default_factory=dict)

    @property
    def is_anonymous(self) -> bool:
        """True when nobody signed in."""
        return self.account_id is None

    def has(self, right: AgentRight) -> bool:
        """True when the viewer is an agent who holds this right and has nothing left to do before using it."""
        return self.kind is AccountKind.AGENT and right in self.rights and not self.steps

    def works_for(self, service: str) -> bool:
        """False for an agent of other services; for a family, what it may do is asked of its households."""
        return self.services is None or service in self.services


ANONYMOUS = Viewer()


class SessionCarrier(Protocol):
    """Takes a new session back to the browser (a cookie), or ends it there."""

    def keep(self, token: str, expires_at: datetime) -> None:
        """Have the browser present this token until then."""
        ...

    def forget(self) -> None:
        """Have the browser drop its token."""
        ...


@dataclass(slots=True)
class Context:
    """One request. ``now`` is the same instant for all that the request decides."""

    commune: Commune
    viewer: Viewer
    now: datetime
    ports: Ports
    public_url: str
    carrier: SessionCarrier | None = None
    client: str = ""  # a one-way mark of the caller's address, for throttling; never the address itself
    user_agent: str = ""
    request_id: str = ""
    loaders: dict[str, Any] = field(default_factory=dict)

    @property
    def local_now(self) -> datetime:
        """The present instant on the commune's wall clock."""
        return self.now.astimezone(self.commune.tz)

    @property
    def home(self) -> str:
        """The address that families know to open the portal."""
        return self.commune.identity.portal or self.link("")

    def link(self, path: str) -> str:
        """An absolute address of this commune's portal, for mails and banks."""
        return f"{self.public_url}/{self.commune.slug}/{path.lstrip('/')}"
