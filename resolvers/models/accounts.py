"""Accounts, sessions and the one-time links that open them. A person, an account and a household are three things."""

from enum import Enum
from uuid import UUID

from tortoise import fields

from resolvers.context import AccountKind
from resolvers.models.base import Row
from resolvers.models.households import Person
from resolvers.models.scope import ScopedManager


class Account(Row):
    """A way to sign in. ``login`` and ``email`` are stored normalised, and both are accepted.

    ``services`` are the codes of the services an agent works for, None means all of them.
    """

    kind = fields.CharEnumField(AccountKind, max_length=8)
    login = fields.CharField(max_length=120, unique=True)
    email = fields.CharField(max_length=254, unique=True)
    password_hash = fields.CharField(max_length=255, null=True)
    password_is_generated = fields.BooleanField(default=False)
    activated_at = fields.DatetimeField(null=True)
    accepted_terms = fields.CharField(max_length=40, null=True)
    rights = fields.JSONField[list[str]](default=list)
    services = fields.JSONField[list[str]](null=True)
    person: fields.ForeignKeyRelation[Person] = fields.ForeignKeyField(
        "models.Person", related_name=None, db_index=True
    )
    person_id: UUID
    created_at = fields.DatetimeField()

    class Meta:
        table = "account"


class TermsAcceptance(Row):
    """Proof that a person accepted one version of the terms: never changed, never deleted."""

    account: fields.ForeignKeyRelation[Account] = fields.ForeignKeyField(
        "models.Account", related_name=None, db_index=True
    )
    account_id: UUID
    version = fields.CharField(max_length=40)
    accepted_at = fields.DatetimeField()

    class Meta:
        table = "terms_acceptance"


class LinkPurpose(Enum):
    """What a one-time link is for."""

    ACTIVATION = "ACTIVATION"
    PASSWORD_RESET = "PASSWORD_RESET"  # noqa: S105


class OneTimeLink(Row):
    """A link sent by mail. Only the hash of its token is kept: it works once and until it expires."""

    account: fields.ForeignKeyRelation[Account] = fields.ForeignKeyField(
        "models.Account", related_name=None, db_index=True
    )
    account_id: UUID
    purpose = fields.CharEnumField(LinkPurpose, max_length=16)
    token_hash = fields.CharField(max_length=64, unique=True)
    expires_at = fields.DatetimeField()
    used_at = fields.DatetimeField(null=True)

    class Meta:
        table = "one_time_link"


class SessionKind(Enum):
    """How the session is presented."""

    COOKIE = "COOKIE"
    BEARER = "BEARER"


class Session(Row):
    """One signed-in device, until ``expires_at`` and never after ``ends_at``. Only the hash of its token is kept."""

    account: fields.ForeignKeyRelation[Account] = fields.ForeignKeyField(
        "models.Account", related_name=None, db_index=True
    )
    account_id: UUID
    kind = fields.CharEnumField(SessionKind, max_length=8)
    token_hash = fields.CharField(max_length=64, unique=True)
    created_at = fields.DatetimeField()
    expires_at = fields.DatetimeField()
    ends_at = fields.DatetimeField()
    revoked_at = fields.DatetimeField(null=True)
    user_agent = fields.CharField(max_length=200, default="")

    class Meta:
        table = "session"


class RefreshToken(Row):
    """A refresh token of a bearer session, kept hashed: one that comes back after it was spent revokes the session."""

    session: fields.ForeignKeyRelation[Session] = fields.ForeignKeyField(
        "models.Session", related_name=None, db_index=True
    )
    session_id: UUID
    token_hash = fields.CharField(max_length=64, unique=True)
    spent_at = fields.DatetimeField(null=True)

    class Meta:
        table = "refresh_token"


class SignInFailure(Row):
    """Failed sign-ins per key (a hashed account or address), for growing delays. Holds no identifier in clear."""

    key = fields.CharField(max_length=64, unique=True)
    failures = fields.IntField(default=0)
    blocked_until = fields.DatetimeField(null=True)
    last_failure_at = fields.DatetimeField()

    class Meta:
        table = "sign_in_failure"


class ServiceKey(Row):
    """A « clé enfance »: an agent gives it to a family, and it links a household to the account that types it once."""

    household_id = fields.UUIDField(db_index=True)
    person_id = fields.UUIDField()
    key_hash = fields.CharField(max_length=64, unique=True)
    created_by = fields.UUIDField()
    created_at = fields.DatetimeField()
    expires_at = fields.DatetimeField()
    used_at = fields.DatetimeField(null=True)

    class Meta:
        table = "service_key"
        manager = ScopedManager()


class EmailChange(Row):
    """A new e-mail address, in force once both addresses have confirmed it. Only the hashes of the tokens are kept."""

    account: fields.ForeignKeyRelation[Account] = fields.ForeignKeyField(
        "models.Account", related_name=None, db_index=True
    )
    account_id: UUID
    email = fields.CharField(max_length=254)
    old_token_hash = fields.CharField(max_length=64, unique=True)
    new_token_hash = fields.CharField(max_length=64, unique=True)
    old_confirmed_at = fields.DatetimeField(null=True)
    new_confirmed_at = fields.DatetimeField(null=True)
    created_at = fields.DatetimeField()
    expires_at = fields.DatetimeField()
    closed_at = fields.DatetimeField(null=True)

    class Meta:
        table = "email_change"


class SecondFactor(Row):
    """An agent's time-based one-time passwords (RFC 6238): the sealed secret, and the last step that was spent."""

    account: fields.ForeignKeyRelation[Account] = fields.ForeignKeyField(
        "models.Account", related_name=None, unique=True
    )
    account_id: UUID
    sealed_secret = fields.CharField(max_length=255)
    confirmed_at = fields.DatetimeField(null=True)
    last_step = fields.BigIntField(default=0)
    created_at = fields.DatetimeField()

    class Meta:
        table = "second_factor"
