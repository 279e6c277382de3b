"""What anybody may know of a commune: its services, its rules for passwords, its terms."""

from datetime import date

import strawberry

from plugins import hookspecs
from plugins.rules import accounts as account_rules
from plugins.rules import identity as identity_rules
from plugins.rules.calendar import SchoolYear
from resolvers.context import Context
from schema.cost import LIST_SIZE
from schema.enums import PasswordRule
from schema.vault import DocumentKind, kinds_of


@strawberry.type(description="An office of the commune that runs activities and answers families.")
class Service:
    """See ``plugins.rules.identity.Service``."""

    code: str = strawberry.field(description="Its stable code.")
    label: str = strawberry.field(description="Its name, in French.")
    mailbox: str = strawberry.field(description="The mailbox it reads.")
    phone: str | None = strawberry.field(description="Its telephone number, if it takes calls.")

    @classmethod
    def of(cls, service: identity_rules.Service) -> "Service":
        """The service as clients see it."""
        return cls(code=service.code, label=service.label, mailbox=service.mailbox, phone=service.phone)


@strawberry.type(description="One rule of the password policy, and whether a candidate respects it.")
class PasswordCheck:
    """See ``plugins.rules.accounts.PasswordCheck``."""

    rule: PasswordRule = strawberry.field(description="The rule.")
    label: str = strawberry.field(description="The rule in French, to show beside a tick.")
    satisfied: bool = strawberry.field(description="True when the candidate respects it.")

    @classmethod
    def of(cls, check: account_rules.PasswordCheck) -> "PasswordCheck":
        """The check as clients see it."""
        return cls(rule=PasswordRule[check.rule.name], label=check.label, satisfied=check.satisfied)


@strawberry.type(description="What the commune asks of a password.")
class PasswordPolicy:
    """See ``plugins.rules.accounts.PasswordPolicy``."""

    sentence: str = strawberry.field(description="The policy in one French sentence.")
    rules: list[PasswordCheck] = strawberry.field(description="Its rules; none is satisfied by an empty password.")


@strawberry.type(description="The terms of use « conditions générales d'utilisation ».")
class Terms:
    """See ``plugins.rules.accounts.Terms``."""

    version: str = strawberry.field(description="The version to accept with `termsAccept`.")
    title: str = strawberry.field(description="Their title, in French.")
    text: str = strawberry.field(description="Their text, in French.")
    published_on: date = strawberry.field(description="The day this version was published.")


@strawberry.type(description="The commune whose portal this is.")
class Commune:
    """What its plugin says of it, readable without an account."""

    slug: str = strawberry.field(description="Its name in addresses.")
    name: str = strawberry.field(description="Its name.")
    time_zone: str = strawberry.field(description="The IANA time zone of all its deadlines.")
    website: str | None = strawberry.field(description="The address of the town's own website, if it has one.")
    portal: str | None = strawberry.field(
        description="The address where families are told to find this portal, if any."
    )
    services: list[Service] = strawberry.field(description="Its services.")
    account_openings: list[str] = strawberry.field(
        description="How accounts are opened: ACTIVATION_MAIL, ACTIVATION_CODE, SERVICE_KEY, SELF_SIGN_UP or CLOSED."
    )
    account_help: str = strawberry.field(description="What to do without an account, in French.")
    login_help: str = strawberry.field(description="What the login is made of, in French.")
    password_policy: PasswordPolicy = strawberry.field(description="What it asks of a password.")
    terms: Terms = strawberry.field(description="The current terms of use.")
    school_year: str = strawberry.field(description="The current school year, such as `2026-2027`.")
    document_kinds: list[DocumentKind] = strawberry.field(
        description="The kinds of documents a household may keep.", metadata={LIST_SIZE: 15}
    )


def commune_of(ctx: Context) -> Commune:
    """The commune of the request, from its plugin's answers."""
    commune = ctx.commune
    policy = commune.ask(hookspecs.password_policy)
    terms = commune.ask(hookspecs.terms)
    openings = commune.ask(hookspecs.account_openings)
    return Commune(
        slug=commune.slug,
        name=commune.identity.name,
        time_zone=commune.identity.timezone,
        website=commune.identity.website,
        portal=commune.identity.portal,
        services=[Service.of(service) for service in commune.identity.services],
        account_openings=[way.value for way in openings.ways],
        account_help=openings.contact,
        login_help=commune.ask(hookspecs.login_identifier).say(),
        password_policy=PasswordPolicy(
            sentence=policy.say(), rules=[PasswordCheck.of(check) for check in policy.check("")]
        ),
        terms=Terms(version=terms.version, title=terms.title, text=terms.text, published_on=terms.published_on),
        school_year=SchoolYear.of(ctx.local_now.date()).label,
        document_kinds=kinds_of(ctx),
    )
