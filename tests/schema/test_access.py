"""Who may call what: the whole table of visitors and policies, and the schema that refuses to forget one."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

import pytest
import strawberry

from resolvers.context import ANONYMOUS, AccountKind, AgentRight, Step, Viewer
from schema.access import AGENT, FAMILY, PUBLIC, SIGNED_IN, Access, access_of, field, mutation
from schema.execution import PortalSchema

SOMEONE = UUID("01890a5d-ac96-774b-bcce-b302099a8057")
PARENT = Viewer(account_id=SOMEONE, kind=AccountKind.FAMILY)
NEWCOMER = Viewer(account_id=SOMEONE, kind=AccountKind.FAMILY, steps=(Step.CHANGE_PASSWORD, Step.ACCEPT_TERMS))
CLERK = Viewer(account_id=SOMEONE, kind=AccountKind.AGENT, rights=frozenset({AgentRight.BILLING}))
NEW_CLERK = Viewer(account_id=SOMEONE, kind=AccountKind.AGENT, rights=CLERK.rights, steps=(Step.ACCEPT_TERMS,))

CONNECT = {"code": "UNAUTHENTICATED"}
NO = {"code": "FORBIDDEN"}
FIRST = {"code": "FORBIDDEN", "steps": ["CHANGE_PASSWORD", "ACCEPT_TERMS"]}
TERMS = {"code": "FORBIDDEN", "steps": ["ACCEPT_TERMS"]}


@dataclass
class Visit:
    """The part of a context that policies read."""

    viewer: Viewer


@strawberry.type
class Query:
    @field(access=PUBLIC, description="For all.")
    def public(self) -> str:
        return "ok"

    @field(access=SIGNED_IN, description="For whoever signed in.")
    async def signed_in(self) -> str:
        return "ok"

    @field(access=FAMILY, description="For families.")
    def family(self) -> str:
        return "ok"

    @field(access=AGENT(), description="For agents.")
    async def agent(self) -> str:
        return "ok"

    @field(access=AGENT(AgentRight.BILLING), description="For those who invoice.")
    def billing(self) -> str:
        return "ok"

    @field(access=AGENT(AgentRight.SETTINGS), description="For those who configure.")
    def settings(self) -> str:
        return "ok"


@strawberry.type
class Mutation:
    @mutation(access=FAMILY, description="Writes.")
    def write(self) -> str:
        return "ok"


SCHEMA = PortalSchema(Query, Mutation)
FIELDS = ("public", "signedIn", "family", "agent", "billing", "settings")


async def seen_by(viewer: Viewer) -> list[Any]:
    """What each field answers to a visitor: "ok", or the extensions of its error."""
    answers: list[Any] = []
    for name in FIELDS:
        result = await SCHEMA.execute(f"{{ {name} }}", context_value=Visit(viewer))
        answers.append(result.data[name] if result.data else (result.errors or [])[0].extensions)
    return answers


@pytest.mark.anyio
@pytest.mark.parametrize(
    ("viewer", "expected"),
    [
        (ANONYMOUS, ["ok", CONNECT, CONNECT, CONNECT, CONNECT, CONNECT]),
        (PARENT, ["ok", "ok", "ok", NO, NO, NO]),
        (NEWCOMER, ["ok", "ok", FIRST, NO, NO, NO]),
        (CLERK, ["ok", "ok", NO, "ok", "ok", NO]),
        (NEW_CLERK, ["ok", "ok", NO, TERMS, TERMS, TERMS]),
    ],
    ids=["anonymous", "family", "family with steps left", "agent", "agent with steps left"],
)
async def test_each_visitor_sees_what_the_policies_grant(viewer: Viewer, expected: list[Any]) -> None:
    assert await seen_by(viewer) == expected


@pytest.mark.anyio
async def test_a_person_is_told_in_french_what_is_left_to_do() -> None:
    result = await SCHEMA.execute("mutation { write }", context_value=Visit(NEWCOMER))
    assert [error.message for error in result.errors or []] == [
        "Changez d'abord votre mot de passe. Acceptez d'abord les conditions générales d'utilisation."
    ]


def test_descriptions_end_with_the_policy() -> None:
    declared = SCHEMA._schema.type_map["Query"].fields  # type: ignore[attr-defined]
    assert {name: declared[name].description for name in ("public", "family", "billing")} == {
        "public": "For all.\n\nAccess: everyone.",
        "family": "For families.\n\nAccess: families.",
        "billing": "For those who invoice.\n\nAccess: agents with the right BILLING.",
    }


def test_building_the_schema_again_changes_no_description() -> None:
    assert PortalSchema(Query, Mutation).as_str() == SCHEMA.as_str()


def test_policies_can_be_listed() -> None:
    roots: tuple[Any, ...] = (Query, Mutation)
    found = {
        declared.python_name: access_of(declared)
        for root in roots
        for declared in root.__strawberry_definition__.fields
    }
    assert found == {
        "public": PUBLIC,
        "signed_in": SIGNED_IN,
        "family": FAMILY,
        "agent": AGENT(),
        "billing": AGENT(AgentRight.BILLING),
        "settings": AGENT(AgentRight.SETTINGS),
        "write": FAMILY,
    }


def test_a_schema_with_a_forgotten_policy_is_not_built() -> None:
    @strawberry.type(name="Query")
    class Forgetful(Query):
        @strawberry.field
        def secret(self) -> str:
            return "x"

        plain: str = "x"

    with pytest.raises(TypeError, match=r"no access policy on Query\.plain, Query\.secret|no access policy on Query\."):
        PortalSchema(Forgetful)


def test_a_mutation_with_a_forgotten_policy_is_not_built() -> None:
    @strawberry.type(name="Mutation")
    class Forgetful:
        @strawberry.mutation
        def erase(self) -> str:
            return "x"

    with pytest.raises(TypeError, match=r"no access policy on Mutation\.erase"):
        PortalSchema(Query, Forgetful)


def test_a_policy_reads_as_a_sentence() -> None:
    policies: list[Access] = [PUBLIC, SIGNED_IN, FAMILY, AGENT(), AGENT(AgentRight.ATTENDANCE)]
    assert [str(policy) for policy in policies] == [
        "Access: everyone.",
        "Access: any signed-in person, even one who must still change a password or accept the terms.",
        "Access: families.",
        "Access: agents.",
        "Access: agents with the right ATTENDANCE.",
    ]
