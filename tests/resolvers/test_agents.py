"""Agents of one service: what it follows is in sight, the rest does not exist."""

import pytest

from plugins.rules.requests import RequestKind, RequestState
from resolvers.access.agents import invite_agent
from resolvers.context import AgentRight
from resolvers.errors import Code
from resolvers.families.households import households_of
from resolvers.files.documents import decide as decide_document
from resolvers.files.documents import documents_to_decide
from resolvers.files.dossier_review import decide_dossier, dossiers_to_decide
from resolvers.models import Account, Document, Dossier, Household, Membership, Person, Request
from resolvers.models.dossiers import DossierState
from resolvers.requests.decisions import decide_request
from resolvers.requests.request_lists import Wanted, requests_page
from resolvers.requests.requests import open_request
from tests.files import add_document
from tests.refusals import refused
from tests.towns import ALL_RIGHTS, Family, Signed, Town, add_agent, add_family

pytestmark = [pytest.mark.anyio, pytest.mark.database]

CRECHE, SCHOOL = "petite-enfance", "enfance-jeunesse"


async def question(town: Town, family: Family, service: str) -> Request:
    """The family asks a service something."""
    with town.asked_by(family.parent) as ctx:
        return await open_request(ctx, RequestKind.OTHER, family.id, service=service, title=f"Question à {service}")


async def sent_file(town: Town, family: Family, service: str) -> Dossier:
    """A yearly file of the first child that waits, sent to a service."""
    request = await question(town, family, service)
    with town.at_work() as ctx:
        return await Dossier.create(
            household_id=family.id,
            child_id=family.child,
            school_year=2026,
            state=DossierState.SUBMITTED,
            submitted_at=ctx.now,
            created_at=ctx.now,
            request_id=request.id,
        )


async def names(town: Town, agent: Signed) -> tuple[set[str], set[str], int]:
    """The households and the children an agent sees, and how many memberships."""
    with town.asked_by(agent):
        households = {row.name for row in await Household.all()}
        return households, {row.first_name for row in await Person.all()}, await Membership.all().count()


async def test_an_agent_of_a_service_sees_what_it_follows_and_nothing_else(epagny: Town) -> None:
    await add_family(epagny, "CRECHE", children=("Bebe",), services=[CRECHE])
    await add_family(epagny, "ECOLE", children=("Grand",), services=[SCHOOL])
    await add_family(epagny, "DEUX", children=("Moyen",), services=[SCHOOL, CRECHE])
    of_creche = await names(epagny, await add_agent(epagny, services=[CRECHE]))
    of_nothing = await names(epagny, await add_agent(epagny, services=[]))
    of_all = await names(epagny, await add_agent(epagny))
    assert of_creche == ({"CRECHE", "DEUX"}, {"Bebe", "Moyen", "Parent", "Agent"}, 4)
    assert of_nothing == (set(), {"Agent"}, 0)
    assert (of_all[0], of_all[2]) == ({"CRECHE", "ECOLE", "DEUX"}, 6)


async def test_the_code_of_a_service_is_matched_whole(epagny: Town) -> None:
    await add_family(epagny, "ECOLE", services=[SCHOOL])
    households, _, _ = await names(epagny, await add_agent(epagny, services=["enfance", "jeunesse"]))
    assert households == set()


async def test_requests_and_files_sent_to_another_service_are_out_of_sight_even_of_a_shared_household(
    epagny: Town,
) -> None:
    shared = await add_family(epagny, "DEUX", services=[SCHOOL, CRECHE])
    other = await add_family(epagny, "ECOLE", services=[SCHOOL])
    for_creche = await question(epagny, shared, CRECHE)
    for_school = await question(epagny, shared, SCHOOL)
    dossier = await sent_file(epagny, shared, SCHOOL)
    document, theirs = await add_document(epagny, shared, "autre"), await add_document(epagny, other, "autre")
    with epagny.asked_by(await add_agent(epagny, services=[CRECHE])) as ctx:
        queue, total = await requests_page(ctx, Wanted(), None, 20)
        documents, _ = await documents_to_decide(None, 20)
        assert ([request.id for request in queue], total) == ([for_creche.id], 1)
        assert await dossiers_to_decide(ctx, None, 20) == ([], 0)
        assert [each.id for each in documents] == [document.id]
        assert await households_of(ctx, frozenset({other.id})) == []
        with refused(Code.NOT_FOUND):
            await decide_request(ctx, for_school.id, accept=True)
        with refused(Code.NOT_FOUND):
            await decide_dossier(ctx, dossier.id, accept=False, reason="Une raison")
        with refused(Code.NOT_FOUND):
            await decide_document(ctx, theirs.id, accept=True)
        await decide_request(ctx, for_creche.id, accept=True)
    with epagny.asked_by(await add_agent(epagny)) as ctx:
        assert [each.id for each in (await dossiers_to_decide(ctx, None, 20))[0]] == [dossier.id]
        assert {row.state for row in await Request.all()} == {RequestState.SENT, RequestState.ACCEPTED}
        assert await Document.all().count() == 2


async def test_an_agent_is_invited_for_the_services_it_works_for(epagny: Town) -> None:
    who = ("Agent", "TEST", "agent.test@mairie.example")
    with epagny.at_work() as ctx:
        with refused(Code.NOT_FOUND) as unknown:
            await invite_agent(ctx, *who, ALL_RIGHTS, frozenset({"piscine"}))
        await invite_agent(ctx, *who, frozenset({AgentRight.BILLING}))
        first = await Account.get(email=who[2])
        await invite_agent(ctx, *who, frozenset({AgentRight.FAMILIES}), frozenset({CRECHE}))
        again = await Account.get(email=who[2])
    assert unknown.value.message == (
        "Le service piscine n'existe pas ici : écrivez enfance-jeunesse ou petite-enfance."
    )
    limits: list[object] = [first.services, again.services]
    assert (limits, [first.rights, again.rights]) == ([None, [CRECHE]], [["BILLING"], ["FAMILIES"]])
